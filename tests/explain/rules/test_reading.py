"""Reading rule files: five hundred made-up rules, what is refused and where, and that nothing crashes."""

from __future__ import annotations

import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scantui.explain.rules.dialect import Dialect, guess
from scantui.explain.rules.evaluate import Bench
from scantui.explain.rules.ruleset import read_rules
from tests.explain.rules.made import bench, rule, rules

CONF = """
ipvar HOME_NET [192.0.2.0/24,10.0.0.0/8]
ipvar EXTERNAL_NET !$HOME_NET
ipvar DNS_SERVERS $HOME_NET
portvar HTTP_PORTS [80,81,8000:8100,!8050]
var RULE_PATH ../rules
"""
IDS = (Dialect.SNORT2, Dialect.SNORT3, Dialect.SURICATA)


def made_up(count: int, dialect: Dialect, seed: int = 1) -> list[str]:
    """Rules in the manner of real ones, from parts that the dialect reads."""
    pick = random.Random(f"{seed}{dialect.value}")
    suricata, snort3 = dialect is Dialect.SURICATA, dialect is Dialect.SNORT3
    hosts = ["any", "$HOME_NET", "$EXTERNAL_NET", "!$HOME_NET", "[192.0.2.1,198.51.100.0/24,!198.51.100.9]", "203.0.113.7", "!10.0.0.0/8", "[$DNS_SERVERS,2001:db8::/32]", "![10.0.0.1, 10.0.0.2]"]  # fmt: skip
    ports = [
        "any",
        "any",
        "80",
        "$HTTP_PORTS",
        ":1023",
        "1024:",
        "!22",
        "[21,22,23,1000:2000]",
        "![25,110]",
        "6666:7000",
    ]
    lists = ["S", "SF", "F", "FPU", "0", "SA", "A", "R", "SFRPAU", "12", "CE"]
    made = []
    for number in range(count):
        proto = pick.choice(
            ["tcp"] * 6 + ["udp", "icmp", "ip"] + (["http", "tls", "dns", "tcp-pkt"] if suricata else [])
        )
        parts = [
            f'msg:"{pick.choice(("SCAN", "POLICY", "EXPLOIT"))} number {number} {pick.choice(("", "with |3A| and (parentheses)", "a, b"))}"'
        ]
        if proto == "tcp":
            if pick.random() < 0.6:
                flags = pick.choice(["{}", "{}+", "{}*", "!{}", "+{}"]).format(pick.choice(lists))
                parts.append(f"flags:{flags}{pick.choice(('', '', ',12', ',CE'))}")
            parts.append(
                pick.choice(
                    [
                        "flow:stateless",
                        "flow:established,to_server",
                        "flow:to_client,established",
                        "flow: not_established",
                    ]
                )
            )
            parts += pick.sample(
                ["window:1024", "ack:0", "seq:1958810375", "window:!0", "dsize:0", "dsize:>100", "dsize:300<>400"],
                pick.randint(0, 2),
            )
        if proto == "icmp":
            parts += pick.sample(
                ["itype:8", "icode:0", "itype:>10", "icmp_id:666", "icmp_seq:0", "dsize:>800"], pick.randint(1, 3)
            )
        if proto == "ip":
            parts += pick.sample(
                ["ip_proto:47", "ip_proto:!tcp", "sameip", "ipopts:lsrr", "ttl:0", "fragoffset:0"], pick.randint(1, 2)
            )
        parts += pick.sample(
            ["ttl:>220", "ttl:64", "id:39426", "fragbits:!D", "fragbits:MD+", "tos:4"], pick.randint(0, 2)
        )
        if pick.random() < 0.4:
            text = pick.choice(["GET /a\\;b", "|90 90 90|/bin/sh", 'say \\"hi\\"', "user"])
            parts.append(
                f'content:{pick.choice(("", "!"))}"{text}"' + (", nocase, depth 20" if snort3 else "; nocase; depth:20")
            )
            parts += pick.sample(
                [
                    'pcre:"/^x[0-9]+\\\\x3b/Ri"',
                    "byte_test:4,>,1000,20,relative",
                    "isdataat:50,relative",
                    "byte_jump:2,0",
                ],
                pick.randint(0, 2),
            )
        if suricata and pick.random() < 0.3:
            parts.append(
                pick.choice(
                    [
                        'http.uri; content:"x"',
                        "flowbits:isset,a.b",
                        'dns.query; content:"x"',
                        "app-layer-protocol:tls",
                        "xbits:set,a,track ip_src",
                    ]
                )
            )
        if pick.random() < 0.4:
            track = pick.choice(["by_src", "by_dst"] + (["by_both", "by_rule"] if suricata else []))
            kind = pick.choice(["limit", "both", "threshold"])
            count_seconds = f"count {pick.randint(1, 30)}, seconds {pick.choice((10, 60, 3600))}"
            parts.append(
                f"detection_filter:track {track}, {count_seconds}"
                if snort3
                else f"threshold: type {kind}, track {track}, {count_seconds}"
            )
        parts += [
            "reference:url,example.test/a?b=c&d=%20",
            "classtype:attempted-recon",
            "metadata:policy a drop, created_at 2020_01_01",
            f"sid:{1_000_000 + number}",
            "rev:3",
        ]
        way = pick.choice(["->", "->", "->", "<>"])
        header = f"{pick.choice(('alert', 'drop', 'pass', 'reject', 'log'))} {proto} {pick.choice(hosts)} {pick.choice(ports)} {way} {pick.choice(hosts)} {pick.choice(ports)}"
        lead = pick.choice(["", "", "", "# ", "#"])
        body = "; ".join(parts) + ";"
        made.append(
            f"{lead}{header} ({body})"
            if pick.random() < 0.8
            else f"{header} \\\n    ( {body.replace('; rev', '; ' + chr(92) + chr(10) + '    rev')} )"
        )
    return made


