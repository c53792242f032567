"""iptables and nft lines against packets."""

from __future__ import annotations

import pytest

from scantui.events import ACK, FIN, RST, SYN
from scantui.explain.rules.dialect import Dialect
from tests.explain.rules.made import bench, rule, rules, three

# SYN, SYN-FIN, SYN-ACK, NULL, XMAS, RST, all six, SYN with ECE
FLAGS = bench(flags=[SYN, SYN | FIN, SYN | ACK, 0, 41, RST, 63, SYN | 64])


@pytest.mark.parametrize(
    ("text", "want"),
    [("-A INPUT -p tcp --tcp-flags SYN,FIN SYN,FIN -j DROP", "nynnnnyn"),
     ("iptables -A INPUT -p tcp --syn -j ACCEPT", "ynnnnnny"),
     ("iptables -A INPUT -p tcp ! --syn -j DROP", "nyyyyyyn"),
     ("-A INPUT -p tcp --tcp-flags ALL NONE -j DROP", "nnnynnnn"),
     ("-A INPUT -p tcp --tcp-flags ALL FIN,PSH,URG -j DROP", "nnnnynnn"),
     ("-A INPUT -p tcp ! --tcp-flags SYN SYN -j DROP", "nnnyyynn"),
     ("tcp flags & (syn|fin) == (syn|fin) drop", "nynnnnyn"),
     ("tcp flags syn,fin / syn,fin drop", "nynnnnyn"),
     ("tcp flags & (fin|syn|rst|psh|ack|urg) == 0x0 drop", "nnnynnnn"),
     ("tcp flags & (fin | syn) != (fin | syn) accept", "ynyyyyny"),
     ("tcp flags syn accept", "yyynnnyy"),
     ("tcp flags == syn accept", "ynnnnnnn"),
     ("tcp flags & syn == syn counter packets 5 bytes 300 drop", "yyynnnyy"),
     ("add rule inet filter input tcp flags syn / fin,syn,rst,ack log prefix \"x: \" drop", "ynnnnnny")],
)  # fmt: skip
def test_flags(text: str, want: str) -> None:
    assert three(text, FLAGS) == want


PLACES = bench(
    src=["203.0.113.7", "10.0.0.1", "203.0.113.7"], dst=["192.0.2.1"] * 3, sport=[53, 999, 1000], dport=[22, 1500, 80]
)


@pytest.mark.parametrize(
    ("text", "want"),
    [("-A INPUT -s 203.0.113.0/24 -j DROP", "yny"), ("-A INPUT ! -s 203.0.113.0/24 -j DROP", "nyn"), ("-A INPUT -s ! 203.0.113.0/24 -j DROP", "nyn"),
     ("-A INPUT -p tcp --dport 22 -j DROP", "ynn"), ("-A INPUT -p tcp -m multiport --dports 22,1000:2000 -j DROP", "yyn"),
     ("-A INPUT -p tcp ! --dport 1:1023 -j DROP", "nyn"), ("-A INPUT -p tcp -m multiport --ports 53,80 -j DROP", "yny"),
     ("-A INPUT -p udp --dport 22 -j DROP", "nnn"), ("-A INPUT -i eth0 -p tcp -j DROP", "???"), ("-A INPUT -p tcp -m state --state NEW -j DROP", "???"),
     ("-A INPUT -p tcp --dport 22 -m conntrack --ctstate INVALID -j DROP", "?nn"), ("-A INPUT -m ttl --ttl-lt 10 -j DROP", "???"),
     ("ip saddr 203.0.113.0/24 drop", "yny"), ("ip saddr != { 203.0.113.7, 10.9.0.0/16 } drop", "nyn"), ("tcp dport { 22, 1000-2000 } drop", "yyn"),
     ("tcp dport != 22 drop", "nyy"), ("tcp dport < 1024 drop", "yny"), ("th dport ssh drop", "ynn"), ("udp dport 22 drop", "nnn"), ("ip protocol tcp drop", "yyy"),
     ("meta l4proto { udp, icmp } drop", "nnn"), ("ip saddr @blocked drop", "???"), ("iifname \"eth0\" ct state invalid tcp dport 22 drop", "?nn"),
     ("tcp sport 53 tcp dport 22 drop", "ynn"), ("limit rate 5/minute burst 5 packets log prefix \"a b \"", "???")],
)  # fmt: skip
def test_places(text: str, want: str) -> None:
    assert three(text, PLACES) == want


def test_icmp() -> None:
    on = bench(proto=3, icmp_type=[8, 0, 3], icmp_code=[0, 0, 3])
    assert three("-A INPUT -p icmp --icmp-type echo-request -j DROP", on) == "ynn"
    assert three("-A INPUT -p icmp --icmp-type 3/3 -j DROP", on) == "nny"
    assert three("icmp type echo-request drop", on) == "ynn"


def test_whole_rulesets() -> None:
    nft = (
        "table inet scantui {\n  set drop4 { type ipv4_addr; flags interval,timeout; timeout 1d; }\n  chain pre {\n"
        "    type filter hook prerouting priority raw; policy accept;\n    ip saddr @drop4 counter drop\n"
        '    tcp flags syn,fin / syn,fin log prefix "SYNFIN " flags tcp sequence,options flags ip options counter drop\n  }\n}\n'
    )
    found = rules(nft)
    assert found.refusals == () and [one.line for one in found.rules] == [5, 6]
    saved = "*filter\n:INPUT DROP [0:0]\n:FORWARD DROP [0:0]\n-A INPUT -p tcp --syn -j ACCEPT\nCOMMIT\n"
    found = rules(saved)
    assert found.refusals == () and [one.dialect for one in found.rules] == [Dialect.IPTABLES]


def test_syn_is_linted() -> None:
    assert any("SYN-FIN does not match" in finding.text for finding in rule("-A INPUT -p tcp --syn -j DROP").findings)
