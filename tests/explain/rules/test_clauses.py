"""Clauses: yes, no and not to be known; and what the near misses are told."""

from __future__ import annotations

import pytest

from scantui.events import ACK, FIN, SYN
from scantui.explain.rules.answer import answer
from scantui.explain.rules.causes import causes
from scantui.explain.rules.dialect import Dialect
from scantui.explain.rules.telling import told
from tests.explain.rules.made import bench, options, rule, rules, three, tried

PORTS = bench(t=[1] * 6, dport=[1, 1023, 1024, 8050, 8080, 65535])


@pytest.mark.parametrize(
    ("ports", "want"),
    [("any", "yyyyyy"), (":1023", "yynnnn"), ("1024:", "nnyyyy"), ("!1024:", "yynnnn"), ("[1,8000:8100,!8050]", "ynnnyn"),
     ("![1,1023]", "nnyyyy"), ("[!1,!1023]", "nnyyyy"), ("[8000:9000,![8050,8080]]", "nnnnnn"), ("$WEB", "nnnnyn"), ("!$WEB", "yyyyny")],
)  # fmt: skip
def test_ports(ports: str, want: str) -> None:
    assert three(f"alert tcp any any -> any {ports} (sid:1;)", PORTS, WEB="[80,8000:8100,!8050]") == want


HOSTS = bench(t=[1] * 5, src=["10.0.0.1", "10.1.2.3", "203.0.113.7", "2001:db8::1", "2001:db8:1::1"])


@pytest.mark.parametrize(
    ("hosts", "want"),
    [("any", "yyyyy"), ("10.0.0.0/8", "yynnn"), ("!10.0.0.0/8", "nnyyy"), ("[10.0.0.0/8,!10.1.0.0/16]", "ynnnn"),
     ("[10.0.0.0/8,![10.1.0.0/16,!10.1.2.0/24]]", "yynnn"), ("2001:db8::/48", "nnnyn"), ("$HOME_NET", "yynnn"), ("$EXTERNAL_NET", "nnyyy"),
     ("0.0.0.0/0", "yyynn"), ("[ 10.0.0.1 , 203.0.113.7 ]", "ynynn"), ("$OTHER", "?????"), ("[10.0.0.1,$OTHER]", "y????"), ("[10.0.0.0/8,!$OTHER]", "??nnn")],
)  # fmt: skip
def test_addresses(hosts: str, want: str) -> None:
    text = f"alert tcp {hosts} any -> any any (sid:1;)"
    assert three(text, HOSTS, HOME_NET="10.0.0.0/8", EXTERNAL_NET="!$HOME_NET") == want


def test_an_undefined_variable_is_named() -> None:
    found = tried("alert tcp any any -> $HOME_NET any (flags:SF; sid:1;)", bench(flags=[SYN | FIN]))
    assert (found.matched, found.undecided, found.missing) == (0, 1, ("the value of $HOME_NET",))
    assert "$HOME_NET" in told(found, [])
    assert not found.fires


def test_a_rule_of_both_ways() -> None:
    on = bench(t=[1] * 3, src=["10.0.0.1", "203.0.113.7", "203.0.113.7"], dst=["192.0.2.1", "10.0.0.1", "192.0.2.1"], sport=[9, 53, 53], dport=[53, 9, 9])  # fmt: skip
    assert three("alert tcp 10.0.0.0/8 any <> any 53 (sid:1;)", on) == "yyn"
    assert three("alert tcp 10.0.0.0/8 any -> any 53 (sid:1;)", on) == "ynn"


@pytest.mark.parametrize(
    ("dialect", "option", "want"),
    [(Dialect.SNORT3, "ttl:3<>5;", "nnynn"), (Dialect.SNORT3, "ttl:3<=>5;", "nyyyn"), (Dialect.SNORT2, "ttl:3-5;", "nyyyn"),
     (Dialect.SURICATA, "ttl:3-5;", "nnynn"), (Dialect.SURICATA, "ttl:3<>5;", "nnynn"), (Dialect.SNORT2, "ttl:-3;", "yynnn"), (Dialect.SNORT2, "ttl:5-;", "nnnyy"),
     (Dialect.SNORT3, "ttl:<4;", "yynnn"), (Dialect.SNORT3, "ttl:>=4;", "nnyyy"), (Dialect.SNORT3, "ttl:!4;", "yynyy"), (Dialect.SNORT3, "ttl:04;", "nnynn")],
)  # fmt: skip
def test_numbers(dialect: Dialect, option: str, want: str) -> None:
    assert options(option, bench(t=[1] * 5, ttl=[2, 3, 4, 5, 6]), dialect) == want


def test_fields_that_are_not_logged_are_unknown() -> None:
    on = bench(flags=[SYN])
    for option in (
        "ttl:1;",
        "id:39426;",
        "window:1028;",
        "seq:0;",
        "ack:0;",
        "dsize:0;",
        "fragbits:!D;",
        "tos:4;",
        "ipopts:rr;",
        "icmp_id:1;",
    ):
        assert options(option, on) == "?", option
    assert options("itype:8;", on) == "n"  # it is TCP


