"""What other detectors concluded: notices (Zeek's, Snort's, a firewall's own) beside the packets they are about.

A notice is told with the episode it belongs to and weighs nothing there: the packets are judged. Where the log has no packets
that come to a row, a notice that names a scan is a row of its own, worth a look and never a scan by itself.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from scantui.detect import weights as w
from scantui.detect.episodes import SILENCE
from scantui.detect.scan import Evidence, Kind, Scan, Signature, Verdict
from scantui.events import Events, Proto

# Words by which detectors call a scan: Zeek's Scan::*, Snort's portscan and portsweep, scanlogd, portsentry, psad, sweeps of SRX
# and PAN-OS; and Cisco's threat detection (733100 to 733103).
_NAMES_SCAN = re.compile(r"scan|sweep|prob(?:e|ing)|portsentry|reconn|\b73310[0-3]\b", re.IGNORECASE)
_RULES = 3  # told by name
_PACKET = ("dport", "sport", "dst", "ts", "src")
Found = list[tuple[Scan, Events]]


def with_notices(found: Found, notices: Events, sent: Events) -> tuple[Found, list[Scan]]:
    """The episodes with the notices about them as evidence, and a row for each stretch of notices of a scan without one. What
    was noticed of a packet that was `sent`, too, is no such stretch: the packet was judged."""
    if not len(notices):
        return found, []
    by_source: dict[int, list[int]] = defaultdict(list)
    for place, (scan, _) in enumerate(found):
        for code in scan.sources:
            by_source[code].append(place)
    told, alone = list(found), []
    notices = notices.take(np.lexsort((notices.ts, notices.src)))
    free = ~_beside(notices, sent)
    codes, low = np.unique(notices.src, return_index=True)
    high = np.append(low[1:], len(notices))
    some = np.isin(codes, np.array(list(by_source), codes.dtype)) | np.isin(codes, notices.src[free])
    for code, begin, end in zip(codes[some].tolist(), low[some].tolist(), high[some].tolist(), strict=True):
        for place in by_source.get(code, ()):
            scan, asking = told[place]
            ts = notices.ts[begin:end]
            first, last = np.searchsorted(ts, scan.first - SILENCE), np.searchsorted(ts, scan.last + SILENCE, "right")
            if first < last:
                near = slice(begin + int(first), begin + int(last))
                free[near] = False
                piece = Evidence("sensor's notice", 0.0, _words(notices.take(near)))
                told[place] = replace(scan, evidence=(*scan.evidence, piece)), asking
        if free[begin:end].any():
            alone += _alone(notices.take(begin + np.flatnonzero(free[begin:end])))
    return told, alone


def _beside(notices: Events, sent: Events) -> NDArray[np.bool_]:
    """Which notices are of a packet that was sent: of its very time, addresses and ports."""
    sent = sent.take(np.isin(sent.src, np.unique(notices.src)))
    columns = [np.concatenate((getattr(sent, name), getattr(notices, name))) for name in _PACKET]
    told = np.arange(len(columns[0])) >= len(sent)
    order = np.lexsort((told, *columns))
    first = np.ones(len(order), np.bool_)
    first[1:] = np.any([values[order][1:] != values[order][:-1] for values in columns], axis=0)
    beside = np.zeros(len(order), np.bool_)
    beside[order] = ~told[order][first][np.cumsum(first) - 1]
    return beside[len(sent) :]


def _alone(notices: Events) -> list[Scan]:
    """A row for each stretch of one source's notices (in time order) that name a scan."""
    cuts = np.flatnonzero(np.diff(notices.ts) > SILENCE) + 1
    stretches = [notices.take(rows) for rows in np.split(np.arange(len(notices)), cuts)]
    return [_row(one) for one in stretches if any(map(_NAMES_SCAN.search, _rules(one)))]


def _row(notices: Events) -> Scan:
    code, first, last = int(notices.src[0]), int(notices.ts[0]), int(notices.ts[-1])
    protocols = np.unique(notices.proto[notices.proto != Proto.UNKNOWN])
    score = w.PRIOR + w.NOTICED
    return Scan(
        id=f"{notices.tables.addresses.text(code)}@{first}",
        source=code,
        kind=Kind.NOTICED,
        slow=False,
        proto=Proto(int(protocols[0])).name.lower() if len(protocols) == 1 else "ip",
        techniques=(),
        first=first,
        last=last,
        flagged_at=None,
        events=len(notices),
        packets=0,
        targets=0,
        ports=0,
        port_list=(),
        target_list=(),
        score=round(score, 2),
        verdict=Verdict.SUSPECT,
        signature=Signature("no packets"),
        evidence=(
            Evidence("sensor's notice", w.NOTICED, f"{_words(notices)}; the log has no packets of it to judge by"),
            Evidence("prior", w.PRIOR, "a source picked at random; most do not scan"),
        ),
    )


def _words(notices: Events) -> str:
    """Who said what, and how often."""
    rules = _rules(notices)
    named = [f"{rule} ({count:,})" if count > 1 else rule for rule, count in rules.most_common(_RULES)]
    more = f" and {len(rules) - _RULES} more" if len(rules) > _RULES else ""
    sensors = [notices.tables.texts.text(code) for code in np.unique(notices.sensor).tolist()]
    where = ", ".join(filter(None, sensors[: _RULES + 1]))
    return f"the own detector of {where or 'the sensor'} says {', '.join(named)}{more}"


def _rules(notices: Events) -> Counter[str]:
    """How often each rule is named, in the order of their first times."""
    codes, first, counts = np.unique(notices.rule, return_index=True, return_counts=True)
    rules: Counter[str] = Counter()
    for place in np.argsort(first).tolist():
        rules[notices.tables.texts.text(int(codes[place])) or "no more than that"] += int(counts[place])
    return rules
