"""Rules tried on the packets of a scan and on a whole log: what every report on rules is made of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from scantui.detect.scan import Scan, Verdict
from scantui.events import Events
from scantui.explain.rules.answer import Answer, answer, near_first
from scantui.explain.rules.causes import Cause, causes
from scantui.explain.rules.decoder import decoder_notes
from scantui.explain.rules.draft import DraftRule, drafts
from scantui.explain.rules.evaluate import Bench
from scantui.explain.rules.reach import Extent, Reach, Yard
from scantui.explain.rules.rule import Rule
from scantui.explain.rules.ruleset import Ruleset

MOST_NEAR = 25  # answers told a scan; the others are counted


@dataclass(frozen=True)
class Subject:
    """What to answer for: a scan, or the events of a source that none was found of."""

    id: str
    sources: tuple[str, ...]
    events: Events
    scan: Scan | None = None


@dataclass(frozen=True, slots=True)
class Tried:
    """A rule's answer, and what may keep it silent all the same."""

    answer: Answer
    causes: tuple[Cause, ...]


@dataclass(frozen=True, slots=True)
class Drafted:
    """A draft, how many packets of its scan it matches, and what it does in the whole log."""

    draft: DraftRule
    matched: int
    reach: Reach


@dataclass(frozen=True, slots=True)
class Trial:
    """One subject. `tried`: the rules that fire or come near, those that fire first; `others` do neither. Times are
    microseconds UTC."""

    id: str
    sources: tuple[str, ...]
    scan: Scan | None
    packets: int
    first: int | None
    last: int | None
    tried: tuple[Tried, ...]
    others: int
    notes: tuple[str, ...]
    drafts: tuple[Drafted, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """All of it. `listed`: rules with their reach in the events of `extent`."""

    rules: Ruleset
    extent: Extent
    listed: tuple[tuple[Rule, Reach], ...]
    trials: tuple[Trial, ...]


def try_all(rules: Ruleset, yard: Yard, subjects: Sequence[Subject]) -> Outcome:
    """Every rule on the whole log and on each subject."""
    trials = tuple(try_on(subject, rules, yard.reach) for subject in subjects)
    return Outcome(rules, yard.extent, tuple((rule, yard.reach(rule)) for rule in rules.rules), trials)


def try_on(subject: Subject, rules: Ruleset, reach: Callable[[Rule], Reach]) -> Trial:
    """Every rule on one subject, and drafts unless it was found benign. `reach` says what a rule does in the whole log."""
    bench = Bench(subject.events)
    alone = len(rules.rules) == 1  # whoever gives one rule wants its answer, whatever it is
    answers = (answer(rule, bench) for rule in rules.rules if alone or not bench.hopeless(rule))
    shown = sorted((one for one in answers if alone or one.fires or one.near), key=near_first)[:MOST_NEAR]
    ts = bench.events.ts
    benign = subject.scan is not None and subject.scan.verdict is Verdict.BENIGN
    return Trial(
        id=subject.id,
        sources=subject.sources,
        scan=subject.scan,
        packets=bench.total,
        first=int(ts[0]) if len(ts) else None,
        last=int(ts[-1]) if len(ts) else None,
        tried=tuple(Tried(one, tuple(causes(one, bench))) for one in shown),
        others=len(rules.rules) - len(shown),
        notes=tuple(_notes(bench)),
        drafts=tuple(
            Drafted(draft, bench.packets(bench.verdict(draft.rule).yes), reach(draft.rule))
            for draft in ([] if benign else drafts(bench.events))
        ),
    )


def _notes(bench: Bench) -> list[str]:
    """What Snort's own decoder says of such packets, and how exact the counts are."""
    notes = decoder_notes(bench)
    if not bench.single:
        notes.append("some rows stand for several packets of one time; thresholds count them at that time")
    return notes
