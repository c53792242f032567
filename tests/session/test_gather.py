"""Gathered blocks hold the same bytes at the same places."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from scantui.ingest.block import Block
from scantui.session.gather import LARGE, Gather
from tests.feeding import blocks, source


@given(st.lists(st.tuples(st.integers(1, 2), st.integers(1, 30), st.booleans()), max_size=30))
def test_lines_and_places_are_kept(parts: list[tuple[int, int, bool]]) -> None:
    taken: list[tuple[int, int, bytes]] = []

    def take(block: Block) -> int:
        assert bytes(block.data[block.size :]).strip(b"\0") == b""
        taken.append((block.source.id, block.offset, bytes(block.data[: block.size])))
        return 1

    gather, at, wrote = Gather(take), {1: 0, 2: 0}, {1: b"", 2: b""}
    for number, size, flush in parts:
        data = b"x" * size + b"\n"
        (block,) = blocks(data, of=source(number))
        gather.add(Block(block.source, block.data, block.size, at[number], 1))
        wrote[number] += data
        at[number] += len(data)
        if flush:
            gather.flush()
    gather.flush()
    for number in (1, 2):
        mine = [(offset, data) for which, offset, data in taken if which == number]
        assert b"".join(data for _, data in mine) == wrote[number]
        assert all(wrote[number][offset : offset + len(data)] == data for offset, data in mine)


def test_a_large_block_is_taken_at_once_and_a_gap_starts_anew() -> None:
    sizes: list[int] = []
    gather = Gather(lambda block: sizes.append(block.size) or 1)
    (small,) = blocks(b"a\n")
    (large,) = blocks(b"b" * LARGE + b"\n")
    gather.add(small)
    gather.add(Block(small.source, small.data, small.size, 100, 1))
    assert sizes == [2]
    gather.flush()
    gather.add(large)
    assert sizes == [2, 2, LARGE + 1]
