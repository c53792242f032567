"""Marked sources for other programs: one JSON document, schema `scantui.marked/1`."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from scantui.export.handover import Export, Handover
from scantui.export.marked import marked


def render(handover: Handover) -> Iterator[str]:
    document = marked(handover.snapshot, handover.marks)
    yield msgspec.json.format(msgspec.json.encode(document), indent=1).decode() + "\n"


EXPORT = Export("json", ".json", "sources with their scans and evidence (scantui.marked/1)", render)
