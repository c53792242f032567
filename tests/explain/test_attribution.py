"""Tools: packets of every mode in, a name out where the log holds one; candidates below one half where it does not."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scantui.events import SYN, Events
from scantui.explain.attribution import NAMED, attribute
from tests.explain.senders import (
    KV,
    NOBODY,
    PLAIN,
    TOLD,
    connect,
    hping3,
    masscan,
    mirai,
    nmap,
    only,
    raw,
    together,
    zmap,
)

# What a plain LOG line (no sequence numbers, no options) cannot tell from its like.
NEEDS_SEQ = {"ipEye"}
# Others send the very same headers: any raw socket a bare datagram, Cisco IOS unicornscan's SYN, and a system behind a gateway
# that clears DF a SYN with Linux's options.
BARE = {"hping3 --udp", "unicornscan", "zmap 4.3 linux"}


def named(events: Events, *, twins: bool = False) -> str | None:
    found = attribute(events, twins=twins)
    assert found is not None
    total = sum(one.probability for one in found.candidates) + found.other
    assert total == pytest.approx(1, abs=0.06)  # candidates under two in a hundred are not listed
    return None if found.named is None else found.named.name


@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), hops=st.integers(1, 30), tries=st.integers(1, 3))
@pytest.mark.parametrize("mode", TOLD)
def test_whole_headers_name_the_tool(mode: str, seed: int, hops: int, tries: int) -> None:
    tool, send = TOLD[mode]
    found = attribute(send(np.random.default_rng(seed), hops, tries))
    assert found is not None and found.candidates[0].name == tool
    assert (found.named is None) == (mode in BARE)


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), hops=st.integers(1, 30), tries=st.integers(1, 3))
@pytest.mark.parametrize("mode", TOLD)
def test_plain_lines_name_the_tool_or_none(mode: str, seed: int, hops: int, tries: int) -> None:
    tool, send = TOLD[mode]
    expected = {None} if mode in NEEDS_SEQ | BARE or tool == "mirai-like" else {tool}
    assert named(only(send(np.random.default_rng(seed), hops, tries), *PLAIN)) in expected


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), tries=st.integers(1, 3))
@pytest.mark.parametrize("mode", TOLD)
def test_flags_and_ports_alone_name_no_tool_but_nmap_by_its_port_order(mode: str, seed: int, tries: int) -> None:
    tool, send = TOLD[mode]
    events = only(send(np.random.default_rng(seed), 9, tries), *KV)
    by_order = tool == "nmap" and "-r" not in mode and mode != "nmap -sU"
    assert named(events) == ("nmap" if by_order else None)


@settings(max_examples=6, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), hops=st.integers(1, 30))
@pytest.mark.parametrize("sender", NOBODY)
def test_nobody_is_named_for_what_others_send_too(sender: str, seed: int, hops: int) -> None:
    events = NOBODY[sender](np.random.default_rng(seed), hops, 1)
    assert [named(events), named(only(events, *PLAIN)), named(only(events, *KV))] == [None, None, None]


def test_masscans_looks_without_its_rule_are_not_masscan_once_sequence_numbers_are_logged() -> None:
    events = raw(window=1024, ttl=255, ports=[22])(np.random.default_rng(2), 12, 1)
    assert named(only(events, *PLAIN)) == "masscan"  # consistent with it, as far as a plain line goes
    assert named(events) is None


def test_a_telnet_bot_is_a_candidate_and_the_sequence_number_would_decide() -> None:
    found = attribute(only(mirai(np.random.default_rng(1), 9, 1), *PLAIN))
    assert found is not None and found.named is None and found.candidates[0].name == "mirai-like"
    assert found.decide[0].startswith("sequence number (--log-tcp-sequence): mirai-like the destination address")


def test_random_ttls_that_nmap_cannot_send_are_not_its_own() -> None:
    from dataclasses import replace

    events = nmap(SYN)(np.random.default_rng(1), 0, 1)
    for ttl in (events.ttl + 40, 50 + np.arange(len(events)) % 3 * 4):  # above 59; three paths, no draw
        found = attribute(replace(events, ttl=ttl.astype(np.uint8)))
        assert found is not None
        first = next(one for one in found.candidates if one.name == "nmap")
        assert not any("TTLs from" in text for text in first.speaks_for)


def test_two_programs_in_one_minute_are_told_apart_and_it_is_said_how_much_the_name_rests_on() -> None:
    mixed = together(nmap(SYN)(np.random.default_rng(1), 12, 1), hping3(SYN)(np.random.default_rng(2), 9, 1))
    found = attribute(mixed)
    assert found is not None and found.named is not None
    assert found.named.name == "hping3" and found.about == f"120 of {len(mixed)} packets that were made alike"
    assert not any(text.startswith("window 1024") for text in found.named.speaks_for)


@pytest.mark.parametrize("order", ["ascending", "shuffled"])
def test_a_systems_own_packets_name_no_tool(order: str) -> None:
    found = attribute(connect(order=order)(np.random.default_rng(3), 8, 1))
    assert found is not None and found.named is None
    assert "lets the system make its packets" in found.other_mode


def test_popular_ports_by_popularity_are_not_nmaps_order() -> None:
    from scantui.tables import Tables
    from tests.explain.senders import POPULAR, SOURCE, made

    ports = [*POPULAR, *range(7000, 7080)]
    events = made(Tables(), dst=["192.0.2.1"] * len(ports), dport=ports, sport=40000, flags=SYN)
    assert SOURCE and named(events) is None


def test_what_speaks_for_and_against_and_what_is_missing() -> None:
    found = attribute(nmap(SYN)(np.random.default_rng(1), 12, 2))
    assert found is not None and found.named is not None
    assert any(text.startswith("window 1024 in all") for text in found.named.speaks_for)
    assert any("TTLs from" in text for text in found.named.speaks_for)
    assert found.named.missing == ()
    assert found.decide == ()


def test_the_missing_field_that_would_decide_is_named_with_what_each_tool_puts_there() -> None:
    found = attribute(only(hping3(SYN | 1, keep=True)(np.random.default_rng(1), 12, 1), *KV))
    assert found is not None and found.named is None
    assert all(one.probability < NAMED for one in found.candidates)
    assert {"hping3", "nmap", "synscan"} <= {one.name for one in found.candidates}
    told = " | ".join(found.decide)
    assert "window: " in told and "hping3 512" in told and "nmap 1024" in told and "synscan 1028" in told
    assert "synscan 39426" in told
    assert all("window" in one.missing and "ip_id" in one.missing for one in found.candidates if one.name == "synscan")


def test_a_fixed_ttl_speaks_against_nmap() -> None:
    from dataclasses import replace

    events = nmap(SYN)(np.random.default_rng(1), 12, 1)
    found = attribute(replace(events, ttl=np.full(len(events), 50, np.uint8)))
    assert found is not None
    first = next(one for one in found.candidates if one.name == "nmap")
    assert any(text.startswith("TTL 50") for text in first.against)


def test_masscans_rule_needs_the_sequence_number_and_survives_any_window() -> None:
    from dataclasses import replace

    events = masscan(new=True)(np.random.default_rng(1), 12, 1)
    odd = replace(events, window=np.full(len(events), 4321, np.uint16))
    assert named(odd) == "masscan"
    broken = replace(
        odd, ip_id=(odd.ip_id + np.arange(len(odd))).astype(np.uint16), ttl=np.full(len(odd), 52, np.uint8)
    )
    assert named(broken) is None


def test_df_set_is_no_zmap_but_a_system() -> None:
    from dataclasses import replace

    events = zmap(new=True)(np.random.default_rng(1), 12, 1)
    assert named(events) == "zmap"
    assert named(replace(events, frag=np.ones(len(events), np.uint8))) is None


@pytest.mark.parametrize("rows", [0, 1, 2])
def test_hardly_any_packets(rows: int) -> None:
    events = nmap(SYN)(np.random.default_rng(1), 12, 1).take(slice(0, rows))
    found = attribute(events)
    assert (found is None) == (rows == 0)
    if found is not None:
        assert all(0 <= one.probability < 1 for one in found.candidates)
