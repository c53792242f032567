"""The iptables export, as iptables-restore and ip6tables-restore load it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings

from scantui.export.blocked import blocklist
from scantui.export.handover import Handover
from scantui.export.iptables import EXPORT
from scantui.export.quoting import iptables_string
from tests.export.handing import MIXED, SYNFIN, demo, handing, noted, syn_lines, wishing
from tests.export.hostile import texts
from tests.export.namespaces import inside, needs

_LOAD = 'f=$(mktemp); trap "rm $f" EXIT; cat > $f; {0}-restore --test --noflush $f; {0}-restore --noflush $f; {0}-save -t raw'
_TAKEN_BACK = "iptables-save -t raw | grep -v SCANTUI | iptables-restore -T raw"


def written(handover: Handover) -> str:
    return "".join(str(chunk) for chunk in EXPORT.render(handover))


def loaded(handover: Handover, command: str = "iptables") -> list[str]:
    """The rules that are in force."""
    saved = inside(_LOAD.format(command), written(handover)).split("\n")
    return [line for line in saved if line.startswith("-A")]


@needs("iptables-restore")
def test_addresses_patterns_and_the_end() -> None:
    rules = loaded(demo(MIXED))
    assert rules[0] == "-A PREROUTING -m time --datestop 2027-01-16T08:00:00 -j SCANTUI"
    assert "# holds until 2027-01-16T08:00:00Z, whenever it is loaded\n" in written(demo(MIXED))
    found = [match[1] for rule in rules if (match := re.match(r"-A SCANTUI -s (\S+)/32 -m comment .* -j DROP$", rule))]
    assert found == [one.text for one in blocklist(demo(MIXED)).entries]
    assert rules[-1] == (
        "-A SCANTUI -p tcp -m tcp --tcp-flags FIN,SYN,RST,PSH,ACK,URG NONE "
        '-m comment --comment "NULL: 300 of 1,342 packets" -j DROP'
    )
    assert len(rules) == len(found) + 2


@needs("iptables-restore", "ip6tables-restore")
def test_one_file_for_both_families(tmp_path: Path) -> None:
    log = tmp_path / "both.log"
    log.write_text(syn_lines(["203.0.113.7", "2001:db8:1:2::7"], range(1000, 1030), "SYN FIN"))
    handover = handing([log], ["203.0.113.7", "2001:db8:1:2::7"])
    for command, own, other in (("iptables", "203.0.113.7/32", "2001:"), ("ip6tables", "2001:db8:1:2::7/128", "203.")):
        rules = loaded(handover, command)
        assert sum(f"-s {own} " in rule for rule in rules) == 1
        assert not any(f"-s {other}" in rule for rule in rules)
        assert any("--tcp-flags FIN,SYN FIN,SYN" in rule for rule in rules)


@needs("iptables-restore")
def test_for_good_has_no_end() -> None:
    assert loaded(wishing(demo(SYNFIN), hours=0))[0] == "-A PREROUTING -j SCANTUI"
    assert (
        loaded(wishing(demo(SYNFIN), hours=24 * 366 * 20))[0] == "-A PREROUTING -j SCANTUI"
    )  # the time match ends in 2038


@needs("iptables-restore")
def test_taken_back_as_the_file_says() -> None:
    text = written(demo(SYNFIN))
    assert _TAKEN_BACK in text
    load = _LOAD.format("iptables")
    assert "SCANTUI" not in inside(
        f"iptables -t raw -A PREROUTING -s 192.0.2.1 -j DROP; {load} > /dev/null; {_TAKEN_BACK}; iptables-save", text
    )
    assert "192.0.2.1" in inside(
        f"iptables -t raw -A PREROUTING -s 192.0.2.1 -j DROP; {load} > /dev/null; {_TAKEN_BACK}; iptables-save", text
    )


@needs("iptables-restore")
@settings(max_examples=25)
@given(texts)
def test_no_note_becomes_a_rule(note: str) -> None:
    handover = noted(demo(SYNFIN), note)
    rules = loaded(handover)
    assert len(rules) == 3
    comment = re.fullmatch(r'-A SCANTUI -s 203.0.113.7/32 -m comment --comment "(.*)" -j DROP', rules[1])
    assert comment is not None
    why = iptables_string(blocklist(handover).entries[0].why)[1:-1]
    assert re.sub(r"\\(.)", r"\1", comment[1]) == re.sub(
        r"\\(.)", r"\1", why
    )  # iptables-save escapes more than it must


@pytest.mark.parametrize("sport", [20, 53])
def test_habits_are_counted_where_iptables_can_match_them(tmp_path: Path, sport: int) -> None:
    log = tmp_path / "some.log"
    log.write_text(re.sub(r"SPT=\d+", f"SPT={sport}", syn_lines(["203.0.113.7"], range(1000, 1030))))
    (line,) = (line for line in written(handing([log], ["203.0.113.7"])).split("\n") if "--sport" in line)
    assert f"--tcp-flags ALL SYN --sport {sport} " in line
    assert "-j" not in line
