"""Many files, few descriptors, one buffer; taking turns and waking up."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from tests.ingest.reading import Reader, append


def open_descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr("scantui.ingest.shared.MOST_OPEN", 8)
    return 8


def test_descriptors_are_few_and_places_kept(tmp_path: Path, few: int) -> None:
    paths = [tmp_path / f"{number:03}.log" for number in range(60)]
    for path in paths:
        append(path, b"one\ntw")
    before = open_descriptors()
    with Reader(paths) as reader:
        assert reader.drain() == [b"one"] * 60
        assert open_descriptors() - before < few + 6
        for path in paths:
            append(path, b"o\n")
        assert reader.drain(2) == [b"two"] * 60
        assert open_descriptors() - before < few + 6
    assert open_descriptors() == before


def test_rotated_and_truncated_while_closed(tmp_path: Path, few: int) -> None:
    paths = [tmp_path / f"{number:03}.log" for number in range(30)]
    for i, path in enumerate(paths):
        append(path, b"%d first line of some length to tell this file from the others by its content\n" % i)
    with Reader(paths) as reader:
        reader.drain()
        for i, path in enumerate(paths):
            append(path, b"%d second\n" % i)
        for i, path in enumerate(paths):
            if i % 2:
                path.rename(f"{path}.1")
            else:
                Path(f"{path}.1").write_bytes(path.read_bytes())
                os.truncate(path, 0)
            append(path, b"%d third\n" % i)
        got = reader.drain(2)
        wanted = [b"%d %s" % (i, what) for i in range(30) for what in (b"second", b"third")]
        assert sorted(got) == sorted(wanted)


def test_all_rotate_at_once(tmp_path: Path, few: int) -> None:
    paths = [tmp_path / f"{number:03}.log" for number in range(40)]
    for i, path in enumerate(paths):
        append(path, b"%d first line of some length to tell this file from the others by its content\n" % i)
    before = open_descriptors()
    with Reader(paths) as reader:
        reader.drain()
        for i, path in enumerate(paths):
            append(path, b"%d second\n%d third" % (i, i))
            path.rename(f"{path}.1")
            append(path, b"%d fourth\n" % i)
        reader.drain(2)
        assert open_descriptors() - before < few + 6
        reader.settle()
        wanted = [b"%d %s" % (i, what) for i in range(40) for what in (b"second", b"third", b"fourth")]
        assert sorted(reader.lines[40:]) == sorted(wanted)


def test_lost_while_closed_is_told(tmp_path: Path, few: int) -> None:
    paths = [tmp_path / f"{number:03}.log" for number in range(30)]
    for path in paths:
        append(path, b"one\n")
    with Reader(paths) as reader:
        reader.drain()
        paths[0].unlink()
        append(paths[0], b"two, in another file\n")
        assert reader.drain(2) == [b"two, in another file"]


def test_inputs_take_turns_and_the_caller_takes_breath(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / name).write_bytes(b"".join(b"%s%07d\n" % (name.encode(), number) for number in range(60_000)))
    with Reader([tmp_path / "a", tmp_path / "b"], follow=False, block_size=1) as reader:
        reader.poll(300_000)
        assert reader.follower.backlog
        first = {line[:1] for line in reader.lines}
        assert first == {b"a", b"b"}
        assert sum(map(len, reader.lines)) < 700_000
        reader.drain()
        assert not reader.follower.backlog
        assert len(reader.lines) == 120_000
        assert [line for line in reader.lines if line[:1] == b"a"] == sorted(
            line for line in reader.lines if line[:1] == b"a"
        )


def test_a_poll_left_early_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_bytes(b"".join(b"%07d\n" % number for number in range(60_000)))
    with Reader([path], follow=False) as reader:
        got = []
        while not reader.follower.finished:
            for block in reader.follower.poll():
                got += bytes(block.data[: block.size]).split(b"\n")[:-1]
                break
        assert got == [b"%07d" % number for number in range(60_000)]


def test_wake_ends_a_wait(tmp_path: Path) -> None:
    with Reader([tmp_path]) as reader:
        reader.drain()
        threading.Timer(0.05, reader.follower.wake).start()
        reader.follower.wait(60)
        reader.follower.wake()
        reader.follower.wait(60)


def quiet(reader: Reader) -> None:
    """Let the files grow cold, so that their directory is watched."""
    for _ in range(3):
        reader.drain(40)


def test_quiet_files_wake_by_the_kernel(tmp_path: Path) -> None:
    path = tmp_path / "kern.log"
    path.write_bytes(b"one\n")
    with Reader([path]) as reader:
        quiet(reader)
        assert reader.follower._watcher.working()
        for number in range(200):  # the watch takes a moment to stand; the follower's clock does not move
            append(path, b"more %d\n" % number)
            reader.follower.wait(0.1)
            if reader.poll():
                break
        assert reader.lines[:2] == [b"one", b"more 0"]


def test_busy_directories_are_not_watched(tmp_path: Path) -> None:
    path = tmp_path / "kern.log"
    path.write_bytes(b"one\n")
    with Reader([path]) as reader:
        quiet(reader)
        assert reader.follower._watcher._watched == {str(tmp_path)}
        append(path, b"two\n")
        reader.drain(2)
        reader.drain(2)
        assert reader.follower._watcher._watched == frozenset()


def test_without_watching_polling_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_watch(*_: object, **__: object) -> None:
        raise OSError(28, "inotify watch limit reached")

    monkeypatch.setattr("watchfiles.watch", no_watch)
    path = tmp_path / "kern.log"
    path.write_bytes(b"one\n")
    with Reader([path]) as reader:
        quiet(reader)
        append(path, b"two\n")
        assert reader.drain(1.5) == [b"two"]
        assert reader.info(path).error == ""
