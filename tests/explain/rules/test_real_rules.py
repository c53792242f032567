"""Rules as the field writes them (Emerging Threats, GPL, the manuals), each answer worked out by hand."""

from __future__ import annotations

import pytest

from scantui.events import ACK, CWR, DF, ECE, FIN, LATER, MF, PSH, RST, SYN, URG, Proto
from scantui.explain.rules.dialect import Dialect
from scantui.explain.rules.evaluate import Bench
from tests.explain.rules.made import bench, rules

S2, S3, SU = Dialect.SNORT2, Dialect.SNORT3, Dialect.SURICATA
NETS = {"HOME_NET": "192.0.2.0/24", "EXTERNAL_NET": "!$HOME_NET", "HTTP_PORTS": "[80,8000:8010,8080]"}
IN = "$EXTERNAL_NET any -> $HOME_NET any"


def packets() -> Bench:
    """One packet a column; no TCP option is logged, so that 44 bytes may be a SYN with an option or with 4 bytes of data."""
    return bench(
        #      SYN   SF         SF+ECE           SF+PSH           SYN+ECN          null  XMAS             ACK  RST  SYN-ACK
        flags=[SYN, SYN | FIN, SYN | FIN | ECE, SYN | FIN | PSH, SYN | ECE | CWR, 0, FIN | PSH | URG, ACK, RST, SYN | ACK],
        dport=[22, 80, 443, 8080, 23, 8005, 1, 2, 3, 4],
        sport=40000,
        ttl=[50, 5, 9, 10, 64, 64, 64, 64, 64, 64],
        window=[1024, 1028, 512, 1024, 0, 1, 1, 1, 1, 1],
        length=[44, 40, 40, 40, 60, 40, 40, 40, 40, 40],
        frag=[0, DF, DF, 0, 0, MF, LATER, 0, 0, 0],
        ack=0,
        seq=0,
        ip_id=39426,
        proto_num=6,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("dialect", "text", "answers"),
    [
        (SU, f"alert tcp {IN} (msg:\"ET SCAN NMAP -sS window 1024\"; fragbits:!D; dsize:0; flags:S,12; ack:0; window:1024; threshold: type both, track by_dst, count 1, seconds 60; reference:url,doc.emergingthreats.net/2009582; classtype:attempted-recon; sid:2009582; rev:3; metadata:created_at 2010_07_30, updated_at 2010_07_30;)", "?nnnnnnnnn"),
        (SU, f'alert tcp {IN} (msg:"GPL SCAN SYN FIN"; flow:stateless; flags:SF,12; sid:2100624; rev:8;)', "nyynnnnnnn"),
        (S2, f"alert tcp {IN} (flow:stateless; flags:SF,CE; sid:1;)", "nyynnnnnnn"),
        (S2, f'alert tcp {IN} (msg:"SCAN synscan portscan"; flow:stateless; flags:SF; id:39426; sid:630;)', "nynnnnnnnn"),
        (S2, f'alert tcp {IN} (msg:"SCAN NULL"; flow:stateless; ack:0; flags:0; seq:0; sid:623;)', "nnnnnynnnn"),
        (SU, f'alert tcp {IN} (msg:"GPL SCAN nmap XMAS"; flow:stateless; flags:FPU,12; sid:2101228;)', "nnnnnnynnn"),
        (SU, f'alert tcp {IN} (msg:"GPL SCAN nmap TCP"; ack:0; flags:A,12; flow:stateless; sid:2100628;)', "nnnnnnnynn"),
        (SU, "alert tcp any any -> any any (flags:S, 12; sid:1;)", "ynnnynnnnn"),
        (SU, "alert tcp any any -> any any (tcp.flags: S,12 ; sid:1;)", "ynnnynnnnn"),
        (SU, "alert tcp any any -> any any (flags:!SF; sid:1;)", "ynnnyyyyyy"),
        (S3, "alert tcp any any -> any any (flags:!SF; sid:1;)", "nnnnnynyyn"),
        (SU, "alert tcp any any -> any any (flags:SF+,12; sid:1;)", "nyyynnnnnn"),
        (SU, "alert tcp any any -> any any (flags:SF*; sid:1;)", "yyyyynynny"),
        (S2, "alert tcp any any -> any any (ttl:5-10; sid:1;)", "nyyynnnnnn"),
        (SU, "alert tcp any any -> any any (ttl:5-10; sid:1;)", "nnynnnnnnn"),
        (S3, "alert tcp any any -> any any (ttl:5<>10; sid:1;)", "nnynnnnnnn"),
        (S3, "alert tcp any any -> any any (ttl:5<=>10; sid:1;)", "nyyynnnnnn"),
        (SU, "alert tcp any any -> any any (ttl:<10; sid:1;)", "nyynnnnnnn"),
        (S2, "alert tcp any any -> any any (window:!1024; sid:1;)", "nyynyyyyyy"),
        (SU, "alert tcp any any -> any any (dsize:0; sid:1;)", "?yyy?yyyyy"),
        (SU, "alert tcp any any -> any any (dsize:>40; sid:1;)", "nnnnnnnnnn"),
        (SU, "alert tcp any any -> any any (fragbits:!D; sid:1;)", "ynnyyyyyyy"),
        (SU, "alert tcp any any -> any any (fragbits:MD*; sid:1;)", "nyynnynnnn"),
        (SU, "alert tcp any any -> any any (fragbits:MD+; sid:1;)", "nnnnnnnnnn"),
        (S2, "alert tcp any any -> any any (fragbits:R; sid:1;)", "??????????"),
        (S2, "alert tcp any any -> any any (fragoffset:>0; sid:1;)", "nnnnnnynnn"),
        (SU, "alert tcp 192.0.2.10 22 <> any any (flags:S,12; sid:1;)", "ynnnnnnnnn"),
        (SU, "alert tcp 192.0.2.10 22 -> any any (flags:S,12; sid:1;)", "nnnnnnnnnn"),
        (SU, "alert tcp any any -> any $HTTP_PORTS (sid:1;)", "nynynynnnn"),
        (SU, "alert tcp any any -> any ![80,443] (sid:1;)", "ynnyyyyyyy"),
        (SU, "alert tcp any any -> any ![$HTTP_PORTS,443] (sid:1;)", "ynnnynyyyy"),
        (SU, "alert tcp any any -> any [1:1024,!80,![443,22]] (sid:1;)", "nnnnynyyyy"),
        (SU, "alert tcp [203.0.113.0/24,!203.0.113.7] any -> any any (sid:1;)", "nnnnnnnnnn"),
        (S2, "alert ip any any -> any any (ip_proto:!6; sid:1;)", "nnnnnnnnnn"),
        (SU, "alert ip any any -> any any (ip_proto:tcp; sid:1;)", "yyyyyyyyyy"),
        (SU, "alert ip any any -> any 80 (sid:1;)", "??????????"),
        (SU, "alert ip any any -> any any (sameip; sid:1;)", "nnnnnnnnnn"),
        (SU, "alert tcp any any -> any any (flags:S; tag:session,10,packets; sid:1;)", "ynnnnnnnnn"),
        (SU, "alert tcp any any -> any any (flags:S; flowbits:isset,x; sid:1;)", "?nnnnnnnnn"),
        (SU, "alert tcp any any -> any any (flags:S; flowbits:set,x; sid:1;)", "ynnnnnnnnn"),
        (SU, "alert tcp any any -> any any (flags:S; geoip:src,CN; sid:1;)", "?nnnnnnnnn"),
        (SU, "alert tcp any any -> any any (stream-event:pkt_broken_ack; sid:1;)", "??????????"),
        (SU, "alert tcp any any -> any any (app-layer-event:applayer_no_tls_after_starttls; flags:S; sid:1;)", "?nnnnnnnnn"),
        (SU, "alert tcp-pkt any any -> any any (flags:S,12; sid:1;)", "ynnnynnnnn"),
        (SU, "alert tcp:flow_start any any -> any any (flags:S,12; sid:1;)", "?nnn?nnnnn"),
        (SU, "alert tcp:all any any -> any any (flags:S,12; sid:1;)", "ynnnynnnnn"),
        (SU, "alert tcp any any => any any (flags:S; sid:1;)", "ynnnnnnnnn"),
        (SU, "alert tcp any any -> any any (flow:established,to_server; flags:S; sid:1;)", "nnnnnnnnnn"),
        (SU, "alert tcp any any -> any any (flow:established; flags:R; sid:1;)", "nnnnnnnn?n"),
        (SU, "alert tcp any any -> any any (flow:to_server,not_established; flags:S,12; sid:1;)", "ynnnynnnnn"),
        (SU, r'alert tcp any any -> any any (msg:"a\;b (c) \"d\""; pcre:"/^a;b\"c/i"; flags:S; sid:1;)', "?nnnnnnnnn"),
        (SU, r'alert tcp any any -> any any (content:"a|3b|"; nocase; flags:SF+; sid:1;)', "nnnnnnnnnn"),
        (S3, 'alert http ( msg:"x"; http_uri; content:"y"; sid:1; )', "?nnn?????n"),
        (S3, "alert tcp ( flags:S; sid:1; )", "ynnnnnnnnn"),
        (S3, 'alert file ( file_type:"PDF"; sid:1; )', "??????????"),
    ],
)  # fmt: skip
def test_worked_out_by_hand(dialect: Dialect, text: str, answers: str) -> None:
    found = rules(text, dialect, **NETS)
    assert not found.refusals, found.refusals
    (rule,) = found.rules
    said = packets().verdict(rule)
    got = "".join("y" if yes else "?" if unknown else "n" for yes, unknown in zip(said.yes, said.unknown, strict=True))
    assert got == answers


