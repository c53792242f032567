"""One source's part of an incident report, in the order an analyst reasons."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import tzinfo

from scantui.detect.scan import Evidence, Scan, port_ranges
from scantui.detect.weights import SCAN, SUSPECT
from scantui.explain.attribution import Attribution
from scantui.explain.catalogue import Recognition
from scantui.explain.explanation import Explanation
from scantui.explain.place_lines import place_lines
from scantui.explain.rules.check import report as rules_report
from scantui.explain.rules.paragraphs import episode as rule_paragraphs
from scantui.explain.rules.trial import Outcome
from scantui.export.document import Block, Bullets, Code, Facts, Section, Table, Text, filled
from scantui.export.explanation import difference
from scantui.export.handover import Handover
from scantui.export.report_text import share
from scantui.export.times import iso, span
from scantui.snapshot import Detail, Mark

_MOST_RANGES = 1000
_MOST_EPISODES = 20


def what(scan: Scan) -> str:
    """A scan in a few words: `slow vertical tcp syn-fin`."""
    return " ".join(
        filter(None, ("slow" if scan.slow else "", scan.kind.value, scan.proto, ", ".join(scan.techniques)))
    )


def clock(micros: int, where: tzinfo) -> str:
    """A time for people: microseconds only where the stamp has them."""
    text = iso(micros, where)
    return text.replace(".000000", "").replace("T", " ", 1)


def ports_text(scan: Scan) -> str:
    """Its ports as ranges, cut where they are very many."""
    return port_ranges(scan.port_list, _MOST_RANGES).replace(",", ", ")


def excerpt(detail: Detail, most: int) -> list[int]:
    """Which of the dossier's log lines to quote: the first and the last ones, `most` together."""
    held = len(detail.raw)
    if held <= most:
        return list(range(held))
    head = -(-most // 2)
    return [*range(head), *range(held - (most - head), held)]


def tool_of(tools: Attribution | None) -> str:
    """The tool in a few words, "" when the log does not tell."""
    named = tools.named if tools is not None else None
    return f"consistent with {named.name} ({share(named.probability)})" if named is not None else ""


def source_section(handover: Handover, mark: Mark, figures: tuple[Block, ...] = ()) -> Section:
    """Everything of one chosen source; `figures` are drawings of it alone."""
    address, anchor = handover.snapshot.address(mark.code), f"source-{mark.code}"
    detail = handover.dossiers.get(mark.code)
    said = [Text(f"The analyst's note: {mark.note}")] if mark.note else []
    if mark.verdict:
        said.insert(0, Text(f"The analyst's verdict: {mark.verdict}."))
    if detail is None or not detail.events:
        return Section(address, anchor, [*said, Text("No event of this source is held.")])
    scan = detail.episodes[detail.episode] if detail.episodes else None
    parts = list(_parts(handover, detail, scan))
    if scan is None:
        judged = Text(f"{detail.events:,} events, too little to judge.")
    else:
        judged = Text(f"Judged: {scan.verdict.value}, {what(scan)}.", "lead")
    return Section(address, anchor, [judged, *said, *_facts(handover, detail, scan), *figures], parts)


def _facts(handover: Handover, detail: Detail, scan: Scan | None) -> Iterator[Block]:
    where = handover.wishes.where
    if scan is None:
        yield Facts([("First event", clock(detail.first, where)), ("Last event", clock(detail.last, where))])
        return
    pairs = [
        ("First packet", clock(scan.first, where)),
        (
            "Last packet",
            clock(scan.last, where) + (f" ({span(scan.last - scan.first)})" if scan.last > scan.first else ""),
        ),
        ("Flagged at", clock(scan.flagged_at, where) if scan.flagged_at is not None else "never"),
        ("Packets", f"{scan.packets:,}" + (f" in {scan.events:,} log lines" if scan.packets != scan.events else "")),
        ("Targets", f"{scan.targets:,}"),
        ("Ports", f"{scan.ports:,}" + (f": {ports_text(scan)}" if scan.port_list else "")),
    ]
    if scan.members:
        pairs.insert(
            0, ("Together", f"{len(scan.members):,} addresses of one /64 took turns; the figures are of all of them")
        )
    if detail.why is not None and (tool := tool_of(detail.why.tools)):
        pairs.append(("Tool", tool))
    yield Facts(pairs)


def _parts(handover: Handover, detail: Detail, scan: Scan | None) -> Iterator[Section]:
    key, where, why = detail.code, handover.wishes.where, detail.why
    pattern = list(_pattern(detail, why))
    if pattern:
        yield Section("Exact pattern", f"pattern-{key}", pattern)
    if scan is not None:
        title = "Why it was flagged" if scan.flagged_at is not None else "Why it was not flagged"
        yield Section(title, f"why-{key}", list(_evidence(scan, detail.evidence)))
    if why is not None and why.tools is not None:
        yield Section("Tool", f"tool-{key}", list(_tools(why.tools)))
    origin = why.origin if why is not None else ()
    if why is None and detail.place is not None:
        origin = place_lines(detail.place, None, detail.last)
    if origin:
        yield Section("Where it came from", f"origin-{key}", [Bullets(origin)])
    if detail.targets:
        rows = [tuple(line.rsplit("  ", 1)) if "  " in line else (line, "") for line in detail.targets]
        caption = "Targets, most packets first"
        yield Section("Targets", f"targets-{key}", [Table(caption, ("Target", "Events"), rows, ("code", "number"))])
    if why is not None:
        yield Section("What got through", f"audit-{key}", [Bullets(why.audit)])
        yield Section("What may lie behind it", f"story-{key}", [_stories(why)])
        if why.steps:
            yield Section("Next steps", f"next-{key}", [Bullets(why.steps)])
    others = [one for one in detail.episodes if scan is not None and one.id != scan.id]
    if others:
        yield Section("Other episodes of this source", f"episodes-{key}", list(_episodes(others, where)))
    if detail.rules is not None:
        yield Section("Rules", f"rules-{key}", [_rules(detail.rules, where)])
    yield Section("Log lines", f"lines-{key}", list(_lines(detail, handover.wishes.excerpt)))
    if why is not None and why.commands:
        told = Text("Sends the like, to test a sensor of your own. Never at networks of others.", "muted")
        yield Section("Send the same pattern", f"send-{key}", [told, Code("Commands", why.commands)])


def _pattern(detail: Detail, why: Explanation | None) -> Iterator[Block]:
    if why is not None:
        yield Text(why.line, "lead")
        yield Text(f"{why.name}: {_recognised(why.recognition)}")
    if detail.pattern:
        yield Table("What its packets have in common", ("Field", "What it does"), detail.pattern, ("text", "text"))


def _recognised(found: Recognition) -> str:
    if found.entry is not None:
        return f"in the catalogue as {found.entry.name}. {found.entry.note}"
    nearest = "; ".join(f"{near.entry.name} ({difference(near)})" for near in found.nearest)
    return "not in the catalogue" + (f"; nearest: {nearest}" if nearest else "")


def _evidence(scan: Scan, evidence: tuple[Evidence, ...]) -> Iterator[Block]:
    rows = [(f"{piece.weight:+.1f}", piece.name, piece.text) for piece in evidence]
    rows.append((f"{scan.score:+.1f}", "sum", f"judged {scan.verdict.value}"))
    yield Table("Evidence", ("Weight", "Evidence", "What was seen"), rows, ("number", "text", "text"))
    yield Text(
        "Weights are log-odds (natural logarithm): above zero speaks for a scan, below against. "
        f"From {SCAN:+.1f} the sum is called a scan, from {SUSPECT:+.1f} suspect.",
        "muted",
    )


def _tools(tools: Attribution) -> Iterator[Block]:
    yield Text(_named(tools))
    rows = [
        (share(one.probability), one.name, one.mode, " · ".join(one.speaks_for), " · ".join(one.against))
        for one in tools.candidates
    ]
    rows.append((share(tools.other), "none of these", tools.other_mode, "", ""))
    head = ("Probability", "Tool", "Mode", "Speaks for it", "Speaks against it")
    yield filled(Table("Tools that may have sent it", head, rows, ("number", "text", "text", "text", "text")))
    if tools.decide:
        yield Text("Would decide, were it logged:")
        yield Bullets(tools.decide)


def _named(tools: Attribution) -> str:
    if tools.named is None:
        text = "The tool is undecidable from what is logged."
    else:
        text = f"Consistent with {tools.named.name}, {tools.named.mode}. Other programs can send the same packets."
    return text + (f" Rests on {tools.about}; the others were made in other ways." if tools.about else "")


def _stories(why: Explanation) -> Table:
    rows = [(one.title, one.grade, one.text, one.rests_on, one.overturned_by) for one in why.story]
    head = ("Explanation", "Grade", "In words", "Rests on", "Overturned by")
    return Table("Explanations, likeliest first", head, rows, ("text",) * 5)


def _episodes(others: list[Scan], where: tzinfo) -> Iterator[Block]:
    rows = [
        (clock(scan.first, where), scan.verdict.value, what(scan), f"{scan.ports:,}", f"{scan.targets:,}")
        for scan in others[:_MOST_EPISODES]
    ]
    head = ("From", "Verdict", "What", "Ports", "Targets")
    yield Table("Newest first", head, rows, ("text", "verdict", "text", "number", "number"))
    if len(others) > _MOST_EPISODES:
        yield Text(f"and {len(others) - _MOST_EPISODES:,} more", "muted")


def _rules(found: Outcome, where: tzinfo) -> Code:
    from scantui import __version__

    report = rules_report(found, lambda micros: iso(micros, where), __version__)
    lines = [" " * one.indent + one.lead + one.text for one in rule_paragraphs(report)]
    return Code("Your rules on this scan, and drafts", lines)


def _lines(detail: Detail, most: int) -> Iterator[Block]:
    chosen = excerpt(detail, most)
    if not chosen:
        yield Text("No log line is quoted.")
        return
    if len(chosen) < detail.raw_of:
        yield Text(f"The first and the last of {detail.raw_of:,} lines, {len(chosen):,} together.", "muted")
    path = ""
    lines: list[str] = []
    made: list[Code] = []
    for place in chosen:
        raw = detail.raw[place]
        if raw.path != path and lines:
            made.append(Code(path, lines))
            lines = []
        path = raw.path
        lines.append(f"{raw.offset}: {raw.text}")
    yield from (*made, Code(path, lines))
    yield Text(
        "Before each line: its byte offset in the file. Bytes that cannot be shown are written as escapes.", "muted"
    )
