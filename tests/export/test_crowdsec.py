"""The CrowdSec export: the list of decisions that `cscli decisions import` reads."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given

from scantui.export.blocked import blocklist
from scantui.export.crowdsec import EXPORT
from scantui.export.handover import Handover
from tests.export.handing import MIXED, SYNFIN, demo, noted, wishing
from tests.export.hostile import texts


def decisions(handover: Handover) -> list[dict[str, Any]]:
    return json.loads("".join(str(chunk) for chunk in EXPORT.render(handover)))


def test_decisions_are_those_of_the_handover() -> None:
    found = decisions(wishing(demo(MIXED), aggregate=True))
    assert [one["value"] for one in found] == [
        one.text for one in blocklist(wishing(demo(MIXED), aggregate=True)).entries
    ]
    assert {(one["scope"], "/" in one["value"]) for one in found} == {("Ip", False), ("Range", True)}
    assert {(one["duration"], one["type"], *sorted(one)) for one in found} == {
        ("24h", "ban", "duration", "reason", "scope", "type", "value")
    }


def test_cautions_stand_in_the_reason() -> None:
    (one,) = decisions(demo(SYNFIN))
    assert one["reason"].startswith("scantui: vertical tcp syn-fin, 200 ports of 1 host")
    assert "CAUTION: nothing shows who sent the packets" in one["reason"]


def test_for_good_is_ten_years() -> None:
    assert decisions(wishing(demo(SYNFIN), hours=0))[0]["duration"] == "87600h"


@given(texts)
def test_any_note_is_a_text(note: str) -> None:
    handover = noted(demo(SYNFIN), note)
    (one,) = decisions(handover)
    assert blocklist(handover).entries[0].why in one["reason"]
    assert one["reason"].isprintable()
