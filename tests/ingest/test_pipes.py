"""Standard input, FIFOs and devices."""

from __future__ import annotations

import gzip
import os
import sys
from pathlib import Path

import pexpect
import pytest

from scantui.ingest.block import InputState
from scantui.ingest.follow import Follower, InputError
from scantui.ingest.stdin import take_stdin
from tests.ingest.reading import Reader

HERE = Path(__file__).parents[2]


def test_stdin_is_followed_to_its_end() -> None:
    out, into = os.pipe()
    with Reader(["-"], stdin_fd=out) as reader:
        assert reader.poll() == []
        os.write(into, b"one\ntw")
        assert reader.poll() == [b"one"]
        assert not reader.follower.finished
        os.write(into, b"o\nthree")
        assert reader.poll() == [b"two"]
        os.close(into)
        assert reader.drain() == [b"three"]
        assert reader.follower.finished
        assert reader.info("-").state is InputState.DONE
        assert [reader.follower.fetch(*where) for where in reader.origin] == [b"one", b"two", b"three"]


def test_a_flood_on_stdin_lets_the_caller_take_breath() -> None:
    with Reader(["-"], stdin_fd=os.open("/dev/zero", os.O_RDONLY)) as reader:
        for _ in range(3):
            reader.poll()
            assert reader.follower.backlog
        assert reader.info("-").bytes_read < 64 * 1024 * 1024


def test_packed_stdin() -> None:
    out, into = os.pipe()
    packed = gzip.compress(b"one\ntwo\n")
    with Reader(["-"], follow=False, stdin_fd=out) as reader:
        os.write(into, packed[:12])
        reader.poll()
        os.write(into, packed[12:])
        os.close(into)
        reader.drain()
        assert reader.lines == [b"one", b"two"]
        assert reader.follower.finished
        assert reader.info("-").error == ""


def test_a_file_as_stdin(tmp_path: Path) -> None:
    (tmp_path / "log").write_bytes(b"one\ntwo")
    with Reader(["-"], stdin_fd=os.open(tmp_path / "log", os.O_RDONLY)) as reader:
        reader.drain()
        assert reader.lines == [b"one", b"two"]
        assert reader.follower.finished


def test_old_stdin_is_forgotten_not_invented() -> None:
    out, into = os.pipe()
    with Reader(["-"], stdin_fd=out) as reader:
        first = b"%064d\n" % 0
        os.write(into, first)
        reader.poll()
        for _ in range(400):
            os.write(into, b"x" * 60_000 + b"\n")
            reader.poll()
        assert reader.follower.fetch(1, 0, 64) is None
        assert reader.follower.fetch(*reader.origin[-1]) == b"x" * 60_000
        os.close(into)


def test_a_fifo_over_two_writers(tmp_path: Path) -> None:
    path = tmp_path / "fifo"
    os.mkfifo(path)
    with Reader([path]) as reader:
        reader.poll()
        for text in (b"one\ntwo", b"three\n"):
            writer = os.open(path, os.O_WRONLY)
            os.write(writer, text)
            reader.poll()
            os.close(writer)
            reader.poll()
        assert reader.lines == [b"one", b"two", b"three"]
        assert reader.info(path).state is InputState.FOLLOWING
        assert not reader.follower.finished


def test_a_fifo_in_a_report_waits_for_its_writer(tmp_path: Path) -> None:
    path = tmp_path / "fifo"
    os.mkfifo(path)
    with Reader([path], follow=False) as reader:
        reader.poll()
        assert not reader.follower.finished
        writer = os.open(path, os.O_WRONLY)
        os.write(writer, b"one\n")
        os.close(writer)
        assert reader.drain() == [b"one"]
        assert reader.follower.finished


@pytest.mark.parametrize("text", [b"", b"one\n"])
def test_a_process_substitution_ends(text: bytes) -> None:
    out, into = os.pipe()
    os.write(into, text)
    os.close(into)
    with Reader([f"/dev/fd/{out}"]) as reader:
        assert reader.drain() == text.split(b"\n")[:-1]
        assert reader.follower.finished
    os.close(out)


def test_a_device(tmp_path: Path) -> None:
    with Reader(["/dev/null"]) as reader:
        assert reader.drain() == []
        assert reader.follower.finished


def test_nothing_to_read() -> None:
    with pytest.raises(InputError, match="name a file"):
        Follower([], follow=True)


CHILD = """
import os, sys
from scantui.ingest.stdin import take_stdin
from scantui.ingest.follow import Follower
follower = Follower(["-"], follow=False, stdin_fd=take_stdin())
while not follower.finished:
    for block in follower.poll():
        print("LOG", bytes(block.data[:block.size]))
print("KEY", os.read(0, 1), os.isatty(0))
"""


def test_the_keyboard_works_while_stdin_is_a_pipe() -> None:
    child = pexpect.spawn(
        "/bin/sh", ["-c", f"printf 'a\\nb\\n' | {sys.executable} -c '{CHILD}'"], cwd=str(HERE), timeout=20
    )
    child.expect_exact(r"LOG b'a\nb\n'")
    child.sendline("q")
    child.expect_exact("KEY b'q' True")
    child.expect(pexpect.EOF)


def test_a_terminal_as_stdin_is_refused() -> None:
    script = "from scantui.ingest.stdin import take_stdin\ntry: take_stdin()\nexcept Exception as error: print(error)"
    child = pexpect.spawn(sys.executable, ["-c", script], cwd=str(HERE), timeout=20)
    child.expect_exact("-: standard input is the terminal; pipe a log into it, or name a file")
    child.expect(pexpect.EOF)


def test_without_a_terminal_stdin_stays_as_it_was(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("scantui.ingest.stdin._TERMINAL", str(tmp_path / "none"))
    monkeypatch.setattr(os, "isatty", lambda fd: False)
    before = os.fstat(0)
    with pytest.raises(InputError, match="scantui report -"):
        take_stdin()
    assert os.path.sameopenfile(0, 0)
    assert os.fstat(0) == before
