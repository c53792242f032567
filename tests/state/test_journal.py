"""The journal of marks: whatever was marked, unmarked or torn reads back right, and nobody's lines are lost."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scantui.safe_text import harmless
from scantui.snapshot import JUDGEMENTS
from scantui.state.directory import MOST_LINE, Directory
from scantui.state.journal import FILE, MOST_NOTE, Journal, KeptMark, compacted, line_of, mark_of, parse

ADDRESSES = st.sampled_from(["203.0.113.7", "198.51.100.1", "2001:db8::1", "::ffff:203.0.113.7"])
NOTES = st.text(max_size=260)
TIMES = st.integers(0, 253_402_300_799_999_999)
MARKS = st.builds(KeptMark, ADDRESSES, st.sampled_from(JUDGEMENTS), NOTES, TIMES, st.booleans())
ROOT = Path(__file__).parents[2]


def canonical(address: str) -> str:
    return address.removeprefix("::ffff:")


def said(mark: KeptMark) -> KeptMark:
    """The mark as it reads back."""
    if mark.removed:
        return KeptMark(canonical(mark.address), at=mark.at, removed=True)
    return KeptMark(canonical(mark.address), mark.verdict, harmless(mark.note, MOST_NOTE), mark.at)


@given(MARKS)
def test_a_line_reads_back_and_fits_one_write(mark: KeptMark) -> None:
    line = line_of(mark)
    assert b"\n" not in line and len(line) < MOST_LINE - 1
    assert mark_of(line) == said(mark)


@settings(deadline=None)
@given(st.lists(st.one_of(MARKS, st.integers(1, 200), st.binary(min_size=1, max_size=40)), max_size=30))
def test_any_history_reads_back(history: list[KeptMark | int | bytes]) -> None:
    """A number tears so many bytes off the end, as a crash would; bytes are what someone else wrote there."""
    with tempfile.TemporaryDirectory() as folder:
        journal, path = Journal(Directory(Path(folder))), Path(folder) / FILE
        ends: list[tuple[int, KeptMark]] = []  # where each line that is whole in the file ends, and what it says
        for step in history:
            if isinstance(step, KeptMark):
                journal.append([step])
                ends.append((path.stat().st_size - 1, said(step)))
                continue
            data = path.read_bytes() if path.exists() else b""
            path.write_bytes(data + b"\n" + step if isinstance(step, bytes) else data[: max(0, len(data) - step)])
            ends = [(end, mark) for end, mark in ends if end <= path.stat().st_size]
        wanted: dict[str, KeptMark] = {}
        for _, mark in ends:
            wanted.pop(mark.address, None)
            if not mark.removed:
                wanted[mark.address] = mark
        assert journal.load().marks == wanted


def test_the_last_line_about_an_address_holds(tmp_path: Path) -> None:
    journal = Journal(Directory(tmp_path))
    journal.append(
        [KeptMark("203.0.113.7", "scan", "a", 1), KeptMark("198.51.100.1"), KeptMark("203.0.113.7", "benign", "b", 2)]
    )
    journal.append([KeptMark("198.51.100.1", removed=True)])
    assert journal.load().marks == {"203.0.113.7": KeptMark("203.0.113.7", "benign", "b", 2)}


def test_a_torn_line_is_told_with_its_number_and_nothing_else_is_lost(tmp_path: Path) -> None:
    journal = Journal(Directory(tmp_path))
    journal.append([KeptMark("203.0.113.7", "scan"), KeptMark("198.51.100.1", "watch")])
    path = tmp_path / FILE
    path.write_bytes(path.read_bytes()[:-9])
    journal.append([KeptMark("192.0.2.1", "mine")])
    loaded = journal.load()
    assert list(loaded.marks) == ["203.0.113.7", "192.0.2.1"]
    assert len(loaded.wrong) == 1 and loaded.wrong[0].startswith(f"{FILE}:2: ") and "skipped" in loaded.wrong[0]


@pytest.mark.parametrize("line", [
    b'{"address":"203.0.113.7","verdict":"guilty"}', b'{"address":"fe80::1%eth0"}', b'{"address":"\x1b[2J"}', b"[]", b"{}",
    b'{"address":7}', b'{"address":"203.0.113.7","at":"tomorrow"}', b'{"address":"203.0.113.7","note":"\xff"}', b"[" * 4000,
])  # fmt: skip
def test_what_is_no_mark_is_refused_in_visible_words(line: bytes) -> None:
    with pytest.raises(ValueError, match=r".") as told:
        mark_of(line)
    assert str(told.value).isprintable()


def test_unknown_keys_are_a_later_versions_and_outlive_compaction() -> None:
    later = b'{"address":"203.0.113.7","verdict":"scan","colour":"red"}'
    old = b"\n".join(line_of(KeptMark("198.51.100.1", at=n)) for n in range(1500))
    data = old + b"\n" + later + b"\nbroken\n"
    small = compacted(data)
    assert (
        small is not None
        and later in small.split(b"\n")
        and b"broken" in small.split(b"\n")
        and small.count(b"\n") == 3
    )
    assert parse(small).marks == parse(data).marks


@settings(deadline=None, max_examples=30)
@given(st.lists(MARKS, max_size=40))
def test_compaction_changes_nothing_that_holds(marks: list[KeptMark]) -> None:
    lines = [line_of(mark) + b"\n" for mark in (*marks, KeptMark("192.0.2.1"))]
    data = b"".join(lines * (1200 // len(lines) + 1))
    small = compacted(data)
    assert small is not None and parse(small).marks == parse(data).marks and small.count(b"\n") <= 4


def test_hostile_notes_come_back_harmless(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(json.dumps({"address": "203.0.113.7", "note": "\x1b]0;owned\x07" * 100}) + "\n")
    note = Journal(Directory(tmp_path)).load().marks["203.0.113.7"].note
    assert note.isprintable() and len(note) <= MOST_NOTE and note.startswith("\\x1b]0;owned")


WRITER = """
import sys
from pathlib import Path
from scantui.state.directory import Directory
from scantui.state.journal import Journal, KeptMark
me, folder = int(sys.argv[1]), Path(sys.argv[2])
journal = Journal(Directory(folder))
sys.stdin.readline()
for number in range(150):
    journal.append([KeptMark(f"10.{me}.0.{number}", "watch", "x" * (number % 200), number)])
    if number % 30 == 0:
        journal._directory.rewrite("marks.jsonl", lambda data: data)
