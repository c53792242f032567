"""`scantui formats`, the user's folder of formats, and `--log-format`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from scantui.cli import own_formats
from scantui.formats import FORMATS
from scantui.safe_text import harmless
from tests.cli.conftest import SYNFIN, Result
from tests.cli.test_report import Run
from tests.formats.test_own import GOOD

LINE = "Nov 10 06:33:03 gw1 ACME deny tcp 203.0.113.7/53 -> 192.0.2.1/21 ttl 44\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The user's folder of formats, with one that is right."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    own_formats.own.cache_clear()
    made = own_formats.folder()
    made.mkdir(parents=True)
    (made / "acme.toml").write_text(GOOD)
    yield made
    own_formats.own.cache_clear()


@pytest.fixture
def log(tmp_path: Path) -> str:
    path = tmp_path / "gw.log"
    path.write_text(LINE * 30 + "Nov 10 06:33:04 gw1 other words\n")
    return str(path)


def inputs(result: Result) -> dict[str, object]:
    assert result.status == 0, result
    (item,) = json.loads(result.out)["inputs"]
    return dict(item)


def test_all_are_listed_with_what_they_cannot_tell(run: Run, folder: Path) -> None:
    status, out, err = run("formats")
    assert (status, err) == (0, "")
    for form in FORMATS:
        assert f"{form.name}: {form.title}\n" in out
        assert harmless(form.samples[0].line) in out
    assert "acme: ACME gateway (yours)\n" in out
    assert "  cannot tell  TCP flags, ICMP type, IP ID, window, length, sequence number, TCP options" in out


def test_one_is_shown_with_its_samples_and_what_they_give(run: Run, folder: Path) -> None:
    status, out, _ = run("formats", "acme")
    assert status == 0
    assert f"file         {folder / 'acme.toml'}\n" in out
    assert "  sample 2     Nov 10 06:33:04 gw1 ACME pass udp 203.0.113.7/53 -> 192.0.2.1/123\n" in out
    assert "dport=123" in out and "action=accept" in out and "sensor=gw1" in out


def test_they_are_told_as_json(run: Run, folder: Path) -> None:
    listed = json.loads(run("formats", "--format", "json").out)["formats"]
    assert next(one["name"] for one in listed) == "acme" and len(listed) == len(FORMATS) + 1
    (one,) = json.loads(run("formats", "acme", "--format", "json").out)["formats"]
    assert one["own"] and one["file"] == str(folder / "acme.toml")
    assert one["samples"][0]["events"][0]["dport"] == 21


def test_a_file_is_tried_before_it_is_installed(run: Run, tmp_path: Path, log: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(GOOD)
    assert "event" in run("formats", str(path)).out
    _, out, _ = run("formats", str(path), "--on", log)
    assert out.startswith("31 lines, 30 events, 1 unread\n")
    assert out.count("  event   ") == 3 and "  unread  Nov 10 06:33:04 gw1 other words\n" in out
    path.write_text(GOOD.replace("ttl = 44", "ttl = 4").replace("dport = 21", "dport = 2"))
    status, out, err = run("formats", str(path))
    assert (status, out) == (2, "")
    assert err.splitlines() == [
        f"scantui: {path}: sample[0].event.dport: expected 2, read 21",
        f"scantui: {path}: sample[0].event.ttl: expected 4, read 44",
    ]


def test_what_is_no_format_is_refused_with_what_was_meant(run: Run, tmp_path: Path) -> None:
    assert "did you mean cisco" in run("formats", "ciscoo").refused()
    assert "no such file" in run("formats", str(tmp_path / "none.toml")).refused().lower()
    assert "did you mean netfilter" in run("report", "--log-format", "netfiler", SYNFIN).refused()
    assert "--on goes with" in run("formats", "--on", SYNFIN).refused()
    assert "table of all" in run("formats", "cisco", "--format", "markdown").refused()
    (tmp_path / "big.toml").write_bytes(b"#" * (2 << 20))
    assert "larger than 1 MiB" in run("formats", str(tmp_path / "big.toml")).refused()
    (tmp_path / "odd.toml").write_bytes(b"\xff")
    assert "not UTF-8 (byte 1)" in run("formats", str(tmp_path / "odd.toml")).refused()
    assert run("formats", "cisco", "--on", str(tmp_path / "none.log")).refused(3)


def test_ones_own_format_is_read_by_the_commands(run: Run, folder: Path, log: str) -> None:
    item = inputs(run("report", "--format", "json", log))
    assert (item["format"], item["events"], item["unread"], item["doubt"]) == ("acme", 30, 1, "")
    (folder / "acme.toml").unlink()
    own_formats.own.cache_clear()
    assert "no line of 31" in run("report", log).err


def test_a_bad_one_is_told_and_the_others_hold(run: Run, folder: Path, log: str) -> None:
    (folder / "bad.toml").write_text(GOOD.replace("acme", "bad").replace("ttl = 44", "ttl = 4"))
    (folder / "cisco.toml").write_text(GOOD.replace("acme", "cisco").replace("ACME", "ACNE"))
    (folder / "twin.toml").write_text(GOOD)
    own_formats.own.cache_clear()
    result = run("report", "--format", "json", log)
    assert inputs(result)["format"] == "acme"
    assert result.err.splitlines() == [
        f"scantui: {folder / 'bad.toml'}: sample[0].event.ttl: expected 4, read 44; not used",
        f"scantui: {folder / 'cisco.toml'}: used instead of scantui's own 'cisco'",
        f"scantui: {folder / 'twin.toml'}: name: acme.toml is called 'acme' too; not used",
    ]


def test_a_format_is_forced_for_all_inputs_or_some(run: Run, folder: Path, log: str) -> None:
    result = run("report", "--format", "json", "--log-format", "cisco", log)
    assert result.status == 3
    (item,) = json.loads(result.out)["inputs"]
    assert (item["format"], item["events"], item["unread"]) == ("cisco", 0, 31)
    assert result.err.splitlines() == [f"scantui: {log}: no line of 31 is in the format given, cisco"]
    for glob in ("*.csv", "/srv/*"):
        assert inputs(run("report", "--format", "json", "--log-format", f"cisco:{glob}", log))["format"] == "acme"
    assert inputs(run("report", "--format", "json", "--log-format", f"acme:{log}", log))["format"] == "acme"


def test_the_configuration_may_force_one(run: Run, folder: Path, log: str, tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('[read]\nlog_format = ["cisco:*.asa", "acme"]\n')
    assert inputs(run("report", "--config", str(path), "--format", "json", log))["format"] == "acme"
    path.write_text('[read]\nlog_format = ["acne"]\n')
    assert "read.log_format: no format 'acne': did you mean acme" in run("report", "--config", str(path), log).refused()
    assert "read.log_format: no format 'acne'" in run("config", "--check", str(path)).refused()


def test_every_command_that_reads_logs_can_force_one() -> None:
    from scantui.cli.explain import command as explain
    from scantui.cli.export import command as export
    from scantui.cli.report import command as report
    from scantui.cli.rules import command as rules
    from scantui.cli.watch import command as watch

    check = rules.commands["check"]
    for one in (watch, report, explain, export, check):
        assert "log_format" in {param.name for param in one.params}
