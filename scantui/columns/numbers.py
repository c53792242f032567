"""Numbers and IPv4 addresses read from all lines at once (SWAR: eight digits a 64-bit word)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scantui.columns.lines import Lines, Mask, Positions, U, Words64, window_at

_ONES = 0x0101010101010101
_M30, _M76, _M7F, _M80 = U(0x30 * _ONES), U(0x76 * _ONES), U(0x7F * _ONES), U(0x80 * _ONES)
_M0F, _M2E = U(0x0F * _ONES), U(0x2E * _ONES)
_M01, _M20, _M60, _M79 = U(_ONES), U(0x20 * _ONES), U(0x60 * _ONES), U(0x79 * _ONES)
_PAIRS, _QUADS = U(0x00FF00FF00FF00FF), U(0x0000FFFF0000FFFF)
_BY_PAIRS, _BY_QUADS, _BY_HALVES = U(10 << 8 | 1), U(100 << 16 | 1), U(10_000 << 32 | 1)
# ~LOW: the last i bytes of a window.
_HIGH = np.array([((1 << 64) - 1) ^ ((1 << 64 - 8 * i) - 1) for i in range(9)], U)

# Octets by the digits (15: no digit) of three bytes, the first the highest: the value, in bits 8-15 how far the next octet is (in
# bits), and `_IS_OCTET`. A leading zero is refused as the plain parser does: octal or decimal, nobody knows.
_IS_OCTET = 1 << 16


def _octets() -> Words64:
    made = np.zeros(4096, U)
    for first in range(10):
        made[first << 8 | 0xF0 : (first + 1) << 8] = _IS_OCTET | 16 << 8 | first
        for second in range(10) if first else ():
            made[first << 8 | second << 4 | 15] = _IS_OCTET | 24 << 8 | first * 10 + second
            for third in range(10):
                value = first * 100 + second * 10 + third
                if value <= 255:
                    made[first << 8 | second << 4 | third] = _IS_OCTET | 32 << 8 | value
    return made


_OCTETS = _octets()
_TO_INDEX = U(1 << 24 | 1 << 12 | 1)  # brings the digits of three bytes together, from bit 16 on


def _digit_bits(d: Words64) -> Words64:
    """8 x the number of leading digit bytes of windows already xored with '0' (64 when all eight are)."""
    m = d & _M7F
    m += _M76
    m |= d
    m &= _M80
    # Trailing zeros of m are 8 k + 7 for k digits; 64 of them (no mark at all) are eight digits.
    return (np.bitwise_count(~m & (m - U(1))) & np.uint8(0x78)).astype(U)


def _fold(y: Words64) -> Words64:
    """Eight digit bytes, most significant first in memory, to their number. Overwrites `y`."""
    y *= _BY_PAIRS
    y >>= U(8)
    y &= _PAIRS
    y *= _BY_QUADS
    y >>= U(16)
    y &= _QUADS
    y *= _BY_HALVES
    y >>= U(32)
    return y


def uint(lines: Lines, p: Positions) -> tuple[NDArray[np.int64], Positions]:
    """Decimal number of up to 7 digits at `p` (any shape): value, number of digits (8: longer; then the value is not all)."""
    d = lines.w8[p]
    d ^= _M30
    bits = _digit_bits(d)
    d <<= U(64) - bits  # numpy shifts by 64 to 0
    bits >>= U(3)
    return _fold(d).view(np.int64), bits.view(np.int64)


def uint_long(lines: Lines, p: Positions) -> tuple[NDArray[np.int64], Positions]:
    """Decimal number of up to 15 digits at `p`: value, number of digits (16: longer)."""
    value, digits = uint(lines, p)
    more = np.flatnonzero(digits == 8)
    if len(more):
        rest, count = uint(lines, p[more] + 8)
        value[more] = value[more] * 10 ** np.minimum(count, 8) + rest
        digits[more] += count
    return value, digits


def uint_until(lines: Lines, start: Positions, end: Positions) -> tuple[NDArray[np.int64], Mask]:
    """The decimal numbers `start[i]:end[i]` of up to 15 digits: value, whether it is one."""
    width = end - start
    near = np.clip(width, 0, 8)
    value, ok = _digits_before(lines, end, near)
    ok &= width >= 1
    ok &= width <= 15
    long = np.flatnonzero(width > 8)
    if len(long):
        head, good = _digits_before(lines, end[long] - 8, np.minimum(width[long] - 8, 8))
        value[long] += head * 100_000_000
        ok[long] &= good
    return value, ok


def hex_until(lines: Lines, start: Positions, end: Positions) -> tuple[NDArray[np.int64], Mask]:
    """The hexadecimal numbers `start[i]:end[i]` of up to eight digits: value, whether it is one."""
    width = end - start
    ok: Mask = (width >= 1) & (width <= 8)
    x = lines.w8[np.maximum(np.minimum(start, len(lines.w8) - 1), 0)]
    missing = U(8) * (8 - np.clip(width, 1, 8)).astype(U)
    x <<= missing
    x |= _M30 & ((U(1) << missing) - U(1))  # zeros before the digits
    digit = x ^ _M30
    no_digit = (digit & _M7F) + _M76 | digit
    letter = (x | _M20) ^ _M60  # a to f: 1 to 6
    low = letter & _M7F
    is_letter = (low + _M7F) & ~(low + _M79 | letter)
    ok &= (no_digit & ~is_letter & _M80) == 0
    x = (x & _M0F) + (x >> U(6) & _M01) * U(9)
    x = (x << U(4) | x >> U(8)) & _PAIRS
    x = (x << U(8) | x >> U(16)) & _QUADS
    return ((x << U(16) | x >> U(32)) & U(0xFFFFFFFF)).view(np.int64), ok


def digits_number(windows: Words64, count: int) -> tuple[NDArray[np.int64], Mask]:
    """The number that the first `count` (1 to 8) bytes of windows are, whether all are digits."""
    return _number((windows ^ _M30) << U(64 - 8 * count))


def _number(d: Words64) -> tuple[NDArray[np.int64], Mask]:
    """The number that windows already xored with '0' are, whether all bytes are digits. Overwrites `d`."""
    m = d & _M7F
    m += _M76
    m |= d
    m &= _M80
    ok: Mask = m == 0
    return _fold(d).view(np.int64), ok


def _digits_before(lines: Lines, end: Positions, width: Positions) -> tuple[NDArray[np.int64], Mask]:
    """The number in the `width` bytes (at most 8) before `end`, whether all are digits."""
    d = window_at(lines, end)[:, 0]
    d ^= _M30
    d &= _HIGH[width]
    return _number(d)


def ipv4(lines: Lines, p: Positions) -> tuple[NDArray[np.uint32], Positions, Mask]:
    """Dotted quad at `p`: address, position after it, whether it is one (1-3 digits a part, each at most 255)."""
    text = lines.w16[p].view("<u8").reshape(-1, 2)
    d = text ^ _M30
    m = d & _M7F
    m += _M76
    m |= d
    m &= _M80
    m >>= U(7)
    m *= U(15)
    d &= _M0F
    d |= m  # each byte its digit, or 15
    x, y = d[:, 0], d[:, 1]
    first = _OCTETS[_octet_index(x)]
    to_second = first >> U(8) & U(255)
    second = _OCTETS[_octet_index(x >> to_second)]
    to_third = second >> U(8) & U(255)
    dots = (text[:, 0] >> (to_second - U(8))) & U(255)
    to_third += to_second
    over = U(64) - to_third
    rest: Words64 = x >> to_third
    rest |= y << over
    raw = text[:, 0] >> (to_third - U(8)) | text[:, 1] << (over + U(8))
    third = _OCTETS[_octet_index(rest)]
    to_fourth = third >> U(8) & U(255)
    rest >>= to_fourth
    fourth = _OCTETS[_octet_index(rest)]
    to_end = fourth >> U(8) & U(255)
    rest >>= to_end - U(8)
    ok: Mask = dots == U(46)
    ok &= raw & U(255) == U(46)
    ok &= raw >> to_fourth & U(255) == U(46)
    ok &= (first & second & third & fourth & U(_IS_OCTET)) != 0
    ok &= rest & U(15) == U(15)
    value = first & U(255)
    for octet in (second, third, fourth):
        value <<= U(8)
        octet_value = octet & U(255)
        value |= octet_value
    to_end += to_fourth
    to_end += to_third
    to_end >>= U(3)
    at = to_end.view(np.int64)
    at += p
    at -= 1
    return value.astype(np.uint32), at, ok


def _octet_index(digits: Words64) -> Positions:
    """Row of `_OCTETS` for the first three bytes."""
    at = digits & U(0xFFFFFF)
    at *= _TO_INDEX
    at >>= U(16)
    at &= U(0xFFF)
    return at.view(np.int64)


def no_digit(windows: Words64) -> Words64:
    """Windows with the high bit of every byte set that is no digit."""
    d = windows ^ _M30
    return ((d & _M7F) + _M76 | d) & _M80


def digit_run(lines: Lines, p: Positions, most: int = 24) -> Positions:
    """How many digits stand at `p` (any shape), counting to `most`."""
    run = _digit_bits(lines.w8[p] ^ _M30) >> U(3)
    step = 8
    while step < most:
        more = np.nonzero(run == step)
        if not len(more[0]):
            break
        run[more] += _digit_bits(lines.w8[np.minimum(p[more] + step, len(lines.w8) - 1)] ^ _M30) >> U(3)
        step += 8
    return run.astype(np.int64)
