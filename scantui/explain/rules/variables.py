"""Variables: from `var`, `ipvar` and `portvar` lines, suricata.yaml, snort.lua and the command line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from scantui.explain.rules.errors import RuleError, quoted

MOST_NESTING = 24
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_CONF = re.compile(r"(?:var|ipvar|portvar)\s+(\S+)\s+(.+)")
_YAML = re.compile(r"""\s+([A-Za-z_][A-Za-z0-9_-]*)\s*:\s*(?:"([^"]*)"|'([^']*)'|([^#"']*))""")
_LUA = re.compile(r"""(?:local\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(?:'([^']*)'|"([^"]*)"|\[\[(.*?)\]\])""", re.DOTALL)
_USE = re.compile(r"\$\{?\(?([A-Za-z_][A-Za-z0-9_.-]*)\)?\}?")


@dataclass(frozen=True)
class Variables:
    """Values by name, and where each came from. `read` keeps what lists of members were read as, for the next rule."""

    values: Mapping[str, str] = field(default_factory=dict)
    origin: Mapping[str, str] = field(default_factory=dict)
    read: dict[tuple[str, str], Any] = field(default_factory=dict, compare=False)

    def given(self, name: str) -> str | None:
        return self.values.get(name)

    def with_given(self, more: Mapping[str, str], origin: str) -> Variables:
        return Variables({**self.values, **more}, {**self.origin, **dict.fromkeys(more, origin)})


def assignment(text: str) -> tuple[str, str]:
    """`NAME=VALUE` as (name, value), a leading `$` allowed. Raises RuleError."""
    name, equals, value = text.partition("=")
    name = name.strip().lstrip("$")
    if not equals or not _NAME.fullmatch(name) or not value.strip():
        raise RuleError(f"{quoted(text)} is no variable; write NAME=VALUE, as HOME_NET=192.0.2.0/24")
    return name, value.strip()


def conf_line(text: str) -> tuple[str, str] | None:
    """(name, value) of a `var`, `ipvar` or `portvar` line; None when it is none."""
    match = _CONF.fullmatch(text.strip())
    return (match[1].lstrip("$"), match[2].partition(" #")[0].strip()) if match else None


def yaml_variables(text: str) -> dict[str, str]:
    """The address and port groups under `vars:` of a suricata.yaml."""
    found: dict[str, str] = {}
    inside = False
    for line in text.splitlines():
        if line.strip() and not line[0].isspace() and not line.startswith("#"):
            inside = line.rstrip().startswith("vars:")
            continue
        match = _YAML.match(line) if inside else None
        if match:
            value = next((group for group in match.groups()[1:] if group is not None), "").strip()
            if value:
                found[match[1]] = value
    return found


def lua_variables(text: str) -> dict[str, str]:
    """The assignments of strings in a snort.lua; blanks between the members of a list become commas."""
    text = re.sub(r"--\[\[.*?\]\]", "", text, flags=re.DOTALL)
    text = re.sub(r"(?m)--.*$", "", text)
    found = {}
    for match in _LUA.finditer(text):
        value = next((group for group in match.groups()[1:] if group is not None), "").strip()
        if value and match[1].isupper():
            flat = " ".join(value.split()).replace("[ ", "[").replace(" ]", "]")
            parts = ",".join(flat.replace(" ,", ",").replace(", ", ",").split())
            found[match[1]] = f"[{parts}]" if "," in parts and not parts.lstrip("!").startswith("[") else parts
    return found


def file_variables(name: str, text: str, lines: Iterable[str]) -> dict[str, str]:
    """The variables that the file `name` defines. `lines`: its logical lines."""
    low = name.lower()
    if low.endswith((".yaml", ".yml")):
        return yaml_variables(text)
    if low.endswith(".lua"):
        return lua_variables(text)
    return dict(pair for line in lines if (pair := conf_line(line)) is not None)


def expanded(text: str, variables: Variables) -> str:
    """`text` with the values of its variables in their places; those without a value stay."""
    return _USE.sub(lambda match: variables.given(match[1]) or match[0], text)


def reference(text: str) -> str | None:
    """The name, when `text` is one variable and nothing else."""
    match = _USE.fullmatch(text)
    return match[1] if match else None
