"""Origin: who sent it as far as anyone can say, with whom, and what may lie behind it."""

from __future__ import annotations

from collections.abc import Iterator

from scantui.detect.scan import Cluster
from scantui.explain.place_lines import place_lines
from scantui.snapshot import Detail, Snapshot
from scantui.ui.detail.pieces import section, several, text
from scantui.ui.lines import Parts

_MOST_SOURCES = 24


def origin_lines(detail: Detail, snapshot: Snapshot, width: int) -> Iterator[Parts]:
    """Provenance, place, cluster, stories."""
    if detail.why is not None:
        known = detail.why.origin
    elif detail.place is not None:
        known = place_lines(detail.place, None, detail.last)
    else:
        known = ()
    for line in known:
        yield from text(line, width, hang=3)
    if not known:
        yield from text("nothing is known of this address", width, "muted")
    if detail.cluster is not None:
        yield from section("cluster", width)
        yield from _cluster(detail.cluster, snapshot, width)
    if detail.why is not None and detail.why.story:
        yield from section("what may lie behind it", width)
        for story in detail.why.story:
            yield from text(f"{story.grade}: {story.title}", width, "strong")
            yield from text(story.text, width)
            yield from text(f"rests on: {story.rests_on}", width, "muted", indent=3)
            yield from text(f"overturned by: {story.overturned_by}", width, "muted", indent=3)


def _cluster(cluster: Cluster, snapshot: Snapshot, width: int) -> Iterator[Parts]:
    yield from text(f"{cluster.id}: {cluster.relation}, {len(cluster.sources):,} sources", width, "strong")
    if cluster.text:
        yield from text(cluster.text, width)
    common = ", ".join(f"{name} {value}" for name, value in cluster.signature.items())
    if common:
        yield from text(f"in common: {common}", width, "muted")
    yield from several((snapshot.address(code) or "?" for code in cluster.sources), _MOST_SOURCES, width, indent=2)
