"""The report on rules for people: 100 columns."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from scantui.explain.rules.check import AnswerItem, DraftItem, ReachItem, RulesReport, SubjectItem

WIDTH = 100
_FEW_RULES = 10  # up to so many, notes are shown and rules that match nothing too
_MOST_SUBJECTS, _MOST_ROWS, _MOST_REFUSALS, _MOST_NEAR = 12, 40, 40, 8
_TITLES = {"snort2": "Snort 2", "snort3": "Snort 3", "suricata": "Suricata"}


def render_text(report: RulesReport) -> Iterator[str]:
    """The report, part by part."""
    for line in _lines(report):
        yield line + "\n"


def _lines(report: RulesReport) -> Iterator[str]:
    count = len(report.rules)
    yield f"{count} rule{'' if count == 1 else 's'}, {len(report.refusals)} refused, against {report.packets:,} packets"
    if any(rule.dialect in _TITLES for rule in report.rules):
        sure = "" if report.dialect_obvious else "; --dialect says otherwise"
        yield from _wrap("", f"read as {_TITLES.get(report.dialect, report.dialect)}: {report.dialect_reason}{sure}")
    if report.first and report.last:
        yield f"{report.first} to {report.last}"
    for path in report.includes[:10]:
        yield from _wrap("", f"include {path}: not followed; name the file on the command line to have it read")
    if report.refusals:
        yield ""
        yield "REFUSED"
        for one in report.refusals[:_MOST_REFUSALS]:
            yield from _wrap(f"  {one.path}:{one.line}: ", one.reason)
        if len(report.refusals) > _MOST_REFUSALS:
            yield f"  and {len(report.refusals) - _MOST_REFUSALS} more; --format json has all"
    yield from _lint(report)
    for subject in report.subjects[:_MOST_SUBJECTS]:
        yield from _subject(subject, report)
    if len(report.subjects) > _MOST_SUBJECTS:
        yield ""
        yield f"and {len(report.subjects) - _MOST_SUBJECTS} more scans; --source ADDRESS shows one, --format json has all"
    yield from _whole_log(report)


def _lint(report: RulesReport) -> Iterator[str]:
    few = len(report.rules) <= _FEW_RULES
    rows = [
        (rule, finding)
        for rule in report.rules
        for finding in rule.findings
        if few or finding.level in ("error", "warning")
    ]
    if not rows:
        return
    yield ""
    yield "LINT"
    for rule, finding in rows[: 2 * _MOST_ROWS]:
        yield from _wrap(f"  {finding.level:7} {rule.name} ({rule.path}:{rule.line}): ", finding.text, "          ")
    if len(rows) > 2 * _MOST_ROWS:
        yield f"  and {len(rows) - 2 * _MOST_ROWS} more; --format json has all"


def _subject(subject: SubjectItem, report: RulesReport) -> Iterator[str]:
    yield ""
    what = " ".join(filter(None, (subject.verdict, subject.kind, "/".join(subject.techniques))))
    sources = ", ".join(subject.sources[:4]) + (", ..." if len(subject.sources) > 4 else "")
    yield from _wrap(
        "",
        f"{sources}: {what or 'not judged a scan'}, {subject.packets:,} packets from {subject.first} to {subject.last}",
    )
    shown = [one for one in subject.answers if one.fires]
    shown += [one for one in subject.answers if not one.fires][: max(_MOST_NEAR - len(shown), 3)]
    for one in shown[:_MOST_ROWS]:
        yield from _answer(one)
    near = len(subject.answers) - len(shown[:_MOST_ROWS])
    if near:
        yield f"  {near} more that fire or come near; --format json has them"
    if subject.others:
        rest = "rules neither fire nor come near" if subject.others != 1 else "rule neither fires nor comes near"
        yield f"  {subject.others} {'more ' if subject.answers else ''}{rest}"
    if not report.rules:
        yield "  no rule was read"
    for note in subject.notes:
        yield from _wrap("  note: ", note)
    yield from _drafts(subject.drafts)


def _answer(one: AnswerItem) -> Iterator[str]:
    yield from _wrap(f"  {one.rule} ({one.path}:{one.line}): ", one.told, "    ")
    if one.first_alert and not one.told.startswith("Matches"):
        yield f"    first match {one.first}, first alert {one.first_alert}"
    elif one.first:
        yield f"    first match {one.first}"
    for cause in one.causes:
        yield from _wrap(f"    {cause.name} ({cause.state}): ", cause.text, "      ")


def _drafts(drafts: list[DraftItem]) -> Iterator[str]:
    if not drafts:
        return
    yield "  better rules, drafted from these packets"
    last: tuple[str, str] = ("", "")
    for one in drafts:
        reach = _reach(one.whole_log)
        if (one.breadth, reach) != last:
            yield from _wrap(f"    {one.breadth}: matches {one.matched:,} of {one.packets:,} here; ", reach, "      ")
            last = (one.breadth, reach)
        same = [other.language for other in drafts if other.text == one.text]
        if one.language == same[0]:
            yield f"      {', '.join(same)}"
            yield f"        {one.text}"  # in one line, to be copied


def _reach(item: ReachItem) -> str:
    parts = [f"whole log: {_count(item.packets, 'packet')} of {_count(item.sources, 'source')}"]
    parts.append(f"{item.scans} of {item.scans_in_all} scans, {item.suspects} of {item.suspects_in_all} suspects")
    parts.append(f"{_count(item.benign_sources, 'benign source')} ({_count(item.benign_packets, 'packet')})")
    if item.undecided:
        parts.append(f"{_count(item.undecided, 'packet')} undecided")
    if item.alerts is not None:
        rate = "" if item.alerts_a_day is None else f", {item.alerts_a_day:,} a day"
        parts.append(f"{_count(item.alerts, 'alert')}{rate}")
    else:
        parts.append("alerts not worked out")
    return "; ".join(parts)


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


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


def _wrap(start: str, text: str, later: str = "    ") -> Iterator[str]:
    wrapped = textwrap.wrap(
        start + text,
        WIDTH,
        subsequent_indent=later,
        break_on_hyphens=False,
        break_long_words=False,
        drop_whitespace=True,
    )
    yield from wrapped or [start.rstrip()]
