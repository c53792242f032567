"""What to do next, in the order an analyst would."""

from __future__ import annotations

from collections.abc import Iterator

from scantui.detect.scan import Verdict
from scantui.explain.addresses import is_inside
from scantui.explain.attribution import Attribution
from scantui.explain.audit import Audit
from scantui.explain.case import Case
from scantui.explain.feed import FeedReport
from scantui.explain.origin import SPOOFABLE

_TELL_TOOLS = ("packet headers", "--log-tcp")  # settings that log what tools are told by


def next_steps(case: Case, audit: Audit, tools: Attribution | None, feed: FeedReport) -> tuple[str, ...]:
    """Sentences, most useful first."""
    return tuple(_steps(case, audit, tools, feed))


def _steps(case: Case, audit: Audit, tools: Attribution | None, feed: FeedReport) -> Iterator[str]:
    scan, address, cluster, grade = case.scan, case.address, case.cluster, case.grade
    if scan.verdict is Verdict.BENIGN:
        yield "nothing: it is not a scan by this evidence"
        return
    inside = is_inside(address)
    if inside:
        yield (
            f"find the host behind {address} now (DHCP and ARP tables, switch port): an inventory or monitoring system belongs "
            "on the allow-list, any other host is to be taken off the network and looked at"
        )
    services = [name for name in audit.let_through if ":" in name and not name.endswith(")")]
    if audit.answered:
        yield f"look at what answered: {', '.join(audit.answered[:4])}; read those services' logs from the scan on"
    elif services:
        through = ", ".join(services[:4])
        yield f"check whether {through} should be reachable, and read those services' logs from the scan on"
    elif not audit.tells_accepts:
        yield "find out from the firewall's rules which of the probed ports are open: this log does not tell"
    if cluster is not None and cluster.relation == "decoy":
        yield "block none of these addresses by itself: decoys are chosen so that you block someone else"
    elif cluster is not None and len(cluster.sources) > 2:
        yield f"look at all {len(cluster.sources)} sources of {cluster.id}: blocking one changes little"
    elif grade == SPOOFABLE and not inside:
        yield "block for hours, not for good: the source is not proven"
    elif grade != SPOOFABLE and not inside:
        yield "a report to the owner of the address has grounds: a connection shows that packets to it arrive there"
    undecided = tools.decide[0] if tools is not None and tools.named is None and tools.decide else ""
    told = any(word in feed.best for word in _TELL_TOOLS)
    if feed.best and (scan.proto == "tcp" or "--log-tcp" not in feed.best):
        yield f"the one log setting that would help most{', to name the tool too' if undecided and told else ''}: {feed.best}"
    if undecided and not told:
        yield f"to name the tool next time, log more: {undecided}"
