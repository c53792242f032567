"""What is written to a network's abuse desk: courteous, exact, and accusing nobody of what the log does not show."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

import numpy as np

from scantui import __version__
from scantui.detect.scan import Scan, port_ranges
from scantui.events import TsQuality
from scantui.export.handover import Handover, Wishes
from scantui.export.incident_source import excerpt, tool_of
from scantui.export.operators import Operator
from scantui.export.standing import Standing
from scantui.export.times import iso
from scantui.safe_text import harmless

FILL_IN = "[fill in]"
_WIDTH = 72
_LABEL = 14
_MOST_RANGES, _MOST_TARGETS = 60, 8
_MOST_LINES = 400  # quoted in one letter
_MOST_NAME = 200
_CLOCKS = {
    TsQuality.SECOND: "to the second",
    TsQuality.MINUTE: "to the minute",
    TsQuality.GUESSED_YEAR: "without year and zone in the log: both are taken for what they most likely are",
    TsQuality.GUESSED_ZONE: "without a zone in the log: taken for what it most likely is",
    TsQuality.ARRIVAL: "of when the line was read: the log has no stamps of its own",
}


def subject(operator: Operator) -> str:
    """Of one letter."""
    one = operator.standings[0]
    who = one.address if len(operator.standings) == 1 else f"{len(operator.standings):,} addresses"
    doubt = " (sender not proven)" if all(one.unproven for one in operator.standings) else ""
    return f"Port scan packets from {who}, {iso(min(one.scans[0].first for one in operator.standings))[:10]}{doubt}"


def letter(handover: Handover, operator: Operator) -> str:
    """The letter's text, lines of at most 72 characters but for the log's own."""
    return "\n".join(_lines(handover, operator)) + "\n"


def quoted(handover: Handover, operator: Operator, one: Standing) -> list[str]:
    """The log lines of one source that a letter quotes: so many that all of its sources have their share."""
    dossier = handover.dossiers.get(one.code)
    if dossier is None:
        return []
    most = min(handover.wishes.excerpt, max(2, _MOST_LINES // len(operator.standings)))
    return [harmless(dossier.raw[place].text) for place in excerpt(dossier, most)]


def _lines(handover: Handover, operator: Operator) -> Iterator[str]:
    yield from _wrap(f"To the abuse desk of {harmless(operator.name, _MOST_NAME)},")
    yield ""
    several = len(operator.standings) > 1
    doubt = all(one.unproven for one in operator.standings)
    yield from _wrap(
        f"our network sensor logged port scan packets whose source {'addresses are' if several else 'address is'} in your "
        + (
            "network. The log does not prove who sent them, so this accuses nobody: it asks you to look."
            if doubt
            else "network."
        )
    )
    for one in operator.standings:
        yield ""
        yield from _source(handover, one)
    yield ""
    yield from _wrap(f"All times are UTC{_clock(handover, operator)}.")
    yield ""
    yield from _wrap(
        "We ask you to check whether this traffic left your network and, if it did, whether the host behind it is compromised "
        "or misused, and to see that it ends. If it never left your network, the source address was forged; then please take "
        "no action against anyone. Either way we would be glad of a word."
    )
    yield ""
    yield from _wrap("With kind regards")
    yield ""
    yield from _signature(handover.wishes)
    for one in operator.standings:
        lines = quoted(handover, operator, one)
        if lines:
            yield ""
            yield from _wrap(f"Log lines of {one.address}{_share(handover, one, len(lines))}, targets are ours:")
            yield ""
            yield from lines
    yield ""
    yield from _wrap(
        "Attached for machines: XARF 4 (xarf.org). Made from our own logs by scantui "
        + __version__
        + ", a port scan monitor."
    )


def _source(handover: Handover, one: Standing) -> Iterator[str]:
    yield one.address
    for scan in one.scans[:1]:
        for name, value in _facts(handover, one, scan):
            yield from _wrap(value, f"  {name:{_LABEL}}")
    if len(one.scans) > 1:
        yield from _wrap(f"{len(one.scans) - 1:,} more such episodes in our log", f"  {'besides':{_LABEL}}")
    if one.decoy:
        yield from _wrap(
            "one of several addresses that sent the same packets at once: one sender and decoys. Most likely this address "
            "is a decoy, and its user has no part in it",
            f"  {'sender':{_LABEL}}",
        )
    elif one.unproven:
        yield from _wrap(f"not proven. {one.why}", f"  {'sender':{_LABEL}}")
    else:
        yield from _wrap(f"{one.grade}: {one.why}", f"  {'sender':{_LABEL}}")


def _facts(handover: Handover, one: Standing, scan: Scan) -> Iterator[tuple[str, str]]:
    yield "first packet", _utc(scan.first)
    yield "last packet", _utc(scan.last)
    if scan.members:
        yield "together", f"{len(scan.members):,} addresses of one /64 took turns; the figures are of all of them"
    yield "packets", f"{scan.packets:,}"
    names = [handover.snapshot.address(code) for code in scan.target_list[:_MOST_TARGETS]]
    more = f" and {scan.targets - len(names):,} more" if scan.targets > len(names) else ""
    yield "targets", f"{scan.targets:,}: {', '.join(names)}{more}"
    if scan.port_list:
        yield "ports", f"{scan.ports:,} {scan.proto}: {port_ranges(scan.port_list, _MOST_RANGES).replace(',', ', ')}"
    dossier = handover.dossiers.get(one.code)
    why = dossier.why if dossier is not None else None
    if why is not None and dossier is not None and dossier.episodes[dossier.episode].id == scan.id:
        yield "pattern", harmless(why.line)
        if tool := tool_of(why.tools):
            yield "tool", harmless(tool)


def _utc(micros: int) -> str:
    return iso(micros).replace("T", " ").replace(".000000", "").replace("Z", " UTC")


def _clock(handover: Handover, operator: Operator) -> str:
    """How far the stamps can be trusted, by the worst of them."""
    events = handover.events
    if events is None or not len(events):
        return ""
    mine = np.isin(events.src, np.array([one.code for one in operator.standings], np.uint32))
    worst = TsQuality(int(events.ts_quality[mine].max())) if mine.any() else TsQuality.EXACT
    return f", {_CLOCKS[worst]}" if worst in _CLOCKS else ""


def _share(handover: Handover, one: Standing, shown: int) -> str:
    of = handover.dossiers[one.code].raw_of
    return f", the first and the last of {of:,}" if shown < of else ""


def _signature(wishes: Wishes) -> Iterator[str]:
    for text, name in ((wishes.reporter, "name"), (wishes.organisation, "organisation"), (wishes.contact, "contact")):
        yield harmless(text, _MOST_NAME) if text.strip() else f"{FILL_IN}: your {name}"


def _wrap(text: str, start: str = "") -> list[str]:
    return textwrap.wrap(
        harmless(text), _WIDTH, initial_indent=start, subsequent_indent=" " * len(start), break_on_hyphens=False,
        break_long_words=False,
    )  # fmt: skip
