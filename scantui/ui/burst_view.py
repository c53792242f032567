"""What the burst page says, as pure functions over a `Burst`: facts, order of ports, the window, packets."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scantui.detect.signature import port_order
from scantui.events import Proto, flag_text
from scantui.looks import Burst, BurstWish
from scantui.tables import Tables
from scantui.ui.lines import Parts
from scantui.ui.text import MINUTE, SECOND, fit, middle, moment, plain, rate, span
from scantui.ui.time_view import ZONE, clock_of

_MILLISECOND = 1000
_LEAST_WINDOW, _LEAST_WHOLE_SECONDS = _MILLISECOND, SECOND
_MOSTLY = 0.5  # rank correlation from which an order is told as mostly rising or falling
_QUIET, _LEAST_QUIET = 10, 10 * SECOND  # a run ends at a gap of so many median gaps, and of at least so long


def rank_correlation(ports: NDArray[Any]) -> float | None:
    """Spearman's rho of ports and the order in which they first came, -1 to 1; None below three ports."""
    _, first = np.unique(ports, return_index=True)
    if len(first) < 3:
        return None
    # `first` is in the order of ports: what is left is to rank it.
    ranks = np.argsort(np.argsort(first)).astype(np.float64)
    return float(np.corrcoef(np.arange(len(ranks), dtype=np.float64), ranks)[0, 1])


def order_text(ports: NDArray[Any]) -> str:
    """The order in which the ports first came, in words."""
    rho = rank_correlation(ports)
    name = port_order(ports.astype(np.uint16))
    if rho is None or name is None:
        return "too few ports to show an order"
    if name == "mixed":
        name = "mixed" if abs(rho) < _MOSTLY else "mostly ascending" if rho > 0 else "mostly descending"
    return f"{name} (rank correlation {rho:+.2f})"


def _many(number: int, name: str) -> str:
    return f"{number:,} {name}{'' if number == 1 else 's'}"


def facts(burst: Burst) -> list[str]:
    """A line each: when and how much; order of ports; what cannot be seen."""
    wish = burst.wish
    shown = len(burst.ts)
    if not shown:
        return [f"no packets from {window_text(wish)}"]
    first, last = int(burst.ts[0]), int(burst.ts[-1])
    cut = burst.packets - shown
    took = "within 1 s" if burst.whole_seconds and last == first else span(last - first)
    lines = [f"{_clock(first, burst)} to {_clock(last, burst)} {ZONE} on {moment(first):%Y-%m-%d}, {took}"]
    ported = burst.dport[burst.dport >= 0]
    hosts = len(np.unique(burst.dst))
    counts = [_many(burst.packets, "packet"), _many(burst.sources, "source"),
              f"{_many(len(np.unique(ported)), 'port')} of {_many(hosts, 'host')}"]  # fmt: skip
    if last > first:
        counts.append(rate((shown - 1) * SECOND / (last - first)))
    lines.append(", ".join(counts))
    lines.append(f"order of ports: {order_text(ported)}")
    unseen = []
    if len(ported) < shown:
        unseen.append(f"{_many(shown - len(ported), 'packet')} without a port")
    if burst.whole_seconds:
        unseen.append("stamps are whole seconds: gaps below 1 s cannot be seen, order within one is the log's")
    if cut:
        unseen.append(f"first {shown:,} packets shown, {cut:,} more")
    return [*lines, "; ".join(unseen)] if unseen else lines


def _clock(at: int, burst: Burst) -> str:
    return f"{moment(at):%H:%M:%S}" if burst.whole_seconds else f"{moment(at):%H:%M:%S.%f}"


def window_text(wish: BurstWish) -> str:
    """The window as asked for."""
    return f"{clock_of(wish.since)} to {clock_of(wish.until)} {ZONE} on {moment(wish.since):%Y-%m-%d}"


# The window


