"""The feed: what is missing from a log is said, and a log that has it all is left in peace."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from scantui.events import ACK, FIN, SYN, Action, Events, TsQuality
from scantui.explain.feed import feed_report
from scantui.explain.limits import cut_bursts, limit_of, once_each
from scantui.tables import Tables
from tests.feeding import packets

ROWS = 400
FULL: dict[str, Any] = {
    "src": ["198.51.100.9", "198.51.100.9", "192.0.2.1", "198.51.100.9"] * (ROWS // 4), "dst": ["192.0.2.1", "192.0.2.2"] * (ROWS // 2), "dport": [80, 443] * (ROWS // 2), "sport": 999, "flags": [SYN, FIN, ACK, SYN] * (ROWS // 4),
    "ttl": 50, "window": 5, "ip_id": 7, "length": 60, "seq": 1, "ack": 1, "frag": 0, "tcp_options": 1,
    "action": [Action.DROP, Action.ACCEPT] * (ROWS // 2), "t": np.cumsum(np.random.default_rng(1).exponential(0.7, ROWS)) + 1_700_000_000.25,
}  # fmt: skip


def log(**changes: Any) -> Events:
    tables = Tables()
    tables.texts.code("020405B4")
    return packets(tables, {name: value for name, value in (FULL | changes).items() if value is not None})


def test_a_log_with_everything_lacks_nothing() -> None:
    report = feed_report(log())
    assert report.cannot_see == () and report.best == "" and report.tells_accepts


@pytest.mark.parametrize(
    ("change", "said", "best"),
    [
        ({"flags": None}, "no TCP flags", "log TCP flags"),
        ({"flags": [SYN, ACK] * (ROWS // 2)}, "no NULL, FIN, XMAS or SYN-FIN", "INVALID"),
        ({"flags": [SYN] * ROWS}, "only opening SYNs are logged", "INVALID"),
        ({"dst": "192.0.2.1"}, "one target only", ""),
        ({"src": "198.51.100.9"}, "no packet of a target is logged", ""),
        ({"ttl": None, "window": None, "ip_id": None}, "no TTL, window and IP ID:", "whole packet headers"),
        ({"seq": None, "ack": None}, "no TCP sequence numbers", "--log-tcp-sequence"),
        ({"tcp_options": None}, "no TCP options", "--log-tcp-options"),
        ({"action": [Action.DROP] * ROWS}, "only stopped packets", "accepted"),
        ({"action": [Action.ACCEPT] * ROWS}, "only accepted packets", "dropped"),
        ({"t": np.arange(ROWS) * 3 + 1_700_000_000}, "whole-second stamps", "sub-second"),
        ({"ts_quality": [TsQuality.GUESSED_YEAR] * ROWS}, "without year and zone", "ISO 8601"),
        ({"ts_quality": [TsQuality.GUESSED_ZONE] * ROWS}, "without zone", "ISO 8601"),
        ({"ts_quality": [TsQuality.ARRIVAL] * ROWS}, "no time stamps", "log time stamps"),
    ],
)
def test_what_is_missing_is_said(change: dict[str, Any], said: str, best: str) -> None:
    report = feed_report(log(**change))
    assert any(said in text for text in report.cannot_see), report
    assert best in report.best


def test_a_small_log_says_nothing_of_what_it_lacks() -> None:
    assert feed_report(log(flags=None).take(slice(0, 20))).cannot_see == ()


def through(times: np.ndarray, period: float, burst: int) -> np.ndarray:
    """What a token bucket lets through."""
    level, last, kept = float(burst), times[0], []
    for time in times:
        level = min(burst, level + (time - last) / period)
        last = time
        if level >= 1:
            level -= 1
            kept.append(time)
    return np.array(kept)


@pytest.mark.parametrize(
    ("period", "burst", "said"), [(20, 10, "3/min"), (6, 5, "10/min"), (1, 5, "1/s"), (60, 5, "1/min")]
)
@pytest.mark.parametrize("demand", [0.05, 0.5])
def test_a_token_bucket_shows(period: float, burst: int, said: str, demand: float) -> None:
    times = np.cumsum(np.random.default_rng(2).exponential(demand, 100_000))
    found = limit_of((through(times[times < 4000], period, burst) * 1e6).astype(np.int64))
    assert found is not None and found.text == f"{said} after a burst of {burst}"


@pytest.mark.parametrize("seed", range(40))
@pytest.mark.parametrize("mean", [0.1, 1, 5, 20, 60])
def test_no_limit_where_there_is_none(seed: int, mean: float) -> None:
    rng = np.random.default_rng(seed)
    times = np.cumsum(rng.exponential(mean, 1500))
    times = np.sort(np.concatenate([times, rng.uniform(0, times[-1]) + np.arange(60) * 0.01]))
    assert limit_of((times * 1e6).astype(np.int64)) is None


def test_a_timer_is_no_limit() -> None:
    assert limit_of(np.arange(500) * 20_000_000) is None


def burst(source: str, start: float, ports: list[int]) -> dict[str, Any]:
    return {
        "src": source,
        "dst": "192.0.2.1",
        "dport": ports,
        "sport": 4,
        "flags": SYN,
        "t": [start + i * 1e-4 for i in range(len(ports))],
    }


def test_bursts_of_unlike_senders_cut_at_one_length_show_a_limit() -> None:
    cut = [burst(f"203.0.113.{i}", 1000 * i, list(range(i * 100, i * 100 + 10))) for i in range(1, 4)]
    found = cut_bursts(packets(Tables(), *cut))
    assert found is not None and "after exactly 10 lines" in found.text
    assert cut_bursts(packets(Tables(), *cut, burst("203.0.113.9", 9000, list(range(50, 73))))) is None
    alike = [burst(f"203.0.113.{i}", 1000 * i, list(range(10))) for i in range(1, 4)]
    assert cut_bursts(packets(Tables(), *alike)) is None  # one list of ten ports, three times


def test_the_limit_leads_the_report() -> None:
    cut = [burst(f"203.0.113.{i}", 1000 * i, list(range(i * 100, i * 100 + 10))) for i in range(1, 7)]
    report = feed_report(packets(Tables(), *cut))
    assert "rate-limited" in report.cannot_see[0] and "without a limit" in report.best


def alerts(times: np.ndarray, hosts: int = 1, senders: int = 40) -> Events:
    rng = np.random.default_rng(3)
    dst = [f"192.0.2.{i + 1}" for i in rng.integers(0, hosts, len(times))]
    src = [f"203.0.113.{i + 1}" for i in rng.integers(0, senders, len(times))]
    columns = {"src": src, "dst": dst, "dport": 80, "sport": 9, "flags": SYN, "t": times.tolist()}
    return packets(Tables(), columns)


def test_one_alert_a_minute_for_each_target_shows() -> None:
    rng = np.random.default_rng(4)
    thinned = np.cumsum(60 + rng.exponential(20, 40))
    found = once_each(alerts(thinned), "ET SCAN")
    assert found is not None and found.text == "one line a minute for each target"


@pytest.mark.parametrize("mean", [5, 60, 84, 600])
@pytest.mark.parametrize("hosts", [1, 30])
def test_chance_spaces_no_lines_so(mean: float, hosts: int) -> None:
    assert once_each(alerts(np.cumsum(np.random.default_rng(5).exponential(mean, 400)), hosts)) is None


def test_one_monitor_once_a_minute_is_no_such_rule() -> None:
    assert once_each(alerts(np.arange(60) * 60.0, senders=1)) is None
