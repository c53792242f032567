"""An analyst's session over the seed's log, from the first line read to the file that is handed on."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from scantui.state import State
from scantui.ui.detail.tabs import Tab
from tests.ui.day import day

SEED, SEED_LOG = "203.0.113.7", "synfin-burst.kv.log"
RULES = """\
alert tcp any any -> any :1023 (msg:"low ports"; flags:SF; sid:1000001;)
alert tcp any any -> any any (msg:"plain SYN"; flags:S; sid:1000002;)
"""
LARGE, SMALL = (120, 40), (80, 24)


@pytest.mark.parametrize(("size", "colour"), [(LARGE, True), (SMALL, False)], ids=["120x40", "80x24 NO_COLOR"])
async def test_from_the_burst_to_the_report(tmp_path: Path, size: tuple[int, int], colour: bool) -> None:
    async with day([SEED_LOG], size, rules=RULES, state=tmp_path / "state", colour=colour) as analyst:
        await analyst.replays()
        await analyst.sees("LIVE", "2,000 events", SEED)
        assert "! scan" in analyst.line(SEED) and "vert" in analyst.line(SEED) and "SYN-FIN" in analyst.line(SEED)

        # Pause, and back to the burst: what was known then.
        await analyst.pauses()
        await analyst.rewinds_to_the_burst()
        await analyst.sees("IN THE PAST", "03:16", SEED)

        # Its packets, one by one; then only the source's.
        await analyst.opens_the_burst()
        await analyst.keeps_one_source_of_it()
        await analyst.sees("200 packets, 1 source, 200 ports of 1 host", "order of ports: ascending")
        await analyst.sees(
            "stamps are whole seconds: gaps below 1 s cannot be seen", f"{SEED}:53 > 192.0.2.10:21 SYN-FIN"
        )
        await analyst.goes_up()

        # Why it is called a scan.
        await analyst.picks(SEED)
        await analyst.opens_it()
        await analyst.sees("vertical tcp SYN-FIN")
        await analyst.reads(Tab.WHY)
        await analyst.sees("fan-out", "200 distinct targets", "crafted flags", "one source port", "score, their sum")
        await analyst.reads(Tab.TOOLS)
        await analyst.sees("undecidable from what is logged", "hping3", "synscan", "would decide")
        await analyst.reads(Tab.LINES)
        await analyst.sees(SEED_LOG, f"src={SEED}:53 dst=192.0.2.10:21 proto=tcp flags=SYN-FIN")

        # What the site's own rules say of it: one sees the ports below 1024 only, the other asks for SYN alone.
        await analyst.reads(Tab.RULES)
        await analyst.sees(
            "local.rules:1", "Would fire: 70 of 200 packets match", "destination port :1023 stopped 130 of 200"
        )
        await analyst.scrolls_to("local.rules:2")
        await analyst.scrolls_to("flags:S stopped 200 of 200")
        await analyst.goes_up()
        await analyst.goes_up()

        # A verdict of one's own, and the file for whoever comes next.
        await analyst.returns_to_now()
        await analyst.judges("scan", "asked the owner")
        await analyst.exports("csv", tmp_path / "night.csv")
        await analyst.exports("json", tmp_path / "night.json")
        coloured = analyst.has_colours()
    assert coloured is colour

    (row,) = csv.DictReader((tmp_path / "night.csv").open(newline="", encoding="utf-8"))
    assert (row["source"], row["judged"], row["note"]) == (SEED, "scan", "asked the owner")
    assert (row["source_verdict"], row["kind"], row["techniques"]) == ("scan", "vertical", "syn-fin")
    assert (row["source_events"], row["source_ports"], row["source_targets"]) == ("200", "200", "1")
    assert row["source_first"] == row["source_last"] == "2000-01-25T03:14:01.000000Z"
    document = json.loads((tmp_path / "night.json").read_text("utf-8"))
    (source,) = document["sources"]
    assert (source["source"], source["judged"], source["note"]) == (SEED, "scan", "asked the owner")
    (scan,) = source["scans"]
    assert (scan["kind"], scan["ports"], scan["proto"]) == ("vertical", 200, "tcp")
    assert {piece["name"] for piece in scan["evidence"]} >= {"fan-out", "crafted flags", "one source port"}
    (kept,) = State(tmp_path / "state").marks
    assert (kept.address, kept.verdict, kept.note) == (SEED, "scan", "asked the owner")


@pytest.mark.parametrize("size", [LARGE, SMALL])
async def test_before_the_burst_nothing_is_known_of_it(size: tuple[int, int]) -> None:
    async with day(["distributed.kv.log", SEED_LOG], size) as analyst:
        await analyst.replays()
        await analyst.sees(SEED)
        await analyst.goes_to("03:14:00.5")
        await analyst.sees("IN THE PAST", "03:14:00", "! scan")
        analyst.sees_no(SEED, "SYN-FIN")
        await analyst.returns_to_now()
        await analyst.sees(SEED, "SYN-FIN")
