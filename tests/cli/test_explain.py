"""`scantui explain`: one source in full, or one line that says what to do."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest

from tests.cli.conftest import DEMO, MIXED, SYNFIN, Result

Run = Callable[..., Result]
SCHEMA = json.loads((DEMO.parent / "docs" / "report.schema.json").read_text())


@pytest.fixture(autouse=True)
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return tmp_path / "config" / "scantui" / "catalogue.toml"


def test_the_burst_is_told_and_its_tool_is_not_decided(run: Run) -> None:
    got = run("explain", SYNFIN, "--source", "203.0.113.7")
    assert got.status == 0 and got.err == "" and got.out.isascii()
    assert "203.0.113.7:53 -> 192.0.2.10, 200 ports" in got.out
    for part in ("ascending, SYN-FIN, once each", "within 1 s", "undecidable from what is logged", "hping3", "nmap", "synscan", "custom",
                 "window: ", "synscan 39426", "--scanflags SYNFIN -g 53 -r", "source spoofable"):  # fmt: skip
        assert part in " ".join(got.out.split()), part
    sections = [line for line in got.out.splitlines() if line.isupper()]
    assert sections == ["PATTERN", "WHY IT WAS FLAGGED", "TOOLS", "RULES", "ORIGIN", "WHAT GOT THROUGH", "WHAT MAY LIE BEHIND IT",
                        "WHAT THIS LOG CANNOT SHOW", "NEXT"]  # fmt: skip


def test_as_json_with_the_episode_as_in_the_report(run: Run) -> None:
    data = json.loads(run("explain", SYNFIN, "--source", "203.0.113.7", "--format", "json").out)
    assert data["schema"] == "scantui.explanation/1"
    assert data["named"] is None and all(tool["probability"] < 0.5 for tool in data["tools"])
    report = json.loads(run("report", SYNFIN, "--format", "json").out)
    assert data["episode"] == report["scans"][0]
    jsonschema.validate(report, SCHEMA)
    assert report["feed"]["cannot_see"] and report["scans"][0]["tools"] == data["tools"]


def test_a_tool_that_the_log_tells_is_named_in_the_report(run: Run) -> None:
    report = json.loads(run("report", MIXED, "--format", "json").out)
    tools = {scan["sources"][0]: scan["tools"][0] for scan in report["scans"]}
    assert tools["203.0.113.51"]["name"] == "nmap" and tools["203.0.113.51"]["probability"] > 0.9
    assert "tool      nmap" in run("report", MIXED).out


def test_let_through_ports_are_told(run: Run) -> None:
    got = run("explain", MIXED, "--source", "203.0.113.36")
    assert "of 100 target ports probed, 2 let through: 192.0.2.12:443, :80" in got.out


def test_a_harmless_source_is_explained_as_such(run: Run) -> None:
    got = run("explain", SYNFIN, "--source", "198.19.10.1")
    assert (
        got.status == 0 and "backscatter" in got.out and "TOOLS" not in got.out and "WHY IT WAS NOT FLAGGED" in got.out
    )


def test_a_source_of_one_packet_is_too_little(run: Run, tmp_path: Path) -> None:
    log = tmp_path / "one.log"
    log.write_text(
        "ts=2000-01-25T03:14:01Z event=fw_drop src=203.0.113.7:53 dst=192.0.2.10:21 proto=tcp flags=SYN-FIN\n"
    )
    got = run("explain", str(log), "--source", "203.0.113.7")
    assert got.status == 0 and "1 events, too little to judge" in got.out
    assert json.loads(run("explain", str(log), "--source", "203.0.113.7", "--format", "json").out)["episode"] is None


@pytest.mark.parametrize("source", ["192.0.2.254", "2001:db8::77"])
def test_a_source_that_is_not_there(run: Run, source: str) -> None:
    assert f"{source} is not a source in these logs" in run("explain", SYNFIN, "--source", source).refused()


@pytest.mark.parametrize("arguments", [(), ("--source", "nonsense"), ("--source", "1.2.3.4", "--name", "\x1b[2J")])
def test_bad_usage_is_one_line(run: Run, arguments: tuple[str, ...]) -> None:
    run("explain", SYNFIN, *arguments).refused()


def test_named_once_it_is_recognised_in_another_log(run: Run, config: Path, tmp_path: Path) -> None:
    named = run("explain", SYNFIN, "--source", "203.0.113.7", "--name", "night visitor")
    assert named.status == 0 and str(config) in named.err and config.stat().st_mode & 0o777 == 0o600
    other = tmp_path / "other.log"
    other.write_text(
        Path(SYNFIN).read_text().replace("203.0.113.7:", "198.51.100.99:").replace("192.0.2.10:", "192.0.2.77:")
    )
    assert "in the catalogue (yours): night visitor" in run("explain", str(other), "--source", "198.51.100.99").out
    assert "already" in run("explain", SYNFIN, "--source", "203.0.113.7", "--name", "night visitor").refused()


def test_a_damaged_catalogue_is_one_line_with_its_place(run: Run, config: Path) -> None:
    config.parent.mkdir(parents=True)
    config.write_text("version = 1\n[[pattern]]\nname = 'x'\n")
    assert str(config) in run("explain", SYNFIN, "--source", "203.0.113.7").refused()


def test_the_examples_are_what_the_program_prints(tmp_path: Path) -> None:
    import subprocess
    import sys

    root = DEMO.parent
    subprocess.run([sys.executable, root / "benchmarks" / "explain_examples.py", tmp_path], check=True, cwd=root)
    kept = {path.name: path.read_text() for path in (root / "docs" / "examples").glob("*.txt")}
    assert len(kept) == 5
    assert {path.name: path.read_text() for path in tmp_path.glob("*.txt")} == kept
