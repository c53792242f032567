"""The commented file that `scantui config --template` prints: every setting with what it does and its default."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from scantui.config.fields import sections, settings_of

_WIDTH = 100
_HEAD = """\
Settings of scantui. The command line beats this file, this file beats the defaults.
Each line that begins with '#' and no blank is a setting with its default: take the '#' away to change it.
Check the file: scantui config --check. Editors that know JSON Schema: docs/config.schema.json."""


def template(keys: Iterable[tuple[str, str, str]]) -> Iterator[str]:
    """The lines of it. `keys`: (action id, keys, what it does)."""
    for line in _HEAD.split("\n"):
        yield f"# {line}"
    for section, table in sections().items():
        yield ""
        yield f"# {table.__doc__}"
        yield f"[{section}]"
        for setting in settings_of(section).values():
            for line in textwrap.wrap(setting.text, _WIDTH - 2):
                yield f"# {line}"
            yield f"#{setting.name} = {toml(setting.default)}"
    yield ""
    yield "# Keys by action, comma between; characters (/) or names (slash, f8, ctrl+p, shift+tab); empty: no key."
    yield "[keys]"
    for name, given, text in keys:
        yield f"#{name} = {toml(given)}  # {text}"


def toml(value: Any) -> str:
    """A value of a setting as TOML."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{json.dumps(name)} = {toml(inner)}" for name, inner in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(toml(inner) for inner in value) + "]"
    return str(value)
