"""Stories and steps that rest on facts about an address. They weigh little while the source is unproven."""

from __future__ import annotations

from collections.abc import Iterator

from scantui.detect.scan import Kind, Verdict
from scantui.explain.addresses import is_inside
from scantui.explain.case import Case, Story
from scantui.explain.dynamic import looks_dynamic
from scantui.explain.observation import ODD
from scantui.explain.origin import PROVEN, SPOOFABLE
from scantui.explain.place import Place
from scantui.explain.surveys import named_by_dns, survey_of

_MANY_PORTS = 100
_FAST = 60_000_000  # microseconds; surveys spread their probes so that no host gets many at once (Durumeric 2013, ZMap)


def place_stories(place: Place, case: Case) -> tuple[Story, ...]:
    """Stories of a hostile scan that rest on what is known of its address."""
    if case.scan.verdict is Verdict.BENIGN:
        return ()
    return (*_survey(place, case), *_line(place, case), *_own(place))


def misfit(case: Case) -> str:
    """Why a scan is not one that surveys of the whole Internet make; "" when it may be."""
    scan = case.scan
    odd = ODD & set(scan.techniques[:1])
    if odd:
        return f"surveys send what every system answers, and this is {', '.join(odd)}"
    if scan.kind is Kind.VERTICAL and scan.ports >= _MANY_PORTS and scan.last - scan.first < _FAST:
        hosts = "one host" if scan.targets == 1 else f"{scan.targets:,} hosts"
        return f"surveys spread their probes, and here {scan.ports:,} ports of {hosts} were tried within a minute"
    if case.covers is not None and case.covers.impossible:
        return f"surveys go through the whole Internet, and here {case.covers.text}"
    return ""


def _renamed(place: Place) -> str:
    """What the address's own name says against a list; "" when nothing does."""
    for name in place.names.names if place.names is not None else ():
        if name.confirmed and survey_of(name.text) is None:
            return f"the address has another name now, {name.text}"
    return ""


def _survey(place: Place, case: Case) -> Iterator[Story]:
    operator, name = named_by_dns(place)
    listed = next((one for one in place.listed if one.name), place.listed[0] if place.listed else None)
    if not operator and listed is None:
        return
    decoys = "several addresses were used at once, most of them forged" if case.relation == "decoy" else ""
    against = "; ".join(filter(None, (misfit(case), decoys, "" if operator else _renamed(place))))
    rests = [f"{name} resolves back to {place.address}"] if operator else []
    rests += [f"{listed.file}, line {listed.line}"] if listed is not None else []
    text = f"The address is {operator}'s, who measures the whole Internet and did not choose you."
    if listed is not None and not operator:
        who = f"{listed.name}'s" if listed.name else "a known scanner's"
        text = (
            f"By a list the address is {who}. If that is one that measures the whole Internet, it did not choose you."
        )
    forged = "" if case.grade == PROVEN else " If the source is forged, its operator has nothing to do with it."
    yield Story(
        "a scanner that is known by name",
        "unlikely" if against else "likely" if operator or case.grade == PROVEN else "possible",
        text + forged,
        "; ".join(rests) + (f"; against it: {against}" if against else "; nothing in its probes speaks against it"),
        "the operator denies it, the name no longer resolves back, or requests follow that try to break in",
    )


def _line(place: Place, case: Case) -> Iterator[Story]:
    for name in place.names.names if place.names is not None else ():
        dynamic, reason = looks_dynamic(name.text, place.address)
        if not dynamic:
            continue
        bot = case.named == "mirai-like"
        doubt = "" if case.grade == PROVEN else "If the source is real, it"
        yield Story(
            "a customer's line",
            "likely" if bot and case.grade != SPOOFABLE else "possible",
            f"{doubt or 'It'} is the line of a provider's customer: its owner, a bot on one of its devices, or someone who "
            "relays through it. Which of these, the log does not tell; the holder may change from day to day.",
            f"the name {name.text} {reason}" + ("; packets of a telnet bot" if bot else ""),
            "the provider says that the address is fixed, or a server's",
        )
        return


def _own(place: Place) -> Iterator[Story]:
    if place.own is None or is_inside(place.address):
        return
    guess = ", which was guessed" if place.own.guessed else ""
    yield Story(
        "a host of your own, scanning",
        "possible" if place.own.guessed else "likely",
        f"The address is in your own network {place.own.network}{guess}: one of your hosts scans, by order or by intrusion, or "
        "someone outside forges an inside address.",
        f"the source address lies in {place.own.network}",
        "an interface in the log line that faces outward (then it is forged)",
    )


def place_steps(place: Place, case: Case) -> tuple[str, ...]:
    """What to do with the abuse mailbox, if it is known."""
    if not place.abuse or case.scan.verdict is Verdict.BENIGN:
        return ()
    if case.relation == "decoy":
        return (f"do not write to {place.abuse}: among decoys the address may be an innocent's",)
    if case.grade == SPOOFABLE:
        return (f"write to {place.abuse} with the log lines, and say that no handshake proves the source",)
    return (f"report it to {place.abuse} with the log lines and their time zone",)
