"""The report on rules for people: 100 columns."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from scantui.explain.rules.check import RulesReport, SubjectItem
from scantui.explain.rules.paragraphs import Paragraph, findings, read_as, refused, subject

WIDTH = 100
_FEW_RULES = 10  # up to so many, notes are shown and rules that match nothing too
_MOST_SUBJECTS, _MOST_ROWS = 12, 40


def render_text(report: RulesReport) -> Iterator[str]:
    """The report, part by part."""
    for line in _lines(report):
        yield line + "\n"


def wrapped(paragraph: Paragraph, width: int = WIDTH) -> Iterator[str]:
    """A paragraph in lines of `width`; what is to be copied in one line, however long."""
    start = " " * paragraph.indent + paragraph.lead
    if paragraph.look == "copy":
        yield start + paragraph.text
        return
    lines = textwrap.wrap(
        start + paragraph.text,
        width,
        subsequent_indent=" " * paragraph.hang,
        break_on_hyphens=False,
        break_long_words=False,
    )
    yield from lines or [start.rstrip()]


def _lines(report: RulesReport) -> Iterator[str]:
    for paragraph in read_as(report):
        yield from wrapped(paragraph)
    if report.first and report.last:
        yield f"{report.first} to {report.last}"
    yield from _part("REFUSED", list(refused(report, _MOST_ROWS)))
    levels = ("error", "warning", "note") if len(report.rules) <= _FEW_RULES else ("error", "warning")
    yield from _part("LINT", [paragraph for rule in report.rules for paragraph in findings(rule, levels)])
    for one in report.subjects[:_MOST_SUBJECTS]:
        yield ""
        for paragraph in (_head(one), *subject(one, report)):
            yield from wrapped(paragraph)
    if len(report.subjects) > _MOST_SUBJECTS:
        yield ""
        yield f"and {len(report.subjects) - _MOST_SUBJECTS} more scans; --source ADDRESS shows one, --format json has all"
    yield from _whole_log(report)


def _part(title: str, paragraphs: list[Paragraph]) -> Iterator[str]:
    if not paragraphs:
        return
    yield ""
    yield title
    for paragraph in paragraphs[: 2 * _MOST_ROWS]:
        yield from wrapped(paragraph)
    if len(paragraphs) > 2 * _MOST_ROWS:
        yield f"  and {len(paragraphs) - 2 * _MOST_ROWS} more; --format json has all"


def _head(one: SubjectItem) -> Paragraph:
    what = " ".join(filter(None, (one.verdict, one.kind, "/".join(one.techniques))))
    sources = ", ".join(one.sources[:4]) + (", ..." if len(one.sources) > 4 else "")
    text = f"{sources}: {what or 'not judged a scan'}, {one.packets:,} packets from {one.first} to {one.last}"
    return Paragraph(0, text)


def _whole_log(report: RulesReport) -> Iterator[str]:
    rows = [
        rule
        for rule in report.rules
        if rule.whole_log.packets or rule.whole_log.undecided or len(report.rules) <= _FEW_RULES
    ]
    if not rows:
        return
    rows.sort(key=lambda rule: (-rule.whole_log.packets, -rule.whole_log.undecided))
    yield ""
    yield "WHOLE LOG"
    yield f"  {'PACKETS':>9} {'UNDECIDED':>9} {'ALERTS':>8} {'A DAY':>8} {'SCANS':>7} {'SUSPECTS':>8} {'BENIGN':>7} RULE"
    for rule in rows[:_MOST_ROWS]:
        item = rule.whole_log
        alerts = "?" if item.alerts is None else f"{item.alerts}"
        rate = "-" if item.alerts_a_day is None else f"{item.alerts_a_day}"
        name = (
            f"{rule.name} {rule.message}"
            + ("" if rule.enabled else " (disabled)")
            + ("" if rule.loads else " (refused)")
        )
        row = (
            f"  {item.packets:>9} {item.undecided:>9} {alerts:>8} {rate:>8} {f'{item.scans}/{item.scans_in_all}':>7} "
            f"{f'{item.suspects}/{item.suspects_in_all}':>8} {item.benign_sources:>7} "
        )
        yield (row + name)[:WIDTH].rstrip()
    if len(rows) > _MOST_ROWS:
        yield f"  and {len(rows) - _MOST_ROWS} more; --format json has all"
    silent = len(report.rules) - len(rows)
    if silent:
        yield f"  {silent} rules match nothing in this log"
    if any(rule.whole_log.alerts_a_day is None and rule.whole_log.alerts for rule in rows):
        yield "  A DAY is left open where the log covers less than a day, or a threshold is not worked out"
