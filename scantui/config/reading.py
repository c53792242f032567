"""A configuration read strictly: whatever is wrong is told by file and key, all at once."""

from __future__ import annotations

import difflib
import math
import tomllib
import typing
from collections.abc import Iterable, Mapping
from typing import Any, Literal

import msgspec

from scantui.config.fields import Setting, sections, settings_of
from scantui.config.settings import Settings
from scantui.safe_text import harmless

MOST_BYTES = 1 << 20  # a larger file is no configuration


class ConfigError(ValueError):
    """A configuration that cannot be used. `lines` says all that is wrong, a line each: file, key, what is to be written."""

    def __init__(self, lines: Iterable[str]) -> None:
        self.lines = tuple(lines)
        super().__init__("\n".join(self.lines))


def parse(text: str, name: str) -> Settings:
    """The settings that `text` holds; `name` is its file, for what is wrong. Raises ConfigError."""
    try:
        data = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ConfigError([f"{name}: not TOML: {harmless(str(error) or 'nested too deeply')}"]) from None
    wrong: list[str] = []
    made: dict[str, Any] = {}
    tables = sections()
    for section, value in data.items():
        if section == "keys":
            made["keys"] = dict(_keys(value, "keys", wrong))
        elif section not in tables:
            wrong.append(f"{_shown(section)}: unknown section{_near(section, [*tables, 'keys'])}")
        elif not isinstance(value, dict):
            wrong.append(f"{section}: expected a table: write [{section}] on a line of its own")
        else:
            made[section] = tables[section](**_values(section, value, wrong))
    if wrong:
        raise ConfigError(f"{name}: {line}" for line in wrong)
    return Settings(**made)


def _values(section: str, given: Mapping[str, Any], wrong: list[str]) -> dict[str, Any]:
    """The settings of one table that are right; what is wrong with the others goes to `wrong`."""
    known = settings_of(section)
    made = {}
    for name, value in given.items():
        setting = known.get(name)
        if setting is None:
            wrong.append(f"{section}.{_shown(name)}: unknown key{_near(name, known)}")
            continue
        try:
            made[name] = _converted(setting, value)
        except ValueError:
            wrong.append(f"{setting.key}: expected {setting.expected}, found {found(value)}{_meant(setting, value)}")
    return made


def _converted(setting: Setting, value: Any) -> Any:
    """The value as its setting's type. Raises ValueError."""
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError(value)
    return msgspec.convert(value, setting.checked)


def _keys(value: Any, path: str, wrong: list[str]) -> Iterable[tuple[str, str]]:
    """Action ids and keys; `view.pause = "p"` comes as tables within tables. A list of keys is as good as commas."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _keys(inner, f"{path}.{name}", wrong)
    elif path == "keys":
        wrong.append("keys: expected a table: write [keys] on a line of its own")
    elif isinstance(value, str):
        yield path.removeprefix("keys."), value
    elif isinstance(value, list) and all(isinstance(key, str) for key in value):
        yield path.removeprefix("keys."), ",".join("comma" if key == "," else key for key in value)
    else:
        wrong.append(f'{_shown(path)}: expected keys such as "p,f8", found {found(value)}')


def _near(name: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(name, list(known), 1)
    return f" (did you mean '{close[0]}'?)" if close else "; scantui config --template lists what there is"


def _meant(setting: Setting, value: Any) -> str:
    if typing.get_origin(setting.kind) is not Literal or not isinstance(value, str):
        return ""
    close = difflib.get_close_matches(value, typing.get_args(setting.kind), 1)
    return f" (did you mean '{close[0]}'?)" if close else ""


def _shown(name: str) -> str:
    return harmless(name, 60)


def found(value: Any) -> str:
    """A value of a TOML file as it may be shown."""
    text = str(value).lower() if isinstance(value, bool) else repr(value)
    return harmless(text, 60)
