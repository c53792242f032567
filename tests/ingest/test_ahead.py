"""The ends of large files first, and everything in its turn."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import pytest

from tests.ingest.reading import Reader, append

SHARE = 2_000


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scantui.ingest.follow.TOTAL", SHARE)
    monkeypatch.setattr("scantui.ingest.follow.LEAST", SHARE)
    for module in ("ahead", "generation"):
        monkeypatch.setattr(f"scantui.ingest.{module}.HEAD", 500)


def numbered(first: int, last: int) -> bytes:
    return b"".join(b"line %06d\n" % number for number in range(first, last))


def newest(*paths: Path) -> Reader:
    return Reader(paths, newest_first=True, block_size=600, max_line=200)


def test_the_end_comes_first_then_what_is_added_then_the_rest(tmp_path: Path) -> None:
    path = tmp_path / "kern.log"
    path.write_bytes(numbered(0, 1000))
    with newest(path) as reader:
        reader.poll(3_000)
        assert reader.lines[0] == b"line 000000"
        assert len(reader.lines) < 200
        assert reader.ahead[-1][2] == b"line 000999"
        assert reader.follower.fetch(*reader.ahead[-1][:2], 11) == b"line 000999"
        info = reader.info(path)
        assert info.bytes_done + info.bytes_left == 12_000
        assert info.bytes_left > 9_000
        append(path, numbered(1000, 1010))
        reader.clock.seconds += 1
        reader.poll(600)
        assert reader.ahead[-1][2] == b"line 001009"
        assert len(reader.lines) < 200
        reader.drain()
        assert b"\n".join(reader.lines) + b"\n" == numbered(0, 1010)
        assert (reader.info(path).bytes_done, reader.info(path).bytes_left) == (12_120, 0)
        before = len(reader.ahead)
        append(path, numbered(1010, 1020))
        assert reader.drain(1) == numbered(1010, 1020).split(b"\n")[:-1]
        assert len(reader.ahead) == before


def test_a_line_that_was_begun_comes_when_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "kern.log"
    path.write_bytes(numbered(0, 1000) + b"line 00")
    with newest(path) as reader:
        reader.poll(3_000)
        assert reader.ahead[-1][2] == b"line 000999"
        append(path, b"1000\n")
        reader.clock.seconds += 1
        reader.poll(600)
        assert reader.ahead[-1][2] == b"line 001000"


def test_the_successor_does_not_wait_for_history(tmp_path: Path) -> None:
    path = tmp_path / "kern.log"
    path.write_bytes(numbered(0, 3000))
    with newest(path) as reader:
        reader.poll(3_000)
        path.rename(tmp_path / "kern.log.1")
        append(path, b"new\n")
        reader.clock.seconds += 1
        reader.poll(1_200)
        assert b"new" in reader.lines
        assert len(reader.lines) < 400
        reader.settle()
        assert sorted(reader.lines) == sorted([*numbered(0, 3000).split(b"\n")[:-1], b"new"])


def test_of_a_rotated_set_the_newest_file(tmp_path: Path) -> None:
    (tmp_path / "kern.log.2.gz").write_bytes(
        gzip.compress(os.urandom(200_000).hex(" ").replace(" 7", "\n").encode() + b"\n")
    )
    (tmp_path / "kern.log.1").write_bytes(numbered(0, 1000))
    (tmp_path / "kern.log").write_bytes(b"newest\n")
    for age, name in enumerate(["kern.log", "kern.log.1", "kern.log.2.gz"]):
        os.utime(tmp_path / name, (9_000 - age, 9_000 - age))
    with newest(tmp_path) as reader:
        reader.poll(100)
        assert reader.lines[0] == b"newest"


def test_small_files_archives_and_reports_are_read_in_order(tmp_path: Path) -> None:
    (tmp_path / "small.log").write_bytes(numbered(0, 300))
    (tmp_path / "old.log.gz").write_bytes(gzip.compress(numbered(0, 1000)))
    with newest(tmp_path) as reader:
        reader.drain()
        assert reader.ahead == []
    (tmp_path / "large.log").write_bytes(numbered(0, 1000))
    with Reader([tmp_path / "large.log"], follow=False) as reader:
        reader.drain()
        assert reader.ahead == []


def test_cut_and_written_anew_behind_what_was_read_ahead(tmp_path: Path) -> None:
    """The bytes before the second place are others: nothing of the new file passes for the old one's."""
    path = tmp_path / "kern.log"
    path.write_bytes(numbered(0, 1000))
    with newest(path) as reader:
        reader.poll(3_000)
        (tmp_path / "kern.log.1").write_bytes(path.read_bytes())
        os.truncate(path, 0)
        append(path, numbered(5000, 6200))
        reader.settle()
        assert sorted(reader.lines) == sorted(
            numbered(0, 1000).split(b"\n")[:-1] + numbered(5000, 6200).split(b"\n")[:-1]
        )
        assert not [line for source, _, line in reader.ahead if source == 1 and line >= b"line 005"]
