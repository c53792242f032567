"""One source in words: the lines of the detail pane, for a width."""

from __future__ import annotations

from collections.abc import Iterator

from scantui.detect.scan import Cluster, Evidence, Scan
from scantui.explain.attribution import Attribution
from scantui.explain.explanation import Explanation
from scantui.snapshot import Detail, Snapshot
from scantui.ui.columns import MARK, VERDICT_SIGNS
from scantui.ui.lines import Parts
from scantui.ui.text import SECOND, bar, fit, middle, plain, rate, span, spark, stamp, wrap

_BAR = 8
_MOST_PORT_LINES = 8
_MOST_TARGETS = 12
_MOST_EPISODES = 8
_MOST_RAW = 40


def _section(title: str, width: int) -> Iterator[Parts]:
    yield ((" ", "plain"),)
    yield ((f" {title} ", "accent"), ("─" * max(0, width - len(title) - 3), "muted"))


def _text(text: str, width: int, look: str = "plain", indent: int = 1) -> Iterator[Parts]:
    for line in wrap(plain(text), max(8, width - indent - 1)):
        yield ((" " * indent + line, look),)


def _head(detail: Detail, snapshot: Snapshot, width: int) -> Iterator[Parts]:
    if detail.episodes:
        scan = _weightiest(detail)
        verdict = scan.verdict.value
        kind = f"{'slow ' if scan.slow else ''}{scan.kind.value}"
        techniques = ", ".join(plain(name).upper() for name in scan.techniques) or "-"
        sign = f" {VERDICT_SIGNS[verdict]} {verdict}"
        rest = f"  {kind}  {plain(scan.proto)} {techniques}  score {scan.score:.1f}"
        if len(sign + rest) <= width:
            yield ((sign, verdict), (rest, "strong"))
        else:
            yield ((sign, verdict),)
            yield from _text(rest.lstrip(), width, "strong")
        if scan.flagged_at is not None:
            yield from _text(f"flagged {stamp(scan.flagged_at)}", width, "muted")
    else:
        yield ((" too little to judge", "muted"),)
    if mark := snapshot.marks.get(detail.code):
        yield from _text(f"{MARK} marked" + (f": {mark.note}" if mark.note else ""), width, "accent")


def _weightiest(detail: Detail) -> Scan:
    """The episode that the detail's evidence belongs to."""
    same = [scan for scan in detail.episodes if scan.evidence == detail.evidence]
    return same[0] if same else max(detail.episodes, key=lambda scan: scan.score)


def _pattern(pattern: tuple[tuple[str, str], ...], width: int) -> Iterator[Parts]:
    longest = min(16, max(len(plain(name)) for name, _ in pattern))
    for name, value in pattern:
        lines = wrap(plain(value), max(8, width - longest - 4))
        for number, line in enumerate(lines):
            head = plain(name) if number == 0 else ""
            yield ((" " + fit(head, longest) + "  ", "muted"), (line, "plain"))


def _evidence(evidence: tuple[Evidence, ...], width: int) -> Iterator[Parts]:
    peak = max(abs(piece.weight) for piece in evidence)
    for piece in sorted(evidence, key=lambda e: -abs(e.weight)):
        look = "scan" if piece.weight > 0 else "benign"
        weight = f" {piece.weight:+5.1f} "
        yield ((weight, look), (fit(bar(abs(piece.weight), peak, _BAR), _BAR) + " ", look),
               (plain(piece.name), "plain"))  # fmt: skip
        yield from _text(piece.text, width, "muted", indent=7)


def _times(detail: Detail, width: int) -> Iterator[Parts]:
    lasted = detail.last - detail.first
    yield ((" first  ", "muted"), (stamp(detail.first), "plain"))
    yield ((" last   ", "muted"), (stamp(detail.last), "plain"))
    per_second = f", {rate(detail.events * SECOND / lasted)}" if lasted > 0 else ""
    yield ((" in     ", "muted"), (f"{span(lasted)}: {detail.events:,} events{per_second}", "plain"))
    if any(detail.timeline):
        yield ((" " + spark(detail.timeline, width - 2), "muted"),)


def _episodes(episodes: tuple[Scan, ...]) -> Iterator[Parts]:
    for scan in episodes[:_MOST_EPISODES]:
        verdict = scan.verdict.value
        yield ((f" {VERDICT_SIGNS[verdict]} ", verdict),
               (f"{stamp(scan.first)}  {scan.kind.value}  {scan.ports:,} × {scan.targets:,}", "plain"))  # fmt: skip
    if len(episodes) > _MOST_EPISODES:
        yield ((f" and {len(episodes) - _MOST_EPISODES} earlier", "muted"),)


def _cluster(cluster: Cluster, snapshot: Snapshot, width: int) -> Iterator[Parts]:
    yield from _text(f"{cluster.id}: {cluster.relation}, {len(cluster.sources)} sources", width, "strong")
    if cluster.text:
        yield from _text(cluster.text, width)
    shared = ", ".join(f"{name} {value}" for name, value in cluster.signature.items())
    if shared:
        yield from _text(f"in common: {shared}", width, "muted")
    for code in cluster.sources[:_MOST_TARGETS]:
        yield from _text(snapshot.address(code) or "?", width, "plain", indent=2)
    if len(cluster.sources) > _MOST_TARGETS:
        yield ((f"  and {len(cluster.sources) - _MOST_TARGETS} more", "muted"),)


