"""What may be named as an input, and of which time: captures, other machines, listeners, --since and --until."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import MIXED, SYNFIN, Result, validate
from tests.formats import captures as make

Run = Callable[..., Result]


def test_a_report_of_a_time(run: Run) -> None:
    whole = json.loads(run("report", "--format", "json", "--all", MIXED).out)
    first, last = whole["events"]["first"], whole["events"]["last"]
    middle = f"{first[:11]}{(int(first[11:13]) + int(last[11:13])) // 2:02}:30"
    early = validate(json.loads(run("report", "--format", "json", "--until", middle, MIXED).out))
    late = validate(json.loads(run("report", "--format", "json", "--since", middle, MIXED).out))
    assert early["events"]["count"] + late["events"]["count"] == whole["events"]["count"]
    assert early["events"]["last"] <= f"{middle}:00.000000Z" <= late["events"]["first"]
    assert (
        late["feed"]["judging"][0]
        == f"since {middle}:00.000000Z: {early['events']['count']:,} packets before it left out"
    )
    none = run("report", SYNFIN, "--since", "2h ago")
    assert none.status == 0 and "packets before it left out" in none.out


def test_times_are_typed_in_the_zone_they_are_printed_in(run: Run) -> None:
    told = run("report", SYNFIN, "--since", "2000-01-25 04:00", "--tz", "Europe/Berlin").out
    assert "since 2000-01-25T03:00:00.000000Z" in told


@pytest.mark.parametrize(
    ("times", "why"),
    [
        (("--since", "8 o'clock"), "not a time: try 03:00, 'yesterday 03:00', '2h ago'"),
        (("--until", "17"), "17: an hour or a day? write 17:00 or a whole date"),
        (("--since", "03:00 CET"), "write a zone as +01:00"),
        (("--since", "1h ago", "--until", "2h ago"), "is later than --until"),
    ],
)
@pytest.mark.parametrize("command", [("report",), ("explain", "--source", "192.0.2.1"), ("export", "--as", "csv")])
def test_times_that_are_none(run: Run, command: tuple[str, ...], times: tuple[str, ...], why: str) -> None:
    assert why in run(*command, SYNFIN, *times).refused()


def test_a_capture(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "eth0.pcap"
    packets = [make.ether(make.ipv4("203.0.113.7", "192.0.2.10", 6, make.tcp(53, port, 3))) for port in range(1, 201)]
    file.write_bytes(make.pcap((1_700_000_000_000_000 + i * 1000, packet) for i, packet in enumerate(packets)))
    told = validate(json.loads(run("report", "--format", "json", str(file)).out))
    item = told["inputs"][0]
    assert [item[key] for key in ("format", "lines", "events", "unread")] == ["pcap", 200, 200, 0]
    assert [(scan["ports"], scan["techniques"]) for scan in told["scans"]] == [(200, ["syn-fin"])]
    file.write_bytes(make.pcap([(1, packets[0])] * 3, link=127))
    result = run("report", str(file))
    assert result.status == 3 and "no packet of 3 is read: link type 127 is not read" in result.err


def test_a_listener_is_no_report_and_a_taken_port_is_told(run: Run) -> None:
    assert "listening has no end; use scantui watch" in run("report", "syslog://").refused(3)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert f"port {port} is in use" in run("watch", "--print", f"syslog://127.0.0.1:{port}").refused(3)
    assert "write it as syslog://127.0.0.1:5514" in run("watch", "--print", "syslog://fw1").refused(3)


def test_a_file_elsewhere_is_refused_before_ssh_is_run(run: Run) -> None:
    assert "a user's or host's name" in run("report", "ssh://-oProxyCommand=x/var/log/kern.log").refused(3)
