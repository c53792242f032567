"""The report for people: a table of scans, under each what it rests on. 100 columns, ASCII."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from datetime import datetime, timedelta

from scantui.explain.attribution import NAMED
from scantui.export.report import ClusterItem, InputItem, Report, ScanItem, ToolItem
from scantui.export.report_csv import signature_text
from scantui.export.times import span

WIDTH = 100
_LABEL = 10  # columns of the names under a scan
_ASCII = str.maketrans({"…": "...", "–": "-", "—": "-", "×": "x", "→": "->", "≥": ">=", "≤": "<=", "·": "-"})
_MICROSECOND = timedelta(microseconds=1)


def render_text(report: Report) -> Iterator[str]:
    """The report, part by part; ends with the inputs."""
    for line in _lines(report):
        yield ascii_only(line) + "\n"


def _lines(report: Report) -> Iterator[str]:
    yield from _title(report)
    if report.scans:
        yield ""
        width = max(15, *(len(_who(scan)) for scan in report.scans))
        yield f"{'VERDICT':7} {'SOURCE':{width}} {'EVENTS':>8} {'PORTS':>5} {'HOSTS':>6} {'SCORE':>6} WHAT"
        for scan in report.scans:
            yield from _scan(scan, width)
    if report.clusters:
        yield ""
        yield "CLUSTERS"
        for cluster in report.clusters:
            yield from _cluster(cluster)
    if report.feed.cannot_see:
        yield ""
        yield "CANNOT SEE"
        for text in report.feed.cannot_see:
            yield from _wrap("  ", text)
    yield ""
    for text in report.feed.judging:
        yield from _wrap("", text)
    yield ""
    yield from _inputs(report.inputs)
    if report.feed.dropped_lines:
        yield f"{report.feed.dropped_lines} lines were lost before they could be read"


def _title(report: Report) -> Iterator[str]:
    verdicts = [scan.verdict for scan in report.scans]
    counts = ", ".join(
        _count(verdicts.count(name), noun)
        for name, noun in (("scan", "scan"), ("suspect", "suspect"), ("benign", "benign"))
        if name != "benign" or name in verdicts
    )
    yield f"scantui {report.version}: {counts} in {_count(report.events.count, 'event')}"
    if report.events.first and report.events.last:
        yield f"{report.events.first} to {report.events.last}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 or noun == "benign" else f"{number} {noun}s"


def _who(scan: ScanItem) -> str:
    """The source; a network when its addresses took turns; no one for a flood."""
    if len(scan.sources) == 1:
        return scan.sources[0]
    return scan.id.partition("@")[0] if scan.sources else "(many)"


def _scan(scan: ScanItem, width: int) -> Iterator[str]:
    what = " ".join(filter(None, ("slow" if scan.slow else "", scan.kind, scan.proto, ",".join(scan.techniques))))
    row = (
        f"{scan.verdict:7} {_who(scan):{width}} {scan.events:>8} {scan.ports:>5} {scan.targets:>6} {scan.score:>+6.1f} "
    )
    yield from _wrap(row, what)
    length = (datetime.fromisoformat(scan.last) - datetime.fromisoformat(scan.first)) // _MICROSECOND
    yield from _wrap(_label("when"), f"{scan.first} to {scan.last} ({span(length)})")
    if scan.flagged_at:
        yield from _wrap(_label("flagged"), scan.flagged_at)
    if scan.port_ranges:
        yield from _wrap(
            _label("ports"), textwrap.shorten(scan.port_ranges.replace(",", ", "), 340, placeholder=" ...")
        )
    if scan.signature.name or scan.signature.fields:
        yield from _wrap(_label("signature"), signature_text(scan.signature))
    if scan.tools:
        yield from _wrap(_label("tool"), tool_text(scan.tools))
    if scan.cluster:
        yield from _wrap(_label("cluster"), scan.cluster)
    for number, item in enumerate(scan.evidence):
        yield from _wrap(_label("" if number else "evidence") + f"{item.weight:+6.1f} ", f"{item.name}: {item.text}")


def share(probability: float) -> str:
    """A probability, never as a certainty."""
    return "> .99" if probability > 0.99 else "< .01" if probability < 0.01 else f"{probability:.2f}".lstrip("0")


def tool_text(tools: list[ToolItem]) -> str:
    """The tool, or the candidates where the log does not tell."""
    shares = ", ".join(f"{tool.name} {share(tool.probability)}" for tool in tools)
    return shares if tools[0].probability >= NAMED else f"undecidable: {shares}"


def _cluster(cluster: ClusterItem) -> Iterator[str]:
    about = f"{cluster.relation}, {_count(len(cluster.sources), 'source')}, {cluster.first} to {cluster.last}"
    yield from _wrap(f"{cluster.id} ", about)
    yield from _wrap(_label("sources"), textwrap.shorten(", ".join(cluster.sources), 340, placeholder=" ..."))
    shared = ", ".join(f"{name}={value}" for name, value in cluster.signature.items())
    if shared:
        yield from _wrap(_label("shared"), shared)


def _inputs(inputs: list[InputItem]) -> Iterator[str]:
    yield f"{'LINES':>9} {'EVENTS':>9} {'UNREAD':>9} {'FORMAT':20} INPUT"
    for item in inputs:
        row = f"{item.lines:>9} {item.events:>9} {item.unread:>9} {item.format or 'not recognised':20} "
        yield from _wrap(row, item.path)
        if item.doubt:
            yield from _wrap(" " * len(row), item.doubt)


def _label(name: str) -> str:
    return f"  {name:{_LABEL}}"


def _wrap(start: str, text: str) -> Iterator[str]:
    """`start` and `text` in lines of `WIDTH`, the later ones under the beginning of the text."""
    later = " " * len(start)
    wrapped = textwrap.wrap(
        ascii_only(text), WIDTH, initial_indent=start, subsequent_indent=later, break_on_hyphens=False
    )
    yield from wrapped or [start.rstrip()]


def ascii_only(text: str) -> str:
    """`text` in ASCII; what has no ASCII form is escaped."""
    return text.translate(_ASCII).encode("ascii", "backslashreplace").decode()
