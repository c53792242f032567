"""Theme files: strict reading, and colours that can be read."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.color import Color

from scantui.resources import folder
from scantui.ui.themes import ThemeError, load_theme, load_themes

GOOD = (folder("themes") / "dark.toml").read_text()
PAIRS = [(text, ground) for text in ("foreground", "muted", "accent", "scan", "suspect", "benign")
         for ground in ("background", "surface")] + [("foreground", "panel"), ("cursor-text", "cursor"),
                                                      ("paused-text", "paused")]  # fmt: skip


def luminance(color: Color) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = [c / 255 for c in color.rgb]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a: str, b: str) -> float:
    high, low = sorted((luminance(Color.parse(a)), luminance(Color.parse(b))), reverse=True)
    return (high + 0.05) / (low + 0.05)


def colour(theme, key: str) -> str:
    return theme.variables.get(key) or getattr(theme, key)


def test_the_shipped_themes_load() -> None:
    themes, errors = load_themes()
    assert not errors
    assert {"dark", "light", "contrast", "ansi"} <= set(themes)
    assert not themes["light"].theme.dark and themes["ansi"].glyphs


@pytest.mark.parametrize("pair", PAIRS, ids="-on-".join)
@pytest.mark.parametrize("name", ["dark", "light", "contrast"])
def test_text_can_be_read(name: str, pair: tuple[str, str]) -> None:
    theme = load_themes()[0][name].theme
    assert contrast(colour(theme, pair[0]), colour(theme, pair[1])) >= 4.5


@pytest.mark.parametrize("name", ["dark", "light", "contrast"])
def test_heat_grows_away_from_the_background(name: str) -> None:
    theme = load_themes()[0][name].theme
    ramp = [theme.variables[f"heat-{level}"] for level in range(10)]
    assert ramp[0] == theme.background
    away = [contrast(c, ramp[0]) for c in ramp]
    assert away == sorted(away) and away[1] >= 1.15 and away[9] >= 7


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('name = "dark"', 'name = "dark"\nhaet = 1', "unknown key 'haet' (did you mean 'heat'?)"),
        ('accent = "#6cb6ff"', 'acent = "#6cb6ff"', "unknown key 'colors.acent' (did you mean 'colors.accent'?)"),
        ('accent = "#6cb6ff"', "", "'colors.accent' is missing"),
        ('accent = "#6cb6ff"', 'accent = "bluish"', "colors.accent: expected a colour as #rrggbb, found 'bluish'"),
        ('accent = "#6cb6ff"', "accent = 7", "colors.accent: expected a colour as #rrggbb, found 7"),
        ("dark = true", 'dark = "yes"', "dark: expected true or false, found 'yes'"),
        ('name = "dark"', 'name = "My Theme"', "name: expected lower-case letters"),
        ('"#fff3a0"]', '"#fff3a"]', "heat[9]: expected a colour as #rrggbb, found '#fff3a'"),
        (', "#fff3a0"]', "]", "heat: expected 10 colours, found 9"),
        ("dark = true", "dark = ", "not TOML"),
        ("dark = true", "", "'dark' is missing"),
    ],
)
def test_a_bad_theme_names_file_and_key(tmp_path: Path, old: str, new: str, says: str) -> None:
    path = tmp_path / "mine.toml"
    assert old in GOOD
    path.write_text(GOOD.replace(old, new))
    with pytest.raises(ThemeError) as error:
        load_theme(path)
    assert str(error.value).startswith(f"{path}: ") and says in str(error.value)
    assert "\n" not in str(error.value)


def test_a_bad_theme_does_not_take_the_others_along(tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_bytes(b"\xff\xfe")
    (tmp_path / "mine.toml").write_text(GOOD.replace('name = "dark"', 'name = "mine"'))
    themes, errors = load_themes([tmp_path])
    assert "mine" in themes and "dark" in themes
    assert len(errors) == 1 and "bad.toml" in errors[0] and "UTF-8" in errors[0]
