"""`scantui config`, `--config`, and that command line beats file beats default."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click._utils import UNSET

from scantui.cli.configured import configured
from scantui.cli.group import COMMANDS, root
from scantui.config.fields import all_settings
from scantui.resources import folder
from tests.cli.conftest import MIXED, SYNFIN, Result, validate

Run = Callable[..., Result]


@pytest.fixture
def config(tmp_path: Path) -> Callable[[str], str]:
    def write(text: str) -> str:
        path = tmp_path / "config.toml"
        path.write_text(text)
        return str(path)

    return write


def home_of(result: Result) -> str:
    """What a JSON report says of the home networks."""
    return " ".join(validate(json.loads(result.out))["feed"]["judging"])


def test_the_file_speaks_where_the_command_line_does_not(run: Run, config: Callable[[str], str]) -> None:
    path = config('[judge]\nhome = ["10.20.0.0/16"]\n[output]\ntz = "+02:00"')
    told = run("report", "--config", path, "--format", "json", SYNFIN)
    assert "10.20.0.0/16" in home_of(told) and "+02:00" in told.out
    told = run("report", "--config", path, "--home", "198.51.100.0/24", "--tz", "UTC", "--format", "json", SYNFIN)
    assert "198.51.100.0/24" in home_of(told) and "10.20.0.0/16" not in home_of(told) and "+02:00" not in told.out
    assert "10.20.0.0/16" not in home_of(run("report", "--format", "json", SYNFIN))


def test_the_environment_names_a_file_and_the_option_beats_it(
    run: Run, config: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SCANTUI_CONFIG", config('[judge]\nhome = ["10.20.0.0/16"]'))
    assert "10.20.0.0/16" in home_of(run("report", "--format", "json", SYNFIN))
    assert "10.20.0.0/16" not in home_of(run("report", "--config", "/dev/null", "--format", "json", SYNFIN))
    assert "$SCANTUI_CONFIG" in run("config").out


def test_the_users_own_file_is_read(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    (tmp_path / "scantui").mkdir()
    (tmp_path / "scantui" / "config.toml").write_text('[judge]\nhome = ["10.20.0.0/16"]')
    assert "10.20.0.0/16" in home_of(run("report", "--format", "json", SYNFIN))


def test_paths_begin_at_the_file(run: Run, config: Callable[[str], str], tmp_path: Path) -> None:
    (tmp_path / "allowed.txt").write_text("203.0.113.7 reason=ours\n")
    told = run(
        "report",
        "--config",
        config('[judge]\nallow_files = ["allowed.txt"]'),
        "--format",
        "json",
        "--fail-on",
        "scan",
        SYNFIN,
    )
    assert told.status == 0 and json.loads(told.out)["scans"] == []


@pytest.mark.parametrize("command", ["report", "watch", "demo"])
def test_a_bad_file_is_one_line_an_error(run: Run, config: Callable[[str], str], command: str) -> None:
    path = config("[monitor]\nmouse = 1\n[judge]\nhom = []")
    told = run(command, "--config", path, *([SYNFIN] if command != "demo" else []))
    assert (told.status, told.out) == (2, "")
    assert told.err == (
        f"scantui: {path}: monitor.mouse: expected true or false, found 1\n"
        f"scantui: {path}: judge.hom: unknown key (did you mean 'home'?)\n"
    )


def test_values_are_checked_as_those_of_the_command_line(run: Run, config: Callable[[str], str]) -> None:
    path = config('[judge]\nhome = ["192.0.2.0/24x"]\n[read]\nmemory = "1M"')
    told = run("report", "--config", path, SYNFIN)
    assert told.status == 2 and f"{path}: judge.home: '192.0.2.0/24x' is no network" in told.err
    assert f"{path}: read.memory: '1M' is too little" in told.err


def test_a_file_that_was_named_must_be_there(run: Run, tmp_path: Path) -> None:
    assert (
        "no such file; scantui config --template prints one"
        in run("report", "--config", str(tmp_path / "x"), SYNFIN).refused()
    )
    (tmp_path / "y").write_bytes(b"\xff")
    assert "not UTF-8 (byte 1)" in run("report", "--config", str(tmp_path / "y"), SYNFIN).refused()
    assert "directory" in run("report", "--config", str(tmp_path), SYNFIN).refused()


def test_what_is_about_something_that_is_off_is_left_out(run: Run, config: Callable[[str], str]) -> None:
    path = config('[rules]\ndialect = "snort2"\nvars = {HOME_NET = "10.20.0.0/16"}\n[origin]\nresolver = "192.0.2.53"')
    assert run("explain", "--config", path, "--source", "203.0.113.7", SYNFIN).status == 0


def test_check_says_what_the_screen_would(run: Run, config: Callable[[str], str]) -> None:
    path = config("""
        monitor.theme = "drak"
        table = {columns = ["source", "prots"], sort = "kin"}
        origin.mmdb = ["none.mmdb"]
        rules.files = ["none.rules"]
        [keys]
        view.pause = "q"
        view.puase = "x"
        """)
    told = run("config", "--check", path)
    assert (told.status, told.out) == (2, "")
    for said in ("monitor.theme: no theme 'drak': there are ", "table.columns: no column is called 'prots', perhaps 'proto'?",
                 "table.sort: no sort is called 'kin' (did you mean 'kind'?)", "origin.mmdb: ", "rules.files: ",
                 "keys.view.pause: key 'q' is that of 'app.quit' too", "keys.view.puase: unknown action"):  # fmt: skip
        assert f"scantui: {path}: {said}" in told.err
    assert len(told.err.splitlines()) == 7


def test_check_of_what_is_right(run: Run, config: Callable[[str], str]) -> None:
    path = config(run("config", "--template").out)
    assert run("config", "--check", path) == Result(0, f"{path}: right\n", "")


def test_keys_are_told_as_the_file_has_them(run: Run, config: Callable[[str], str]) -> None:
    told = run("config", "--keys", config('[keys]\nview.pause = "f8"'))
    assert told.status == 0 and "| `f8` | view.pause |" in told.out


def test_places_are_told_and_options_do_not_mix(run: Run) -> None:
    assert [line.split()[0] for line in run("config").out.splitlines()] == [
        "configuration",
        "themes",
        "formats",
        "catalogue",
        "state",
        "cache",
    ]
    assert "--template" in run("config", "--template", "--keys").refused()
    assert "FILE goes with" in run("config", "x.toml").refused()


def commands() -> list[click.Command]:
    """Every command that reads a configuration."""
    top = click.Context(root)
    found = [root.get_command(top, name) for name in COMMANDS]
    found += [command.commands["check"] for command in found if isinstance(command, click.Group)]
    return [command for command in found if command and any(param.name == "config" for param in command.params)]


def test_every_option_of_the_file_exists_and_has_its_default() -> None:
    given = {param.name: param for command in commands() for param in command.params}
    context = click.Context(click.Command("x"))
    for setting in all_settings():
        if setting.option:
            param = given[setting.option]
            value, _ = param.consume_value(context, {})
            told, ours = (
                param.type_cast_value(context, one) if one else None
                for one in (value if value is not UNSET else None, setting.default)
            )
            assert (told or None) == ours, setting.key


def test_the_help_names_the_key() -> None:
    for command in commands():
        for param in command.params:
            wanted = [one.key for one in all_settings() if one.option and one.option == param.name]
            if wanted and isinstance(param, click.Option) and (command.name, param.name) != ("demo", "state_in"):
                assert f"{wanted[0]}]" in (param.help or ""), (command.name, param.name)


def test_a_section_that_is_none_is_a_mistake_of_ours() -> None:
    with pytest.raises(KeyError):
        configured("nonesuch")


def test_shipped_themes_are_found(run: Run, config: Callable[[str], str]) -> None:
    for path in folder("themes").glob("*.toml"):
        assert run("config", "--check", config(f'[monitor]\ntheme = "{path.stem}"')).status == 0


def test_a_mixed_log_reads_the_same_with_a_template(run: Run, config: Callable[[str], str]) -> None:
    path = config(run("config", "--template").out)
    assert run("report", "--config", path, MIXED) == run("report", MIXED)


@pytest.mark.parametrize(("words", "at", "offers"), [
    ("scantui re", 1, "plain,report"), ("scantui /et", 1, "file,/et"), ("scantui report --sens", 2, "plain,--sensitivity"),
    ("scantui report --sensitivity ", 3, "plain,high"), ("scantui x.log --th", 2, "plain,--theme"), ("scantui report /et", 2, "file,/et"),
])  # fmt: skip
def test_shells_complete_commands_options_values_and_paths(
    run: Run, monkeypatch: pytest.MonkeyPatch, words: str, at: int, offers: str
) -> None:
    for name, value in (("_SCANTUI_COMPLETE", "bash_complete"), ("COMP_WORDS", words), ("COMP_CWORD", str(at))):
        monkeypatch.setenv(name, value)
    told = run("x")
    assert told.status == 0 and offers in told.out.splitlines()
