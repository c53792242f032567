"""Who runs the network around an address, by what databases and registries said: whom one letter goes to."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import ip_network

from scantui.explain.place import Place
from scantui.export.handover import Handover
from scantui.export.standing import Standing

# A mailbox as dot-atom and host name (RFC 5321 §4.1.2, without quoted strings and address literals).
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_MAILBOX = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})+")
_MOST = 254  # characters (RFC 5321 §4.5.3.1.3)


@dataclass(frozen=True, slots=True)
class Operator:
    """`name` as it is written to; `mailbox` is "" when none is known, `told` says who named it. `standings`: its addresses."""

    name: str
    mailbox: str
    told: str
    standings: tuple[Standing, ...]


def mailbox_of(text: str) -> str:
    """`text` when it is one plain mail address, else "": what is not is no recipient and no header."""
    text = text.strip()
    return text if len(text) <= _MOST and _MAILBOX.fullmatch(text) else ""


def operators(handover: Handover, standings: Iterable[Standing]) -> tuple[Operator, ...]:
    """One for each mailbox, else autonomous system, else organisation, else network (/24 or /64), in order of appearance."""
    groups: dict[tuple[str, str], list[Standing]] = {}
    for one in standings:
        groups.setdefault(_key(_place(handover, one), one.address), []).append(one)
    return tuple(_operator(handover, key, tuple(group)) for key, group in groups.items())


def _place(handover: Handover, one: Standing) -> Place:
    dossier = handover.dossiers.get(one.code)
    return dossier.place if dossier is not None and dossier.place is not None else Place(one.address)


def _key(place: Place, address: str) -> tuple[str, str]:
    if mailbox := mailbox_of(place.abuse):
        return "mailbox", mailbox.lower()
    for claim in place.claims:
        if claim.asn is not None:
            return "as", str(claim.asn)
    if organisation := _organisation(place):
        return "organisation", organisation
    return "network", str(ip_network(f"{address}/{64 if ':' in address else 24}", strict=False))


def _organisation(place: Place) -> str:
    registration = place.registered.registration if place.registered is not None else None
    if registration is not None and (registration.organisation or registration.name):
        return registration.organisation or registration.name
    return next((claim.organisation for claim in place.claims if claim.organisation), "")


def _operator(handover: Handover, key: tuple[str, str], group: tuple[Standing, ...]) -> Operator:
    kind, text = key
    place = _place(handover, group[0])
    organisation = _organisation(place)
    if kind == "network":
        name = f"the network {text}"
    elif kind == "as":
        name = f"AS{text}" + (f" {organisation}" if organisation else "")
    else:
        name = organisation or text
    if kind != "mailbox":
        told = "scantui was told of no abuse mailbox; --lookup asks the registry for it"
        if kind == "network":
            told += "; nor of the operator, so this is for one network"
        return Operator(name, "", told, group)
    found = place.registered
    assert found is not None and found.registration is not None  # the mailbox came from there
    return Operator(
        name, mailbox_of(place.abuse), f"by RDAP of {found.registration.registry}, asked {found.asked}", group
    )
