"""The newest bytes of a stream that cannot be read twice."""

from __future__ import annotations

from collections import deque


class RecentBytes:
    """At most about `most` bytes, by their offset in the stream."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._held = 0
        self._chunks: deque[tuple[int, bytes]] = deque()

    def add(self, offset: int, data: memoryview) -> None:
        if not len(data):
            return
        self._chunks.append((offset, bytes(data)))
        self._held += len(data)
        while self._held > self._most and len(self._chunks) > 1:
            self._held -= len(self._chunks.popleft()[1])

    def get(self, offset: int, length: int) -> bytes | None:
        """These bytes, or None when they are not (or no longer) all held."""
        if not self._chunks or offset < self._chunks[0][0]:
            return None
        out = b""
        for start, chunk in self._chunks:
            if start + len(chunk) > offset:
                out += chunk[max(0, offset - start) : offset + length - start]
                if len(out) == length:
                    return out
        return None
