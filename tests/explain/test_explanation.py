"""The whole explanation: what it may say of a source, and what it may not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from scantui.detect.detection import detect
from scantui.detect.scan import Cluster
from scantui.events import ACK, FIN, PSH, RST, SYN, Action, Events, Proto, events
from scantui.explain.addresses import is_inside, special
from scantui.explain.explanation import Explanation, explain
from scantui.explain.feed import FeedReport
from scantui.explain.line import duration, stable_name
from scantui.explain.origin import LIKELY, PROVEN, SPOOFABLE, provenance
from scantui.tables import Tables
from tests.explain.senders import KV, SOURCE, hping3, nmap, only, together
from tests.feeding import packets


def explained(batch: Events, answers: Events | None = None, relation: str = "", **feed: Any) -> Explanation:
    scan = max(detect(batch).scans, key=lambda one: one.score)
    cluster = None
    if relation:
        cluster = Cluster("c", (scan.id,), (scan.source, 1, 2), relation, {}, scan.first, scan.last, "they share much")
    answers = answers if answers is not None else events(batch.tables, 0, {})
    return explain(scan, batch, answers, cluster, FeedReport(**feed))


def words(why: Explanation) -> str:
    told = [why.line, *why.origin, *why.audit, *why.feed, *why.steps]
    return " | ".join([*told, *(f"{one.title} {one.text}" for one in why.story)])


def test_the_line_gives_what_is_constant_and_names_what_is_not_logged() -> None:
    why = explained(only(nmap(SYN | FIN, order="ascending", fixed=True)(np.random.default_rng(1), 9, 1), *KV))
    assert why.line.startswith(f"{SOURCE}:53 -> 192.0.2.1, 88 ports ")
    for part in ("ascending", "SYN-FIN", "once each", "not logged: window, TTL, IP ID, length, sequence number"):
        assert part in why.line


def test_the_name_is_stable_and_free_of_addresses_and_times() -> None:
    one, two = (explained(nmap(SYN)(np.random.default_rng(seed), seed, 2)) for seed in (3, 9))
    assert one.name == two.name == stable_name(one.traits)
    assert explained(hping3(SYN)(np.random.default_rng(1), 9, 1)).name != one.name


def test_commands_reproduce_the_pattern() -> None:
    why = explained(only(nmap(SYN | FIN, order="ascending", fixed=True)(np.random.default_rng(1), 9, 1), *KV))
    nmap_line = next(text for text in why.commands if text.startswith("nmap"))
    assert "-sS --scanflags SYNFIN -g 53 -r --max-retries 0 -p " in nmap_line and nmap_line.endswith(" 192.0.2.1")
    assert next(text for text in why.commands if text.startswith("hping3")).startswith("hping3 -S -F -s 53 --scan ")
    stepping = explained(hping3(SYN | FIN, keep=True)(np.random.default_rng(1), 9, 1))
    assert stepping.commands == ("hping3 -S -F -s 53 -k -p ++20 -c 120 192.0.2.1",)


def test_decoys_never_name_the_sender() -> None:
    for batch in (nmap(SYN)(np.random.default_rng(1), 9, 1), only(nmap(SYN)(np.random.default_rng(1), 9, 1), *KV)):
        told = words(explained(batch, relation="decoy"))
        assert "which address is its own" in told and "block none of these" in told
    assert "one sender is likely and not proven" in told  # without IP IDs


@pytest.mark.parametrize("seed", range(3))
def test_spoofable_until_a_handshake_is_finished(seed: int) -> None:
    told = words(explained(nmap(SYN)(np.random.default_rng(seed), 9, 1)))
    assert "source spoofable" in told and "proven:" not in told


def conversation(*flags: int, **columns: Any) -> Events:
    base = {
        "src": SOURCE,
        "dst": "192.0.2.1",
        "dport": 22,
        "sport": 5,
        "flags": list(flags),
        "t": list(range(len(flags))),
    }
    return packets(Tables(), base | columns)


@pytest.mark.parametrize(
    ("batch", "grade"),
    [
        (conversation(SYN), SPOOFABLE),
        (conversation(SYN | FIN), SPOOFABLE),
        (conversation(SYN, action=[Action.ACCEPT]), SPOOFABLE),
        (conversation(SYN, answered=[True]), SPOOFABLE),  # a forged SYN gets an answer too
        (conversation(SYN | ACK | PSH, answered=[True]), PROVEN),  # a flow's flags
        (conversation(SYN, ACK | PSH, action=[Action.ACCEPT, Action.DROP]), LIKELY),
        (conversation(ACK | PSH, SYN, action=[Action.DROP, Action.ACCEPT]), SPOOFABLE),
        (conversation(SYN, RST, action=[Action.ACCEPT, Action.DROP]), SPOOFABLE),
    ],
)
def test_provenance(batch: Events, grade: str) -> None:
    from dataclasses import replace

    from scantui.events import KNOWN
    from scantui.explain.audit import Audit

    if batch.answered.any():
        batch = replace(batch, known=batch.known | np.uint32(KNOWN["answered"]))
    nothing = Audit(0, (), 0, (), 0, 0, True, True)
    assert provenance(batch, nothing)[0] == grade


def test_udp_is_always_spoofable() -> None:
    from scantui.explain.audit import Audit

    batch = packets(Tables(), {"src": SOURCE, "dst": "192.0.2.1", "dport": [53], "proto": [Proto.UDP], "t": [1]})
    assert provenance(batch, Audit(0, (), 0, ("192.0.2.1:53",), 0, 0, True, True))[0] == SPOOFABLE


def test_audit_tells_let_through_and_answered_apart() -> None:
    tables = Tables()
    ports = list(range(1, 101))
    action = [Action.ACCEPT if port in (22, 80) else Action.DROP for port in ports]
    scan = {
        "src": SOURCE,
        "dst": "192.0.2.1",
        "dport": ports,
        "sport": 7,
        "flags": SYN,
        "action": action,
        "t": [p * 0.01 for p in ports],
    }
    later = {
        "src": SOURCE,
        "dst": "192.0.2.1",
        "dport": [22] * 3,
        "sport": 9,
        "flags": SYN,
        "action": [Action.ACCEPT] * 3,
        "t": [9e6] * 3,
    }
    back = {
        "src": "192.0.2.1",
        "dst": SOURCE,
        "sport": [22, 23, 24],
        "dport": 7,
        "flags": [SYN | ACK, RST | ACK, RST | ACK],
        "t": [1, 1, 1],
    }
    batch = packets(tables, scan, later)
    mute = " | ".join(explained(batch, tells_accepts=True).audit)
    assert "of 100 target ports probed, 2 let through: 192.0.2.1:22, :80" in mute
    assert "whether the ports were open, the log does not tell" in mute
    assert "outside this scan, 3 accepted packets" in mute
    heard = " | ".join(explained(batch, packets(tables, back), tells_accepts=True).audit)
    assert "answered as open: 192.0.2.1:22" in heard and "2 answered with RST" in heard
    dark = explained(nmap(SYN)(np.random.default_rng(1), 9, 1), tells_accepts=False)
    assert "what was let through is unknown" in dark.audit[0]


@pytest.mark.parametrize(
    ("address", "name"),
    [("203.0.113.7", "documentation"), ("10.1.2.3", "private"), ("172.31.0.1", "private"), ("172.32.0.1", None), ("100.100.0.1", "shared"),
     ("198.19.0.1", "benchmark"), ("127.0.0.1", "loopback"), ("169.254.1.1", "link-local"), ("224.0.0.1", "multicast"), ("250.0.0.1", "reserved"),
     ("0.1.2.3", "this network"), ("2001:db8::1", "documentation"), ("fd00::1", "private"), ("fe80::1", "link-local"), ("8.8.8.8", None),
     ("2a00:1450::1", None), ("nonsense", None)],
)  # fmt: skip
def test_special_addresses(address: str, name: str | None) -> None:
    found = special(address)
    assert (found[0] if found else None) == name
    assert is_inside(address) == (name in ("private", "loopback", "link-local"))


def test_distance_from_a_steady_ttl_and_from_nmaps_whole_band() -> None:
    assert "about 9 hops away" in words(explained(hping3(SYN)(np.random.default_rng(1), 9, 1)))
    batch = nmap(SYN)(np.random.default_rng(1), 9, 3)
    assert int(batch.ttl.max()) - int(batch.ttl.min()) == 22
    assert "about 9 hops away: nmap draws TTLs" in words(explained(batch))
    from dataclasses import replace

    wide = replace(batch, ttl=np.random.default_rng(2).integers(30, 250, len(batch)).astype(np.uint8))
    assert "no distance" in words(explained(wide))


def test_every_story_says_what_it_rests_on_and_what_overturns_it_likeliest_first() -> None:
    for relation in ("", "decoy", "distributed", "campaign"):
        story = explained(nmap(SYN)(np.random.default_rng(1), 9, 1), relation=relation).story
        assert story and all(one.text and one.rests_on and one.overturned_by for one in story)
        grades = [("likely", "possible", "unlikely").index(one.grade) for one in story]
        assert grades == sorted(grades)


def test_durations_read_as_one_says_them() -> None:
    assert [duration(us) for us in (21, 5100, 1_500_000, 300e6, 3600e6 * 3)] == [
        "21 us",
        "5.1 ms",
        "1.5 s",
        "5 min",
        "3 h",
    ]


def story_of(batch: Events, **columns: Any) -> tuple[str, ...]:
    return tuple(f"{one.grade}: {one.title}" for one in explained(batch, **columns).story)


def many(count: int, /, **columns: Any) -> Events:
    base = {"src": SOURCE, "dst": [f"192.0.2.{i % 250 + 1}" for i in range(count)], "action": [Action.DROP] * count}
    return packets(Tables(), base | {"t": [1_700_000_000.5 + 7 * i for i in range(count)]} | columns)


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"flags": SYN | ACK, "sport": 80, "dport": list(range(2000, 2040))}, "likely: backscatter"),
        ({"flags": SYN | ACK, "sport": 31337, "dport": list(range(2000, 2040))}, "possible: backscatter"),  # of no known service
        ({"flags": RST | ACK, "sport": list(range(40_000, 40_040)), "dport": 443}, "likely: the ends of its own connections"),
        ({"src": "10.1.2.3", "flags": SYN | ACK, "sport": 80, "dport": list(range(2000, 2040))}, "likely: answers of a host of your own"),
        ({"flags": FIN | ACK, "sport": 443, "dst": "192.0.2.1", "dport": list(range(40_000, 40_040))}, "likely: late answers"),
        ({"sport": 443, "dport": list(range(40_000, 40_040)), "count": [9] * 40, "action": [Action.ACCEPT] * 40}, "likely: the answering side of connections"),
    ],
)  # fmt: skip
def test_answers_are_told_by_the_side_of_the_service(columns: dict[str, Any], said: str) -> None:
    batch = many(40, **columns)
    assert said in story_of(batch)
    why = explained(batch)
    assert "probed" not in why.audit[0] and "maimon" not in why.name


def test_an_inside_source_is_looked_for_and_not_blocked_for_hours() -> None:
    inside = many(60, src="10.1.2.3", flags=SYN, sport=4000, dport=22, t=[1_700_000_000 + i * 0.1 for i in range(60)])
    told = words(explained(inside))
    assert "find the host behind 10.1.2.3 now" in told and "block for hours" not in told


def test_a_providers_shared_range_is_no_laboratory() -> None:
    batch = many(60, src="100.64.1.2", flags=SYN, sport=4000, dport=22, t=[1_700_000_000 + i * 0.1 for i in range(60)])
    told = words(explained(batch))
    assert "a neighbour at your provider" in told and "laboratory" not in told


def test_no_advice_is_given_twice() -> None:
    setting = "log whole packet headers (netfilter LOG, or nflog, gives TTL, window, IP ID and length)"
    undecided = only(hping3(SYN | FIN, keep=True)(np.random.default_rng(1), 9, 1), *KV)
    why = explained(undecided, best=setting, cannot_see=("no TTL, window, IP ID and length",))
    assert [step for step in why.steps if "setting" in step or "name the tool" in step] == [
        f"the one log setting that would help most, to name the tool too: {setting}"
    ]
    assert not any(setting in text for text in why.feed)
    blind = explained(undecided, best="log dropped packets")
    assert any(step.startswith("to name the tool next time") for step in blind.steps)  # another setting shows no tool


def test_whole_second_stamps_give_no_gaps() -> None:
    batch = only(nmap(SYN)(np.random.default_rng(1), 9, 1), *KV)
    from dataclasses import replace

    coarse = replace(batch, ts=batch.ts[0] // 10**6 * 10**6 + np.arange(len(batch)) // 12 * 10**6)
    line = explained(coarse).line
    assert "over 7 s (whole-second stamps)" in line and "gap" not in line


def test_the_line_of_mixed_packets_says_which_it_speaks_of() -> None:
    mixed = together(nmap(SYN)(np.random.default_rng(1), 12, 1), hping3(SYN)(np.random.default_rng(2), 9, 1))
    why = explained(mixed)
    assert f"; in 120 of {len(mixed)} packets that were made alike: ports in ascending order, " in why.line
    assert "possible: several programs or machines behind one address" in story_of(mixed)


def test_protocols_are_no_ports_and_ipv6_lacks_no_ip_id() -> None:
    count = 40
    protocols = many(count, dst="192.0.2.1", proto=[Proto.OTHER] * count, proto_num=list(range(100, 140)), ttl=40)
    why = explained(protocols)
    assert "40 IP protocols" in why.line and "40 targets probed" in why.audit[0]
    assert any("40 IP protocols of one host" in one.text for one in why.story)
    six = many(count, src="2001:db8::9", dst="2001:db8:1::1", flags=SYN, sport=4000, dport=list(range(1000, 1040)))
    assert "not logged: window, TTL, length, sequence number" in explained(six).line


def test_each_service_that_answered_is_named_with_its_host() -> None:
    scan = many(60, flags=SYN, sport=4000, dport=80, t=[1_700_000_000 + i * 0.1 for i in range(60)])
    back = packets(scan.tables, {"src": ["192.0.2.1", "192.0.2.2", "192.0.2.2"], "dst": SOURCE, "sport": [80, 80, 80], "dport": 4000,
                                 "flags": SYN | ACK, "t": [1_700_000_001] * 3})  # fmt: skip
    assert "answered as open: 192.0.2.1:80, 192.0.2.2:80" in explained(scan, back).audit


def test_targets_of_a_command_are_in_order_or_one_network() -> None:
    batch = many(16, dst=[f"192.0.2.{i}" for i in (79, *range(64, 79))], flags=SYN, sport=4000, dport=[443] * 16,
                 t=[1_700_000_000 + i * 0.1 for i in range(16)])  # fmt: skip
    assert any(command.endswith(" 192.0.2.64/28") for command in explained(batch).commands)