"""


def test_two_processes_at_once_lose_nothing(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, str(n), str(tmp_path)], stdin=subprocess.PIPE, env=environment)
               for n in range(2)]  # fmt: skip
    for writer in writers:
        writer.stdin.write(b"\n")
        writer.stdin.flush()
    assert [writer.wait(60) for writer in writers] == [0, 0]
    loaded = Journal(Directory(tmp_path)).load()
    assert loaded.wrong == () and len(loaded.marks) == 300
    for me in range(2):
        mine = [address for address in loaded.marks if address.startswith(f"10.{me}.")]
        assert mine == [f"10.{me}.0.{number}" for number in range(150)]


def test_files_are_the_owners_only(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "state"
    Journal(Directory(folder)).append([KeptMark("203.0.113.7")])
    assert folder.stat().st_mode & 0o777 == 0o700 and (folder / FILE).stat().st_mode & 0o777 == 0o600


def test_links_and_pipes_are_refused(tmp_path: Path) -> None:
    target = tmp_path / "elsewhere"
    target.write_bytes(b"")
    (tmp_path / FILE).symlink_to(target)
    with pytest.raises(OSError, match=r"."):
        Journal(Directory(tmp_path)).append([KeptMark("203.0.113.7")])
    assert target.read_bytes() == b""
    (tmp_path / FILE).unlink()
    os.mkfifo(tmp_path / FILE)
    with pytest.raises(OSError, match="not a regular file"):
        Journal(Directory(tmp_path)).load()


def test_a_full_disk_leaves_no_part_of_a_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = Journal(Directory(tmp_path))
    journal.append([KeptMark("203.0.113.7")])
    before = (tmp_path / FILE).read_bytes()
    write = os.write
    monkeypatch.setattr(os, "write", lambda handle, data: write(handle, data[:10]))
    with pytest.raises(OSError, match="no space"):
        journal.append([KeptMark("198.51.100.1")])
    assert (tmp_path / FILE).read_bytes() == before