@pytest.mark.parametrize("dialect", IDS)
def test_five_hundred_rules_are_all_read(dialect: Dialect) -> None:
    texts = made_up(500, dialect)
    found = read_rules([("made.rules", CONF + "\n".join(texts))], {}, dialect)
    assert [(refusal.line, refusal.reason, refusal.text) for refusal in found.refusals] == []
    assert len(found.rules) == 500
    assert sorted(one.sid or 0 for one in found.rules) == list(range(1_000_000, 1_000_500))
    assert sum(not one.enabled for one in found.rules) == sum(text.startswith("#") for text in texts) > 50
    on = bench(flags=[2, 3, 16], dport=[80, 22, 1], ttl=[64, 255, 1], window=[1024, 0, 7], length=[40, 60, 500])
    for one in found.rules:
        whole = on.verdict(one)
        assert not (whole.yes & whole.unknown).any()


BROKEN = [
    ("alert tcp any any -> any 99999 (sid:1;)", "ports end at 65535"),
    ("alert tcp any any -> any 20:10 (sid:1;)", "backwards"),
    ("alert tcp any any <- any any (sid:1;)", "no <-"),
    ("alert tcp any any any any (sid:1;)", "6 words"),
    ("alert tcp 10.0.0.300 any -> any any (sid:1;)", "no address"),
    ("alert tcp [10.0.0.1 any -> any any (sid:1;)", "without its ]"),
    ("alert tcp any any -> any any (sid:1;", "do not end with )"),
    ("alert tcp any any -> any any (msg:\"x; sid:1;)", "quotation mark"),
    ("alert tcp any any -> any any (sid:1)", "does not end with ;"),
    ("alert tcp any any -> any any (flags:X; sid:1;)", "no flag"),
    ("alert tcp any any -> any any (ttl:abc; sid:1;)", "no number"),
    ("alert tcp any any -> any any (ttl:300; sid:1;)", "ends at 255"),
    ("alert tcp any any -> any any (sid:x;)", "no number"),
    ("alert tcp any any -> any any (flow:established,stateless; sid:1;)", "exclude each other"),
    ("alert tcp any any -> any any (flow:sideways; sid:1;)", "no word of it"),
    ("alert tcp any any -> any any (fragbits:X; sid:1;)", "letters M D R"),
    ("alert tcp any any -> any any (threshold:type limit; sid:1;)", "missing"),
    ("alert foo any any -> any any (sid:1;)", "protocol"),
    ("alert tcp any any => any any (sid:1;)", "Suricata does"),
    ("allow tcp any any -> any any (sid:1;)", "begins no rule"),
    ("-A INPUT -p tcp --tcp-flags SYN", "no value"),
    ("-A INPUT -p tcp --tcp-flags SYN,XYZ SYN -j DROP", "no flag"),
    ("-A INPUT --frobnicate 3 -j DROP", "no option"),
    ("tcp flags & (syn|fin == syn drop", "missing"),
    ("tcp dport { } drop", "empty set"),
    ("tcp dport 70000 drop", "65535"),
    ("alert tcp $A any -> any any (sid:1;)", "defined by itself"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "words"), BROKEN)
