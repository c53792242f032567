"""Rotation and truncation with real files and a real writer."""

from __future__ import annotations

import multiprocessing
import os
import shutil
from pathlib import Path

import pytest

from scantui.ingest.block import InputState
from scantui.ingest.follow import Follower
from tests.ingest.reading import Reader, append

LINE = b"Nov 22 10:00:00 fw kernel: SRC=203.0.113.7 DST=192.0.2.1 PROTO=TCP SPT=40000 DPT=23 n=%d\n"


def lines(*numbers: int) -> list[bytes]:
    return [LINE[:-1] % number for number in numbers]


def write(path: Path, *numbers: int) -> None:
    append(path, b"".join(LINE % number for number in numbers))


def rotating_writer(path: str, rotations: int, shift: bool) -> None:
    number = 0
    for rotation in range(rotations + 1):
        with Path(path).open("ab", buffering=0) as log:
            for _ in range(10):
                log.write(LINE % number)
                number += 1
        if rotation < rotations and shift:
            for old in range(rotation, 0, -1):
                Path(f"{path}.{old}").rename(f"{path}.{old + 1}")
        if rotation < rotations:
            Path(path).rename(f"{path}.1" if shift else f"{path}.{rotation + 1}")


@pytest.mark.parametrize("shift", [False, True], ids=["numbered", "shift"])
def test_a_writer_at_full_speed_loses_and_doubles_nothing(tmp_path: Path, shift: bool) -> None:
    path = tmp_path / "log"
    path.touch()
    follower = Follower([str(path)], follow=True)
    got: list[bytes] = []

    def poll() -> None:
        for block in follower.poll():
            got.extend(bytes(block.data[: block.size]).split(b"\n")[:-1])

    poll()
    writer = multiprocessing.get_context("fork").Process(target=rotating_writer, args=(str(path), 120, shift))
    writer.start()
    while writer.is_alive():
        poll()
        follower.wait(0.01)
    writer.join()
    for _ in range(5):
        poll()
    follower.close()
    assert writer.exitcode == 0
    assert sorted(got) == sorted(lines(*range(1210)))


def test_what_was_there_before_is_history(tmp_path: Path) -> None:
    path, older = tmp_path / "log", tmp_path / "log.1"
    write(older, 1)
    write(path, 2)
    with Reader([path]) as reader:
        assert reader.drain() == lines(2)
        older.rename(tmp_path / "log.2")
        path.rename(older)
        write(path, 3)
        assert reader.drain() == lines(3)
        assert reader.info(path).rotations == 1


def test_named_history_is_read_oldest_first(tmp_path: Path) -> None:
    names = [tmp_path / name for name in ("log.10", "log.9", "log.1", "log")]
    for i, path in enumerate(names):
        write(path, i)
        os.utime(path, (1000, 1000))
    with Reader(list(reversed(names)), follow=False) as reader:
        assert reader.drain() == lines(0, 1, 2, 3)


def test_a_daemon_that_writes_on_into_the_rotated_file(tmp_path: Path) -> None:
    path = tmp_path / "log"
    write(path, 1)
    with Reader([path]) as reader, path.open("ab", buffering=0) as daemon:
        reader.drain()
        path.rename(tmp_path / "log.1")
        path.touch()
        assert reader.drain() == []
        daemon.write(LINE % 2)
        assert reader.drain() == lines(2)
        daemon.write((LINE % 3)[:20])
        write(path, 4)
        assert reader.drain() == lines(4)
        daemon.write((LINE % 3)[20:])
        assert reader.drain() == lines(3)


def test_a_rotated_file_that_ends_without_newline_gives_its_last_line(tmp_path: Path) -> None:
    path = tmp_path / "log"
    append(path, LINE % 1 + (LINE % 2)[:-1])
    with Reader([path]) as reader:
        assert reader.drain() == lines(1)
        path.rename(tmp_path / "log.1")
        write(path, 3)
        assert reader.drain() == lines(3)
        assert reader.drain(6) == lines(2)


