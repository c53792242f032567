"""Marked sources for other programs: one JSON document, schema `scantui.marked/1`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from scantui.export.marked import marked
from scantui.snapshot import Mark, Snapshot


def render_marked_json(snapshot: Snapshot, marks: Mapping[int, Mark]) -> Iterator[str]:
    yield msgspec.json.format(msgspec.json.encode(marked(snapshot, marks)), indent=1).decode() + "\n"