def test_a_refusal_names_the_line_and_the_reason(text: str, words: str) -> None:
    found = read_rules(
        [("x.rules", f"# comment\n\n{text}\nalert tcp any any -> any any (sid:9;)\n")],
        {"A": "[$B]", "B": "$A"},
        Dialect.SNORT2,
    )
    assert [one.sid for one in found.rules] == [9]
    assert len(found.refusals) == 1
    assert found.refusals[0].line == 3 and found.refusals[0].path == "x.rules"
    assert words in found.refusals[0].reason, found.refusals[0].reason
    assert found.refusals[0].reason.isprintable()


PIECES = [
    "alert ", "tcp ", "udp ", "any ", "-> ", "<> ", "(", ")", ";", ":", "msg:", '"', "\\", "\n", "flags:", "SF", "+", "!", "[", "]", ",", "$HOME_NET ",
    "10.0.0.0/8", "1:2", "sid:1;", "threshold:", "type limit,track by_src,count 1,seconds 1", "#", "ttl:", "<>", "9", "-A INPUT ", "-p tcp ", "--tcp-flags ",
    "-j DROP", "tcp flags ", "& ", "(syn|fin) ", "== ", "ip saddr ", "{ ", "} ", "var X ", "ipvar ", "event_filter gen_id 1,sig_id 1,", "\x1b", "é", "\udcff", "2001:db8::/32 ",
    "flow:established;", "content:", "dsize:", "suppress gen_id 1, sig_id 1, track by_src, ip ", "\x00", "\r", "\u2028", "0x", "²", "١",
]  # fmt: skip


@settings(max_examples=500, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join), st.sampled_from([None, *IDS]))
def test_no_text_crashes_it(text: str, dialect: Dialect | None) -> None:
    found = read_rules([("x.rules", text)], {}, dialect)
    _try_all(found.rules)
    assert all(refusal.reason.isprintable() and refusal.line >= 1 for refusal in found.refusals)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_no_damage_to_a_rule_crashes_it(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(made_up(40, Dialect.SURICATA) + [one for one, _ in BROKEN] + FIREWALL))
    at = data.draw(st.integers(0, len(text)))
    cut = data.draw(st.integers(0, 6))
    put = data.draw(st.sampled_from([*PIECES, ""]) | st.text(max_size=4))
    found = read_rules([("x.rules", text[:at] + put + text[at + cut :])], {"HOME_NET": "any"})
    _try_all(found.rules)


FIREWALL = ["iptables -A INPUT -i eth0 -p tcp ! --syn -m multiport --dports 22,1:5 -m state --state NEW -j DROP", "tcp flags & (syn|fin) == (syn|fin) counter drop", "ip saddr { 10.0.0.0/8, 192.0.2.1 } udp dport != 53 log prefix \"x \" drop"]  # fmt: skip


def _try_all(found: tuple[object, ...]) -> None:
    on = bench(t=[1, 2], flags=[2, 3], dport=[80, 22])
    assert isinstance(on, Bench)
    for one in found:
        whole = on.verdict(one)  # type: ignore[arg-type]
        assert not (whole.yes & whole.unknown).any()
        on.alerts(one, whole.yes)  # type: ignore[arg-type]


def test_lists_as_deep_as_an_attacker_likes() -> None:
    deep = "[" * 5000 + "1" + "]" * 5000
    assert "deep" in rules(f"alert tcp any any -> any {deep} (sid:1;)").refusals[0].reason
    assert "deep" in rules(f"alert tcp {'!' * 5000}10.0.0.1 any -> any any (sid:1;)").refusals[0].reason


def test_comments_continuations_and_escapes() -> None:
    text = (
        "# just words about alert and (things)\n"
        '#alert tcp any any -> any 80 (msg:"off"; sid:1;)\n'
        'alert tcp any any -> any 81 \\\n  (msg:"semi\\; colon \\"quoted\\""; \\\n  sid:2;)\n'
        'alert tcp any any -> any 82 (msg:"x; y"; sid:3;)  # after it\n'
    )
    found = rules(text)
    assert [(one.sid, one.enabled, one.line) for one in found.rules] == [(1, False, 2), (2, True, 3), (3, True, 6)]
    assert "semi" in found.rules[1].message and found.rules[2].message == "x; y"
    assert found.refusals == ()


