"""The whole explanation of one episode, in the order an analyst reasons: what, with what, from where, why, what got through."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from scantui.detect.scan import Cluster, Scan, Verdict
from scantui.events import Events
from scantui.explain.attribution import Attribution, Candidate, attribute
from scantui.explain.audit import audit
from scantui.explain.case import Case, Story
from scantui.explain.catalogue import Entry, Recognition, recognise
from scantui.explain.coverage import coverage
from scantui.explain.feed import FeedReport
from scantui.explain.line import signature_line, stable_name, traits
from scantui.explain.origin import origin, provenance
from scantui.explain.place import Place
from scantui.explain.place_lines import place_lines
from scantui.explain.place_story import place_steps, place_stories
from scantui.explain.probes import probes_of
from scantui.explain.reproduce import command_for
from scantui.explain.steps import next_steps
from scantui.explain.story import likeliest_first, stories

_TRY = 0.1  # probability from which a candidate's command is given where no tool is named


@dataclass(frozen=True, slots=True)
class Explanation:
    """Of one episode. Every text is built of numbers, addresses and scantui's own words, or was made harmless on entry."""

    line: str
    name: str
    traits: dict[str, str]
    recognition: Recognition
    tools: Attribution | None
    commands: tuple[str, ...]  # that send the same pattern
    origin: tuple[str, ...]
    story: tuple[Story, ...]
    audit: tuple[str, ...]
    feed: tuple[str, ...]
    steps: tuple[str, ...]


def episode_events(scan: Scan, events: Events) -> Events:
    """The rows of `events` (one source's, in time order) that lie within an episode."""
    return events.take((events.ts >= scan.first) & (events.ts <= scan.last))


def _worth_a_try(tools: Attribution) -> tuple[Candidate, ...]:
    return tuple(one for one in tools.candidates if one.probability >= _TRY)


def explain(
    scan: Scan,
    events: Events,
    answers: Events,
    cluster: Cluster | None,
    feed: FeedReport,
    own: Iterable[Entry] = (),
    place: Place | None = None,
) -> Explanation:
    """`events`: everything of the source, in time order; `answers`: packets of its targets back to it; `own`: the user's
    catalogue; `place`: what is known of its address besides the log."""
    address = events.tables.addresses.text(scan.source)
    place = place if place is not None else Place(address)
    during = episode_events(scan, events)
    twins = cluster is not None and cluster.relation == "decoy"
    probes = probes_of(during)
    tools = attribute(during, twins=twins) if probes is not None and scan.verdict is not Verdict.BENIGN else None
    seen = {one.field: one for one in tools.seen} if tools is not None else {}
    checked = audit(scan, events, answers, tells_accepts=feed.tells_accepts, tells_answers=feed.tells_answers)
    grade, _ = provenance(events, checked)
    named = tools.named.name if tools is not None and tools.named is not None else None
    found = traits(scan, seen.values())
    commands: list[str] = []
    if tools is not None and probes is not None:
        chosen = tools.candidates[:1] if tools.named is not None else _worth_a_try(tools)
        commands = [command_for(one.name, one.mode, scan, probes, seen) for one in chosen]
    rows = probes.rows if probes is not None else during
    about = tools.about if tools is not None else ""
    case = Case(scan, address, cluster, named or "", grade, seen, checked.through, during, coverage(rows), about)
    return Explanation(
        line=signature_line(scan, during, seen.values(), about),
        name=stable_name(found),
        traits=found,
        recognition=recognise(found, own),
        tools=tools,
        commands=tuple(dict.fromkeys(text for text in commands if text)),
        origin=(
            *origin(scan, events, rows, checked, seen, cluster, named),
            *place_lines(place, grade, scan.last),
        ),
        story=likeliest_first(
            (
                *place_stories(place, case),
                *stories(case),
            )
        ),
        audit=tuple(checked.lines()),
        feed=feed.cannot_see,
        steps=(*next_steps(case, checked, tools, feed), *place_steps(place, case)),
    )
