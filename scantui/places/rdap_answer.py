"""Reading RDAP: the bootstrap registry (RFC 9224) and an answer on an IP network (RFC 9083). Neither is trusted in form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import ip_address, ip_network
from typing import Any
from urllib.parse import urlsplit

import msgspec

from scantui.explain.place import Registration

_MAILBOX = re.compile(r"[A-Za-z0-9._%+=~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", re.ASCII)
_MOST_ENTITIES, _DEEPEST = 200, 5
_REGISTRIES = {
    "rdap.arin.net": "ARIN", "rdap.db.ripe.net": "RIPE NCC", "rdap.apnic.net": "APNIC", "rdap.afrinic.net": "AFRINIC",
    "rdap.lacnic.net": "LACNIC", "rdap.registro.br": "NIC.br",
}  # fmt: skip


def registry_of(url: str) -> str:
    """Who answers at a URL: the registry, or the host where it is none of the known ones."""
    host = urlsplit(url).hostname or "?"
    return _REGISTRIES.get(host, host)


def decoded(body: bytes) -> dict[str, Any]:
    """A JSON object. Raises ValueError."""
    try:
        data = msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError) as error:
        raise ValueError("not JSON") from error
    if not isinstance(data, dict):
        raise ValueError("not a JSON object")
    return data


def server_for(address: str, bootstrap: dict[str, Any]) -> str:
    """The base URL of the registry with the smallest block around `address`, https where there is a choice; "" if none."""
    wanted = ip_address(address)
    best, length = "", -1
    for service in _list(bootstrap.get("services")):
        blocks, urls = (*_list(service), [], [])[:2]
        texts = [url for url in _list(urls) if isinstance(url, str)]
        texts.sort(key=lambda url: not url.startswith("https:"))
        for block in _list(blocks):
            if not isinstance(block, str):  # a number would be an address too
                continue
            try:
                network = ip_network(block)
            except ValueError:
                continue
            if texts and network.version == wanted.version and wanted in network and network.prefixlen > length:
                best, length = texts[0], network.prefixlen
    return best if not best or best.endswith("/") else best + "/"


def registration(data: dict[str, Any], address: str, registry: str) -> Registration:
    """What an answer says of the network around `address`. Raises ValueError when it is an answer to something else."""
    first, last = _text(data, "startAddress"), _text(data, "endAddress")
    try:
        inside = ip_address(first) <= ip_address(address) <= ip_address(last)  # type: ignore[operator]
    except (ValueError, TypeError):
        inside = False
    if not inside:
        raise ValueError("its answer is not on a network around the address")
    entities = list(_entities(data, 0))[:_MOST_ENTITIES]
    return Registration(
        registry=registry,
        first=first,
        last=last,
        handle=_text(data, "handle"),
        name=_text(data, "name"),
        kind=_text(data, "type"),
        country=_text(data, "country"),
        organisation=_organisation(entities),
        abuse=next((mail for entity in entities if "abuse" in _roles(entity) for mail in _mailboxes(entity)), ""),
    )


def _organisation(entities: list[dict[str, Any]]) -> str:
    for entity in entities:
        if "registrant" in _roles(entity):
            for field in ("org", "fn"):
                for value in _card(entity, field):
                    if value:
                        return value
    return ""


def _entities(data: dict[str, Any], depth: int) -> Iterator[dict[str, Any]]:
    """Entities, the outer ones first: an abuse contact is often inside the registrant's entity."""
    inner = [one for one in _list(data.get("entities")) if isinstance(one, dict)]
    yield from inner
    if depth < _DEEPEST:
        for one in inner[:_MOST_ENTITIES]:
            yield from _entities(one, depth + 1)


def _mailboxes(entity: dict[str, Any]) -> Iterator[str]:
    for value in _card(entity, "email"):
        mail = value.removeprefix("mailto:").strip()
        if len(mail) <= 254 and _MAILBOX.fullmatch(mail):
            yield mail


def _card(entity: dict[str, Any], field: str) -> Iterator[str]:
    """The text values of a jCard's field (RFC 7095: ["vcard", [[name, parameters, type, value...], ...]])."""
    card = _list(entity.get("vcardArray"))
    for row in _list(card[1]) if len(card) == 2 else []:
        if isinstance(row, list) and len(row) >= 4 and row[0] == field:
            value = row[3]
            if isinstance(value, list):
                value = " ".join(part for part in value if isinstance(part, str))
            if isinstance(value, str):
                yield value.strip()


def _roles(entity: dict[str, Any]) -> list[Any]:
    return _list(entity.get("roles"))


def _text(data: dict[str, Any], key: str) -> str:
    value = data.get(key)
    return value.strip() if isinstance(value, str) else ""


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