def test_nmaps_os_detection_probe_is_told_by_its_length() -> None:
    """ET 2018489: a UDP datagram of 300 bytes of C, which a log without payload leaves open."""
    text = f'alert udp {IN.replace("any ->", "10000: ->")} (dsize:300; content:"CCCCCCCCCC"; depth:255; content:"CCC"; within:45; sid:2018489;)'
    on = bench(proto=Proto.UDP, sport=[40000, 40000, 53], dport=[40001] * 3, length=[328, 60, 328])
    (rule,) = rules(text, SU, **NETS).rules
    said = on.verdict(rule)
    assert (said.yes.tolist(), said.unknown.tolist()) == ([False] * 3, [True, False, False])


def test_ping_and_its_code() -> None:
    on = bench(proto=Proto.ICMP, icmp_type=[8, 8, 0, 3], icmp_code=[0, 9, 0, 3], length=[28, 28, 84, 56])
    for text, want in (("itype:8; icode:0;", "ynnn"), ("itype:8; icode:>0;", "nynn"), ("itype:8; dsize:0;", "yynn")):
        (rule,) = rules(f"alert icmp any any -> any any ({text} sid:1;)", SU).rules
        assert "".join("ny"[int(yes)] for yes in on.verdict(rule).yes) == want


@pytest.mark.parametrize(
    ("dialect", "text", "code"),
    [
        (SU, f"alert tcp {IN} (flags:S,12; sid:1;)", "load: not any"),
        (SU, "alert tcp any any -> any any (flags:sf; sid:1;)", "load: lower-case flags"),
        (SU, "alert tcp any any -> any any (flags:S,12;)", "load: no sid"),
        (SU, "alert tcp any any -> any any (threshold:type limit, track by_src, count 1, seconds 60; detection_filter:track by_src, count 5, seconds 10; sid:1;)", "load: two thresholds"),
        (SU, f"alert tcp any any -> any [{','.join(str(port) for port in range(1000, 2000, 4))}] (sid:1;)", "load: long list"),
        (S3, "alert tcp any any -> any any (threshold:type limit, track by_src, count 1, seconds 60; sid:1;)", "load: threshold"),
        (S2, "alert udp any any -> any any (flags:S; sid:1;)", "never: flags"),
        (S2, "alert tcp any any -> any any (flow:established; flags:SF; sid:1;)", "never: established"),
        (S2, "alert tcp any any -> any [80,!80] (sid:1;)", "load: not any"),
    ],
)  # fmt: skip
def test_what_the_engine_refuses_or_can_never_match(dialect: Dialect, text: str, code: str) -> None:
    (rule,) = rules(text, dialect, HOME_NET="any", EXTERNAL_NET="!$HOME_NET").rules
    assert code in [finding.code for finding in rule.findings if finding.level == "error"]


