"""The incident report: what was chosen, for someone who was not there. Everything it says is data or was said by `explain`."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

import numpy as np

from scantui import __version__
from scantui.detect.scan import Scan, Verdict
from scantui.events import Action, Events, without_notices
from scantui.export.cautions import cautions
from scantui.export.document import (
    Block,
    Bullets,
    Cell,
    Code,
    Document,
    Facts,
    Link,
    Section,
    Table,
    Text,
    Warn,
    filled,
)
from scantui.export.handover import Handover
from scantui.export.incident_figures import figures
from scantui.export.incident_source import clock, source_section, tool_of, what
from scantui.export.report import weightiest_first
from scantui.export.times import span

_MOST_OWN_FIGURES = 20  # sources with drawings of their own
_MOST_PATHS = 8  # in a command line
_MOST_NAMED = 12
NOTHING = "there is no source to report on: mark some with m, or name one with --source"


def incident(handover: Handover, kind: str) -> Document:
    """The report; `kind` is the export's name, for the command that makes it again. Raises ValueError when nobody was chosen."""
    if not handover.marks:
        raise ValueError(NOTHING)
    events = _packets(handover)
    scans = _scans(handover)
    sections = [
        Section("Summary", "summary", list(_summary(handover, events, scans))),
        Section("Sources", "sources", [_sources(handover)]),
    ]
    if drawn := figures(handover, events, "all", "the chosen sources"):
        sections.append(Section("What happened when", "when", drawn))
    if clusters := list(_clusters(handover)):
        sections.append(Section("Clusters", "clusters", clusters))
    sections += _each(handover, events)
    if limits := _limits(handover):
        sections.append(Section("What these logs cannot show", "limits", [Bullets(limits)]))
    sections.append(Section("How this was made", "made", list(_made(handover, kind))))
    return Document(_title(handover), _byline(handover), sections, f"Made by scantui {__version__}")


def _title(handover: Handover) -> str:
    names = [handover.snapshot.address(code) for code in handover.marks]
    return f"Port scan report: {names[0] if len(names) == 1 else f'{len(names):,} sources'}"


