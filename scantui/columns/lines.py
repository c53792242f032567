"""Lines: a buffer of whole lines seen as numpy arrays, and the 8-byte windows every byte kernel works on.

`w8[p]` is the unaligned little-endian 64-bit word at byte p, so one gather fetches eight characters of every line.
"""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
from numpy.typing import NDArray

U = np.uint64
Positions = NDArray[np.int64]
Words64 = NDArray[np.uint64]
Mask = NDArray[np.bool_]

WIDE = 16  # bytes that are looked at together: a gather of them costs no more than one of eight
WIDEST = 2 * WIDE  # nor does one of this many
SLACK = 64  # readable bytes the buffer must have after its last line
LITTLE_ENDIAN = sys.byteorder == "little"  # the windows assume it; elsewhere the plain parsers take everything

# The first i bytes of a window.
LOW = np.array([(1 << 8 * i) - 1 for i in range(9)], U)
_ONES = 0x0101010101010101
_M7F, _M80, _M5F, _M01 = U(0x7F * _ONES), U(0x80 * _ONES), U(0x5F * _ONES), U(_ONES)


class Lines:
    """Some whole lines of `data[:size]`: line i is `data[start[i]:end[i]]`, its newline at `end[i]`."""

    __slots__ = ("data", "end", "remembered", "size", "start", "u8", "w8", "w16", "w32")

    def __init__(self, data: bytearray | bytes, size: int) -> None:
        if len(data) < size + SLACK:
            raise ValueError(f"the buffer needs {SLACK} bytes of slack after its lines")
        self.data: Any = data
        self.size = size
        self.u8 = np.frombuffer(data, np.uint8)
        self.w8: Words64 = np.ndarray((size + SLACK - 8,), "<u8", data, strides=(1,))
        # To be viewed as two and as four windows each.
        self.w16: NDArray[Any] = np.ndarray((size + SLACK - WIDE,), f"V{WIDE}", data, strides=(1,))
        self.w32: NDArray[Any] = np.ndarray((size + SLACK - WIDEST,), f"V{WIDEST}", data, strides=(1,))
        self.end: Positions = np.flatnonzero(self.u8[:size] == 10)
        self.start: Positions = np.empty_like(self.end)
        if len(self.end):
            self.start[0] = 0
            self.start[1:] = self.end[:-1] + 1
        self.remembered: dict[bytes, Positions] = {}  # of the buffer, for `search`

    def __len__(self) -> int:
        return len(self.end)

    def seen(self, p: Positions, words: int) -> Words64:
        """So many windows (1, 2 or 4) at each of `p`: shape (*p.shape, windows)."""
        wide = self.w8 if words == 1 else self.w16 if words == 2 else self.w32
        found: Words64 = wide[p].view("<u8").reshape(*p.shape, words)
        return found

    def pick(self, rows: NDArray[Any]) -> Lines:
        """The lines `rows` (positions or mask) over the same buffer."""
        some = Lines.__new__(Lines)
        some.data, some.size, some.remembered = self.data, self.size, self.remembered
        some.u8, some.w8, some.w16, some.w32 = self.u8, self.w8, self.w16, self.w32
        some.start, some.end = self.start[rows], self.end[rows]
        return some

    def text(self, row: int) -> bytes:
        """Line `row` without its newline."""
        return bytes(self.data[self.start[row] : self.end[row]])


def before_mark(m: Words64) -> NDArray[np.uint8]:
    """How many bytes of each row of `m` (two windows) stand before the first that has its high bit set, the only bits that are:
    0..16."""
    run = np.bitwise_count(~m & (m - U(1)))
    run >>= np.uint8(3)
    first, second = run[:, 0], run[:, 1]
    both: NDArray[np.uint8] = first + (first >> np.uint8(3)) * second
    return both


def _token_runs(lines: Lines, p: Positions) -> NDArray[np.uint8]:
    """0..16: bytes at `p` that are above 32 (not a blank or control byte)."""
    x = lines.w16[p].view("<u8").reshape(-1, 2)
    m = x & _M7F
    m += _M5F
    m |= x
    np.invert(m, out=m)
    m &= _M80
    return before_mark(m)


def token_end(lines: Lines, p: Positions, most: int = 64) -> Positions:
    """Position after the token (bytes above 32) at `p`; at most `most` bytes on, rounded up to 16."""
    run = _token_runs(lines, p)
    end: Positions = p + run
    going = np.flatnonzero(run == WIDE)
    step = WIDE
    while len(going) and step < most:
        run = _token_runs(lines, np.minimum(p[going] + step, len(lines.w16) - 1))
        end[going] += run
        going = going[run == WIDE]
        step += WIDE
    return end


def find_byte(lines: Lines, p: Positions, byte: int, most: int = 64) -> Positions:
    """Position of the first `byte` at or after `p`, looking at most `most` bytes far; -1 where there is none."""
    return find_any(lines, p, bytes((byte,)), most)


def find_any(lines: Lines, p: Positions, several: bytes, most: int = 64) -> Positions:
    """As `find_byte`, for the first of several bytes."""
    wanted = [U(byte * _ONES) for byte in several]
    last = len(lines.w16) - 1
    run = _runs_without(lines, np.minimum(p, last), wanted)
    found: Positions = p + run
    going = np.flatnonzero(run >= min(most, WIDE))
    step = WIDE
    while len(going) and step < most:
        run = _runs_without(lines, np.minimum(p[going] + step, last), wanted)
        found[going] += run
        going = going[run >= min(most - step, WIDE)]
        step += WIDE
    found[going] = -1
    return found


def _runs_without(lines: Lines, p: Positions, wanted: list[np.uint64]) -> NDArray[np.uint8]:
    """0..16: bytes at `p` before the first of those that fill the windows `wanted`."""
    text = lines.w16[p].view("<u8").reshape(-1, 2)
    marks: Words64 | None = None
    for want in wanted:  # above a hit a mark may be false, so the lowest mark of all is always a true one
        x = text ^ want
        m = x - _M01
        np.invert(x, out=x)
        m &= x
        marks = m if marks is None else marks | m
    assert marks is not None
    marks &= _M80
    return before_mark(marks)


def window_at(lines: Lines, p: Positions, back: int = 0, words: int = 1) -> Words64:
    """The so many windows (1, 2 or 4) that end `back` bytes before `p`, the last of them nearest: shape (*p.shape, words); zeros
    before the buffer's start."""
    size = 8 * words
    at = p - (size + back)
    found = lines.seen(at, words)  # what is before the buffer is taken from its end, for now
    if at.size and int(at.min()) < 0:
        for early in np.flatnonzero(at < 0).tolist():
            text = bytes(lines.data[: max(0, int(at.flat[early]) + size)])
            found.reshape(-1, words)[early] = np.frombuffer(text.rjust(size, b"\0"), "<u8")
    return found


def word(text: bytes) -> np.uint64:
    """Up to eight bytes as a window, the rest zero."""
    return U(int.from_bytes(text[:8].ljust(8, b"\0"), "little"))