def test_a_rule_over_lines_is_snort_3() -> None:
    text = 'alert tcp any any -> any 80\n(\n  msg:"x";\n  flags:SF;\n  sid:1;\n)\nalert http ( sid:2; )\n'
    found = rules(text)
    assert found.dialect is Dialect.SNORT3 and [one.sid for one in found.rules] == [1, 2]
    refused = rules(text, Dialect.SURICATA).refusals
    assert [refusal.line for refusal in refused] == [1, 7] and "backslash" in refused[0].reason


def test_variables_of_every_kind_of_file() -> None:
    yaml = '%YAML 1.1\nvars:\n  address-groups:\n    HOME_NET: "[192.0.2.0/24]"  # ours\n    EXTERNAL_NET: "!$HOME_NET"\n  port-groups:\n    HTTP_PORTS: 80\nother:\n    HOME_NET: "nonsense"\n'
    lua = "-- HOME_NET = 'commented'\nHOME_NET = [[ 192.0.2.0/24 10.0.0.0/8 ]]\nEXTERNAL_NET = '!$HOME_NET'\n"
    text = "alert tcp $EXTERNAL_NET any -> $HOME_NET any (sid:1;)\n"
    on = bench(src=["203.0.113.1", "10.0.0.1"])
    for name, conf, want in (
        ("suricata.yaml", yaml, [True, True]),
        ("snort.lua", lua, [True, False]),
        ("snort.conf", CONF, [True, False]),
    ):
        found = read_rules([(name, conf), ("x.rules", text)])
        assert on.verdict(found.rules[0]).yes.tolist() == want, name
        assert found.guess.obvious
        over = read_rules([(name, conf), ("x.rules", text)], {"HOME_NET": "198.51.100.0/24"})
        assert on.verdict(over.rules[0]).yes.tolist() == [False, False]


@pytest.mark.parametrize("dialect", IDS)
def test_the_dialect_is_guessed_right_or_not_claimed(dialect: Dialect) -> None:
    right = guess(["x.rules"], made_up(200, dialect))
    assert right.dialect is dialect or not right.obvious
    assert not guess(["x.rules"], ["alert tcp any any -> any any (flags:SF; sid:1;)"]).obvious
    assert guess(["x.rules"], made_up(200, Dialect.SURICATA)).dialect is Dialect.SURICATA


def test_text_of_rules_is_harmless() -> None:
    one = rule('alert tcp any any -> any any (msg:"\x1b]0;x\x07\u202e"; sid:1;)')
    assert one.message.isprintable() and one.text.isprintable()
    assert not re.search(r"[\x00-\x1f]", one.text)


@pytest.mark.parametrize(
    "text",
    ["# alert tcp " + "-> ( " * 20_000, "alert ( " + "a " * 30_000, "var X " + " " * 60_000 + "y", "ipvar X 1" + " \t" * 30_000 + "#", "tcp flags " + "(" * 30_000, "-A INPUT " + "! " * 30_000,
     'alert tcp any any -> any any (content:"' + "\\a" * 30_000 + '; sid:1;)', "alert tcp any any -> any any (" + 'content:"a"; ' * 4_000 + "sid:1;)"],
)  # fmt: skip
def test_long_lines_are_read_in_one_pass(text: str) -> None:
    found = rules(text)  # the suite's own time limit is what this would run into
    assert len(found.rules) + len(found.refusals) <= 1


def test_variables_that_multiply() -> None:
    values = {f"A{i}": f"[$A{i + 1},$A{i + 1},$A{i + 1}]" for i in range(10)} | {"A10": "10.0.0.1"}
    found = read_rules([("x", "alert tcp $A0 any -> any any (sid:1;)")], values)
    assert bench(src=["10.0.0.1", "10.0.0.2"]).verdict(found.rules[0]).yes.tolist() == [True, False]
    deeper = {f"A{i}": f"[$A{i + 1},$A{i + 1}]" for i in range(60)} | {"A60": "any"}
    assert "deep" in read_rules([("x", "alert tcp $A0 any -> any any (sid:1;)")], deeper).refusals[0].reason
