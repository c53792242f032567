"""Decoys, distributed scans and campaigns are told apart; coincidence is not a cluster."""

from __future__ import annotations

from typing import Any

import numpy as np

from scantui.detect.detection import detect
from scantui.events import SYN
from scantui.tables import Tables
from tests.feeding import packets

SOURCES = [f"203.0.113.{i}" for i in range(1, 9)]


def probe(src: str, **more: Any) -> dict[str, Any]:
    count = 40
    base = {
        "t": [i / 10 for i in range(count)],
        "src": src,
        "dst": "192.0.2.10",
        "sport": 40_000,
        "dport": range(1, count + 1),
        "flags": SYN,
        "length": 44,
        "window": 1024,
        "ip_id": np.random.default_rng(5).integers(0, 65_536, count),
    }
    return base | more


def test_decoys_share_ip_id_source_port_and_moment() -> None:
    (cluster,) = detect(packets(Tables(), *(probe(src) for src in SOURCES))).clusters
    assert (cluster.relation, len(cluster.sources)) == ("decoy", 8)


def test_a_distributed_scan_splits_its_targets() -> None:
    groups = [
        probe(
            src,
            dport=[22] * 10,
            dst=[f"192.0.2.{10 * i + j}" for j in range(10)],
            t=[i + j / 10 for j in range(10)],
            ip_id=np.random.default_rng(i).integers(0, 65_536, 10),
        )
        for i, src in enumerate(SOURCES)
    ]
    (cluster,) = detect(packets(Tables(), *groups)).clusters
    assert (cluster.relation, len(cluster.sources)) == ("distributed", 8)


def test_bots_on_one_port_over_an_hour_are_a_campaign() -> None:
    groups = [
        probe(
            src,
            dport=[23] * 40,
            dst=[f"192.0.2.{(7 * i + j) % 250}" for j in range(40)],
            t=[i * 60 + j * 30 for j in range(40)],
            sport=1025 + 77 * i,
            window=5000 + i,
            length=40,
            ip_id=np.random.default_rng(i).integers(0, 65_536, 40),
        )
        for i, src in enumerate(SOURCES)
    ]
    (cluster,) = detect(packets(Tables(), *groups)).clusters
    assert (cluster.relation, len(cluster.sources)) == ("campaign", 8)


def test_same_tool_elsewhere_or_later_is_no_cluster() -> None:
    elsewhere = probe(SOURCES[1], dst="192.0.2.77", dport=range(100, 140))
    later = probe(SOURCES[2], t=[7200 + i for i in range(40)])
    other_tool = probe(SOURCES[3], window=512, length=40, flags=SYN)
    assert detect(packets(Tables(), probe(SOURCES[0]), elsewhere, later, other_tool)).clusters == ()


def test_a_cluster_says_what_its_members_share() -> None:
    (cluster,) = detect(packets(Tables(), *(probe(src) for src in SOURCES))).clusters
    assert cluster.signature["window"] == 1024
    assert cluster.text.startswith("8 sources in 1 /24 network share")
    assert "no other packet in this log looks so" in cluster.text or "nothing else in this log" in cluster.text