def _byline(handover: Handover) -> list[str]:
    wishes = handover.wishes
    author = ", ".join(filter(None, (wishes.reporter, wishes.organisation, wishes.contact)))
    return [*([author] if author else []), clock(handover.made_at // 1_000_000 * 1_000_000, wishes.where)]


def _packets(handover: Handover) -> Events | None:
    if handover.events is None:
        return None
    sent = without_notices(handover.events)
    chosen = sent.take(np.isin(sent.src, np.array(list(handover.marks), np.uint32)))
    return chosen if len(chosen) else None


def _scans(handover: Handover) -> list[Scan]:
    mine = [scan for scan in handover.snapshot.scans if not set(scan.sources).isdisjoint(handover.marks)]
    return sorted(mine, key=weightiest_first)


def _summary(handover: Handover, events: Events | None, scans: list[Scan]) -> Iterator[Block]:
    where = handover.wishes.where
    hostile = [scan for scan in scans if scan.verdict is not Verdict.BENIGN]
    yield Text(_sentence(handover, hostile), "lead")
    if events is not None:
        first, last = int(events.ts[0]), int(events.ts[-1])
        yield Facts(
            [
                ("Sources", f"{len(handover.marks):,}"),
                ("Packets", f"{int(events.count.sum()):,}"),
                ("Targets", f"{len(np.unique(events.dst)):,}"),
                ("Ports", f"{len(np.unique(events.dport[events.is_known('dport')])):,}"),
                ("Duration", span(last - first) if last > first else "one stamp"),
            ],
            large=True,
        )
        yield Text(
            f"Their packets, those outside scans included: {clock(first, where)} to {clock(last, where)}.", "muted"
        )
    if told := cautions(handover.snapshot, handover.marks):
        yield Warn("Before anyone acts on this", told)
    if events is not None:
        yield from _through(handover, events)


def _sentence(handover: Handover, hostile: list[Scan]) -> str:
    if not hostile:
        return "None of the chosen sources was judged a scan."
    verdicts = [scan.verdict for scan in hostile]
    counts = [(verdicts.count(Verdict.SCAN), "scan"), (verdicts.count(Verdict.SUSPECT), "suspect episode")]
    told = " and ".join(f"{count:,} {noun}{'' if count == 1 else 's'}" for count, noun in counts if count)
    worst = hostile[0]
    who = handover.snapshot.address(worst.sources[0])
    which = "It is" if len(hostile) == 1 else f"The weightiest is by {who},"
    s = "" if len(handover.marks) == 1 else "s"
    text = (
        f"{told[:1].upper()}{told[1:]} by the chosen source{s}. {which} {_article(what(worst))}: "
        f"{worst.packets:,} packets to {worst.ports:,} port{'' if worst.ports == 1 else 's'} of "
        f"{worst.targets:,} target{'' if worst.targets == 1 else 's'}"
    )
    dossier = handover.dossiers.get(worst.sources[0])
    tool = tool_of(dossier.why.tools) if dossier is not None and dossier.why is not None else ""
    return f"{text}, {tool}." if tool else f"{text}."


def _article(text: str) -> str:
    return ("an " if text[:1] in "aeiou" else "a ") + text


def _through(handover: Handover, events: Events) -> Iterator[Block]:
    passed = events.take(events.action == Action.ACCEPT)
    if not len(passed):
        yield Text("No packet of theirs is logged as let through; what that is worth, each source's section says.")
        return
    sources, each = np.unique(passed.src, return_counts=True)
    order = np.argsort(-each, kind="stable")[:_MOST_NAMED].tolist()
    named = ", ".join(f"{handover.snapshot.address(int(sources[row]))} ({int(each[row]):,})" for row in order)
    more = f" and {len(sources) - len(order):,} more" if len(sources) > len(order) else ""
    yield Text(f"Logged as let through: {len(passed):,} of their events, by source: {named}{more}.")


def _sources(handover: Handover) -> Table:
    snapshot, where = handover.snapshot, handover.wishes.where
    rows: list[tuple[Cell, ...]] = []
    for code, mark in handover.marks.items():
        link = Link(snapshot.address(code), f"source-{code}")
        mine = sorted((scan for scan in snapshot.scans if code in scan.sources), key=weightiest_first)
        if not mine:
            rows.append((link, "", mark.verdict, "too little to judge", "", "", "", "", ""))
            continue
        scan = mine[0]
        rows.append(
            (link, scan.verdict.value, mark.verdict, what(scan), f"{scan.packets:,}", f"{scan.ports:,}", f"{scan.targets:,}",
             clock(scan.first, where), f"{scan.score:+.1f}")
        )  # fmt: skip
    head = ("Source", "Verdict", "Analyst", "What", "Packets", "Ports", "Targets", "First packet", "Score")
    looks = ("code", "verdict", "text", "text", "number", "number", "number", "text", "number")
    return filled(Table("The chosen sources, each with its weightiest episode", head, rows, looks))


def _clusters(handover: Handover) -> Iterator[Block]:
    snapshot, where = handover.snapshot, handover.wishes.where
    rows = []
    for group in snapshot.clusters:
        if set(group.sources).isdisjoint(handover.marks):
            continue
        names = [snapshot.address(code) for code in group.sources]
        more = f" and {len(names) - _MOST_NAMED:,} more" if len(names) > _MOST_NAMED else ""
        shared = ", ".join(f"{name}={value}" for name, value in sorted(group.signature.items()))
        span_of = f"{clock(group.first, where)} to {clock(group.last, where)}"
        rows.append((group.relation, ", ".join(names[:_MOST_NAMED]) + more, group.text or shared, span_of))
    if rows:
        head = ("Relation", "Sources", "What they share", "When")
        yield Table("Scans that belong together", head, rows, ("text", "code", "text", "text"))


def _each(handover: Handover, events: Events | None) -> Iterator[Section]:
    few = 1 < len(handover.marks) <= _MOST_OWN_FIGURES
    for code, mark in handover.marks.items():
        own: tuple[Block, ...] = ()
        if few and events is not None:
            mine = events.take(events.src == code)
            own = figures(handover, mine if len(mine) else None, f"s{code}", handover.snapshot.address(code))
        yield source_section(handover, mark, own)


def _limits(handover: Handover) -> list[str]:
    told = list(handover.snapshot.cannot_see)
    for dossier in handover.dossiers.values():
        told += dossier.why.feed if dossier.why is not None else ()
    status = handover.snapshot.status
    if status.folded:
        told.append(f"{status.folded:,} older events were folded to save memory: their times are exact to the hour")
    if status.evicted:
        told.append(f"{status.evicted:,} folded rows were dropped for the memory budget")
    unread = sum(item.unread for item in status.inputs)
    if unread:
        told.append(f"{unread:,} lines of the inputs could not be read as events")
    return list(dict.fromkeys(told))


def _made(handover: Handover, kind: str) -> Iterator[Block]:
    status = handover.snapshot.status
    rows = [
        (item.path, item.format or "not recognised", f"{item.lines:,}", f"{item.events:,}", f"{item.unread:,}")
        for item in status.inputs
    ]
    head = ("Input", "Format", "Lines", "Events", "Not read")
    yield Table("Inputs", head, rows, ("code", "text", "number", "number", "number"))
    doubts = [f"{item.path}: {item.doubt}" for item in status.inputs if item.doubt]
    guessed = " (guessed from the log)" if handover.home_guessed else ""
    home = [f"own networks{guessed}: {', '.join(handover.home)}"] if handover.home else []
    if told := [*doubts, *home, *status.judging]:
        yield Text("Read and judged with:")
        yield Bullets(list(dict.fromkeys(told)))
    yield Code("The same again", [f"scantui export --as {kind} {_named(handover)} -- {_paths(handover)}"])
    yield Text(f"scantui {__version__}. Times are {_zone(handover)}.", "muted")


def _named(handover: Handover) -> str:
    names = [handover.snapshot.address(code) for code in handover.marks]
    named = " ".join(f"--source {name}" for name in names[:_MOST_NAMED]) + (" ..." if len(names) > _MOST_NAMED else "")
    return named if handover.home_guessed else " ".join((named, *(f"--home {network}" for network in handover.home)))


def _paths(handover: Handover) -> str:
    paths = [item.path for item in handover.snapshot.status.inputs]
    return " ".join(map(shlex.quote, paths)) if 0 < len(paths) <= _MOST_PATHS else "PATH..."


def _zone(handover: Handover) -> str:
    text = clock(handover.made_at, handover.wishes.where)
    return "in UTC" if text.endswith("Z") else "with their offset from UTC"
