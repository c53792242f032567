"""Features: one column in, one class out."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scantui.events import FIN, SYN, Proto
from scantui.explain.attribution import observe
from scantui.explain.behaviour import POPULAR, by_chance
from scantui.explain.headers import counter, initial_ttl
from scantui.explain.probes import probes_of
from scantui.tables import Tables
from tests.feeding import packets

ROWS = 40
BASE: dict[str, Any] = {
    "src": "203.0.113.9",
    "dst": "192.0.2.1",
    "dport": list(range(7000, 7000 + ROWS)),
    "flags": SYN,
    "sport": 4000,
}


def seen(**columns: Any) -> dict[str, str]:
    base = BASE | {"t": [1_700_000_000 + i * 0.1 for i in range(ROWS)]} | columns
    probes = probes_of(packets(Tables(), base))
    assert probes is not None
    return {name: one.value for name, one in observe(probes).items()}


RNG = np.random.default_rng(7)


@pytest.mark.parametrize(
    ("field", "columns", "expected"),
    [
        ("ttl", {"ttl": 57}, "from 64"),
        ("ttl", {"ttl": 57 + np.arange(ROWS) % 2}, "from 64"),
        ("ttl", {"ttl": 117}, "from 128"),
        ("ttl", {"ttl": 240}, "from 255"),
        ("ttl", {"ttl": 25}, "from 32"),
        ("ttl", {"ttl": 20 + np.arange(ROWS) % 23}, "band"),
        ("ttl", {"ttl": 20 + np.arange(ROWS) * 3}, "wide"),
        ("window", {"window": 1024}, "1024"),
        ("window", {"window": 1000 + np.arange(ROWS)}, "varies"),
        ("window", {"window": 1024 * (1 + np.arange(ROWS) % 4), "ttl": 40 + np.arange(ROWS) % 4}, "ttl-linked"),
        ("window", {"window": 1024 * (1 + np.arange(ROWS) % 4), "ttl": 40 + np.arange(ROWS) % 3}, "varies"),
        ("size", {"length": 40}, "0"),
        ("size", {"length": 44}, "4"),
        ("size", {"length": 60}, "20"),
        ("size", {"length": 160}, "data"),
        ("df", {"frag": 1}, "set"),
        ("df", {"frag": 0}, "clear"),
        ("ip_id", {"ip_id": 54321}, "54321"),
        ("ip_id", {"ip_id": np.arange(ROWS) + 65530}, "counter"),
        ("ip_id", {"ip_id": RNG.permutation(60000)[:ROWS]}, "random"),
        ("seq", {"seq": 77}, "per try"),
        ("seq", {"seq": 0}, "zero"),
        ("seq", {"seq": (192 << 24) + (2 << 8) + 1}, "destination"),
        ("seq", {"seq": RNG.permutation(60000)[:ROWS]}, "random"),
        ("ack", {"ack": 0}, "zero"),
        ("ack", {"ack": 5}, "nonzero"),
        ("sport", {}, "constant"),
        ("sport", {"sport": np.arange(ROWS) + 2000}, "counter"),
        ("sport", {"sport": np.arange(7000, 7000 + ROWS)}, "as dport"),
        ("sport", {"sport": RNG.permutation(60000)[:ROWS]}, "random"),
        ("sport", {"sport": 4000 + np.arange(ROWS) // 20}, "few"),
        ("order", {}, "ascending"),
        ("order", {"dport": list(range(8000, 8000 - ROWS, -1))}, "descending"),
        ("order", {"dport": RNG.permutation(np.arange(7000, 7000 + ROWS))}, "shuffled"),
        ("order", {"dport": [*POPULAR[::-2], *RNG.permutation(np.arange(7000, 7026))]}, "popular first"),
        ("order", {"dport": [*POPULAR, *RNG.permutation(np.arange(7000, 7012))]}, "by popularity"),
        ("tries", {}, "once"),
        ("tries", {"dport": [*range(7000, 7020), *range(7000, 7020)]}, "twice"),
        ("tries", {"dport": np.repeat(np.arange(5), 8)}, "eight"),
        ("retry", {"dport": [*range(7000, 7020), *range(7000, 7020)]}, "same"),
        ("retry", {"dport": [*range(7000, 7020), *range(7000, 7020)], "sport": 4000 + 2 * (np.arange(ROWS) // 20)}, "shifted"),
        ("retry", {"dport": [*range(7000, 7020), *range(7000, 7020)], "sport": np.arange(ROWS) * 997 + 1}, "new"),
        ("ports", {"dst": [f"192.0.2.{i + 1}" for i in range(ROWS)], "dport": [2323 if i % 10 == 0 else 23 for i in range(ROWS)]}, "23 and 2323"),
        ("hosts", {"dst": [f"192.0.2.{i + 1}" for i in range(ROWS)]}, "ascending"),
    ],
)  # fmt: skip
def test_class(field: str, columns: dict[str, Any], expected: str) -> None:
    assert seen(**columns)[field] == expected


@pytest.mark.parametrize("field", ["ttl", "window", "size", "df", "ip_id", "seq", "ack", "options"])
def test_what_the_log_does_not_give_is_not_observed(field: str) -> None:
    assert field not in seen()


def test_a_zero_is_not_unknown() -> None:
    assert seen(window=0)["window"] == "0"
    assert seen(ip_id=0)["ip_id"] == "0"


def test_the_largest_group_speaks() -> None:
    tables = Tables()
    raw = BASE | {"length": 44, "window": 1024, "frag": 0, "t": list(range(ROWS))}
    system = {
        "src": BASE["src"],
        "dst": "192.0.2.1",
        "dport": [80, 443],
        "flags": SYN,
        "sport": [1, 2],
        "length": 60,
        "window": 64240,
        "frag": 1,
        "t": [3, 4],
    }
    answers = {
        "src": BASE["src"],
        "dst": "192.0.2.9",
        "dport": list(range(50000, 50100)),
        "flags": 20,
        "sport": 80,
        "length": 40,
        "window": 9,
        "frag": 0,
        "t": list(range(100)),
    }
    probes = probes_of(packets(tables, raw, system, answers))
    assert probes is not None and len(probes.rows) == ROWS
    assert observe(probes)["window"].value == "1024"


def test_udp_and_protocols() -> None:
    assert seen(proto=[Proto.UDP] * ROWS, length=28)["size"] == "empty"
    many = packets(
        Tables(),
        {
            "src": "203.0.113.9",
            "dst": "192.0.2.1",
            "proto": [Proto.OTHER] * 20,
            "proto_num": list(range(20)),
            "ttl": 50,
            "t": list(range(20)),
        },
    )
    probes = probes_of(many)
    assert probes is not None and probes.proto == "ip"


def test_os_probes_by_flags_and_window() -> None:
    flags = [SYN, SYN, SYN, SYN, 0, SYN | FIN | 8 | 32]
    window = [1, 63, 4, 16, 128, 256]
    events = packets(
        Tables(),
        {
            "src": "203.0.113.9",
            "dst": "192.0.2.1",
            "dport": [80] * 6,
            "sport": list(range(6)),
            "flags": flags,
            "window": window,
            "t": list(range(6)),
        },
    )
    probes = probes_of(events)
    assert probes is not None and observe(probes)["osprobes"].value == "series"


@given(st.integers(1, 255))
def test_initial_ttl_is_never_below(ttl: int) -> None:
    assert initial_ttl(ttl) >= ttl and initial_ttl(ttl) in (32, 64, 128, 255)


@given(start=st.integers(0, 65535), steps=st.lists(st.integers(1, 3), min_size=5, max_size=50))
def test_a_counter_may_wrap(start: int, steps: list[int]) -> None:
    assert counter((start + np.cumsum(steps)) % 65536)


@given(ports=st.integers(1, 300), popular=st.integers(0, 28), hits=st.integers(0, 28))
def test_by_chance_is_a_probability_and_falls_with_hits(ports: int, popular: int, hits: int) -> None:
    chance = by_chance(ports, popular, hits)
    assert 0 <= chance <= 1
    assert by_chance(ports, popular, hits + 1) <= chance


def test_by_chance_small_case() -> None:
    assert by_chance(4, 2, 2) == pytest.approx(1 / 6)
    assert by_chance(10, 10, 10) == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("020405B4", "mss"),
        ("02040578", "mss"),  # clamped by a path
        ("020405B40103030801010402", "windows"),
        ("020405B40402080A................01030307", "linux"),
        ("020405B4010303060101080A................04020000", "bsd"),
        ("020405B401010402", "other"),
        ("0204", "other"),
        ("03", "other"),
        ("zz", "other"),
    ],
)
def test_option_layouts(text: str, expected: str) -> None:
    tables = Tables()
    columns = BASE | {"t": list(range(ROWS)), "tcp_options": tables.texts.code(text)}
    probes = probes_of(packets(tables, columns))
    assert probes is not None and observe(probes)["options"].value == expected


def test_a_share_is_said_as_a_share() -> None:
    tables = Tables()
    frag = [0] * (ROWS - 2) + [1] * 2
    probes = probes_of(
        packets(tables, BASE | {"t": list(range(ROWS)), "proto_num": 6, "frag": frag, "ack": [0] * 38 + [9] * 2})
    )
    assert probes is not None
    texts = {name: one.text for name, one in observe(probes).items()}
    assert (
        texts["ack"] == "ACK number 0 in all 38" and "38 of 40" not in texts["ack"]
    )  # DF tells two ways of making them apart
    assert probes.asked == ROWS and len(probes.rows) == 38


@pytest.mark.parametrize(
    ("ports", "expected"),
    [
        ([*np.random.default_rng(1).permutation(POPULAR), *np.random.default_rng(1).permutation(np.arange(7000, 7040))], "popular first"),
        ([*sorted(POPULAR), *np.random.default_rng(1).permutation(np.arange(7000, 7040))], "shuffled"),  # a list, not nmap's shuffle
        ([*np.random.default_rng(1).permutation(POPULAR), *range(7000, 7040)], "shuffled"),
        ([*np.random.default_rng(1).permutation(POPULAR[:20]), *np.random.default_rng(1).permutation(np.arange(7000, 7040))], "shuffled"),
        ([*np.random.default_rng(1).permutation([21, 22, 23, 25]), *np.random.default_rng(2).permutation(np.arange(26, 61))], "shuffled"),
    ],
)  # fmt: skip
def test_nmaps_order_is_all_of_its_list_in_front_and_both_parts_shuffled(ports: list[int], expected: str) -> None:
    columns = {"dport": ports, "t": list(range(len(ports)))}
    assert seen(**columns)["order"] == expected
    assert seen(**columns, proto=[Proto.UDP] * len(ports), flags=0)["order"] != "popular first"


def test_one_port_asked_for_often_is_no_retry_of_the_rest() -> None:
    ports = [*range(7000, 7040), *[443] * 300]
    probes = probes_of(packets(Tables(), BASE | {"dport": ports, "t": list(range(len(ports)))}))
    assert probes is not None
    tries = observe(probes)["tries"]
    assert tries.value == "once" and tries.text == "one packet a target port, but 1 of them up to 300 times"