def test_renamed_with_nothing_in_its_place_yet(tmp_path: Path) -> None:
    path = tmp_path / "log"
    write(path, 1)
    with Reader([path]) as reader:
        reader.drain()
        write(path, 2)
        path.rename(tmp_path / "log.2")
        write(tmp_path / "log.1", 3)
        assert reader.drain() == lines(2, 3)
        assert reader.info(path).state is InputState.WAITING
        write(path, 4)
        assert reader.drain() == lines(4)
        assert reader.info(path).state is InputState.FOLLOWING


def test_moved_away_and_back(tmp_path: Path) -> None:
    path = tmp_path / "log"
    write(path, 1)
    with Reader([path]) as reader:
        reader.drain()
        path.rename(tmp_path / "elsewhere")
        assert reader.drain() == []
        write(tmp_path / "elsewhere", 2)
        (tmp_path / "elsewhere").rename(path)
        assert reader.drain() == lines(2)


def test_deleted_while_written(tmp_path: Path) -> None:
    path = tmp_path / "log"
    write(path, 1)
    with Reader([path]) as reader, path.open("ab", buffering=0) as daemon:
        reader.drain()
        path.unlink()
        daemon.write(LINE % 2)
        assert reader.drain() == lines(2)
        assert reader.info(path).state is InputState.WAITING
        write(path, 3)
        assert reader.drain() == lines(3)


def test_an_admins_copy_is_not_a_generation(tmp_path: Path) -> None:
    path = tmp_path / "log"
    write(path, *range(30))
    with Reader([path]) as reader:
        reader.drain()
        shutil.copyfile(path, tmp_path / "log.bak")
        write(path, 30)
        path.rename(tmp_path / "log.1")
        write(path, 31)
        assert reader.drain() == lines(30, 31)


def test_a_new_file_with_a_used_inode_is_read(tmp_path: Path) -> None:
    path = tmp_path / "log"
    write(path, 1)
    with Reader([path]) as reader:
        reader.drain()
        for number in range(2, 40):
            path.rename(tmp_path / "log.1")
            write(path, number)
            assert reader.drain(6) == lines(number)
            assert reader.drain(6) == []


def copytruncate(path: Path, number: int) -> None:
    shutil.copyfile(path, f"{path}.{number}")
    os.truncate(path, 0)


def test_copytruncate_reads_the_rest_from_the_copy(tmp_path: Path) -> None:
    path = tmp_path / "log"
    write(path, *range(20))
    with Reader([path]) as reader:
        reader.drain()
        write(path, 20, 21)
        copytruncate(path, 1)
        write(path, 22)
        assert reader.drain() == lines(20, 21, 22)
        info = reader.info(path)
        assert (info.truncations, info.uncopied) == (1, 0)


def test_two_copytruncates_between_polls_and_regrown_past_our_place(tmp_path: Path) -> None:
    path = tmp_path / "log"
    write(path, 0)
    with Reader([path]) as reader:
        reader.drain()
        write(path, 1)
        copytruncate(path, 1)
        write(path, 2)
        copytruncate(path, 2)
        write(path, *range(3, 9))
        assert reader.drain() == lines(*range(1, 9))


def test_truncated_without_a_copy_drops_the_half_line(tmp_path: Path) -> None:
    path = tmp_path / "log"
    append(path, LINE % 1 + (LINE % 2)[:30])
    with Reader([path]) as reader:
        reader.drain()
        os.truncate(path, 0)
        write(path, 3)
        assert reader.drain() == lines(3)
        info = reader.info(path)
        assert (info.truncations, info.uncopied) == (1, 1)


def test_a_writer_without_append_leaves_a_hole(tmp_path: Path) -> None:
    path = tmp_path / "log"
    with path.open("wb", buffering=0) as daemon, Reader([path]) as reader:
        daemon.write(b"".join(LINE % number for number in range(3000)))
        assert len(reader.drain()) == 3000
        os.truncate(path, 0)
        daemon.write(LINE % 3000)
        assert reader.drain() == lines(3000)
        assert reader.info(path).oversized == 0


def test_cut_while_a_report_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "log"
    write(path, *range(30_000))
    with Reader([path], follow=False) as reader:
        reader.poll(1)
        os.truncate(path, 10)
        reader.drain()
        assert reader.follower.finished
        assert "read it again" in reader.info(path).error
