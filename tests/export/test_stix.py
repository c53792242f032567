"""The STIX bundle: valid by the reference validator, the same ids every time, and as sure as the log allows."""

from __future__ import annotations

import json
import re
import sys
from dataclasses import replace
from typing import Any

import pytest
import stix2
from hypothesis import HealthCheck, given, settings
from stix2.pattern_visitor import create_pattern_object
from stix2validator import ValidationOptions, validate_string

from scantui.export import stix
from scantui.export.handover import Handover
from scantui.export.stix_text import stix_string
from scantui.export.stix_traffic import MOST
from scantui.safe_text import harmless
from tests.export.handing import MADE_AT, MIXED, SYNFIN, demo, noted, wishing
from tests.export.hostile import texts
from tests.export.poisoned import poisoned

# Recommendations of the standard that are left on purpose: random ids (ours are the same every time), both ports.
_LEFT = ["uuid-check", "network-traffic-ports"]


def _bundle(handover: Handover) -> list[dict[str, Any]]:
    text = "".join(stix.render(handover))
    found = validate_string(text, ValidationOptions(version="2.1", strict=True, disabled=_LEFT))
    assert found.is_valid, [str(error) for error in found.errors]
    stix2.parse(text)
    objects: list[dict[str, Any]] = json.loads(text)["objects"]
    ids = [one["id"] for one in objects]
    assert len(ids) == len(set(ids))
    for one in objects:
        refs = [value for name, value in one.items() if name.endswith("_ref")]
        refs += [ref for name, value in one.items() if name.endswith("_refs") for ref in value]
        assert set(refs) <= set(ids)
    return objects


def _of(objects: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    return [one for one in objects if one["type"] == kind]


@pytest.mark.parametrize("name", [SYNFIN, MIXED, "distributed.kv.log", "ssh-sweep.iptables.log"])
def test_it_is_valid(name: str) -> None:
    handover = demo(name)
    objects = _bundle(handover)
    addresses = {one["value"] for one in objects if one["type"] in ("ipv4-addr", "ipv6-addr")}
    assert addresses == {handover.snapshot.address(code) for code in handover.marks}


def test_it_holds_the_address_the_pattern_and_what_was_seen() -> None:
    objects = _bundle(wishing(demo(SYNFIN), organisation="Example Corp", contact="soc@example.com", hours=48))
    (identity,) = _of(objects, "identity")
    assert (identity["name"], identity["identity_class"]) == ("Example Corp", "organization")
    address, pattern = _of(objects, "indicator")
    assert address["pattern"] == "[ipv4-addr:value = '203.0.113.7']"
    assert address["valid_from"] == "2000-01-25T03:14:01Z"
    assert address["valid_until"] == "2027-01-17T08:00:00Z"
    assert (address["confidence"], address["indicator_types"]) == (40, ["anomalous-activity"])
    assert "spoofable-source" in address["labels"]
    assert pattern["pattern"] == (
        "[network-traffic:protocols[*] = 'tcp' AND network-traffic:src_port = 53 AND "
        "network-traffic:extensions.'tcp-ext'.src_flags_hex = '03']"
    )
    assert pattern["confidence"] == 99
    (observed,) = _of(objects, "observed-data")
    assert observed["number_observed"] == 200
    traffic = _of(objects, "network-traffic")
    assert len(traffic) == MOST
    assert all(one["src_port"] == 53 and one["extensions"]["tcp-ext"]["src_flags_hex"] == "03" for one in traffic)
    assert not any("dst_ref" in one for one in traffic)  # targets are the site's own
    (note,) = _of(objects, "note")
    assert "The sender is not proven" in note["content"]
    assert "100 more ports are not listed one by one" in note["content"]


def test_ids_are_the_same_every_time_and_later_versions_are_newer() -> None:
    handover = demo(SYNFIN)
    first = "".join(stix.render(handover))
    assert first == "".join(stix.render(handover))
    later = _bundle(replace(handover, made_at=MADE_AT + 86_400_000_000))
    before = {one["id"]: one for one in json.loads(first)["objects"]}
    assert {one["id"] for one in later} == set(before)
    for one in later:
        assert one.get("created") == before[one["id"]].get("created")
        assert one.get("modified", "") >= before[one["id"]].get("modified", "")


def test_an_ordinary_syn_scan_gives_no_pattern_that_would_match_everyone() -> None:
    patterns = [one["pattern"] for one in _of(_bundle(demo("ssh-sweep.iptables.log")), "indicator")]
    assert patterns
    assert all("addr:value" in pattern for pattern in patterns)


def test_without_the_library_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "stix2", None)
    monkeypatch.delitem(sys.modules, "scantui.export.stix_objects", raising=False)
    with pytest.raises(ValueError, match=r"needs pip install 'scantui\[export\]'"):
        list(stix.render(demo(SYNFIN)))


def test_who_is_excused_is_not_shared() -> None:
    with pytest.raises(ValueError, match=r"no scan to share \(203\.0\.113\.7: you marked it as benign\)"):
        list(stix.render(noted(demo(SYNFIN), "", "benign")))


@given(texts)
def test_a_literal_reads_as_its_text(text: str) -> None:
    found = create_pattern_object(f"[ipv4-addr:value = {stix_string(text)}]", version="2.1")
    assert str(found) == f"[ipv4-addr:value = {stix_string(text)}]"
    assert re.sub(r"\\(.)", r"\1", found.operand.rhs.value) == harmless(text)  # the library keeps the escapes


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(texts)
def test_no_text_breaks_it(text: str) -> None:
    objects = _bundle(poisoned(demo(SYNFIN), text))
    (note,) = _of(objects, "note")
    assert harmless(text) in note["content"]
    assert _of(objects, "indicator")[0]["pattern"] == "[ipv4-addr:value = '203.0.113.7']"
