"""What is known of an address, in sentences for the origin: each says who claims it, and none says more than an address can."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

from scantui.explain.dynamic import looks_dynamic
from scantui.explain.origin import PROVEN
from scantui.explain.place import Claim, Listed, Name, Place, Registered
from scantui.explain.surveys import survey_of

_OLD = 90  # days between a database and the packets, from which on it is worth saying
_MOST_LISTED = 6
_LIMIT = ": where a database puts the address, not where a sender sits"


def place_lines(place: Place, grade: str | None, when: int) -> tuple[str, ...]:
    """Sentences. `grade` of the source's provenance, None when it was not judged; `when`: the time of its packets, in us."""
    return tuple(_lines(place, grade, when))


def _lines(place: Place, grade: str | None, when: int) -> Iterator[str]:
    if place.own is not None:
        how = "guessed from who is asked by many" if place.own.guessed else "given by --home"
        yield (f"inside your own networks ({place.own.network}, {how}): the sender is inside, or the address is forged")
    for claim in place.claims:
        yield _claimed(claim, when) + (
            _LIMIT if claim is place.claims[-1] and any(one.tells for one in place.claims) else ""
        )
    for one in place.listed[:_MOST_LISTED]:
        yield _listed(one, grade)
    if len(place.listed) > _MOST_LISTED:
        yield f"and on {len(place.listed) - _MOST_LISTED} more of the lists given"
    if place.names is not None:
        if place.names.failure:
            yield f"rDNS: {place.names.failure} (asked {place.names.asked})"
        for name in place.names.names:
            yield from _named(name, place)
    if place.registered is not None:
        yield _registered(place.registered)
    if place.waiting:
        yield place.waiting
    outside = place.claims or place.listed or place.names is not None or place.registered is not None
    if outside and grade != PROVEN:
        yield "all of these describe the address; that its holder sent the packets, no finished handshake proves"


def _claimed(claim: Claim, when: int) -> str:
    source = f"{claim.database} of {claim.built}"
    if claim.problem:
        return f"{source}: {claim.problem}"
    country = claim.country
    if claim.registered and claim.registered != country:
        country = f"{country or 'country not given'}, registered in {claim.registered}"
    parts = [
        f"AS{claim.asn} {claim.organisation}".rstrip() if claim.asn is not None else claim.organisation,
        ", ".join(filter(None, (claim.city, country))),
        f"marked as {', '.join(claim.marks)}" if claim.marks else "",
    ]
    told = "; ".join(filter(None, parts))
    if not told:
        return f"{source}: nothing on this address"
    network = f" ({claim.network})" if claim.network else ""
    return f"{source}: {told}{network}{_age(claim.built, when)}"


def _age(built: str, when: int) -> str:
    """How far a database is from the packets; addresses change hands."""
    try:
        apart = (date.fromisoformat(built) - datetime.fromtimestamp(when / 1e6, UTC).date()).days
    except (ValueError, OverflowError, OSError):
        return ""
    if abs(apart) < _OLD:
        return ""
    return f", built {abs(apart):,} days {'after' if apart > 0 else 'before'} these packets"


def _listed(one: Listed, grade: str | None) -> str:
    who = f"listed as {one.name}" if one.name else "listed"
    doubt = "" if grade == PROVEN else ": a list names an address, and a forged packet can carry it"
    return f"{who} by {one.file}, line {one.line} ({one.network}){doubt}"


def _named(name: Name, place: Place) -> Iterator[str]:
    back = {
        True: f"which resolves back to {place.address}",
        False: f"which does not resolve back to {place.address}: whoever runs its reverse zone can write any name",
        None: "and whether it resolves back is not known: that question got no answer",
    }[name.confirmed]
    asked = place.names.asked if place.names is not None else ""
    yield f"rDNS: {name.text}, {back} (asked {asked})"
    survey = survey_of(name.text)
    if survey is not None:
        yield (
            f"{survey.operator} gives its scanners such names"
            if name.confirmed
            else f"the name has the form of {survey.operator}'s scanners, and nothing confirms it"
        )
    dynamic, reason = looks_dynamic(name.text, place.address)
    if dynamic:
        yield (
            f"the name looks dynamic ({reason}): such an address is likely a customer's line and may have another holder "
            "tomorrow"
        )
    elif reason:
        yield f"the name does not look dynamic: {reason}"


def _registered(found: Registered) -> str:
    one = found.registration
    if one is None:
        return f"RDAP: {found.failure} (asked {found.asked})"
    parts = [
        f"{one.first} - {one.last}",
        " ".join(filter(None, (one.name, f"({one.handle})" if one.handle and one.handle != one.name else ""))),
        one.kind,
        one.organisation,
        one.country,
        f"abuse mailbox {one.abuse}" if one.abuse else "no abuse mailbox given",
    ]
    return f"RDAP, {one.registry}: {', '.join(filter(None, parts))} (asked {found.asked})"
