"""A handover in which a text stands wherever a stranger could have put one."""

from __future__ import annotations

from dataclasses import replace

from scantui.explain.place import Claim, Name, Names, Place, Registered, Registration
from scantui.export.handover import Handover
from scantui.safe_text import harmless
from scantui.snapshot import Detail, Mark, RawLine


def poisoned(handover: Handover, text: str) -> Handover:
    """The same, with `text` in notes, log lines, paths, places, patterns, evidence, clusters and the wishes."""
    snapshot = handover.snapshot
    marks = {code: Mark(code, text, handover.made_at) for code in handover.marks}
    inputs = tuple(replace(item, path=text, doubt=text) for item in snapshot.status.inputs)
    clusters = tuple(replace(group, text=text) for group in snapshot.clusters)
    status = replace(snapshot.status, inputs=inputs, judging=(text,))
    return replace(
        handover,
        marks=marks,
        snapshot=replace(snapshot, marks=marks, status=status, clusters=clusters, cannot_see=(text,)),
        dossiers={code: _poisoned(one, text) for code, one in handover.dossiers.items()},
        wishes=replace(handover.wishes, reporter=text, organisation=text),
    )


def placed(handover: Handover, code: int, place: Place) -> Handover:
    """The same, with these facts about a source's address."""
    return replace(handover, dossiers=dict(handover.dossiers) | {code: replace(handover.dossiers[code], place=place)})


def registered(address: str, abuse: str, organisation: str = "Example Net", claims: tuple[Claim, ...] = ()) -> Place:
    """What a registry and databases say of an address."""
    told = Registered("2027-01-15T07:00:00Z", Registration("RIPE NCC", "", "", organisation=organisation, abuse=abuse))
    return Place(address, claims=claims, registered=told)


def _poisoned(detail: Detail, text: str) -> Detail:
    place = replace(
        registered(detail.address, text, text, (Claim(text, text, asn=64496, organisation=text),)),
        names=Names("2027-01-15T07:00:00Z", (Name(text, True),)),
    )
    why = detail.why
    assert why is not None
    safe = harmless(text)  # as it is promised of explanations
    story = tuple(replace(one, title=safe, text=safe) for one in why.story)
    return replace(
        detail,
        pattern=(*detail.pattern, ("log prefix", text)),
        raw=tuple(RawLine(line.ts, text, line.offset, text) for line in detail.raw[:4]),
        targets=(*detail.targets, text),
        place=place,
        why=replace(
            why, line=safe, origin=(*why.origin, safe), audit=(safe,), feed=(safe,), commands=(safe,), story=story
        ),
    )
