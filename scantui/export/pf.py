"""pf: the file of a table, with the rules that use it as comments."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scantui.events import ACK, FIN, PSH, RST, SYN, URG
from scantui.export.blocked import Blocklist, blocklist
from scantui.export.handover import Export, Handover, Needs
from scantui.export.packet_pattern import Pattern, patterns
from scantui.export.quoting import comment

_LETTERS = {FIN: "F", SYN: "S", RST: "R", PSH: "P", ACK: "A", URG: "U"}  # pf.conf(5)


def render(handover: Handover) -> Iterator[str]:
    for line in _lines(blocklist(handover), patterns(handover)):
        yield line + "\n"


def _lines(blocked: Blocklist, found: Sequence[Pattern]) -> Iterator[str]:
    yield from blocked.head(
        "load: pfctl -t scantui -T replace -f FILE   take back: pfctl -t scantui -T flush",
        *(
            (f"pf keeps no time: from cron, pfctl -t scantui -T expire {blocked.hours * 3600}",)
            if blocked.hours
            else ()
        ),
        "in pf.conf, or in an anchor:",
        '  table <scantui> persist file "FILE"',
        "  block drop in quick from <scantui>",
    )
    for pattern in found:
        if pattern.drops:
            yield comment(f"  block drop in quick proto tcp all flags {_flags(pattern)}")
            yield comment(f"    ({pattern.text})")
    for one in blocked.entries:
        yield comment(f"{one.text}: {one.why}")
        yield from one.said()
        yield one.text


def _flags(pattern: Pattern) -> str:
    parts = (
        "".join(letter for bit, letter in _LETTERS.items() if part & bit) for part in (pattern.value, pattern.mask)
    )
    return "/".join(parts)


EXPORT = Export("pf", ".table", "pf table file, its rules as comments", render, Needs.EVENTS, acts=True)
