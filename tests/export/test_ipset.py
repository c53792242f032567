"""The ipset export, as `ipset restore` loads it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings

from scantui.export.blocked import blocklist
from scantui.export.handover import Handover
from scantui.export.ipset import EXPORT
from scantui.export.quoting import ipset_string
from tests.export.handing import MIXED, SYNFIN, demo, handing, noted, syn_lines, wishing
from tests.export.hostile import texts
from tests.export.namespaces import inside, needs


def written(handover: Handover) -> str:
    return "".join(str(chunk) for chunk in EXPORT.render(handover))


def loaded(handover: Handover) -> list[str]:
    """What the sets hold after the file was loaded twice."""
    script = 'f=$(mktemp); trap "rm $f" EXIT; cat > $f; ipset restore -exist -file $f; ipset restore -exist -file $f; ipset save'
    return inside(script, written(handover)).splitlines()


@needs("ipset")
def test_sets_are_those_of_the_handover() -> None:
    lines = loaded(demo(MIXED))
    found = [re.match(r"add scantui4 (\S+) timeout (\d+) comment", line) for line in lines if line.startswith("add")]
    assert {match[1] for match in found if match} == {one.text for one in blocklist(demo(MIXED)).entries}
    assert all(86_000 < int(match[2]) <= 86_400 for match in found if match)
    assert [line.split(" hashsize")[0] for line in lines if line.startswith("create")] == [
        "create scantui4 hash:net family inet",
        "create scantui6 hash:net family inet6",
    ]


@needs("ipset")
def test_networks_and_six(tmp_path: Path) -> None:
    members = [f"2001:db8:1:2::{host:x}" for host in range(1, 31)]
    log = tmp_path / "six.log"
    log.write_text("".join(syn_lines([member], [1000 + at]) for at, member in enumerate(members)))
    lines = [line for line in loaded(wishing(handing([log]), aggregate=True)) if line.startswith("add")]
    assert [line.split(" ")[:3] for line in lines] == [["add", "scantui6", "2001:db8:1:2::/64"]]


@needs("ipset")
def test_for_good_has_no_end() -> None:
    assert any(
        " timeout 0 comment" in line for line in loaded(wishing(demo(SYNFIN), hours=0)) if line.startswith("add")
    )


def test_longer_than_ipset_can_is_refused() -> None:
    assert "timeout 2145600 " in written(wishing(demo(SYNFIN), hours=596))
    with pytest.raises(ValueError, match="at most 596 hours"):
        written(wishing(demo(SYNFIN), hours=597))


@needs("ipset")
@settings(max_examples=25)
@given(texts)
def test_no_note_becomes_an_entry(note: str) -> None:
    handover = noted(demo(SYNFIN), note)
    (line,) = (line for line in loaded(handover) if line.startswith("add"))
    assert line.endswith(f"comment {ipset_string(blocklist(handover).entries[0].why)}")
