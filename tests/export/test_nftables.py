"""The nftables export, as nft loads it."""

from __future__ import annotations

import json
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any

from hypothesis import given, settings

from scantui.explain.rules.evaluate import Bench
from scantui.explain.rules.ruleset import read_rules
from scantui.export.blocked import blocklist
from scantui.export.handover import Handover
from scantui.export.nftables import EXPORT
from scantui.export.quoting import nft_string
from tests.export.handing import MIXED, SYNFIN, demo, handing, noted, syn_lines, wishing
from tests.export.hostile import texts
from tests.export.namespaces import inside, needs


def written(handover: Handover) -> str:
    return "".join(str(chunk) for chunk in EXPORT.render(handover))


def loaded(handover: Handover) -> dict[str, Any]:
    """The ruleset as nft holds it after the file was loaded twice: sets by name, and the rules of the chain."""
    script = 'f=$(mktemp); trap "rm $f" EXIT; cat > $f; nft -c -f $f; nft -f $f; nft -f $f; nft -j list ruleset'
    items = json.loads(inside(script, written(handover)))["nftables"]
    sets = {item["set"]["name"]: item["set"] for item in items if "set" in item}
    return {
        "sets": sets,
        "rules": [item["rule"] for item in items if "rule" in item],
        "tables": [item for item in items if "table" in item],
    }


def elements(of: dict[str, Any]) -> dict[str, dict[str, Any]]:
    made = {}
    for item in of.get("elem", []):
        one = item["elem"]
        value = one["val"]
        made[value if isinstance(value, str) else f"{value['prefix']['addr']}/{value['prefix']['len']}"] = one
    return made


@needs("nft")
def test_sets_and_rules_are_those_of_the_handover() -> None:
    held = loaded(demo(MIXED))
    four = elements(held["sets"]["drop4"])
    assert list(four) == sorted((one.text for one in blocklist(demo(MIXED)).entries), key=ip_address)
    assert held["sets"]["drop4"]["timeout"] == 86_400
    assert all(one["expires"] > 86_000 for one in four.values())
    assert "elem" not in held["sets"]["drop6"]
    assert [len(rule["expr"]) for rule in held["rules"]] == [3, 3, 3]  # match, counter, drop
    assert held["rules"][2]["comment"] == "NULL: 300 of 1,342 packets"
    assert len(held["tables"]) == 1


@needs("nft")
def test_networks_and_six(tmp_path: Path) -> None:
    members = [f"2001:db8:1:2::{host:x}" for host in range(1, 31)]
    log = tmp_path / "six.log"
    log.write_text("".join(syn_lines([member], [1000 + at]) for at, member in enumerate(members)))
    assert sorted(elements(loaded(handing([log]))["sets"]["drop6"])) == sorted(members)
    assert list(elements(loaded(wishing(handing([log]), aggregate=True))["sets"]["drop6"])) == ["2001:db8:1:2::/64"]
    for text in elements(loaded(wishing(demo(MIXED), aggregate=True))["sets"]["drop4"]):
        ip_network(text)


@needs("nft")
def test_for_good_has_no_end() -> None:
    held = loaded(wishing(demo(SYNFIN), hours=0))["sets"]["drop4"]
    assert "timeout" not in held
    assert list(held["elem"][0]["elem"]) == ["val", "comment"]


@needs("nft")
@settings(max_examples=25)
@given(texts)
def test_no_note_becomes_a_rule(note: str) -> None:
    handover = noted(demo(SYNFIN), note)
    held = loaded(handover)
    (one,) = elements(held["sets"]["drop4"]).values()
    assert one["comment"] == nft_string(blocklist(handover).entries[0].why)[1:-1]
    assert [rule["expr"] for rule in held["rules"]] == [rule["expr"] for rule in loaded(demo(SYNFIN))["rules"]]
    assert len(held["tables"]) == 1


@given(texts)
def test_no_note_makes_a_line(note: str) -> None:
    assert written(noted(demo(SYNFIN), note)).count("\n") == written(demo(SYNFIN)).count("\n")


def test_the_pattern_is_what_our_own_parser_reads() -> None:
    handover = demo(SYNFIN)
    assert handover.events is not None
    (line,) = (line for line in written(handover).splitlines() if line.startswith("\t\ttcp flags"))
    read = read_rules([("export.nft", line.strip())])
    bench = Bench(handover.events)
    assert bench.packets(bench.verdict(read.rules[0]).yes) == 200


def test_cautions_stand_beside_the_address() -> None:
    assert "# CAUTION 203.0.113.7: nothing shows who sent the packets" in written(demo(SYNFIN))


@needs("nft")
def test_a_year_is_not_too_long() -> None:
    assert loaded(wishing(demo(SYNFIN), hours=24 * 365))["sets"]["drop4"]["timeout"] == 365 * 86_400
