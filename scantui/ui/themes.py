"""Themes: TOML files read strictly. Every error is one line that names the file and the key.

A file has `name`, `dark`, `glyphs` (heatmap by block glyphs instead of colour), `heat` (ten colours, level 0 first)
and a table `[colors]`. A colour is `#rrggbb` or, with `ansi = true`, one of the terminal's own sixteen (`ansi_red`).
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from textual.color import Color, ColorParseError
from textual.theme import Theme

from scantui.resources import folder
from scantui.ui.lines import HEAT_LEVELS

COLORS = ("foreground", "muted", "background", "surface", "panel", "accent", "scan", "suspect", "benign", "cursor",
          "cursor-text", "paused", "paused-text")  # fmt: skip
_REQUIRED: dict[str, type] = {"name": str, "dark": bool, "heat": list, "colors": dict}
_OPTIONAL: dict[str, type] = {"glyphs": bool, "ansi": bool}
_TYPE_NAMES = {str: "a text", bool: "true or false", list: "a list", dict: "a table"}
_HEX = re.compile(r"#[0-9a-fA-F]{6}")
_NAME = re.compile(r"[a-z][a-z0-9-]*")


class ThemeError(ValueError):
    """A theme file that cannot be used; the text says where and what to write instead."""

    def __init__(self, path: Path, what: str) -> None:
        super().__init__(f"{path}: {what}")
        self.path = path


@dataclass(frozen=True, slots=True)
class LoadedTheme:
    """A theme, whether it draws heat as glyphs, and its file."""

    theme: Theme
    glyphs: bool
    path: Path


def _unknown(path: Path, key: str, known: Iterable[str]) -> ThemeError:
    near = difflib.get_close_matches(key, list(known), 1)
    return ThemeError(path, f"unknown key '{key}'" + (f" (did you mean '{near[0]}'?)" if near else ": remove it"))


def _color(path: Path, key: str, value: Any, ansi: bool) -> str:
    shape = "an ANSI colour such as ansi_red" if ansi else "a colour as #rrggbb"
    right = isinstance(value, str) and (value.startswith("ansi_") if ansi else _HEX.fullmatch(value) is not None)
    try:
        if not right:
            raise ColorParseError("")
        Color.parse(value)
    except ColorParseError as error:
        raise ThemeError(path, f"{key}: expected {shape}, found {value!r}") from error
    return str(value)


def load_theme(path: Path) -> LoadedTheme:
    """The theme in a TOML file. Raises ThemeError."""
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ThemeError(path, f"cannot be read: {getattr(error, 'strerror', None) or 'not UTF-8'}") from error
    except tomllib.TOMLDecodeError as error:
        raise ThemeError(path, f"not TOML: {error}") from error
    kinds = _REQUIRED | _OPTIONAL
    for key, value in data.items():
        if key not in kinds:
            raise _unknown(path, key, kinds)
        if not isinstance(value, kinds[key]):
            raise ThemeError(path, f"{key}: expected {_TYPE_NAMES[kinds[key]]}, found {value!r}")
    for key in _REQUIRED:
        if key not in data:
            raise ThemeError(path, f"'{key}' is missing")
    if not _NAME.fullmatch(data["name"]):
        raise ThemeError(path, f"name: expected lower-case letters, digits and '-', found {data['name']!r}")
    ansi = data.get("ansi", False)
    given = data["colors"]
    for key in given:
        if key not in COLORS:
            raise _unknown(path, f"colors.{key}", [f"colors.{name}" for name in COLORS])
    for key in COLORS:
        if key not in given:
            raise ThemeError(path, f"'colors.{key}' is missing")
    colors = {key: _color(path, f"colors.{key}", given[key], ansi) for key in COLORS}
    if len(data["heat"]) != HEAT_LEVELS:
        raise ThemeError(path, f"heat: expected {HEAT_LEVELS} colours, found {len(data['heat'])}")
    heat = [_color(path, f"heat[{level}]", value, ansi) for level, value in enumerate(data["heat"])]
    return LoadedTheme(_theme(data["name"], data["dark"], ansi, colors, heat), data.get("glyphs", False), path)


def _theme(name: str, dark: bool, ansi: bool, colors: dict[str, str], heat: list[str]) -> Theme:
    own = ("muted", "scan", "suspect", "benign", "cursor", "cursor-text", "paused", "paused-text")
    theme = Theme(
        name=name, primary=colors["accent"], secondary=colors["muted"], accent=colors["accent"],
        warning=colors["suspect"], error=colors["scan"], success=colors["benign"], foreground=colors["foreground"],
        background=colors["background"], surface=colors["surface"], panel=colors["panel"], boost=colors["surface"],
        dark=dark, ansi=ansi,
        variables={
            **{key: colors[key] for key in own},
            **{f"heat-{level}": color for level, color in enumerate(heat)},
            **({"ansi-background": colors["background"], "ansi-foreground": colors["foreground"]} if ansi else {}),
            "block-cursor-background": colors["cursor"], "block-cursor-foreground": colors["cursor-text"],
            "input-selection-background": colors["cursor"], "input-selection-foreground": colors["cursor-text"],
        },
    )  # fmt: skip
    theme.to_color_system().generate()
    return theme


def load_themes(folders: Iterable[Path] = ()) -> tuple[dict[str, LoadedTheme], list[ThemeError]]:
    """Shipped themes, then those of `folders` (a later one of the same name wins), by name; and what was wrong."""
    themes: dict[str, LoadedTheme] = {}
    errors: list[ThemeError] = []
    for directory in (folder("themes"), *folders):
        for path in sorted(directory.glob("*.toml")):
            try:
                loaded = load_theme(path)
            except ThemeError as error:
                errors.append(error)
            else:
                themes[loaded.theme.name] = loaded
    return themes, errors
