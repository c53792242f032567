"""Thresholds: which matches become alerts. State machines of the engines over sorted match times, by chained windows.

Sources: Snort 3 filters/sfthd.cc (whole seconds; a window ends when `seconds` have passed; `both` never alerts on the first
match of a later window), Suricata detect-engine-threshold.c (a window includes its last moment). `backoff`: Suricata 8 user
guide, rules/thresholding (alerts on match C, CM, CMM ... of a flow). `unique_on`: github.com/OISF/suricata/pull/15743 (as
detection_filter, but distinct values are counted; a new window begins with the value of its first match).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scantui.columns.group import run_lengths, run_starts
from scantui.events import KNOWN, Events
from scantui.explain.rules.errors import RuleError, quoted
from scantui.explain.rules.members import Members

DETECTION_FILTER = "detection_filter"
KINDS = (DETECTION_FILTER, "limit", "threshold", "both", "backoff")
UNIQUE = {"src_port": "sport", "dst_port": "dport", "src_ip": "src", "dst_ip": "dst"}  # event columns
TRACKS = ("by_src", "by_dst", "by_rule", "by_both", "by_flow")
_SECOND = 1_000_000  # microseconds
_Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Limit:
    """One threshold. `kind` is one of KINDS or `suppress`. `unique`: the event column whose distinct values are counted."""

    kind: str
    track: str
    count: int
    seconds: int
    text: str
    members: Members | None = None  # of a `suppress`: only these addresses
    multiplier: int = 1  # of a `backoff`
    unique: str = ""

    def computable(self, events: Events, rows: _Rows) -> bool:
        """Whether its effect on the matches `rows` can be worked out."""
        if self.unique in KNOWN:
            return bool(events.is_known(self.unique)[rows].all())
        return not (self.members and self.members.undefined)


def parse_limit(option: str, value: str) -> Limit:
    """`threshold`, `event_filter` or `detection_filter` as written. Raises RuleError."""
    said: dict[str, str] = {}
    for part in value.split(","):
        words = part.replace(":", " ").split()
        if len(words) != 2:
            raise RuleError(f"{option} {quoted(part.strip())} is no pair of a word and its value")
        said[words[0]] = words[1]
    kind = DETECTION_FILTER if option == DETECTION_FILTER else said.get("type", "")
    span = "multiplier" if kind == "backoff" else "seconds"
    missing = [name for name in ("track", "count", span) if name not in said]
    if not kind or missing:
        raise RuleError(f"{option} {quoted(value, 80)}: {', '.join(missing) or 'type'} is missing")
    if kind not in KINDS:
        raise RuleError(
            f"{option}: {quoted(kind)} is no type; there are limit, threshold, both and, in Suricata, backoff"
        )
    if said["track"] not in TRACKS:
        raise RuleError(f"{option}: track {quoted(said['track'])}; there are {', '.join(TRACKS)}")
    if kind == "backoff" and said["track"] != "by_flow":
        raise RuleError(f"{option}: type backoff goes with track by_flow only")
    for name in ("count", span):
        if not re.fullmatch("[0-9]{1,9}", said[name]):
            raise RuleError(f"{option}: {name} {quoted(said[name])} is no number")
        if int(said[name]) < (2 if name == "multiplier" else 1):
            raise RuleError(f"{option}: count and seconds start at 1, a multiplier at 2")
    unique = said.get("unique_on", "")
    if unique and (unique not in UNIQUE or kind != DETECTION_FILTER):
        raise RuleError(f"{option}: unique_on {quoted(unique)}; detection_filter reads {', '.join(UNIQUE)}")
    return Limit(
        kind=kind,
        track=said["track"],
        count=int(said["count"]),
        seconds=int(said.get("seconds", 0)),
        text=f"{option}:{' '.join(value.split())}",
        multiplier=int(said.get("multiplier", 1)),
        unique=UNIQUE.get(unique, ""),
    )


def alerting(limit: Limit, events: Events, rows: _Rows, suricata: bool) -> NDArray[np.bool_]:
    """Which of the matches `rows` (of `events`, in order of time) alert under `limit`."""
    if not len(rows):
        return np.zeros(0, np.bool_)
    keys = _keys(limit.track, events, rows)
    order: _Rows = np.lexsort(keys)  # stable: in order of time within a key
    starts = run_starts(*(key[order] for key in keys))
    group_end = np.repeat(starts + run_lengths(starts, len(rows)), run_lengths(starts, len(rows)))
    ts = events.ts[rows][order]
    group = np.repeat(np.arange(len(starts)), run_lengths(starts, len(rows)))
    if limit.kind == "backoff":
        result = np.empty(len(rows), np.bool_)
        result[order] = _backoff(limit, starts, len(rows))
        return result
    after = _expiry(ts if suricata else ts // _SECOND * _SECOND, group, group_end, limit.seconds * _SECOND, suricata)
    alert = np.zeros(len(rows), np.bool_)
    if limit.kind == "threshold" and not suricata:
        alert[_snort_threshold(after, limit.count)] = True
    else:
        window = _chain(after)
        counted = getattr(events, limit.unique)[rows][order] if limit.unique else None
        alert[:] = _by_window(limit, window, ts, starts, suricata, counted)
    result = np.empty(len(rows), np.bool_)
    result[order] = alert
    return result


def _keys(track: str, events: Events, rows: _Rows) -> tuple[NDArray[np.uint32], ...]:
    src, dst = events.src[rows], events.dst[rows]
    if track == "by_src":
        return (src,)
    if track == "by_dst":
        return (dst,)
    if track == "by_rule":
        return (np.zeros(len(rows), np.uint32),)
    low, high = np.minimum(src, dst), np.maximum(src, dst)
    if track == "by_both":
        return low, high
    turned = src > dst
    sport, dport = events.sport[rows].astype(np.uint32), events.dport[rows].astype(np.uint32)
    ports = np.where(turned, dport << 16 | sport, sport << 16 | dport).astype(np.uint32)
    return low, high, ports, events.proto_num[rows].astype(np.uint32)


def _expiry(ts: _Rows, group: _Rows, group_end: _Rows, length: int, inclusive: bool) -> _Rows:
    """For each row, taken as the start of a window: the first row after it, of the same group, outside the window."""
    # One sorted line of numbers: groups apart by more than any time and window within them.
    base = ts - ts.min()
    stride = int(base.max()) + length + 2
    if stride * (int(group[-1]) + 1) < 1 << 62:
        line = base + group * stride
        side = "right" if inclusive else "left"
        return np.minimum(np.searchsorted(line, line + length, side=side), group_end)  # type: ignore[call-overload]
    found = np.empty(len(ts), np.int64)
    for first in np.flatnonzero(np.diff(group, prepend=-1)).tolist():
        end = int(group_end[first])
        side = "right" if inclusive else "left"
        found[first:end] = first + np.searchsorted(ts[first:end], ts[first:end] + length, side=side)  # type: ignore[call-overload]
    return found


def _chain(after: _Rows) -> _Rows:
    """First rows of the windows that follow one another; each ends where the next begins."""
    nexts = after.tolist()
    starts, at = [], 0
    while at < len(nexts):
        starts.append(at)
        at = nexts[at]
    return np.array(starts, np.int64)


def _backoff(limit: Limit, starts: _Rows, rows: int) -> NDArray[np.bool_]:
    """Matches number C, CM, CMM ... of each flow."""
    nth = np.arange(rows) - np.repeat(starts, run_lengths(starts, rows)) + 1
    wanted, next_one = [], limit.count
    while next_one <= rows:
        wanted.append(next_one)
        next_one *= limit.multiplier
    return np.isin(nth, wanted)


def _distinct(values: NDArray[np.unsignedinteger], lengths: _Rows) -> _Rows:
    """For each match how many distinct values its window has held up to it."""
    window = np.repeat(np.arange(len(lengths)), lengths)
    order = np.lexsort((values, window))  # stable: a value's first match in a window leads its run
    fresh = np.zeros(len(values), np.int64)
    fresh[order[run_starts(window[order], values[order])]] = 1
    so_far = np.cumsum(fresh)
    before = (so_far - fresh)[np.cumsum(lengths) - lengths]
    return so_far - np.repeat(before, lengths)


def _by_window(
    limit: Limit,
    window: _Rows,
    ts: _Rows,
    groups: _Rows,
    suricata: bool,
    counted: NDArray[np.unsignedinteger] | None,
) -> NDArray[np.bool_]:
    rows = len(ts)
    lengths = run_lengths(window, rows)
    nth = np.arange(rows) - np.repeat(window, lengths) + 1  # the how-manieth match of its window
    if counted is not None:
        distinct: NDArray[np.bool_] = _distinct(counted, lengths) > limit.count
        return distinct
    if limit.kind == "limit":
        return nth <= limit.count
    if limit.kind == "threshold":
        return nth % limit.count == 0
    opening = np.isin(window, groups)  # the first window of its group
    if limit.kind == "both":
        hit: NDArray[np.bool_] = nth == limit.count
        if not suricata and limit.count == 1:
            hit &= np.repeat(opening, lengths)
        return hit
    hit = nth > limit.count
    if not suricata:
        second = ts // _SECOND
        before = np.concatenate(([0], lengths[:-1]))
        pause = second[window] - second[np.maximum(window - 1, 0)]
        carried = ~opening & (before > limit.count) & (pause <= limit.seconds)
        hit |= np.repeat(carried, lengths)
    return hit


def _snort_threshold(after: _Rows, count: int) -> list[int]:
    """Rows that alert under Snort's `threshold`: an alert begins a new window at its own time, with nothing counted yet."""
    nexts = after.tolist()
    fired: list[int] = []
    start = at = 0  # the row whose time opened the window; the next row to be counted
    while at < len(nexts):
        full = at + count - 1
        if full < nexts[start]:
            fired.append(full)
            start, at = full, full + 1
            if at >= nexts[start]:
                start = at
        else:
            start = at = nexts[start]
    return fired
