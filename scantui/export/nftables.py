"""nftables: a table of its own with the addresses as sets and the packets by their pattern."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scantui.explain.rules.draft_firewall import nft_flags
from scantui.export.blocked import Blocked, Blocklist, blocklist
from scantui.export.handover import Export, Handover, Needs
from scantui.export.packet_pattern import Pattern, patterns
from scantui.export.quoting import comment, nft_string

_MATCH = {"ip_id": "ip id {}", "sport": "tcp sport {}", "window": "tcp window {}"}


def render(handover: Handover) -> Iterator[str]:
    for line in _lines(blocklist(handover), patterns(handover)):
        yield line + "\n"


def _lines(blocked: Blocklist, found: Sequence[Pattern]) -> Iterator[str]:
    yield "#!/usr/sbin/nft -f"
    yield from blocked.head(
        "check: nft -c -f FILE   load: nft -f FILE (replaces the table it made before)",
        "hits: nft list table inet scantui   take back: nft delete table inet scantui",
    )
    yield from ("", "table inet scantui", "delete table inet scantui", "", "table inet scantui {")
    yield from _set("drop4", "ipv4_addr", blocked.of(4), blocked.hours)
    yield from _set("drop6", "ipv6_addr", blocked.of(6), blocked.hours)
    yield "\tchain prerouting {"
    yield "\t\ttype filter hook prerouting priority raw; policy accept;"
    yield '\t\tip saddr @drop4 counter drop comment "chosen sources"'
    yield '\t\tip6 saddr @drop6 counter drop comment "chosen sources"'
    for pattern in found:
        yield "\t\t" + comment(pattern.text)
        fields = "".join(f" {_MATCH[name].format(value)}" for name, value in pattern.fields)
        drop = " drop" if pattern.drops else ""
        yield f"\t\t{nft_flags(pattern.mask, pattern.value)}{fields} counter{drop} comment {nft_string(pattern.name)}"
    yield "\t}"
    yield "}"


def _set(name: str, kind: str, entries: Sequence[Blocked], hours: int) -> Iterator[str]:
    yield f"\tset {name} {{"
    yield f"\t\ttype {kind}"
    yield "\t\tflags interval" + (", timeout" if hours else "")
    if hours:
        yield f"\t\ttimeout {hours}h"
    if entries:
        yield "\t\telements = {"
        for one in entries:
            yield from (f"\t\t\t{line}" for line in one.said())
            yield f"\t\t\t{one.text} comment {nft_string(one.why)},"
        yield "\t\t}"
    yield "\t}"


EXPORT = Export(
    "nftables",
    ".nft",
    "nft table: sets that time out, and the packets by their pattern",
    render,
    Needs.EVENTS,
    acts=True,
)