def test_fragments() -> None:
    on = bench(t=[1] * 4, frag=[0, 1, 2, 6])
    assert options("fragbits:D;", on) == "nynn"
    assert options("fragbits:!D;", on) == "ynyy"
    assert options("fragbits:M+;", on) == "nnyy"
    assert options("fragbits:MD*;", on) == "nyyy"
    assert options("fragoffset:0;", on) == "yyyn"
    assert options("fragoffset:>0;", on) == "nnny"
    assert options("fragoffset:>100;", on) == "nnn?"
    assert options("fragbits:R;", on) == "????"


def test_payload_size_by_bounds() -> None:
    tcp = bench(t=[1] * 3, flags=[SYN] * 3, length=[40, 44, 1500])
    assert options("dsize:0;", tcp) == "y?n"
    assert options("dsize:>1000;", tcp) == "nny"
    udp = bench(t=[1] * 2, proto=2, length=[28, 128])
    assert options("dsize:100;", udp, proto="udp") == "n?"
    assert options("dsize:300<>400;", bench(proto=2, length=[328 + 40]), Dialect.SNORT2, "udp") == "y"
    assert options('content:"x";', tcp) == "n??"
    assert options('content:!"x";', tcp) == "???"


def test_flow() -> None:
    on = bench(t=[1] * 5, flags=[SYN, SYN | FIN, SYN | ACK, ACK, FIN])
    assert options("flow:established;", on) == "nnn??"
    assert options("flow:not_established;", on) == "yyy??"
    assert options("flow:stateless;", on) == "yyyyy"
    assert options("flow:to_server;", on) == "yy???"
    assert options("flow:from_server;", on) == "nn???"
    assert options("flow:only_stream;", on) == "nnn??"
    assert options("flow:established,to_server;", on) == "nnn??"


def test_others() -> None:
    on = bench(t=[1] * 2, src=["10.0.0.1", "10.0.0.2"], dst=["10.0.0.1"] * 2, dport=[1, 1])
    assert options("sameip;", on) == "yn"
    assert options("ip_proto:6;", on, proto="ip") == "yy"
    assert options("ip_proto:!tcp;", on, proto="ip") == "nn"
    assert options("ip_proto:>6;", on, proto="ip") == "nn"
    icmp = bench(t=[1] * 2, proto=3, icmp_type=[8, 0], icmp_code=[0, 0])
    assert options("itype:8; icode:0;", icmp, proto="icmp") == "yn"
    assert three("alert icmp any any -> any 80 (sid:1;)", icmp) == "??"
    assert options("flowbits:isset,x;", on) == "??"
    assert tried("alert tcp any any -> any any (flowbits:set,x; flowbits:noalert; sid:1;)", on).alerts == 0
    assert three("alert http any any -> any any (sid:1;)", on, Dialect.SURICATA) == "??"
    assert three("alert http any any -> any any (sid:1;)", icmp, Dialect.SURICATA) == "nn"


def test_a_near_miss_says_which_clause_stopped_how_many() -> None:
    on = bench(t=[1] * 200, flags=[SYN | FIN] * 200, dport=list(range(987, 1187)))
    found = tried("alert tcp any any -> any :1023 (flags:SF; sid:1;)", on)
    assert (found.packets, found.matched, found.stopped, found.undecided) == (200, 37, 163, 0)
    stop = next(stop for stop in found.stops if stop.stopped)
    assert (stop.clause.option, stop.stopped, stop.alone) == ("dport", 163, 163)
    why = causes(found, on)
    states = {cause.name: cause.state for cause in why}
    assert states == {
        "rule disabled": "open",
        "exact flags": "open",
        "HOME_NET": "ruled out",
        "sensor position": "open",
        "threshold": "open",
    }
    words = told(found, why)
    assert (
        "stopped 163 of 200" in words
        and "37 matched" in words
        and "look at: rule disabled, exact flags, sensor position, threshold" in words
    )


def test_counts_add_up_when_several_clauses_stop() -> None:
    on = bench(t=[1] * 4, flags=[SYN | FIN, SYN, SYN | FIN, SYN], dport=[80, 80, 8080, 8080])
    found = tried("alert tcp any any -> any 80 (flags:SF; sid:1;)", on)
    by = {stop.clause.option: (stop.stopped, stop.alone) for stop in found.stops}
    assert by == {"dport": (2, 1), "proto": (0, 0), "flags": (2, 1)}
    assert (found.matched, found.stopped) == (1, 3)


def test_disabled_and_refused_rules_never_alert() -> None:
    on = bench(flags=[SYN | FIN])
    found = rules(
        "# alert tcp any any -> any any (flags:SF; sid:1;)\nalert tcp !any any -> any any (flags:SF; sid:2;)\n"
    )
    disabled, refused = (answer(one, on) for one in found.rules)
    assert (disabled.matched, disabled.alerts, disabled.fires) == (1, 0, False)
    assert "Disabled" in told(disabled, [])
    assert refused.alerts == 0 and not found.rules[1].loads
    assert rule("alert tcp any any -> any any (flags:sf; sid:1;)", Dialect.SURICATA).loads is False