def _ports(text: str, width: int) -> Iterator[Parts]:
    lines = wrap(plain(text) or "-", max(8, width - 2))
    for line in lines[:_MOST_PORT_LINES]:
        yield ((" " + line, "plain"),)
    if len(lines) > _MOST_PORT_LINES:
        yield ((" …", "muted"),)


def _tools(tools: Attribution, width: int) -> Iterator[Parts]:
    """The candidates with what speaks for (+) and against (-) them, and what would decide."""
    if tools.named is None:
        yield ((" undecidable from what is logged", "strong"),)
    for one in tools.candidates:
        head = f" {min(one.probability, 0.99):4.0%} "
        yield ((head, "muted"), (fit(bar(one.probability, 1.0, _BAR), _BAR) + " ", "muted"),
               (plain(f"{one.name}: {one.mode}"), "strong" if one is tools.named else "plain"))  # fmt: skip
        for sign, look, texts in (("+", "scan", one.speaks_for), ("-", "benign", one.against)):
            for text in texts:
                yield from _marked(sign, look, text, width)
        if one.missing:
            yield from _marked("?", "muted", "not logged: " + ", ".join(one.missing), width)
    yield from _text(f"{tools.other:.0%} custom or other, {tools.other_mode}", width, "muted")
    for text in tools.decide:
        yield from _marked("?", "accent", f"would decide: {text}", width)


def _marked(sign: str, look: str, text: str, width: int) -> Iterator[Parts]:
    for number, line in enumerate(wrap(plain(text), max(8, width - 10))):
        yield ((f"       {sign if number == 0 else ' '} ", look), (line, "muted"))


def _why(why: Explanation, width: int) -> Iterator[Parts]:
    """What the explanation adds to the evidence, in the order an analyst asks."""
    if why.tools is not None:
        yield from _section("tools", width)
        yield from _tools(why.tools, width)
    yield from _section("origin", width)
    for text in why.origin:
        yield from _text(text, width)
    yield from _section("what got through", width)
    for text in why.audit:
        yield from _text(text, width)
    yield from _section("what may lie behind it", width)
    for story in why.story:
        yield from _text(f"{story.grade}: {story.title}", width, "strong")
        yield from _text(story.text, width)
        yield from _text(f"rests on: {story.rests_on}", width, "muted", indent=3)
        yield from _text(f"overturned by: {story.overturned_by}", width, "muted", indent=3)
    if why.feed:
        yield from _section("what this log cannot show", width)
        for text in why.feed:
            yield from _text(text, width, "muted")
    yield from _section("next", width)
    for text in why.steps:
        yield from _text(text, width)


def _recognised(why: Explanation, width: int) -> Iterator[Parts]:
    """The pattern's own name and its name in the catalogue, if it has one."""
    entry = why.recognition.entry
    known = (
        "not in the catalogue" if entry is None else f"in the catalogue{' (yours)' if entry.own else ''}: {entry.name}"
    )
    yield from _text(f"{why.name}; {known}", width, "muted")


def detail_lines(detail: Detail, snapshot: Snapshot, width: int) -> list[Parts]:
    """All about one source, top to bottom: verdict, pattern, why, with what, from where, when, with whom, and
    the log's words."""
    lines = list(_head(detail, snapshot, width))
    if detail.pattern:
        lines += [*_section("pattern", width), *_pattern(detail.pattern, width)]
        if detail.why is not None:
            lines += _recognised(detail.why, width)
    if detail.evidence:
        lines += [*_section("why", width), *_evidence(detail.evidence, width)]
    if detail.why is not None:
        lines += _why(detail.why, width)
    lines += [*_section("when", width), *_times(detail, width)]
    lines += [*_section("ports", width), *_ports(detail.ports_text, width)]
    if detail.targets:
        lines += _section(f"targets ({len(detail.targets)})" if len(detail.targets) > 1 else "target", width)
        for target in detail.targets[:_MOST_TARGETS]:
            lines += _text(target, width)
        if len(detail.targets) > _MOST_TARGETS:
            lines.append(((f" and {len(detail.targets) - _MOST_TARGETS} more", "muted"),))
    if len(detail.episodes) > 1:
        lines += [*_section("episodes", width), *_episodes(detail.episodes)]
    if detail.cluster is not None:
        lines += [*_section("cluster", width), *_cluster(detail.cluster, snapshot, width)]
    if detail.raw:
        lines += _section("log lines (enter: full screen)", width)
        for raw in detail.raw[:_MOST_RAW]:
            lines.append(((" " + plain(raw.text), "muted"),))
    return lines


def breadcrumb(address: str, detail: Detail | None, width: int) -> str:
    """`sources › 203.0.113.7 › vertical 03:14:01`, or as much of it around the address as fits."""
    address = plain(address)
    episode = ""
    if detail is not None and detail.episodes:
        scan = _weightiest(detail)
        episode = f" › {scan.kind.value} {stamp(scan.first)[11:19]}"
    forms = (f" sources › {address}{episode}", f" {address}{episode}", f" {address}", address)
    return next((form for form in forms if len(form) <= width), middle(address, width))
