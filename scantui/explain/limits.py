"""Rate limits in a log: lines whose times obey a token bucket and run into its bound, or bursts all cut at one length."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scantui.columns.group import run_lengths, run_starts
from scantui.detect.site import service_key
from scantui.events import Action, Events

_LEAST = 30  # lines
_MOST = 50_000
# Limits people set (iptables-extensions(8), limit: default 3/hour burst 5; ufw: 3/min burst 10), seconds a token.
_PERIODS = {
    "1/hour": 3600.0, "3/hour": 1200.0, "1/min": 60.0, "2/min": 30.0, "3/min": 20.0, "4/min": 15.0, "5/min": 12.0,
    "6/min": 10.0, "10/min": 6.0, "12/min": 5.0, "15/min": 4.0, "20/min": 3.0, "30/min": 2.0, "1/s": 1.0, "2/s": 0.5,
    "3/s": 1 / 3, "5/s": 0.2, "10/s": 0.1,
}  # fmt: skip
_BURST = (3, 60)  # a bucket smaller or larger than any in use is no bucket
_FULL = 0.95  # of a token from the bound: the bucket is empty
_RUNS_DRY = 8  # lines at the bound
_ON_TIME = 0.08  # how far from the period a gap at the bound may lie, of it
_PUNCTUAL, _PUNCTUAL_SHARE = 4, 0.02  # gaps of exactly one period, at the bound; and of all gaps
# Bursts in use (ufw 10, iptables 5); a cut at another length is more likely a scan of that many ports.
_CUTS = (5, 10, 20, 50)
_PAUSE = 1_000_000  # microseconds between bursts
_CUT_BURSTS = 2
# Rules that alert once a time and tracked address, whatever happens meanwhile (Suricata `threshold: type both, track by_dst,
# count 1, seconds 60`, as Emerging Threats' scan rules have it).
_ONCE = {"a minute": 60.0, "5 minutes": 300.0, "an hour": 3600.0}
_ONCE_GAPS = 15
_ONCE_SOON, _ONCE_SHARE = (
    1.5,
    0.3,
)  # so many gaps end within half a time more: random ones that long would also be shorter
_ONCE_MIXED = 3  # other ends among one tracked address's lines: nothing else spaces unlike senders evenly


@dataclass(frozen=True, slots=True)
class Limit:
    """`text`: `3/min after a burst of 10`; `where`: ` for lines of "[UFW BLOCK]"` or nothing."""

    text: str
    where: str


def limit_of(ts: NDArray[np.int64], rule: str = "") -> Limit | None:
    """The limit that lines at these times (ascending, microseconds) show; None when they show none.

    A token bucket of period T and burst B lets line i through when its backlog, by the generic cell rate algorithm
    (ITU-T I.371), is at most (B - 1) T. A limited log touches that bound again and again and never passes it."""
    if len(ts) < _LEAST:
        return None
    seconds = (ts[:_MOST] - ts[0]) / 1e6
    gaps = np.diff(seconds)
    number = np.arange(len(seconds))
    for name, period in _PERIODS.items():
        backlog = np.maximum.accumulate(seconds - period * number) + period * number - seconds
        burst = round(float(backlog.max()) / period) + 1
        if not _BURST[0] <= burst <= _BURST[1] or float(backlog.max()) > (burst - 1 + 0.1) * period:
            continue
        at_bound = backlog >= (burst - 1 - _FULL) * period
        punctual = at_bound[1:] & (np.abs(gaps - period) <= max(_ON_TIME * period, 0.002))
        if np.count_nonzero(at_bound) >= _RUNS_DRY and np.count_nonzero(punctual) >= max(
            _PUNCTUAL, _PUNCTUAL_SHARE * len(gaps)
        ):
            return Limit(f"{name} after a burst of {burst}", f' for lines of "{rule}"' if rule else "")
    return None


def cut_bursts(events: Events, rule: str = "") -> Limit | None:
    """A limit that shows in bursts of unlike senders that all end at the same length, none longer, no packet sent twice."""
    events = events.take(np.isin(events.action, (Action.DROP, Action.REJECT, Action.UNKNOWN)))
    if len(events) < 2 * min(_CUTS):
        return None
    order = np.lexsort((events.ts, events.src))
    ts, src = events.ts[order], events.src[order]
    new = np.concatenate(([True], (src[1:] != src[:-1]) | (np.diff(ts) > _PAUSE)))
    starts = np.flatnonzero(new)
    sizes = run_lengths(starts, len(ts))
    longest = int(sizes.max())
    if longest not in _CUTS:
        return None
    keys = service_key(events)[order]
    senders, shapes = set(), set()
    for start in starts[sizes == longest].tolist():
        probes = keys[start : start + longest]
        if len(run_starts(np.sort(probes))) == longest:
            senders.add(int(src[start]))
            shapes.add(tuple(np.sort(events.dport[order][start : start + longest]).tolist()))
    if len(senders) < _CUT_BURSTS or len(shapes) < _CUT_BURSTS:
        return None
    text = f"{len(senders)} unlike senders each stop after exactly {longest} lines, and no burst is longer"
    return Limit(text, f' for lines of "{rule}"' if rule else "")


def once_each(events: Events, rule: str = "") -> Limit | None:
    """One line a time for each target (or source), though unlike ends cause them."""
    if len(events) < _ONCE_GAPS:
        return None
    for side, other, name in ((events.dst, events.src, "target"), (events.src, events.dst, "source")):
        order = np.lexsort((events.ts, side))
        ts, mine = events.ts[order] / 1e6, side[order]
        group = np.cumsum(np.concatenate(([0], mine[1:] != mine[:-1])))
        pairs = np.unique(group.astype(np.uint64) << np.uint64(32) | other[order])
        mixed = np.bincount((pairs >> np.uint64(32)).astype(np.int64)) >= _ONCE_MIXED
        every = np.diff(ts)[(group[1:] == group[:-1]) & mixed[group[1:]]]
        for words, period in _ONCE.items():
            if len(every) < _ONCE_GAPS or every.min() < period - 1:  # whole-second stamps
                continue
            if np.mean(every <= _ONCE_SOON * period) >= _ONCE_SHARE:
                return Limit(f"one line {words} for each {name}", f' for lines of "{rule}"' if rule else "")
    return None
