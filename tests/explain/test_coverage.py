"""Coverage: targets, times in; whether a random sample of the Internet could look so out."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from scantui.detect.detection import detect
from scantui.events import SYN, events
from scantui.explain.coverage import coverage
from scantui.explain.explanation import explain
from scantui.explain.feed import FeedReport
from scantui.tables import Tables
from tests.explain.senders import masscan
from tests.feeding import packets


def sweep(hosts: list[str], seconds: float, **columns: Any) -> Any:
    times = np.linspace(0.25, seconds + 0.25, len(hosts)).tolist()
    base = {"src": "203.0.113.9", "dst": hosts, "dport": [22] * len(hosts), "sport": 4000, "flags": SYN, "t": times}
    return packets(Tables(), base | columns)


WHOLE = [f"192.0.2.{i}" for i in range(256)]


@pytest.mark.parametrize(
    ("hosts", "seconds", "network", "impossible"),
    [
        (WHOLE, 2, "192.0.2.0/24", True),  # 128 a second into a /24
        (WHOLE, 86_400, "192.0.2.0/24", False),
        (WHOLE[:10], 0.5, "192.0.2.0/28", True),
        ([f"10.{i}.0.1" for i in range(20)], 10, "10.0.0.0/11", False),
    ],
)
def test_rate(hosts: list[str], seconds: float, network: str, impossible: bool) -> None:
    found = coverage(sweep(hosts, seconds))
    assert found is not None and (found.network, found.impossible) == (network, impossible)


@pytest.mark.parametrize("hosts", [WHOLE[:7], ["1.0.0.1", "200.0.0.1"] * 20, [f"2001:db8::{i}" for i in range(20)], []])
def test_no_network_to_speak_of(hosts: list[str]) -> None:
    batch = sweep(hosts, 5) if hosts else events(Tables(), 0, {})
    assert coverage(batch) is None


def test_whole_seconds_leave_up_to_one_more() -> None:
    found = coverage(sweep(WHOLE, 0, t=[5.0] * 256))
    assert found is not None and found.seconds == 1 and "at most 1 s" in found.text


@pytest.mark.parametrize(
    ("seconds", "title"), [(3.0, "a sweep of this network"), (200_000.0, "an Internet-wide sweep")]
)
def test_masscan_on_one_network_is_no_internet_wide_sweep(seconds: float, title: str) -> None:
    from dataclasses import replace

    batch = masscan(new=True)(np.random.default_rng(1), 9, 1)
    stretch = np.linspace(0, seconds * 1e6, len(batch)).astype(np.int64)
    scan = max(detect(batch).scans, key=lambda one: one.score)
    slow = replace(batch, ts=batch.ts[0] + stretch)
    why = explain(replace(scan, last=int(slow.ts[-1])), slow, events(batch.tables, 0, {}), None, FeedReport())
    titles = {story.title for story in why.story}
    assert title in titles and len(titles & {"a sweep of this network", "an Internet-wide sweep"}) == 1
