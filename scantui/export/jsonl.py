"""Sources for stream readers: one JSON object a source and line, as the `sources` of the json export."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from scantui.export.handover import Export, Handover
from scantui.export.marked import marked


def render(handover: Handover) -> Iterator[str]:
    encoder = msgspec.json.Encoder()
    for source in marked(handover.snapshot, handover.marks).sources:
        yield encoder.encode(source).decode() + "\n"


EXPORT = Export("jsonl", ".jsonl", "sources with their scans and evidence, one JSON object a line", render)
