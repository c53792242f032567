"""Lint: each finding on the rule that has it, and not on its repaired twin."""

from __future__ import annotations

import pytest

from scantui.explain.rules.dialect import Dialect
from tests.explain.rules.made import rule

SNORT, SURICATA, SNORT3 = Dialect.SNORT2, Dialect.SURICATA, Dialect.SNORT3
TCP = "alert tcp any any -> any any ({} sid:1;)"


def codes(text: str, dialect: Dialect, **variables: str) -> set[str]:
    return {f"{finding.level} {finding.code}" for finding in rule(text, dialect, **variables).findings}


@pytest.mark.parametrize(
    ("dialect", "bad", "good", "code"),
    [
        (SNORT, "alert tcp !any any -> any any (sid:1;)", "alert tcp any any -> any any (sid:1;)", "error load: not any"),
        (SNORT, "alert tcp any !any -> any any (sid:1;)", "alert tcp any !80 -> any any (sid:1;)", "error load: not any"),
        (SNORT, TCP.format("flags:SF; flow:established;"), TCP.format("flags:SF; flow:stateless;"), "error never: established"),
        (SNORT, TCP.format("flags:SF;"), TCP.format("flags:SF+;"), "warning exact flags"),
        (SNORT, TCP.format("flags:S;"), TCP.format("flags:S,12;"), "warning S without mask"),
        (SNORT, TCP.format("flags:!SF;"), TCP.format("flags:!S;"), "warning ! differs"),
        (SURICATA, TCP.format("flags:!SF;"), TCP.format("flags:!S;"), "warning ! differs"),
        (SNORT, "alert ip any any -> any 80 (sid:1;)", "alert tcp any any -> any 80 (sid:1;)", "warning ports without protocol"),
        (SNORT, "alert icmp any 7 -> any any (sid:1;)", "alert icmp any any -> any any (sid:1;)", "warning ports without protocol"),
        (SURICATA, TCP.format("flags:sf;"), TCP.format("flags:SF;"), "error load: lower-case flags"),
        (SURICATA, "alert tcp any any -> any any (flags:S+;)", TCP.format("flags:S+;"), "error load: no sid"),
        (SURICATA, TCP.format("threshold:type both, track by_dst, count 1, seconds 60;"), TCP.format("threshold:type threshold, track by_src, count 2, seconds 60;"), "warning hides fan-out"),
        (SNORT, TCP.format("threshold:type both, track by_src, count 1, seconds 60;"), TCP.format("threshold:type both, track by_src, count 2, seconds 60;"), "warning both, count 1"),
        (SNORT3, TCP.format("threshold:type limit, track by_src, count 1, seconds 60;"), TCP.format("detection_filter:track by_src, count 1, seconds 60;"), "error load: threshold"),
        (SNORT, TCP.format('content:"x";'), TCP.format("ttl:3;"), "note payload"),
        (SNORT, TCP.format("flgs:SF;"), TCP.format("flags:SF+;"), "warning unknown keyword"),
        (SNORT, "alert udp any any -> any any (flags:S,12; sid:1;)", TCP.format("flags:S,12;"), "error never: flags"),
        (SNORT, TCP.format("flags:0*;"), TCP.format("flags:0;"), "error never: flags"),
        (SNORT, "alert tcp [!10.0.0.1,!10.0.0.2] any -> any any (sid:1;)", "alert tcp ![10.0.0.1,10.0.0.2] any -> any any (sid:1;)", "warning negated list"),
        (SNORT, "alert tcp $NOBODY any -> any any (sid:1;)", "alert tcp any any -> any any (sid:1;)", "note undefined"),
        (SNORT, "pass tcp any any -> any any (sid:1;)", "alert tcp any any -> any any (sid:1;)", "warning pass"),
        (SURICATA, TCP.format("noalert;"), TCP.format(""), "warning noalert"),
    ],
)  # fmt: skip
def test_finding(dialect: Dialect, bad: str, good: str, code: str) -> None:
    assert code in codes(bad, dialect)
    assert code not in codes(good, dialect)


def test_external_net_that_is_not_any() -> None:
    text = "alert tcp $EXTERNAL_NET any -> $HOME_NET any (sid:1;)"
    found = rule(text, SNORT, HOME_NET="any", EXTERNAL_NET="!$HOME_NET").findings
    assert found[0].code == "load: not any" and "HOME_NET is any" in found[0].text
    assert not rule(text, SNORT, HOME_NET="10.0.0.0/8", EXTERNAL_NET="!$HOME_NET").findings


def test_the_words_on_exact_flags() -> None:
    text = next(finding.text for finding in rule(TCP.format("flags:SF;"), SNORT).findings)
    assert text.startswith("flags:SF is exact") and all(name in text for name in ("ECE", "CWR", "PSH", "SF+"))
    text = next(finding.text for finding in rule(TCP.format("flags:SF,CE;"), SNORT).findings)
    assert "ECE" not in text.split(" does not match")[0] and "PSH" in text
    text = next(
        finding.text for finding in rule(TCP.format("flgs:SF;"), SNORT).findings if finding.code == "unknown keyword"
    )
    assert "is it flags?" in text
