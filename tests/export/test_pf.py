"""The pf export: a table's file. Its grammar is that of pfctl's reader: `#` to the end of the line, one address a word."""

from __future__ import annotations

import re
from ipaddress import ip_network

from hypothesis import given

from scantui.export.blocked import blocklist
from scantui.export.handover import Handover
from scantui.export.pf import EXPORT
from tests.export.handing import MIXED, SYNFIN, demo, noted, wishing
from tests.export.hostile import texts


def written(handover: Handover) -> str:
    return "".join(str(chunk) for chunk in EXPORT.render(handover))


def words(text: str) -> list[str]:
    """As pfctl reads a table's file (sbin/pfctl/pfctl_radix.c, pfr_next_token)."""
    return re.sub(r"[#;][^\n]*", "", text).split()


def test_table_holds_the_entries() -> None:
    for handover in (demo(MIXED), wishing(demo(MIXED), aggregate=True)):
        assert words(written(handover)) == [one.text for one in blocklist(handover).entries]


def test_patterns_are_told_as_rules() -> None:
    assert "#   block drop in quick proto tcp all flags FS/FS\n" in written(demo(SYNFIN))
    assert "#   block drop in quick proto tcp all flags /FSRPAU\n" in written(demo(MIXED))


def test_time_is_left_to_cron() -> None:
    assert "pfctl -t scantui -T expire 86400" in written(demo(SYNFIN))
    assert "expire" not in written(wishing(demo(SYNFIN), hours=0))


@given(texts)
def test_no_note_becomes_an_address(note: str) -> None:
    found = words(written(noted(demo(SYNFIN), note)))
    assert [ip_network(word) for word in found] == [ip_network("203.0.113.7")]
