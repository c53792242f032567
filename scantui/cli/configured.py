"""`--config` and what a configuration file says of the options of a command: command line beats file beats default."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click
from click.core import ParameterSource

from scantui.cli.completion import files
from scantui.cli.errors import complain
from scantui.cli.options import Function
from scantui.config.fields import Setting, settings_of
from scantui.safe_text import harmless

if TYPE_CHECKING:
    from scantui.config import Settings

VARIABLE = "SCANTUI_CONFIG"
_NEEDS = {"variables": "rules", "dialect": "rules", "resolver": "lookup"}  # options that say nothing without another
_ABOUT = "Settings (see: scantui config).  [~/.config/scantui/config.toml]"


@dataclass(frozen=True, slots=True)
class Source:
    """The settings in force, and the file they are of, whether it exists or not."""

    settings: Settings
    path: Path


def default_place() -> Path:
    """Where the configuration is unless told otherwise."""
    from platformdirs import user_config_path

    return user_config_path("scantui", appauthor=False) / "config.toml"


def place(given: str | None) -> Path:
    """The file that is read: the one of `--config`, of the environment, or the user's own."""
    told = given or os.environ.get(VARIABLE)
    return Path(told).expanduser() if told else default_place()


def load(given: str | None) -> tuple[Settings, Path]:
    """The settings, and the file they are of. A file that was named must be there. Ends the command with a line for each
    error."""
    from scantui.config import ConfigError, Settings
    from scantui.config.file import read

    path = place(given)
    try:
        return read(path), path
    except FileNotFoundError:
        if given or os.environ.get(VARIABLE):
            refuse([f"{harmless(str(path))}: no such file; scantui config --template prints one"])
        return Settings(), path
    except ConfigError as error:
        refuse(error.lines)


def refuse(lines: Iterable[str]) -> NoReturn:
    """End the command as bad usage, with a line for each error."""
    for line in lines:
        complain(line)
    raise click.exceptions.Exit(2)


def configured(*sections: str) -> Callable[[Function], Function]:
    """The command takes its options from these sections of the file too, and a Source as the context's object."""
    known = {
        setting.option: setting for section in sections for setting in settings_of(section).values() if setting.option
    }

    def decorate(command: Function) -> Function:
        for option in command.__click_params__:  # type: ignore[attr-defined]
            if option.name in known and isinstance(option, click.Option):
                option.help = told(option.help or "", known[option.name].key)

        @wraps(command)
        def run(config: str | None, **how: Any) -> Any:
            context = click.get_current_context()
            settings, path = load(config)
            context.obj = Source(settings, path)
            left = {name for name in how if context.get_parameter_source(name) in (None, ParameterSource.DEFAULT)}
            wanted = {param.name: (param, known[param.name]) for param in context.command.params
                      if param.name in known and param.name in left}  # fmt: skip
            values, wrong = from_file(settings, path.parent, wanted, context)
            if wrong:
                refuse([f"{harmless(str(path))}: {line}" for line in wrong])
            taken = {**how, **values}
            idle = {name for name in values if _NEEDS.get(name) in taken and not taken[_NEEDS[name]]}
            return command(**{name: how[name] if name in idle else value for name, value in taken.items()})

        return click.option("--config", metavar="FILE", shell_complete=files, help=_ABOUT)(run)  # type: ignore[return-value]

    return decorate


def told(text: str, key: str) -> str:
    """An option's help, with the key of the file that says the same in its brackets."""
    return f"{text[:-1]}; {key}]" if text.endswith("]") else f"{text}  [{key}]"


def from_file(
    settings: Settings, folder: Path, wanted: Mapping[str, tuple[click.Parameter, Setting]], context: click.Context
) -> tuple[dict[str, Any], list[str]]:
    """Values for parameters as the command line would read them, where the file differs from the default; and what is wrong, as
    `key: what`. Paths begin in `folder`."""
    values: dict[str, Any] = {}
    wrong = []
    for name, (param, setting) in wanted.items():
        value = getattr(getattr(settings, setting.section), setting.name)
        if value == setting.default:
            continue
        if isinstance(value, Mapping):
            value = tuple(f"{key}={inner}" for key, inner in value.items())
        if setting.path:
            value = _paths(value, folder)
        try:
            values[name] = param.type_cast_value(context, value)
        except click.BadParameter as error:
            wrong.append(f"{setting.key}: {error.message.rstrip('.')}")
    return values, wrong


def _paths(value: Any, folder: Path) -> Any:
    if isinstance(value, tuple):
        return tuple(_paths(inner, folder) for inner in value)
    return str(folder / Path(value).expanduser())
