"""One source's explanation as text, in the order an analyst reasons, and as data."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from datetime import UTC, tzinfo
from typing import Any

import msgspec

from scantui import __version__
from scantui.detect.scan import Kind, Scan
from scantui.explain.attribution import Attribution
from scantui.explain.catalogue import Near, Recognition
from scantui.explain.place_lines import place_lines
from scantui.explain.rules.check import RulesReport
from scantui.explain.rules.check import report as rules_report
from scantui.explain.rules.paragraphs import episode
from scantui.explain.rules.text import wrapped
from scantui.explain.rules.trial import Outcome
from scantui.export.place import place_item
from scantui.export.report import scan_item, tool_items
from scantui.export.report_text import WIDTH, ascii_only, share
from scantui.export.times import iso
from scantui.safe_text import harmless
from scantui.snapshot import Detail, Snapshot

SCHEMA = "scantui.explanation/1"
_LABEL = 2
_MOST_EPISODES = 8
_MORE = ("the sensor did", "log prefix")  # what the pattern's line leaves out


def render_text(snapshot: Snapshot, detail: Detail, where: tzinfo = UTC) -> Iterator[str]:
    """The explanation of `detail`'s source, part by part."""
    for line in _lines(snapshot, detail, where):
        yield ascii_only(line) + "\n"


def _lines(snapshot: Snapshot, detail: Detail, where: tzinfo) -> Iterator[str]:
    best = max(detail.episodes, key=lambda scan: scan.score, default=None)
    why = detail.why
    if best is None or why is None:
        if best is None:
            yield f"{detail.address}: {detail.events:,} events, too little to judge"
        else:
            yield f"{detail.address}: {best.verdict.value}, {best.kind.value} {best.proto}, score {best.score:+.1f}"
            yield from _evidence(best)
        for name, value in detail.pattern:
            yield from _item(f"{name}: {value}")
        yield from _known(detail)
        return
    yield from _wrap("", f"{detail.address}: {best.verdict.value}, {_what(best)}, score {best.score:+.1f}")
    yield from _wrap("", f"{iso(best.first, where)} to {iso(best.last, where)}")
    yield from _part("PATTERN")
    yield from _item(why.line)
    yield from _item(f"name: {why.name}")
    yield from _recognition(why.recognition)
    for name, value in detail.pattern:
        if name in _MORE:
            yield from _item(f"{name}: {value}")
    yield from _part("WHY IT WAS " + ("FLAGGED" if best.flagged_at is not None else "NOT FLAGGED"))
    yield from _evidence(best)
    if why.tools is not None:
        yield from _part("TOOLS")
        yield from _tools(why.tools)
    if detail.rules is not None:
        yield from _rules(detail.rules, where)
    for title, texts in (("ORIGIN", why.origin), ("WHAT GOT THROUGH", why.audit)):
        yield from _part(title)
        for text in texts:
            yield from _item(text)
    yield from _part("WHAT MAY LIE BEHIND IT")
    for story in why.story:
        yield from _wrap(f"  {story.grade}: ", f"{story.title}. {story.text}")
        yield from _wrap("    rests on: ", story.rests_on)
        yield from _wrap("    overturned by: ", story.overturned_by)
    if why.feed:
        yield from _part("WHAT THIS LOG CANNOT SHOW")
        for text in why.feed:
            yield from _item(text)
    yield from _part("NEXT")
    for text in why.steps:
        yield from _item(text)
    yield from _others(snapshot, detail, best, where)
    if why.commands:
        yield from _part("SENDS THE LIKE (to test a sensor of your own)")
    for command in why.commands:
        yield f"  {command}"  # in one piece, to be copied


def _known(detail: Detail) -> Iterator[str]:
    """What is known of the address of a source that did too little to be explained."""
    lines = place_lines(detail.place, None, detail.last) if detail.place is not None else ()
    if lines:
        yield from _part("ORIGIN")
    for text in lines:
        yield from _item(text)


def _evidence(scan: Scan) -> Iterator[str]:
    for piece in scan.evidence:
        yield from _wrap(f"  {piece.weight:+6.1f} ", f"{piece.name}: {piece.text}")


def _what(scan: Scan) -> str:
    sends = ",".join(scan.techniques)
    if scan.kind in (Kind.BACKSCATTER, Kind.REPLIES):  # answers have flags and no technique
        sends = str(scan.signature.fields.get("flags", "")).lower()
    return " ".join(filter(None, ("slow" if scan.slow else "", scan.kind.value, scan.proto, sends)))


def _recognition(found: Recognition) -> Iterator[str]:
    if found.entry is not None:
        own = " (yours)" if found.entry.own else ""
        yield from _item(f"in the catalogue{own}: {harmless(found.entry.name)}. {harmless(found.entry.note)}")
        return
    yield from _item("not in the catalogue" + ("; nearest:" if found.nearest else ""))
    for near in found.nearest:
        yield from _wrap("    ", f"{harmless(near.entry.name)} ({difference(near)})")


