"""Overview: the verdict, and of every other tab the most telling line."""

from __future__ import annotations

from collections.abc import Iterator

from scantui.explain.attribution import Attribution
from scantui.explain.rules.telling import told
from scantui.explain.rules.trial import Outcome
from scantui.snapshot import Detail, Snapshot
from scantui.ui.detail.head import verdict_lines
from scantui.ui.detail.pieces import pace, shortened, shown, table
from scantui.ui.lines import Parts
from scantui.ui.text import SECOND, plain, span, spark, stamp, wrap

_TOP = 3
_LABEL = 7
_GENEROUS, _TERSE = 3, 1  # lines of one answer where there is room, and where there is none
_SPARKS = (60, 30, 20, 12)  # cells: each divides the spans of a timeline


def overview_lines(detail: Detail, snapshot: Snapshot, width: int, height: int | None = None) -> list[Parts]:
    """What is known, in `height` lines if it can be said in so few; all of it where there is none."""
    if height is None:
        return list(_told(detail, snapshot, width, None))
    for most in range(_GENEROUS, _TERSE - 1, -1):
        lines = list(_told(detail, snapshot, width, most))
        if len(lines) <= height:
            break
    return lines


def _told(detail: Detail, snapshot: Snapshot, width: int, most: int | None) -> Iterator[Parts]:
    yield from verdict_lines(detail, snapshot, width)
    why = detail.why
    if why is not None:
        yield from table([("sent", why.line)], width, None if most is None else most, _LABEL)
    for piece in sorted(detail.evidence, key=lambda piece: -abs(piece.weight))[:_TOP]:
        look = "scan" if piece.weight > 0 else "benign"
        room = max(8, width - _LABEL - 4)
        said = shortened(wrap(plain(f"{piece.name}: {piece.text}"), room), None if most is None else min(most, 2), room)
        for number, line in enumerate(said):
            head = f"{piece.weight:+.1f}" if number == 0 else ""
            yield ((f" {head:>{_LABEL}}  ", look), (line, "plain"))
    answers = [row for row in _answers(detail) if most != _TERSE or row[0] != "maybe"]
    yield from table(answers, width, most, None if why is None else _LABEL)
    room = width - _LABEL - 4
    cells = next((cells for cells in _SPARKS if cells <= room), 0)
    if sum(map(bool, detail.timeline)) > 1 and cells and most != _TERSE:
        yield ((f" {'':{_LABEL}}  " + spark(detail.timeline, cells), "muted"),)


def _answers(detail: Detail) -> Iterator[tuple[str, str]]:
    why, scan = detail.why, shown(detail)
    if why is None:
        yield from detail.pattern
    elif why.tools is not None:
        yield "tool", tool_text(why.tools)
    if detail.rules is not None:
        yield "rules", rules_text(detail.rules)
    if why is not None:
        graded = [line for line in why.origin if line.startswith("source ")]
        yield "source", next(iter((*graded, *why.origin)), "-").removeprefix("source ")
        yield "through", why.audit[0] if why.audit else "-"
        likely = next((f"{story.grade}: {story.title}" for story in why.story), None)
        if likely is not None:
            yield "maybe", likely
        if why.steps:
            yield "next", why.steps[0]
    else:
        yield "targets", ", ".join(detail.targets[:_TOP]) or "-"
    lasted = detail.last - detail.first
    within = span(lasted) if lasted else "one stamp"
    others = len(detail.episodes) - 1
    events = f"{detail.events:,} event{'' if detail.events == 1 else 's'}"
    more = f"; {others} other episode{'' if others == 1 else 's'}" if scan is not None and others > 0 else ""
    yield (
        "when",
        f"{stamp(detail.first - detail.first % SECOND)}, {within}: {events}{pace(detail.events, lasted)}{more}",
    )


def tool_text(tools: Attribution) -> str:
    """The tool, or what would tell it."""
    if tools.named is not None:
        rest = f", {tools.other:.0%} something else" if tools.other >= 0.01 else ""
        return f"{tools.named.name}: {tools.named.mode}, {min(tools.named.probability, 0.99):.0%}{rest}"
    decide = f": {tools.decide[0]} would decide" if tools.decide else ""
    return f"undecidable from what is logged{decide}"


def rules_text(found: Outcome) -> str:
    """Whether the user's rules fire, and the nearest of them if none does."""
    rules = len(found.rules.rules)
    if not rules:
        return "none given (--rules FILE); drafts are in 5" if found.trials[0].drafts else "none given (--rules FILE)"
    tried = found.trials[0].tried
    fire = [one.answer for one in tried if one.answer.fires]
    if fire:
        names = ", ".join(answer.rule.name for answer in fire[:2])
        more = f" and {len(fire) - 2} more" if len(fire) > 2 else ""
        return f"{len(fire)} of {rules:,} fire: {names}{more}"
    if not tried:
        return f"none of {rules:,} fires or comes near"
    return f"none of {rules:,} fires for certain; {tried[0].answer.rule.name}: {told(tried[0].answer, tried[0].causes)}"
