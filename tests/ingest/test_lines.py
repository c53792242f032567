"""Whole lines, whatever the block and line sizes."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from scantui.ingest.lines import LineCutter
from tests.ingest.reading import Reader, append

MAX = 40


def expected(data: bytes, *, ended: bool) -> tuple[list[tuple[int, bytes]], int]:
    """(offset, line) of every line that fits, and the number of those that do not."""
    out, skipped, offset = [], 0, 0
    parts = data.split(b"\n")
    for line in parts[:-1] + ([parts[-1]] if ended and parts[-1] else []):
        if len(line) <= MAX:
            out.append((offset, line))
        else:
            skipped += 1
        offset += len(line) + 1
    if not ended:
        skipped += len(parts[-1]) > MAX
    return out, skipped


@settings(max_examples=150, deadline=None)
@given(
    pieces=st.lists(st.one_of(st.binary(max_size=130), st.just(b"\n"), st.just(b"x\r\n" * 20)), max_size=12),
    room=st.integers(2 * MAX + 2, 400),
    ended=st.booleans(),
)
def test_cutter_gives_every_line_that_fits(pieces: list[bytes], room: int, ended: bool) -> None:
    data = b"".join(pieces)
    cutter, buffer, at, got = LineCutter(MAX), bytearray(room + 1), 0, []
    while True:
        kept = cutter.load(buffer)
        new = data[at : at + min(room - kept, 77)]
        buffer[kept : kept + len(new)] = new
        at += len(new)
        last = ended and at == len(data)
        dropped, size = cutter.cut(buffer, kept + len(new), last)
        offset = at - len(new) - kept + dropped
        for line in bytes(buffer[:size]).split(b"\n")[:-1]:
            got.append((offset, line))
            offset += len(line) + 1
        if at == len(data) and not cutter.pending:
            break
    lines, skipped = expected(data, ended=ended)
    assert got == lines
    assert cutter.oversized == skipped


@settings(max_examples=60, deadline=None)
@given(pieces=st.lists(st.binary(min_size=1, max_size=200), max_size=15), block=st.integers(82, 300))
def test_followed_file_gives_its_lines_with_their_offsets(pieces: list[bytes], block: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "log"
        path.write_bytes(b"x")  # so that it never looks like an archive
        with Reader([path], block_size=block, max_line=MAX) as reader:
            for piece in pieces:
                append(path, piece)
                reader.poll()
            lines, skipped = expected(path.read_bytes(), ended=False)
            assert [(offset, line) for (_, offset, _), line in zip(reader.origin, reader.lines, strict=True)] == lines
            assert reader.info(path).oversized == skipped
            for (source, offset, length), line in zip(reader.origin, reader.lines, strict=True):
                assert reader.follower.fetch(source, offset, length) == line


def test_an_oversized_line_is_counted_with_a_sample(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_bytes(b"before\n" + b"A" * 70_000 + b"\nafter\n")
    with Reader([path], follow=False) as reader:
        assert reader.drain() == [b"before", b"after"]
        info = reader.info(path)
        assert (info.oversized, info.sample) == (1, b"A" * 200)


def test_the_longest_line_allowed_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "log"
    longest = b"A" * (64 * 1024)
    path.write_bytes(longest + b"\n" + longest + b"B\n")
    with Reader([path], follow=False, block_size=1) as reader:
        assert reader.drain() == [longest]


def test_an_unfinished_line_waits_for_its_newline(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_bytes(b"one\ntw")
    with Reader([path]) as reader:
        assert reader.drain() == [b"one"]
        append(path, b"o")
        assert reader.drain() == []
        append(path, b"\r\n\0\xff\n")
        assert reader.drain() == [b"two\r", b"\0\xff"]


def test_a_report_takes_the_unfinished_last_line(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_bytes(b"one\ntwo")
    with Reader([path], follow=False) as reader:
        assert reader.drain() == [b"one", b"two"]
        assert reader.follower.finished
