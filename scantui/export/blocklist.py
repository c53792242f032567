"""A plain list: an address or network a line, whole-line comments, for whatever reads lists."""

from __future__ import annotations

from collections.abc import Iterator

from scantui.export.blocked import blocklist
from scantui.export.handover import Export, Handover
from scantui.export.quoting import comment


def render(handover: Handover) -> Iterator[str]:
    blocked = blocklist(handover)
    for line in blocked.head():
        yield line + "\n"
    for one in blocked.entries:
        yield comment(f"{one.text}: {one.why}") + "\n"
        for line in one.said():
            yield line + "\n"
        yield one.text + "\n"


EXPORT = Export("blocklist", ".txt", "plain list of addresses and networks, with comments", render, acts=True)
