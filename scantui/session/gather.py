"""Gathering: a trickle of small blocks is read often, so that nothing is lost, and parsed seldom, so that it costs little."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from scantui.ingest.block import SLACK, Block

LARGE = 64 << 10  # bytes; a block so large pays for its own parsing


class Gather:
    """Puts consecutive small blocks of a source together until they are taken."""

    def __init__(self, take: Callable[[Block], int]) -> None:
        self._take = take
        self._held: dict[tuple[int, bool], tuple[Block, bytearray]] = {}

    def __bool__(self) -> bool:
        return bool(self._held)

    def add(self, block: Block) -> int:
        """Hold a block, or take it at once if it is large; returns how many events were taken."""
        taken = 0
        key, other = (block.source.id, block.ahead), (block.source.id, not block.ahead)
        if other in self._held:  # what came ahead is taken ahead
            taken += self._give(other)
        held = self._held.get(key)
        if held is not None and held[0].offset + len(held[1]) != block.offset:
            taken += self._give(key)
            held = None
        if held is None and block.size >= LARGE:
            return taken + self._take(block)
        if held is None:
            self._held[key] = (block, bytearray(memoryview(block.data)[: block.size]))
        else:
            held[1].extend(memoryview(block.data)[: block.size])
            self._held[key] = (replace(held[0], arrival_us=block.arrival_us), held[1])
            if len(held[1]) >= LARGE:
                taken += self._give(key)
        return taken

    def _give(self, key: tuple[int, bool]) -> int:
        block, data = self._held.pop(key)
        size = len(data)
        data.extend(bytes(SLACK))
        return self._take(replace(block, data=data, size=size))

    def flush(self) -> int:
        """Take everything held; returns how many events it was."""
        return sum(self._give(key) for key in list(self._held))
