"""`report`, `export` and `formats` on real logs."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest

from tests.cli.conftest import DEMO, MIXED, SYNFIN, Result

Run = Callable[..., Result]
ROOT = Path(__file__).parents[2]
SCHEMA = json.loads((ROOT / "docs" / "report.schema.json").read_text())
QUIET = "ts=2000-01-25T03:14:01Z event=fw_drop src=198.51.100.9:5353 dst=192.0.2.1:5353 proto=udp\n"


def test_json_of_every_demo_log_keeps_to_the_schema(run: Run) -> None:
    logs = sorted(map(str, DEMO.glob("*.log")))
    status, out, err = run("report", "--format", "json", "--all", *logs)
    assert (status, err) == (0, "")
    document = json.loads(out)
    jsonschema.Draft202012Validator(SCHEMA).validate(document)
    assert [item["path"] for item in document["inputs"]] == logs
    assert all(item["unread"] == 0 and item["lines"] == item["events"] for item in document["inputs"])
    assert document["events"]["count"] == sum(item["events"] for item in document["inputs"])
    assert document["events"]["first"] == "2000-01-25T00:30:03.039627Z"


def test_the_burst_is_found(run: Run) -> None:
    status, out, _ = run("report", "--format", "json", SYNFIN)
    assert status == 0
    scan = next(scan for scan in json.loads(out)["scans"] if scan["sources"] == ["203.0.113.7"])
    assert scan["verdict"] == "scan"
    assert scan["kind"] == "vertical"
    assert (scan["events"], scan["ports"], scan["targets"]) == (200, 200, 1)
    assert scan["first"] == scan["last"] == "2000-01-25T03:14:01.000000Z"


def test_every_form_names_the_same_scans(run: Run) -> None:
    document = json.loads(run("report", "--format", "json", SYNFIN).out)
    ids = [scan["id"] for scan in document["scans"]]
    lines = [json.loads(line) for line in run("report", "--format", "jsonl", SYNFIN).out.splitlines()]
    assert [scan["id"] for scan in lines] == ids
    rows = list(csv.DictReader(io.StringIO(run("report", "--format", "csv", SYNFIN).out)))
    assert [row["scan"] for row in rows] == ids
    text = run("report", SYNFIN).out
    assert all(scan["sources"][0] in text for scan in lines)


def test_fail_on(run: Run, tmp_path: Path) -> None:
    quiet = tmp_path / "quiet.log"
    quiet.write_text(QUIET)
    for what in ("scan", "suspect"):
        assert run("report", "--fail-on", what, SYNFIN).status == 1
        assert run("report", "--fail-on", what, str(quiet)).status == 0


def test_who_may_scan_is_benign_and_the_report_says_why(run: Run) -> None:
    command = ("report", "--format", "json", "--fail-on", "scan", "--allow", "203.0.113.7", SYNFIN)
    status, out, _ = run(*command)
    assert status == 0
    assert "203.0.113.7" not in [source for scan in json.loads(out)["scans"] for source in scan["sources"]]
    document = json.loads(run(*command, "--all").out)
    jsonschema.Draft202012Validator(SCHEMA).validate(document)
    scan = next(scan for scan in document["scans"] if scan["sources"] == ["203.0.113.7"])
    assert scan["verdict"] == "benign"
    assert any("allowed" in item["text"] for item in scan["evidence"])


def test_zone_of_printed_times(run: Run) -> None:
    out = run("report", "--format", "jsonl", "--tz", "America/New_York", SYNFIN).out
    assert '"first":"2000-01-24T22:14:01.000000-05:00"' in out


@pytest.mark.parametrize("make", ["missing", "binary", "words"])
def test_an_input_that_cannot_be_read_is_status_3(run: Run, tmp_path: Path, make: str) -> None:
    path = tmp_path / "odd\x1b.log"
    if make == "binary":
        path.write_bytes(bytes(range(256)) * 20)
    elif make == "words":
        path.write_text("a line of something else\n" * 20)
    status, out, err = run("report", "--fail-on", "scan", "--format", "json", SYNFIN, str(path))
    assert status == 3
    assert len(err.splitlines()) == 1
    assert "odd\\x1b.log" in err
    assert any(scan["sources"] == ["203.0.113.7"] for scan in json.loads(out)["scans"])
    assert run("report", str(path)).refused(3) if make == "missing" else True


def test_an_empty_log_is_no_error(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "empty.log"
    path.touch()
    status, out, err = run("report", str(path))
    assert (status, err) == (0, f"scantui: {path}: the file is empty; nothing to report\n")
    assert "0 scans, 0 suspects in 0 events" in out


def test_output_is_a_private_file_and_never_overwrites_unasked(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    command = ("report", "--format", "json", "--output", str(path), SYNFIN)
    assert run(*command) == (0, "", "")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    first = path.read_bytes()
    assert "--force" in run(*command).refused()
    assert run(*command, "--force") == (0, "", "")
    assert path.read_bytes() == first
    assert "cannot write" in run("report", "--output", str(tmp_path / "none" / "x"), SYNFIN).refused()


def test_export_takes_the_scanners_or_the_named(run: Run) -> None:
    status, out, err = run("export", "--as", "json", SYNFIN)
    assert (status, err) == (0, "")
    assert "203.0.113.7" in [item["source"] for item in json.loads(out)["sources"]]
    status, out, err = run("export", "--as", "csv", "-s", "203.0.113.7", "-s", "203.0.113.250", SYNFIN)
    assert status == 0
    assert err.count("\n") == 1 and "203.0.113.250" in err
    assert [row["source"] for row in csv.DictReader(io.StringIO(out))] == ["203.0.113.7", "203.0.113.250"]


def scantui(*arguments: str) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        [sys.executable, "-m", "scantui", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
    )


def test_stdin_and_gzip_give_what_the_file_gives(tmp_path: Path) -> None:
    with gzip.open(tmp_path / "mixed.log.gz", "wb") as packed:
        packed.write(Path(MIXED).read_bytes())
    plain = scantui("report", "--format", "jsonl", MIXED).communicate()[0]
    piped = scantui("report", "--format", "jsonl", "-").communicate(Path(MIXED).read_bytes())[0]
    unpacked = scantui("report", "--format", "jsonl", str(tmp_path / "mixed.log.gz")).communicate()[0]
    assert plain == piped == unpacked
    assert b'"203.0.113.51"' in plain


def test_an_interrupt_ends_it_quietly() -> None:
    process = scantui("report", "-")
    assert process.stdin is not None
    process.stdin.write(QUIET.encode() * 4000)  # more than a pipe holds: once written, it is being read
    process.stdin.flush()
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (130, b"", b"")
