"""What stands in a report on rules, in words: paragraphs that the command line and the detail pane wrap to their widths."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from scantui.explain.rules.check import AnswerItem, DraftItem, ReachItem, RuleItem, RulesReport, SubjectItem

_TITLES = {"snort2": "Snort 2", "snort3": "Snort 3", "suricata": "Suricata"}
_MOST_NEAR, _MOST_INCLUDES = 8, 10


@dataclass(frozen=True, slots=True)
class Paragraph:
    """`text` begins after `lead`, `indent` cells from the left; its further lines at `hang`. `look`: plain, strong, muted, or
    copy for what must stay in one line where it can."""

    indent: int
    text: str
    lead: str = ""
    look: str = "plain"
    hang: int = 4


def read_as(report: RulesReport, indent: int = 0) -> Iterator[Paragraph]:
    """How many rules there are, in which language, and which files were not read."""
    refused = f", {len(report.refusals):,} refused"
    yield Paragraph(indent, f"{count(report.read, 'rule')}{refused}, against {count(report.packets, 'packet')}")
    if any(rule.dialect in _TITLES for rule in report.rules):
        sure = "" if report.dialect_obvious else "; --dialect says otherwise"
        title = _TITLES.get(report.dialect, report.dialect)
        yield Paragraph(indent, f"read as {title}: {report.dialect_reason}{sure}", hang=indent + 4)
    for one in report.includes[:_MOST_INCLUDES]:
        text = f"{one.file} ({one.path}:{one.line}) was not read: {one.reason}"
        yield Paragraph(indent, text, hang=indent + 4)
    if len(report.includes) > _MOST_INCLUDES:
        yield Paragraph(indent, f"and {len(report.includes) - _MOST_INCLUDES} more files were not read")


def refused(report: RulesReport, most: int) -> Iterator[Paragraph]:
    """The lines that are no rule, with the reason."""
    for one in report.refusals[:most]:
        yield Paragraph(2, one.reason, f"{one.path}:{one.line}: ")
    if len(report.refusals) > most:
        yield Paragraph(2, f"and {len(report.refusals) - most} more; --format json has all")


def findings(rule: RuleItem, levels: Sequence[str]) -> Iterator[Paragraph]:
    """What lint says of one rule."""
    for finding in rule.findings:
        if finding.level in levels:
            lead = f"{finding.level:7} {rule.name} ({rule.path}:{rule.line}): "
            yield Paragraph(2, finding.text, lead, hang=10)


def subject(one: SubjectItem, report: RulesReport) -> Iterator[Paragraph]:
    """One scan: the rules that fire or come near, what else may keep them silent, and drafts."""
    for item in _shown(one):
        yield from answer(item)
    yield from _rest(one, report)
    yield from drafts(one.drafts)


def _shown(one: SubjectItem) -> list[AnswerItem]:
    """The rules that fire, and the nearest of the others."""
    fire = [item for item in one.answers if item.fires]
    return fire + [item for item in one.answers if not item.fires][: max(_MOST_NEAR - len(fire), 3)]


def _rest(one: SubjectItem, report: RulesReport) -> Iterator[Paragraph]:
    near = len(one.answers) - len(_shown(one))
    if near:
        yield Paragraph(2, f"{near} more that fire or come near; --format json has them")
    if one.others:
        rest = "rules neither fire nor come near" if one.others != 1 else "rule neither fires nor comes near"
        yield Paragraph(2, f"{one.others} {'more ' if one.answers else ''}{rest}")
    if not report.read:
        yield Paragraph(2, "no rule was read")
    for note in one.notes:
        yield Paragraph(2, note, "note: ", "muted")


def answer(one: AnswerItem) -> Iterator[Paragraph]:
    """One rule on one scan."""
    yield Paragraph(2, one.told, f"{one.rule} ({one.path}:{one.line}): ", "strong" if one.fires else "plain")
    if one.first_alert and not one.told.startswith("Matches"):
        yield Paragraph(4, f"first match {one.first}, first alert {one.first_alert}", look="muted", hang=6)
    elif one.first:
        yield Paragraph(4, f"first match {one.first}", look="muted", hang=6)
    for cause in one.causes:
        yield Paragraph(4, cause.text, f"{cause.name} ({cause.state}): ", "muted", hang=6)


def drafts(items: Sequence[DraftItem]) -> Iterator[Paragraph]:
    """Drafted rules; those that read the same in two languages once."""
    if not items:
        return
    yield Paragraph(2, "better rules, drafted from these packets")
    last: tuple[str, str] = ("", "")
    for one in items:
        same = [other for other in items if other.text == one.text]
        if one is not same[0]:
            continue
        reach = reach_text(one.whole_log)
        if (one.breadth, reach) != last:
            lead = f"{one.breadth}: "
            yield Paragraph(4, f"matches {one.matched:,} of {one.packets:,} here; {reach}", lead, hang=6)
            last = (one.breadth, reach)
        named = [
            other.language + ("" if reach_text(other.whole_log) == reach else f" ({_alerts(other.whole_log)})")
            for other in same
        ]
        yield Paragraph(6, ", ".join(named) + (f" ({one.note})" if one.note else ""), look="muted", hang=8)
        yield Paragraph(8, one.text, look="copy", hang=8)


def reach_text(item: ReachItem) -> str:
    """What a rule does in the whole log."""
    parts = [f"whole log: {count(item.packets, 'packet')} of {count(item.sources, 'source')}"]
    parts.append(f"{item.scans} of {item.scans_in_all} scans, {item.suspects} of {item.suspects_in_all} suspects")
    parts.append(f"{count(item.benign_sources, 'benign source')} ({count(item.benign_packets, 'packet')})")
    if item.undecided:
        parts.append(f"{count(item.undecided, 'packet')} undecided")
    return "; ".join((*parts, _alerts(item)))


def _alerts(item: ReachItem) -> str:
    if item.alerts is None:
        return "alerts not worked out"
    rate = "" if item.alerts_a_day is None else f", {item.alerts_a_day:,} a day"
    benign = f", {item.benign_alerts:,} of them for benign sources" if item.benign_alerts else ""
    return f"{count(item.alerts, 'alert')}{rate}{benign}"


def episode(report: RulesReport, languages: Sequence[str] | None = None) -> Iterator[Paragraph]:
    """The one subject of a report, for its explanation. Drafts of these languages only, if any are named."""
    one = report.subjects[0]
    if report.read or report.refusals:
        yield from read_as(report, 2)
        yield from refused(report, 5)
    else:
        yield Paragraph(2, "no rules given; --rules FILE tries yours on these packets", look="muted")
    if report.newest_only:
        text = f"'whole log' is its newest {count(report.packets, 'packet')} here, from {report.first}"
        yield Paragraph(2, text, look="muted")
    whole = {(rule.path, rule.line, rule.name): rule for rule in report.rules}
    for item in _shown(one):
        yield from answer(item)
        rule = whole.get((item.path, item.line, item.rule))
        if rule is not None:
            yield Paragraph(4, reach_text(rule.whole_log), look="muted", hang=6)
            for finding in rule.findings:
                yield Paragraph(4, finding.text, f"{finding.level}: ", "muted", hang=6)
    if report.read:
        yield from _rest(one, report)
    else:
        yield from (Paragraph(2, note, "note: ", "muted") for note in one.notes)
    yield from drafts([draft for draft in one.drafts if languages is None or draft.language in languages])


def count(number: int, noun: str) -> str:
    """A number with its noun."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