def test_comments_carriage_returns_and_byte_order_marks() -> None:
    text = (
        "\ufeffalert tcp any any -> any any (flags:S; sid:1;)\r\n"
        "#alert tcp any any -> any any (flags:S; sid:2;)\r\n"
        "## drop tcp any any -> any any (sid:3;)\r\n"
        "# alert us: see (docs)\r\n"
        "alert tcp any any -> any any \\\r\n    (msg:\"joined\"; \\\r\n    flags:SF; sid:4;)\r\n"
        "alert tcp any any -> any any (msg:\"not\u2028a new\x0cline\"; sid:5;)\r\n"
    )  # fmt: skip
    found = rules(text, SU)
    assert not found.refusals
    assert [(rule.sid, rule.line, rule.enabled) for rule in found.rules] == [
        (1, 1, True),
        (2, 2, False),
        (3, 3, False),
        (4, 5, True),
        (5, 8, True),
    ]


def test_a_mask_that_is_there_is_not_advised() -> None:
    def advice(flags: str) -> str:
        (rule,) = rules(f"alert tcp any any -> any any (flags:{flags}; sid:1;)", SU).rules
        return " ".join(finding.text for finding in rule.findings)

    assert "SF,CE" in advice("SF") and "SF,CE" not in advice("SF,12") and "PSH" in advice("SF,12")
    assert advice("S,12") == ""
