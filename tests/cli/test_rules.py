"""`rules check` on real logs."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import DEMO, MIXED, SYNFIN, Result, validate

Run = Callable[..., Result]
NARROW = 'alert tcp any any -> any :1023 (msg:"SYN-FIN low ports"; flags:SF; sid:1;)\n'


@pytest.fixture
def rule_file(tmp_path: Path) -> Callable[..., str]:
    def make(text: str, name: str = "local.rules") -> str:
        path = tmp_path / name
        path.write_text(text, errors="surrogateescape")
        return str(path)

    return make


def report(result: Result) -> dict[str, Any]:
    assert result.status == 0, result
    return validate(json.loads(result.out))


def test_the_narrow_rule_on_the_burst(run: Run, rule_file: Callable[..., str]) -> None:
    found = report(
        run("rules", "check", rule_file(NARROW), "--on", SYNFIN, "--source", "203.0.113.7", "--format", "json")
    )
    assert found["schema"] == "scantui.rules/1"
    assert (found["dialect"], found["dialect_obvious"]) == ("snort2", False)
    (subject,) = found["subjects"]
    below = sum(
        int(line.split("dst=192.0.2.10:")[1].split()[0]) < 1024
        for line in Path(SYNFIN).read_text().splitlines()
        if "src=203.0.113.7:" in line
    )
    (answer,) = subject["answers"]
    assert subject["packets"] == 200 and 0 < below < 200
    assert (answer["matched"], answer["stopped"], answer["alerts"], answer["fires"]) == (
        below,
        200 - below,
        below,
        True,
    )
    (stop,) = answer["stops"]
    assert stop["clause"] == "destination port :1023" and stop["alone"] == 200 - below
    assert answer["first"] == "2000-01-25T03:14:01.000000Z"
    assert f"stopped {200 - below} of 200; {below} matched" in answer["told"]
    causes = {cause["name"]: cause for cause in answer["causes"]}
    assert set(causes) == {"rule disabled", "exact flags", "HOME_NET", "sensor position", "threshold"}
    assert "fw_drop" in causes["sensor position"]["text"] and "behind it" in causes["sensor position"]["text"]
    assert "ECE, CWR, PSH" in causes["exact flags"]["text"]
    assert causes["HOME_NET"]["state"] == "ruled out"
    assert any(finding["code"] == "exact flags" for finding in found["rules"][0]["findings"])
    drafts = {(draft["breadth"], draft["language"]): draft for draft in subject["drafts"]}
    assert (
        "flags:SF+" in drafts["broadest", "snort3"]["text"]
        and "any any -> any any" in drafts["broadest", "suricata"]["text"]
    )
    assert all(draft["matched"] == 200 and draft["whole_log"]["benign_sources"] == 0 for draft in drafts.values())
    assert any("116:420" in note for note in subject["notes"])


ODD_ONES = r"""
alert tcp $EXTERNAL_NET any -> $HOME_NET any (msg:"GPL SCAN SYN FIN"; flow:stateless; flags:SF,12; sid:2100624;)
alert tcp any any -> any any (flags:S,12; threshold:type both, track by_dst, count 1, seconds 60; sid:2;)
alert tcp any any -> any any (flags:S; threshold:type backoff, track by_flow, count 1, multiplier 10; sid:3;)
alert tcp any any -> any any (content:"x"; flow:established,to_server; sid:4;)
#alert udp any any -> any 53 (sid:5;)
alert tcp any any -> any 99999 (sid:6;)
alert tcp any any -> !any any (sid:7;)
suppress gen_id 1, sig_id 2, track by_src, ip $NOWHERE
iptables -A INPUT -p tcp --syn -m limit --limit 5/min -j LOG
tcp flags & (fin|syn) == (fin|syn) counter drop
include elsewhere.rules
"""


@pytest.mark.parametrize(
    "log", ["synfin-burst.kv.log", "ssh-sweep.iptables.log", "distributed.kv.log", "mixed.iptables.log"]
)
def test_the_report_follows_its_schema(run: Run, rule_file: Callable[..., str], log: str) -> None:
    rules = rule_file(ODD_ONES)
    for dialect in ("snort2", "snort3", "suricata"):
        found = report(run("rules", "check", rules, "--dialect", dialect, "--on", str(DEMO / log), "--format", "json"))
        assert found["read"] == len(found["rules"]) >= 6 and found["refusals"] and found["includes"]
        for subject in found["subjects"]:
            for answer in subject["answers"]:
                assert answer["matched"] + answer["undecided"] + answer["stopped"] == answer["packets"]


def test_the_narrowest_draft_lists_the_ports_of_the_scan_and_no_others(run: Run, rule_file: Callable[..., str]) -> None:
    found = report(run("rules", "check", rule_file(NARROW), "--on", SYNFIN, "--format", "json"))
    drafts = {(one["breadth"], one["language"]): one for one in found["subjects"][0]["drafts"]}
    notes = {language: drafts["narrowest", language]["note"] for language in ("snort3", "suricata", "nft", "iptables")}
    assert notes["snort3"] == notes["nft"] == ""
    assert "202 ports for the 200 probed" in notes["suricata"] and "multiport takes 15 ports" in notes["iptables"]
    listed = drafts["narrowest", "suricata"]["text"].split("-> 192.0.2.10 ")[1].split(" ")[0]
    assert len(listed) <= 1023


def test_the_text_tells_the_same(run: Run, rule_file: Callable[..., str]) -> None:
    status, out, err = run("rules", "check", rule_file(NARROW), "--on", SYNFIN)
    assert (status, err) == (0, "")
    flat = " ".join(out.split())
    assert "destination port :1023 stopped 130 of 200; 70 matched" in flat
    assert "look at: rule disabled, exact flags, sensor position, threshold" in flat
    assert "HOME_NET (ruled out)" in flat and "flags:SF is exact" in flat
    assert "nothing in the file tells Snort 2, Snort 3 and Suricata apart" in flat
    long = [line for line in out.splitlines() if len(line) > 100]
    assert all(line.startswith("        ") for line in long)  # only rules, to be copied


def test_on_takes_many_paths_and_variables_decide(run: Run, rule_file: Callable[..., str]) -> None:
    rules = rule_file("alert tcp $EXTERNAL_NET any -> $HOME_NET any (flags:SF+; sid:7;)\n")
    command = ("rules", "check", rules, "--on", SYNFIN, MIXED, "--format", "json", "-s", "203.0.113.7")
    unknown = report(run(*command))["subjects"][0]["answers"][0]
    assert (unknown["matched"], unknown["undecided"]) == (0, 200)
    assert unknown["missing"] == ["the value of $EXTERNAL_NET", "the value of $HOME_NET"]
    told = report(run(*command, "--var", "HOME_NET=192.0.2.0/24", "--var", "EXTERNAL_NET=!$HOME_NET"))
    assert told["packets"] == sum(len(Path(path).read_text().splitlines()) for path in (SYNFIN, MIXED))
    assert told["subjects"][0]["answers"][0]["matched"] == 200
    conf = rule_file(
        'vars:\n  address-groups:\n    HOME_NET: "[198.51.100.0/24]"\n    EXTERNAL_NET: any\n', "suricata.yaml"
    )
    elsewhere = report(run("rules", "check", conf, rules, "--on", SYNFIN, "--format", "json"))
    assert elsewhere["dialect"] == "suricata" and elsewhere["dialect_obvious"]
    (stop,) = elsewhere["subjects"][0]["answers"][0]["stops"]
    assert stop["clause"] == "destination $HOME_NET" and stop["alone"] == 200


def test_the_dialect_can_be_told(run: Run, rule_file: Callable[..., str]) -> None:
    rules = rule_file("alert tcp any any -> any any (flags:!SA; sid:1;)\n")
    found = {
        dialect: report(run("rules", "check", rules, "--on", MIXED, "--dialect", dialect, "--format", "json"))["rules"][
            0
        ]["whole_log"]["packets"]
        for dialect in ("snort2", "snort3", "suricata")
    }
    assert found["snort2"] == found["snort3"] < found["suricata"]


def test_refused_lines_are_listed_and_do_not_stop_the_others(run: Run, rule_file: Callable[..., str]) -> None:
    rules = rule_file(NARROW + "alert tcp any any -> any 99999 (sid:2;)\nhello\x1b[31m\u202e\n")
    status, out, err = run("rules", "check", rules, "--on", SYNFIN)
    assert (status, err) == (0, "")
    assert f"{rules}:2: '99999': ports end at 65535" in " ".join(out.split())
    assert ":3: 'hello\\x1b[31m\\u202e' begins no rule" in " ".join(out.split())
    assert "\x1b" not in out


def test_a_source_without_a_scan_and_one_without_events(run: Run, rule_file: Callable[..., str]) -> None:
    status, out, err = run(
        "rules",
        "check",
        rule_file(NARROW),
        "--on",
        SYNFIN,
        "--format",
        "json",
        "-s",
        "198.51.100.77",
        "-s",
        "203.0.113.250",
    )
    assert status == 0
    assert err == "scantui: 203.0.113.250: no event of it in these inputs\n"
    assert [subject["verdict"] for subject in json.loads(out)["subjects"]] in ([""], [])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["rules"], "Missing command"),
        (["rules", "check"], "RULEFILE"),
        (["rules", "check", "x.rules"], "--on"),
        (["rules", "check", "x.rules", "--on"], "requires an argument"),
        (["rules", "check", "x.rules", "--on", SYNFIN, "--var", "HOME_NET"], "NAME=VALUE"),
        (["rules", "check", "x.rules", "--on", SYNFIN, "--dialect", "zeek"], "'snort2', 'snort3', 'suricata'"),
        (["rules", "check", "x.rules", "--on", SYNFIN, "--format", "csv"], "'text', 'json'"),
        (["rules", "check", "x.rules", "--on", SYNFIN, "--source", "10.0"], "no address"),
    ],
)
def test_bad_usage_is_one_line(run: Run, arguments: list[str], words: str) -> None:
    assert words in run(*arguments).refused()


def test_what_cannot_be_read_is_one_line_and_status_3(run: Run, rule_file: Callable[..., str], tmp_path: Path) -> None:
    assert "no such file" in run("rules", "check", str(tmp_path / "none"), "--on", SYNFIN).refused(3)
    assert "not a regular file" in run("rules", "check", str(tmp_path), "--on", SYNFIN).refused(3)
    assert "no rule" in run("rules", "check", rule_file("# nothing\n"), "--on", SYNFIN).refused(3)
    assert "binary" in run("rules", "check", rule_file("a\0b"), "--on", SYNFIN).refused(3)
    assert "no such" in run("rules", "check", rule_file(NARROW), "--on", str(tmp_path / "none.log")).refused(3).lower()
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    assert "not a regular file" in run("rules", "check", str(fifo), "--on", SYNFIN).refused(3)


def test_help_names_the_schema(run: Run) -> None:
    status, out, _ = run("rules", "check", "-h")
    assert status == 0 and "scantui.rules/1" in out and max(map(len, out.splitlines())) <= 100


def test_an_empty_log_is_no_error(run: Run, rule_file: Callable[..., str], tmp_path: Path) -> None:
    empty = tmp_path / "empty.log"
    empty.touch()
    status, out, _ = run("rules", "check", rule_file(NARROW), "--on", str(empty), "--format", "json")
    assert status == 0 and json.loads(out)["packets"] == 0


def test_the_example_in_the_documentation(
    run: Run, rule_file: Callable[..., str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule_file(NARROW)
    monkeypatch.chdir(tmp_path)
    status, out, _ = run("rules", "check", "local.rules", "--on", SYNFIN)
    assert status == 0
    document = (Path(__file__).parents[2] / "docs" / "rules.md").read_text()
    assert out in document


def test_included_files_are_read_within_the_folder_and_named_otherwise(
    run: Run, rule_file: Callable[..., str], tmp_path: Path
) -> None:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "scan.rules").write_text(NARROW + "include ../rules/scan.rules\n")
    (tmp_path / "threshold.conf").write_text("suppress gen_id 1, sig_id 1\n")
    outside = tmp_path.parent / f"{tmp_path.name}-outside.rules"
    outside.write_text("alert tcp any any -> any any (sid:9;)\n")
    (tmp_path / "link.rules").symlink_to(outside)
    conf = rule_file(
        "ipvar HOME_NET any\nvar RULE_PATH rules\ninclude $RULE_PATH/scan.rules\ninclude threshold.conf\n"
        f"include link.rules\ninclude {outside}\ninclude $NOWHERE/x.rules\ninclude none.rules\ninclude rules\n",
        "snort.conf",
    )
    found = report(run("rules", "check", conf, "--on", SYNFIN, "--format", "json"))
    assert [rule["name"] for rule in found["rules"]] == ["sid 1"]
    assert [finding["code"] for finding in found["rules"][0]["findings"]].count("suppressed") == 1
    assert found["rules"][0]["whole_log"]["alerts"] == 0
    reasons = {one["file"]: one["reason"] for one in found["includes"]}
    assert "outside" in reasons["link.rules"] and "outside" in reasons[str(outside)]
    assert "no value" in reasons["$NOWHERE/x.rules"] and reasons["none.rules"] == "no such file"
    assert "not a regular file" in reasons["rules"] and reasons["../rules/scan.rules"] == "it includes itself"
    out = run("rules", "check", conf, "--on", SYNFIN).out
    assert f"none.rules ({conf}:8) was not read: no such file" in " ".join(out.split())


def test_suricata_yaml_names_rules_and_thresholds(run: Run, rule_file: Callable[..., str], tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "a.rules").write_text("alert tcp any any -> $HOME_NET any (flags:SF; sid:1;)\n")
    (tmp_path / "threshold.config").write_text("suppress gen_id 1, sig_id 1, track by_src, ip 203.0.113.7\n")
    conf = rule_file(
        'vars:\n  address-groups:\n    HOME_NET: "[192.0.2.0/24]"\ndefault-rule-path: rules\nrule-files:\n  - a.rules\n'
        " - b.rules # none\nthreshold-file: threshold.config\nlogging:\n  - x.rules\n",
        "suricata.yaml",
    )
    found = report(run("rules", "check", conf, "--on", SYNFIN, "--format", "json"))
    assert found["dialect"] == "suricata" and [one["file"] for one in found["includes"]] == ["rules/b.rules"]
    (rule,) = found["rules"]
    assert rule["whole_log"]["packets"] == 200 and rule["whole_log"]["alerts"] == 0


def test_explain_tells_of_rules_what_rules_check_does(run: Run, rule_file: Callable[..., str]) -> None:
    rules = rule_file(ODD_ONES + NARROW)
    checked = report(run("rules", "check", rules, "--on", SYNFIN, "-s", "203.0.113.7", "--format", "json"))
    explained = validate(
        json.loads(run("explain", SYNFIN, "--source", "203.0.113.7", "--rules", rules, "--format", "json").out)
    )["rules"]
    assert explained["subjects"] == checked["subjects"] and explained["refusals"] == checked["refusals"]
    told = {rule["name"]: rule for rule in checked["rules"]}
    assert explained["rules"] and all(rule == told[rule["name"]] for rule in explained["rules"])
    out = run("explain", SYNFIN, "--source", "203.0.113.7", "--rules", rules).out
    part = " ".join(out.partition("\nRULES\n")[2].partition("\nORIGIN\n")[0].split())
    assert "destination port :1023 stopped 130 of 200; 70 matched" in part
    assert "whole log: 70 packets of 1 source; 1 of 1 scans" in part and "warning: flags:SF is exact" in part


def test_explain_without_rules_drafts_some_and_says_how_to_give_yours(run: Run) -> None:
    out = run("explain", SYNFIN, "--source", "203.0.113.7").out
    part = out.partition("\nRULES\n")[2].partition("\nORIGIN\n")[0]
    assert "no rules given; --rules FILE" in part and "flags:SF+; classtype" in part
    data = validate(json.loads(run("explain", SYNFIN, "--source", "203.0.113.7", "--format", "json").out))
    assert data["rules"]["read"] == 0 and data["rules"]["subjects"][0]["drafts"]


def test_a_variable_without_rules_is_a_slip(run: Run) -> None:
    said = run("explain", SYNFIN, "--source", "203.0.113.7", "--var", "HOME_NET=any").refused()
    assert "--rules" in said
    assert "no such file" in run("explain", SYNFIN, "--source", "203.0.113.7", "--rules", "/none").refused(3)
