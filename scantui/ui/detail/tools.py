"""Tools: which could have made these packets, what speaks for and against each, and what would decide."""

from __future__ import annotations

from collections.abc import Iterator

from scantui.explain.attribution import Attribution
from scantui.snapshot import Detail, Snapshot
from scantui.ui.detail.pieces import BAR, point, section, text
from scantui.ui.lines import Parts
from scantui.ui.text import bar, fit, plain, wrap


def tools_lines(detail: Detail, _snapshot: Snapshot, width: int) -> Iterator[Parts]:
    """Candidates, the most probable first, and commands that send the same."""
    tools = detail.why.tools if detail.why is not None else None
    if detail.why is None or tools is None:
        yield from text("no scan here to name a tool for", width, "muted")
        return
    yield from _candidates(tools, width)
    if detail.why.commands:
        yield from section("sends the same, to try your own sensor with", width)
        for command in detail.why.commands:
            yield from text(command, width, hang=3)


def _candidates(tools: Attribution, width: int) -> Iterator[Parts]:
    if tools.named is None:
        yield ((" undecidable from what is logged", "strong"),)
    for one in tools.candidates:
        look = "strong" if one is tools.named else "plain"
        head = f" {min(one.probability, 0.99):4.0%} {fit(bar(one.probability, 1.0, BAR), BAR)} "
        for line in wrap(plain(f"{one.name}: {one.mode}"), max(8, width - len(head))):
            yield ((head, "muted"), (line, look))
            head = " " * len(head)
        for sign, look, texts in (("+", "scan", one.speaks_for), ("-", "benign", one.against)):
            for said in texts:
                yield from point(sign, look, said, width)
        if one.missing:
            yield from point("?", "muted", "not logged: " + ", ".join(one.missing), width)
    for field in tools.decide:
        yield from point("?", "accent", f"would decide: {field}", width, 1)
    yield from text(f"{tools.other:.0%} custom or other, {tools.other_mode}", width, "muted")
    if tools.about:
        yield from text(f"rests on {tools.about}; the others were made in other ways", width, "muted")
