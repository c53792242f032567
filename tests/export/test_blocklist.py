"""The plain list."""

from __future__ import annotations

from hypothesis import given

from scantui.export.blocked import blocklist
from scantui.export.blocklist import EXPORT
from scantui.export.handover import Handover
from tests.export.handing import MIXED, SYNFIN, demo, noted, wishing
from tests.export.hostile import texts


def written(handover: Handover) -> str:
    return "".join(str(chunk) for chunk in EXPORT.render(handover))


def entries(text: str) -> list[str]:
    return [line for line in text.splitlines() if not line.startswith("#")]


def test_an_entry_a_line() -> None:
    for handover in (demo(MIXED), wishing(demo(MIXED), aggregate=True)):
        assert entries(written(handover)) == [one.text for one in blocklist(handover).entries]


def test_head_and_cautions() -> None:
    lines = written(demo(SYNFIN)).splitlines()
    assert lines[0].endswith(": 1 entry, to be blocked for 24 h")
    assert lines[2].startswith("# CAUTION 203.0.113.7: nothing shows who sent the packets")


@given(texts)
def test_no_note_becomes_an_entry(note: str) -> None:
    assert entries(written(noted(demo(SYNFIN), note))) == ["203.0.113.7"]
