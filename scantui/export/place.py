"""What is known of an address as data: the facts as they were told, and what scantui reads in its names."""

from __future__ import annotations

from typing import Any

import msgspec

from scantui.explain.dynamic import looks_dynamic
from scantui.explain.place import Name, Place
from scantui.explain.surveys import survey_of


def place_item(place: Place | None) -> dict[str, Any] | None:
    """An object for JSON; None when nothing was asked. `names` and `registered` are null until a look-up was asked for."""
    if place is None:
        return None
    item: dict[str, Any] = msgspec.to_builtins(place)
    del item["waiting"]
    if place.names is not None:
        item["names"]["names"] = [_name(name, place.address) for name in place.names.names]
    return item | {"abuse": place.abuse or None}


def _name(name: Name, address: str) -> dict[str, Any]:
    dynamic, reason = looks_dynamic(name.text, address)
    survey = survey_of(name.text)
    return {
        "name": name.text,
        "resolves_back": name.confirmed,
        "looks_dynamic": dynamic,
        "because": reason,
        "form_of": survey.operator if survey is not None else None,
    }
