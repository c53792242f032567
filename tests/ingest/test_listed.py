"""Lists of objects in one line, or over many: every element a line, at its own place."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from scantui.ingest.listed import ListCutter, is_list
from tests.ingest.reading import Reader

MAX = 40
TEXT = st.text('ab"\\{}[],: \n', max_size=12)
OBJECTS = st.dictionaries(TEXT, st.one_of(TEXT, st.integers(0, 99), st.lists(TEXT, max_size=2)), min_size=1, max_size=3)
SHAPES: list[dict[str, Any]] = [{"separators": (",", ":")}, {}, {"indent": 2}]


def cut(data: bytes, room: int, piece: int, *, ended: bool = True) -> tuple[list[tuple[int, bytes]], ListCutter]:
    """(offset, line) of what a cutter gives of these bytes, `piece` at a time."""
    cutter, buffer, at, got = ListCutter(MAX), bytearray(room + 1), 0, []
    while True:
        kept = cutter.load(buffer)
        new = data[at : at + min(room - kept, piece)]
        buffer[kept : kept + len(new)] = new
        at += len(new)
        dropped, size = cutter.cut(buffer, kept + len(new), ended and at == len(data))
        offset = at - len(new) - kept + dropped
        for line in bytes(buffer[:size]).split(b"\n")[:-1]:
            got.append((offset, line))
            offset += len(line) + 1
        if at == len(data) and not cutter.pending:
            return got, cutter


@settings(max_examples=200, deadline=None)
@given(
    lists=st.lists(st.lists(OBJECTS, min_size=1, max_size=6), min_size=1, max_size=3),
    shape=st.sampled_from(SHAPES),
    key=st.sampled_from(["records", "events", ""]),
    between=st.sampled_from(["", "\n", " \r\n"]),
    piece=st.integers(1, 90),
    ended=st.booleans(),
)
def test_elements_are_lines_at_their_places(
    lists: list[list[dict[str, Any]]], shape: dict[str, Any], key: str, between: str, piece: int, *, ended: bool
) -> None:
    wholes: list[Any] = [{key: one, "next": 'a"]}'} if key else one for one in lists]
    data = between.join(json.dumps(one, **shape) for one in wholes).encode()
    got, cutter = cut(data, 4 * MAX * 2, piece, ended=ended)
    told = [one for each in lists for one in each if len(json.dumps(one, **shape)) <= MAX]
    lines = [(offset, line) for offset, line in got if len(json.dumps(json.loads(line), **shape)) <= MAX]
    assert [json.loads(line) for _, line in lines] == told
    assert [json.loads(data[offset : offset + len(line)].rstrip(b", \n]")) for offset, line in lines] == told
    assert len(got) + cutter.oversized == sum(map(len, lists))


@settings(max_examples=200, deadline=None)
@given(
    data=st.binary(max_size=600).map(lambda tail: b'[{"a":1},' + tail),
    noise=st.lists(st.sampled_from([*b'{}[],"\\ \n']), max_size=60).map(bytes),
    piece=st.integers(1, 90),
)
def test_damaged_lists_end(data: bytes, noise: bytes, piece: int) -> None:
    got, _ = cut(data + noise, 4 * MAX * 2, piece)
    assert (got[0][0], got[0][1].rstrip(b" ")) == (1, b'{"a":1}')
    assert sum(len(line) + 1 for _, line in got) <= len(data + noise) + 1


def test_what_is_too_long_is_passed_over_and_counted() -> None:
    elements = [{"a": 1}, {"long": "x" * 500, "more": [1, {"b": ',"}'}]}, {"c": 2}]
    got, cutter = cut(json.dumps({"records": elements}).encode(), 4 * MAX * 2, 30)
    assert [json.loads(line) for _, line in got] == [{"a": 1}, {"c": 2}]
    assert cutter.oversized == 1
    assert cutter.sample.startswith(b'{"long": "xxx')


def test_what_follows_a_list_and_is_none_is_counted() -> None:
    got, cutter = cut(b'[{"a":1}] and ' + b"more " * 80, 4 * MAX * 2, 50)
    assert [line for _, line in got] == [b'{"a":1}']
    assert cutter.oversized == 1


def test_which_contents_are_lists() -> None:
    long = b",".join([b'{"a":1}'] * 20)
    assert is_list(b"[" + long + b"]", MAX)
    assert is_list(b'{"records":[' + long + b"]}", MAX)
    assert is_list(b'{\n  "events": [\n    {', MAX)
    assert is_list(b'{"records":[{"a":1},\n{"a":2}]}', MAX)
    for other in (
        b"[" + long[:20],
        b'{"records":[{"a":1}]}\n' + long,
        b"[\n {",
        b"{" + long,
        b"2026-01-01 [{" + long,
        b"",
    ):
        assert not is_list(other, MAX)


def test_a_large_list_in_one_line_is_read_and_found_again(tmp_path: Path) -> None:
    path, rng = tmp_path / "PT1H.json", random.Random(1)
    elements = [{"n": n, "text": "x" * rng.randrange(2000)} for n in range(2000)]
    path.write_text(json.dumps({"records": elements}, separators=(",", ":")))
    with Reader([path], follow=False) as reader:
        assert [json.loads(line) for line in reader.drain()] == elements
        assert reader.info(path).oversized == 0
        source, offset, length = reader.origin[1500]
        raw = reader.follower.fetch(source, offset, length)
        assert raw is not None
        assert json.loads(raw) == elements[1500]
