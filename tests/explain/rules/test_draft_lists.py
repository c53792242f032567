"""Lists in drafts: they hold every port and host of the scan, and no other where the language can write them."""

from __future__ import annotations

import ipaddress
from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from scantui.explain.rules.draft_lists import MULTIPORT, hosts, ports
from scantui.explain.rules.members import one_port
from scantui.tables import Tables

PORTS = st.lists(st.integers(0, 65_535), min_size=1, max_size=60)


def held(parts: tuple[str, ...]) -> set[int]:
    return {port for part in parts for low, high in one_port(part).spans for port in range(low, high + 1)}


@given(PORTS)
def test_a_list_without_bounds_holds_exactly_the_ports(numbers: list[int]) -> None:
    made = ports(numbers, ":", lambda _: True)
    assert held(made.parts) == set(numbers) and made.exact and made.probed == len(set(numbers))


@given(PORTS, st.integers(1, 8))
def test_a_bounded_list_closes_the_smallest_gaps(numbers: list[int], most: int) -> None:
    made = ports(numbers, ":", lambda parts: len(parts) <= most)
    inside = held(made.parts)
    assert set(numbers) <= inside and len(inside) == made.held and len(made.parts) <= most
    single = sorted(set(numbers))
    gaps = sorted((b - a - 1 for a, b in pairwise(single) if b - a > 1), reverse=True)
    assert made.held - made.probed == sum(gaps[most - 1 :])


def test_multiport_counts_a_range_for_two() -> None:
    numbers = [port for start in range(0, 4000, 100) for port in (start, start + 1)]
    made = ports(numbers, ":", lambda parts: sum(1 + (":" in part) for part in parts) <= MULTIPORT)
    assert sum(1 + (":" in part) for part in made.parts) <= MULTIPORT and len(made.parts) == 7


@given(st.lists(st.integers(0, 400), min_size=1, max_size=80))
def test_hosts_are_held_by_their_networks_and_by_no_wider_ones_than_needed(offsets: list[int]) -> None:
    tables = Tables()
    base = int(ipaddress.ip_address("198.51.100.0"))
    codes = np.array([base + offset for offset in offsets], np.uint32)
    made = hosts(codes, tables.addresses)
    inside = {int(address) for network in made.networks for address in ipaddress.ip_network(network)}
    assert set(codes.tolist()) <= inside and made.count == len(set(offsets)) and made.version == 4
    assert not made.exact or inside == set(codes.tolist())
    assert made.exact or len(made.networks) == 1


def test_hosts_that_no_list_can_hold() -> None:
    tables = Tables()
    far = np.array([0x01000001, *range(0x50000000, 0x50000000 + 500, 2)], np.uint32)
    assert hosts(far, tables.addresses).networks == () and not hosts(far, tables.addresses).exact
    near = np.arange(0xC0000200, 0xC0000300, 2, np.uint32)
    assert hosts(near, tables.addresses).networks == ("192.0.2.0/24",)
    six = np.array([tables.addresses.code(text) for text in ("2001:db8::1", "2001:db8::2", "2001:db8:9::1")], np.uint32)
    assert set(hosts(six, tables.addresses).networks) == {"2001:db8::1", "2001:db8::2", "2001:db8:9::1"}
    mixed = np.append(six, np.uint32(0xC0000201))
    assert hosts(mixed, tables.addresses).networks == ()
