"""Whole lines out of a byte stream: what is left of a line is carried over, a line too long is skipped, counted."""

from __future__ import annotations

MAX_LINE = 64 * 1024  # bytes; a longer line is skipped
SAMPLE = 200  # bytes kept of a skipped line


class LineCutter:
    """The unfinished line of one stream, and its count of lines that were too long."""

    trouble = ""  # why the rest cannot be read
    __slots__ = ("carry", "max_line", "oversized", "pending", "sample", "skipping")

    def __init__(self, max_line: int = MAX_LINE) -> None:
        self.max_line = max_line
        self.carry = b""
        self.pending = False  # `carry` holds more than one unfinished line: cut again before waiting for bytes
        self.skipping = False  # inside a line that was too long
        self.oversized = 0
        self.sample = b""

    def load(self, buffer: bytearray) -> int:
        """Put the carried bytes in front; return their number."""
        buffer[: len(self.carry)] = self.carry
        return len(self.carry)

    def cut(self, buffer: bytearray, end: int, last: bool) -> tuple[int, int]:
        """Cut `buffer[:end]` (carried and new bytes) to whole lines and carry the rest.

        Return `(dropped, size)`: bytes of too long lines dropped in front, and the bytes of whole lines now in
        `buffer[:size]`. With `last` the stream is over: an unfinished line gets its newline (`buffer` has room for it).
        """
        dropped = 0
        while True:
            if self.skipping:
                newline = buffer.find(b"\n", 0, end)
                if newline < 0:
                    self.carry, self.pending = b"", False
                    return dropped + end, 0
                end -= newline + 1
                buffer[:end] = buffer[newline + 1 : newline + 1 + end]
                dropped += newline + 1
                self.skipping = False
            size = self._whole(buffer, end)
            if size or end <= self.max_line:
                break
            self.oversized += 1
            self.sample = bytes(buffer[:SAMPLE])
            self.skipping = True
        self.pending = end - size > self.max_line
        if last and not self.pending and size < end:
            buffer[end] = 10
            size = end = end + 1
        self.carry = bytes(buffer[size:end])
        return dropped, size

    def _whole(self, buffer: bytearray, end: int) -> int:
        """Bytes of whole lines in front, up to the first that is too long."""
        done = 0
        while done < end:
            newline = buffer.rfind(b"\n", done, min(end, done + self.max_line + 1))
            if newline < 0:
                break
            done = newline + 1
        return done