def difference(near: Near) -> str:
    """What keeps a pattern from being a catalogue entry."""
    parts = [harmless(text) for text in near.differs]
    if near.unlogged:
        parts.append("not observed: " + ", ".join(name.replace("_", " ") for name in near.unlogged))
    return "; ".join(parts)


def _tools(tools: Attribution) -> Iterator[str]:
    named = tools.named
    if named is not None:
        yield from _item(f"consistent with {named.name}, {named.mode}; probability {share(named.probability)}")
    else:
        yield from _item("undecidable from what is logged")
    if tools.about:
        yield from _item(f"rests on {tools.about}; the others were made in other ways")
    for one in tools.candidates:
        yield from _wrap("  ", f"{share(one.probability)} {one.name}: {one.mode}")
        for sign, texts in (("+", one.speaks_for), ("-", one.against)):
            for text in texts:
                yield from _wrap(f"       {sign} ", text)
    yield from _wrap("  ", f"{share(tools.other)} none of these: custom or other, {tools.other_mode}")
    if tools.decide:
        yield from _item("would decide, were it logged:")
        for text in tools.decide:
            yield from _wrap("       ", text)


def _rules(found: Outcome, where: tzinfo) -> Iterator[str]:
    """The user's rules on this episode, and drafts of better ones."""
    yield from _part("RULES")
    for paragraph in episode(_tried(found, where)):
        yield from wrapped(paragraph, WIDTH)


def _tried(found: Outcome, where: tzinfo) -> RulesReport:
    return rules_report(found, lambda micros: iso(micros, where), __version__)


def _others(snapshot: Snapshot, detail: Detail, best: Scan, where: tzinfo) -> Iterator[str]:
    others = [scan for scan in detail.episodes if scan.id != best.id]
    if not others:
        return
    yield from _part("OTHER EPISODES OF THIS SOURCE")
    for scan in others[:_MOST_EPISODES]:
        tools = snapshot.tools.get(scan.id)
        tool = tools.named.name if tools is not None and tools.named is not None else ""
        text = f"{scan.verdict.value}, {_what(scan)}, {scan.ports:,} ports, {scan.targets:,} hosts"
        yield from _item(f"{iso(scan.first, where)}: {text}" + (f", {tool}" if tool else ""))
    if len(others) > _MOST_EPISODES:
        yield from _item(f"and {len(others) - _MOST_EPISODES} more")


def _part(title: str) -> Iterator[str]:
    yield ""
    yield title


def _item(text: str) -> Iterator[str]:
    yield from _wrap(" " * _LABEL, text)


def _wrap(start: str, text: str) -> Iterator[str]:
    """`start` and `text` in lines of WIDTH, the later ones indented by two more than the first."""
    later = " " * (len(start) - len(start.lstrip()) + 2)
    wrapped = textwrap.wrap(
        ascii_only(text), WIDTH, initial_indent=start, subsequent_indent=later, break_on_hyphens=False
    )
    yield from wrapped or [start.rstrip()]


def render_json(snapshot: Snapshot, detail: Detail, where: tzinfo = UTC) -> Iterator[str]:
    """The explanation as one JSON object; `episode` is as in the report."""
    yield msgspec.json.format(msgspec.json.encode(_data(snapshot, detail, where)), indent=2).decode() + "\n"


def _data(snapshot: Snapshot, detail: Detail, where: tzinfo) -> dict[str, Any]:
    best = max(detail.episodes, key=lambda scan: scan.score, default=None)
    data: dict[str, Any] = {
        "schema": SCHEMA,
        "source": detail.address,
        "events": detail.events,
        "place": place_item(detail.place),
        "rules": None if detail.rules is None else _tried(detail.rules, where),
    }
    why = detail.why
    if best is None or why is None:
        return data | {"episode": None}
    tools = why.tools
    entry = why.recognition.entry
    return data | {
        "episode": scan_item(best, snapshot, where),
        "pattern": {"line": why.line, "name": why.name, "traits": why.traits},
        "catalogue": {
            "name": None if entry is None else harmless(entry.name),
            "nearest": [
                {
                    "name": harmless(near.entry.name),
                    "differs": list(map(harmless, near.differs)),
                    "unlogged": near.unlogged,
                }
                for near in why.recognition.nearest
            ],
        },
        "tools": tool_items(tools),
        "named": tools.named.name if tools is not None and tools.named is not None else None,
        "rests_on": "" if tools is None else tools.about,
        "decide": [] if tools is None else list(tools.decide),
        "commands": list(why.commands),
        "origin": list(why.origin),
        "story": [
            {
                "title": one.title,
                "grade": one.grade,
                "text": one.text,
                "rests_on": one.rests_on,
                "overturned_by": one.overturned_by,
            }
            for one in why.story
        ],
        "audit": list(why.audit),
        "feed": list(why.feed),
        "next": list(why.steps),
    }