def widened(wish: BurstWish, step: int, burst: Burst | None) -> BurstWish:
    """Twice (`step` 1) or half (-1) the time around its middle; never below what the stamps can tell."""
    least = _LEAST_WHOLE_SECONDS if burst is not None and burst.whole_seconds else _LEAST_WINDOW
    length = max(1, wish.until - wish.since)
    new = length * 2 if step > 0 else max(min(least, length), length // 2)
    since = wish.since + length // 2 - new // 2
    return replace(wish, since=since, until=since + new)


def moved(wish: BurstWish, step: int) -> BurstWish:
    """Half a window later or earlier."""
    by = step * max(1, (wish.until - wish.since) // 2)
    return replace(wish, since=wish.since + by, until=wish.until + by)


def densest(ts: NDArray[np.int64]) -> tuple[int, int]:
    """(first, last) of the run with the most packets, runs being cut where it was quiet for much longer than usual.
    `ts` ascending, at least one."""
    gaps = np.diff(ts)
    if not len(gaps):
        return int(ts[0]), int(ts[0])
    cuts = np.flatnonzero(gaps > max(_LEAST_QUIET, _QUIET * float(np.median(gaps)))) + 1
    begin = np.concatenate(([0], cuts))
    end = np.concatenate((cuts, [len(ts)]))
    best = int(np.argmax(end - begin))
    return int(ts[begin[best]]), int(ts[end[best] - 1])


def widest(burst: Burst) -> int | None:
    """The source that asked for most distinct targets (host and port), not the one of most packets; None without packets."""
    if not len(burst.src):
        return None
    asked = np.unique(np.stack((burst.src, burst.dst, burst.dport.astype(np.uint32))), axis=1)
    codes, targets = np.unique(asked[0], return_counts=True)
    return int(codes[np.argmax(targets)])


# The packets

_GAP, _ROOM_FOR_GAPS = 8, 76  # columns of the gap, and of a screen that has room for it
_MOST_MEASURED = 2000  # addresses
_LEAST_ADDRESS = 15  # columns


def endpoint_widths(burst: Burst, tables: Tables, width: int) -> tuple[int, int]:
    """Columns that source and destination with their ports get: what they need, as far as a line of `width` has them."""
    around = 6 + _time_width(burst) + (_GAP if width >= _ROOM_FOR_GAPS else 0)
    kinds = np.unique(np.stack((burst.flags, burst.proto)), axis=1).T
    room = width - around - max((len(_flags_or_proto(*kind)) for kind in kinds), default=0)
    source, target = _longest(burst.src, tables), _longest(burst.dst, tables)
    source = min(source, max(room // 2, room - target))
    return max(_LEAST_ADDRESS, source), max(_LEAST_ADDRESS, min(target, room - source))


def _longest(codes: NDArray[np.uint32], tables: Tables) -> int:
    """Columns of the longest of these addresses with a port."""
    texts = (tables.addresses.text(code) for code in np.unique(codes)[:_MOST_MEASURED].tolist())
    return max((len(text) + len("[]:65535" if ":" in text else ":65535") for text in texts), default=0)


def _time_width(burst: Burst) -> int:
    return len("03:14:01") if burst.whole_seconds else len("03:14:01.123456")


def packet_head(burst: Burst, width: int, rooms: tuple[int, int]) -> str:
    """The heads over `packet_parts`; `rooms` as `endpoint_widths` tells."""
    gap = f"{'gap':>6}  " if width >= _ROOM_FOR_GAPS else ""
    time = (ZONE if burst.whole_seconds else f"time {ZONE}").ljust(_time_width(burst))
    return f" {time} {gap}{'source':<{rooms[0]}}   {'destination':<{rooms[1]}} flags"


def packet_parts(burst: Burst, row: int, tables: Tables, width: int, rooms: tuple[int, int]) -> Parts:
    """One packet: when, the gap before it, from where to where, flags or protocol."""
    at = int(burst.ts[row])
    gap = "" if row == 0 else _short_gap(at - int(burst.ts[row - 1]), whole_seconds=burst.whole_seconds)
    source = _endpoint(tables, int(burst.src[row]), int(burst.sport[row]), rooms[0])
    target = _endpoint(tables, int(burst.dst[row]), int(burst.dport[row]), rooms[1])
    return (
        (f" {_clock(at, burst)} ", "plain"),
        (f"{gap:>6}  " if width >= _ROOM_FOR_GAPS else "", "muted"),
        (f"{source} ", "plain"),
        ("> ", "muted"),
        (f"{target} ", "plain"),
        (_flags_or_proto(burst.flags[row], burst.proto[row]), "plain"),
    )


def _flags_or_proto(flags: int, proto: int) -> str:
    if flags >= 0:
        return flag_text(int(flags))
    return "-" if proto == Proto.UNKNOWN else Proto(int(proto)).name.lower()


def _short_gap(us: int, *, whole_seconds: bool) -> str:
    """At most six cells, three digits that count: `764µs`, `7.49ms`, `84.1ms`, `12.5s`, `3m12s`."""
    if whole_seconds and us < SECOND:
        return "<1s"
    if us < _MILLISECOND or us >= MINUTE:
        return f"{us}µs" if us < _MILLISECOND else span(us)
    unit, name = (_MILLISECOND, "ms") if us < SECOND else (SECOND, "s")
    if whole_seconds:
        return f"{us // SECOND}s"
    hundredths = us * 100 // unit
    digits = 2 if hundredths < 1000 else 1 if hundredths < 10_000 else 0
    return f"{hundredths // 10 ** (2 - digits) / 10**digits:.{digits}f}{name}"


def _endpoint(tables: Tables, code: int, port: int, room: int) -> str:
    """`203.0.113.7:53`, `[2001:db8::1]:53`; an address that does not fit is cut in its middle, a port never."""
    address = plain(tables.addresses.text(code)) or "?"
    tail = f":{port}" if port >= 0 else ""
    if ":" in address:
        return fit(f"[{middle(address, room - len(tail) - 2)}]{tail}", room)
    return fit(middle(address, room - len(tail)) + tail, room)
