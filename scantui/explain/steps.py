"""What to do next, in the order an analyst would."""

from __future__ import annotations

from collections.abc import Iterator

from scantui.detect.scan import Cluster, Scan, Verdict
from scantui.explain.attribution import Attribution
from scantui.explain.audit import Audit
from scantui.explain.feed import FeedReport
from scantui.explain.origin import SPOOFABLE


def next_steps(
    scan: Scan, audit: Audit, grade: str, tools: Attribution | None, cluster: Cluster | None, feed: FeedReport
) -> tuple[str, ...]:
    """Sentences, most useful first."""
    return tuple(_steps(scan, audit, grade, tools, cluster, feed))


def _steps(
    scan: Scan, audit: Audit, grade: str, tools: Attribution | None, cluster: Cluster | None, feed: FeedReport
) -> Iterator[str]:
    if scan.verdict is Verdict.BENIGN:
        yield "nothing: it is not a scan by this evidence"
        return
    if audit.answered:
        yield f"look at what answered: {', '.join(audit.answered[:4])}; read those services' logs from the scan on"
    elif audit.through:
        through = ", ".join(audit.let_through[:4])
        yield f"check whether {through} should be reachable, and read those services' logs from the scan on"
    elif not audit.tells_accepts:
        yield "find out from the firewall's rules which of the probed ports are open: this log does not tell"
    if cluster is not None and cluster.relation == "decoy":
        yield "block none of these addresses by itself: decoys are chosen so that you block someone else"
    elif cluster is not None and len(cluster.sources) > 2:
        yield f"look at all {len(cluster.sources)} sources of {cluster.id}: blocking one changes little"
    elif grade == SPOOFABLE:
        yield "block for hours, not for good: the source is not proven"
    if tools is not None and tools.named is None and tools.decide:
        yield f"to name the tool next time, log more: {tools.decide[0]}"
    if feed.best:
        yield f"the one log setting that would help most: {feed.best}"
