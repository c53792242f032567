"""What the user may name, and what is said when it gives nothing."""

from __future__ import annotations

import bz2
import gzip
import lzma
import os
import socket
import tempfile
from pathlib import Path

import pytest

from scantui.ingest.block import InputState
from scantui.ingest.follow import Problem, ProblemKind, check
from tests.ingest.reading import Reader, append


def only(target: str | Path, *, follow: bool = False) -> Problem:
    (problem,) = check([str(target)], follow=follow)
    assert "\n" not in problem.text
    assert problem.text.startswith(str(target))
    return problem


def test_one_line_a_problem(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    (tmp_path / "logs").mkdir()
    (tmp_path / "old.lz4").write_bytes(b"\x04\x22\x4d\x18rest")
    server = socket.socket(socket.AF_UNIX)
    server.bind(str(tmp_path / "socket"))
    kinds = {
        "missing.log": (ProblemKind.MISSING, True, False),
        "*.nothing": (ProblemKind.NO_MATCH, True, False),
        "logs": (ProblemKind.NO_LOGS, True, False),
        "empty": (ProblemKind.EMPTY, False, False),
        "socket": (ProblemKind.NOT_A_FILE, True, True),
        "old.lz4": (ProblemKind.UNREADABLE, True, True),
    }
    for name, (kind, in_report, in_watch) in kinds.items():
        assert (only(tmp_path / name).kind, only(tmp_path / name).fatal) == (kind, in_report)
        assert only(tmp_path / name, follow=True).fatal == in_watch
    server.close()


def test_nothing_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "kern.log").write_bytes(b"x\n")
    os.mkfifo(tmp_path / "fifo")
    targets = [tmp_path, tmp_path / "kern.log", tmp_path / "*.log", tmp_path / "fifo", "/dev/null", "-"]
    assert check([str(target) for target in targets]) == []


def test_a_hostile_name_is_shown_harmless() -> None:
    (problem,) = check(["/no/\x1b[2J\u202e"])
    assert problem.text.isprintable()


@pytest.fixture
def barred():
    """A log in a folder that everybody may enter, and someone who may not read it."""
    if os.geteuid():
        pytest.skip("needs root, to become somebody else")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        path = Path(folder) / "secret.log"
        path.write_bytes(b"one\n")
        path.chmod(0o600)
        os.seteuid(65534)
        try:
            yield path
        finally:
            os.seteuid(0)


def test_permission(barred: Path) -> None:
    problem = only(barred, follow=True)
    assert (problem.kind, problem.fatal) == (ProblemKind.UNREADABLE, True)
    assert "permission denied" in problem.text
    with Reader([barred]) as reader:
        assert reader.drain() == []
        assert reader.info(barred).state is InputState.ERROR
        assert "permission denied" in reader.info(barred).error
        os.seteuid(0)
        barred.chmod(0o644)
        os.seteuid(65534)
        assert reader.drain(2) == [b"one"]
        assert (reader.info(barred).state, reader.info(barred).error) == (InputState.FOLLOWING, "")
        os.seteuid(0)
        barred.parent.chmod(0o700)
        append(barred, b"two\n")
        os.seteuid(65534)
        assert reader.drain(2) == [b"two"]
        assert "permission denied" in reader.info(barred).error


def test_what_looks_like_a_log_in_a_directory(tmp_path: Path) -> None:
    logs = ["kern.log", "kern.log.1", "syslog", "messages-20240131", "eve.json", "conn.log", "ufw.log.old", "firewall"]
    others = ["README.txt", "lastlog", "wtmp", ".kern.log.swp", "system.journal", "log.conf", "image.png"]
    for name in logs + others:
        (tmp_path / name).write_bytes(name.encode() + b"\n")
    packed = {"kern.log.2.gz": gzip.compress, "kern.log-20240131.xz": lzma.compress, "ufw.log.3.bz2": bz2.compress}
    for name, pack in packed.items():
        (tmp_path / name).write_bytes(pack(name.encode() + b"\n"))
    (tmp_path / "database.log").write_bytes(b"SQLite\0\1\2")
    (tmp_path / "backup.tar.gz").write_bytes(gzip.compress(b"no"))
    (tmp_path / "deeper.log").mkdir()
    with Reader([tmp_path], follow=False) as reader:
        assert sorted(reader.drain()) == sorted(name.encode() for name in [*logs, *packed])


def test_new_names_in_directories_and_globs(tmp_path: Path) -> None:
    (tmp_path / "sensors" / "a").mkdir(parents=True)
    (tmp_path / "watched").mkdir()
    with Reader([tmp_path / "watched", tmp_path / "sensors" / "*" / "*.log"]) as reader:
        assert reader.drain() == []
        append(tmp_path / "watched" / "new.log", b"one\n")
        append(tmp_path / "watched" / "new.txt", b"not\n")
        (tmp_path / "sensors" / "b").mkdir()
        append(tmp_path / "sensors" / "b" / "x.log", b"two\n")
        assert reader.drain() == [b"one", b"two"]
        append(tmp_path / "watched" / "new.log", b"three\n")
        assert reader.drain() == [b"three"]
        assert not reader.follower.finished


def test_one_file_by_many_ways_is_read_once(tmp_path: Path) -> None:
    path = tmp_path / "kern.log"
    path.write_bytes(b"one\n")
    (tmp_path / "link.log").symlink_to(path)
    os.link(path, tmp_path / "hard.log")
    targets = [path, tmp_path, tmp_path / "*.log", tmp_path / "." / "kern.log", tmp_path / "hard.log"]
    for follow in (False, True):
        with Reader(targets, follow=follow) as reader:
            assert reader.drain() == [b"one"]
            append(path, b"two\n")
            assert reader.drain(2) == ([b"two"] if follow else [])
        path.write_bytes(b"one\n")


def test_a_name_that_is_a_pattern_too(tmp_path: Path) -> None:
    path = tmp_path / "a[1].log"
    path.write_bytes(b"one\n")
    with Reader([path], follow=False) as reader:
        assert reader.drain() == [b"one"]


def test_missing_is_waited_for_or_told(tmp_path: Path) -> None:
    path = tmp_path / "later" / "kern.log"
    with Reader([path]) as reader:
        reader.drain()
        assert reader.info(path).state is InputState.WAITING
        path.parent.mkdir()
        path.write_bytes(b"one\n")
        assert reader.drain() == [b"one"]
    with Reader([tmp_path / "none"], follow=False) as reader:
        reader.drain()
        assert reader.follower.finished
        assert (reader.info(tmp_path / "none").state) is InputState.ERROR
        assert "no such file" in reader.info(tmp_path / "none").error


def test_the_last_line_is_known_at_once(tmp_path: Path) -> None:
    cases = {"a": (b"one\ntwo\nthr", b"two"), "b": (b"one\n", b"one"), "c": (b"", b""), "d": (b"x" * 9000 + b"\n", b"")}
    for name, (data, _) in cases.items():
        (tmp_path / name).write_bytes(data)
    with Reader([tmp_path / name for name in cases], follow=False) as reader:
        reader.drain()
        last = {Path(source.path).name: source.last_line for source in reader.follower.sources().values()}
        assert last == {name: line for name, (_, line) in cases.items()}
