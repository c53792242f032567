"""Files that rule and configuration files name: `include` lines, Suricata's `rule-files` and `threshold-file`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from scantui.explain.rules.lines import lines_of
from scantui.explain.rules.variables import Variables, expanded
from scantui.safe_text import harmless

_LINE = re.compile(r"[ \t]*include:?[ \t]+(.+)")
_LUA = re.compile(r"""\binclude\s*[=(]?\s*(?:'([^']+)'|"([^"]+)")|^\s*include[ \t]+([^\s'"=(]+)""")
_YAML_VALUE = re.compile(r"\s*(?:-\s+)?(include|rule-files|threshold-file|default-rule-path)\s*:\s*(.*)")
_YAML_ITEM = re.compile(r"\s*-\s+(.+)")


@dataclass(frozen=True, slots=True)
class Named:
    """A file as `line` of another names it, variables put in."""

    line: int
    file: str


@dataclass(frozen=True, slots=True)
class Skipped:
    """A named file that was not read, and why. All text is harmless to show."""

    path: str
    line: int
    file: str
    reason: str


def skipped(path: str, one: Named, reason: str) -> Skipped:
    return Skipped(harmless(path), one.line, harmless(one.file, 120), reason)


def named_files(name: str, text: str, variables: Variables) -> Iterator[Named]:
    """The files that the file `name` names, in its order."""
    low = name.lower()
    read = _yaml if low.endswith((".yaml", ".yml")) else _lua if low.endswith(".lua") else _plain
    for number, file in read(text):
        yield Named(number, expanded(file.strip().strip("\"'"), variables))


def _plain(text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(lines_of(text), 1):
        match = _LINE.fullmatch(line) if "include" in line else None
        if match:
            yield number, match[1].partition(" #")[0]


def _lua(text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(lines_of(text), 1):
        for match in _LUA.finditer(line.partition("--")[0]):
            yield number, match[1] or match[2] or match[3]


def _yaml(text: str) -> Iterator[tuple[int, str]]:
    """The values of the three keys, one or a list; rules lie in `default-rule-path`."""
    folder, key = "", ""
    found: list[tuple[str, int, str]] = []
    for number, line in enumerate(lines_of(text), 1):
        line = line.partition(" #")[0].rstrip()
        if not line or line.lstrip().startswith("#"):
            continue
        value, item = _YAML_VALUE.fullmatch(line), _YAML_ITEM.fullmatch(line)
        if value:
            key = value[1]
            if value[2] and key == "default-rule-path":
                folder = value[2].strip("\"'").rstrip("/") + "/"
            elif value[2]:
                found.append((key, number, value[2]))
        elif item and key and ":" not in item[1]:
            found.append((key, number, item[1]))
        else:
            key = ""
    for key, number, file in found:
        plain = file.strip("\"'")
        yield number, folder + plain if key == "rule-files" and not plain.startswith("/") else plain
