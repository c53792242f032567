"""`scantui config`: where settings are, what there is to set, and whether a file is right."""

from __future__ import annotations

from pathlib import Path

import click

from scantui.cli.configured import VARIABLE, Source, default_place, from_file, load, place, refuse
from scantui.cli.errors import Unreadable
from scantui.cli.output import emit
from scantui.config.fields import all_settings
from scantui.safe_text import harmless

_ONE = "give one of --template, --check, --keys and --schema"


@click.command("config")
@click.argument("file", required=False, metavar="[FILE]")
@click.option(
    "--template", is_flag=True, help="Print a configuration with every setting, its default and what it does."
)
@click.option(
    "--check", is_flag=True, help="Say what is wrong with FILE, or with the file in force; exit 2 if anything is."
)
@click.option("--keys", is_flag=True, help="Print every action with its keys, as FILE or the file in force has them.")
@click.option("--schema", is_flag=True, help="Print the configuration's JSON Schema, for editors.")
def command(file: str | None, template: bool, check: bool, keys: bool, schema: bool) -> int:
    """Where settings, themes, formats and state are kept; the settings there are; whether a file of them is right."""
    if template + check + keys + schema > 1:
        raise click.UsageError(_ONE)
    if file is not None and not (check or keys):
        raise click.UsageError("FILE goes with --check or --keys")
    if template:
        from scantui.config.template import template as lines

        emit((f"{line}\n" for line in lines(_registry())), "-", False)
    elif schema:
        import msgspec

        from scantui.config.schema import schema as made

        emit([msgspec.json.format(msgspec.json.encode(made(_registry())), indent=1).decode() + "\n"], "-", False)
    elif keys:
        from scantui.ui.keymap import resolve
        from scantui.ui.keys_table import markdown

        source = Source(*load(file))
        _refuse(source.path, checked(source))
        emit(markdown(resolve(source.settings.keys)), "-", False)
    elif check:
        source = Source(*load(file or str(place(None))))
        _refuse(source.path, checked(source))
        emit([f"{harmless(str(source.path))}: right\n"], "-", False)
    else:
        emit((f"{name:13} {harmless(where)}\n" for name, where in places()), "-", False)
    return 0


def _registry() -> list[tuple[str, str, str]]:
    from scantui.ui.actions import ACTIONS

    return [(action.id, action.keys, action.text) for action in ACTIONS]


def _refuse(path: Path, wrong: list[str]) -> None:
    if wrong:
        refuse([f"{harmless(str(path))}: {line}" for line in wrong])


def places() -> list[tuple[str, str]]:
    """What is kept, and where."""
    from platformdirs import user_cache_path

    from scantui.state import default_directory

    folder = default_place().parent
    used = place(None)
    said = f"{used}{'' if used.exists() else ' (not there)'}{f' (${VARIABLE})' if used != default_place() else ''}"
    return [
        ("configuration", said),
        ("themes", str(folder / "themes")),
        ("formats", str(folder / "formats")),
        ("catalogue", str(folder / "catalogue.toml")),
        ("state", str(default_directory())),
        ("cache", str(user_cache_path("scantui", appauthor=False))),
    ]


def checked(source: Source) -> list[str]:
    """All that is wrong with settings that have the right shape, as `key: what`."""
    from scantui.cli import rulefiles
    from scantui.cli.export import command as export
    from scantui.cli.watch import command as watch
    from scantui.ui.manners import AUTO, Manners
    from scantui.ui.themes import load_themes
    from scantui.ui.wishes import with_wishes

    settings, folder = source.settings, source.path.parent
    params = {param.name: param for command in (export, watch) for param in command.params}
    wanted = {one.option: (params[one.option], one) for one in all_settings() if one.option}
    values, wrong = from_file(settings, folder, wanted, click.Context(watch))
    wrong += with_wishes(Manners(), settings)[1]
    themes, _ = load_themes([default_place().parent / "themes"])
    if settings.monitor.theme not in (AUTO, *themes):
        wrong.append(f"monitor.theme: no theme '{harmless(settings.monitor.theme)}': there are {', '.join(themes)}")
    if settings.rules.files and "rules" in values:
        try:
            rulefiles.read_files(values["rules"], dict(values.get("variables", ())), values.get("dialect"))
        except Unreadable as error:
            wrong.append(f"rules.files: {error.message}")
    return wrong
