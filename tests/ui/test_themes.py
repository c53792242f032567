"""Theme files: strict reading, and colours that can be read."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations, pairwise
from pathlib import Path

import numpy as np
import pytest
from textual.color import Color

from scantui.resources import folder
from scantui.ui.theme_folder import reloaded
from scantui.ui.themes import ThemeError, load_theme, load_themes
from tests.ui.pilot import analyst

GOOD = (folder("themes") / "dark.toml").read_text()
PAIRS = [(text, ground) for text in ("foreground", "muted", "accent", "scan", "suspect", "benign")
         for ground in ("background", "surface")] + [("foreground", "panel"), ("cursor-text", "cursor"),
                                                      ("paused-text", "paused")]  # fmt: skip

COLOURED = [name for name, loaded in load_themes()[0].items() if not loaded.theme.ansi]
# Machado, Oliveira & Fernandes (2009), table 1, severity 1.0: linear RGB as those see it who lack one kind of cone.
DEUTERANOPIA = np.array(
    [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
)
PROTANOPIA = np.array(
    [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
)
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])  # IEC 61966-2-1


def luminance(color: Color) -> float:
    """Relative luminance (WCAG 2.2)."""
    red, green, blue = linear(color)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def linear(color: Color) -> np.ndarray:
    """Linear sRGB."""
    parts = np.array(color.rgb) / 255
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def lab(rgb: np.ndarray) -> np.ndarray:
    """CIE 1976 L*a*b* of linear sRGB, white D65."""
    xyz = TO_XYZ @ np.clip(rgb, 0, 1) / np.array([0.95047, 1, 1.08883])
    x, y, z = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def apart(a: str, b: str, seen: np.ndarray) -> float:
    """How different two colours look to an eye: CIE76; 2.3 is just noticeable."""
    return float(np.linalg.norm(lab(seen @ linear(Color.parse(a))) - lab(seen @ linear(Color.parse(b)))))


def contrast(a: str, b: str) -> float:
    high, low = sorted((luminance(Color.parse(a)), luminance(Color.parse(b))), reverse=True)
    return (high + 0.05) / (low + 0.05)


def colour(theme, key: str) -> str:
    return theme.variables.get(key) or getattr(theme, key)


def test_the_shipped_themes_load() -> None:
    themes, errors = load_themes()
    assert not errors
    assert {"dark", "light", "contrast", "ansi", "deuteranopia", "deuteranopia-light", "mono", "fjord", "paper"} == set(
        themes
    )
    assert all(loaded.path.stem == name for name, loaded in themes.items())
    assert not themes["light"].theme.dark and themes["ansi"].glyphs


@pytest.mark.parametrize("pair", PAIRS, ids="-on-".join)
@pytest.mark.parametrize("name", COLOURED)
def test_text_can_be_read(name: str, pair: tuple[str, str]) -> None:
    theme = load_themes()[0][name].theme
    assert contrast(colour(theme, pair[0]), colour(theme, pair[1])) >= 4.5


@pytest.mark.parametrize("name", COLOURED)
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
    assert len(errors) == 1 and "bad.toml" in str(errors[0]) and "UTF-8" in str(errors[0])
    assert errors[0].path == tmp_path / "bad.toml"


@pytest.mark.parametrize("seen", [DEUTERANOPIA, PROTANOPIA], ids=["deuteranopia", "protanopia"])
@pytest.mark.parametrize("name", ["deuteranopia", "deuteranopia-light"])
def test_verdicts_and_heat_stay_apart_without_red_and_green(name: str, seen: np.ndarray) -> None:
    theme = load_themes()[0][name].theme
    for one, other in combinations(("scan", "suspect", "benign"), 2):
        assert apart(colour(theme, one), colour(theme, other), seen) >= 30
    ramp = [theme.variables[f"heat-{level}"] for level in range(10)]
    assert min(apart(a, b, seen) for a, b in pairwise(ramp)) >= 8


def test_the_simulation_tells_what_the_ordinary_theme_does() -> None:
    """Red and green of like lightness fall together: the measure measures."""
    assert apart("#b00000", "#5a5a00", np.eye(3)) > 40 > 20 > apart("#b00000", "#5a5a00", DEUTERANOPIA)


def test_a_theme_that_breaks_while_in_use_stays_as_it_was(tmp_path: Path) -> None:
    mine = tmp_path / "mine.toml"
    mine.write_text(GOOD.replace('name = "dark"', 'name = "mine"'))
    before, _ = load_themes([tmp_path])
    mine.write_text("name = ")
    after, errors = reloaded(before, [tmp_path], "dark")
    assert after["mine"] is before["mine"] and [error.path for error in errors] == [mine]
    mine.unlink()
    assert "mine" not in reloaded(after, [tmp_path], "dark")[0]
    assert reloaded(after, [tmp_path], "mine")[0]["mine"] is before["mine"]


async def test_a_theme_file_that_is_saved_is_seen_at_once(tmp_path: Path) -> None:
    mine = tmp_path / "mine.toml"
    text = GOOD.replace('name = "dark"', 'name = "mine"')
    mine.write_text(text)
    async with analyst(theme="mine", theme_folders=[tmp_path]) as a:

        async def until(holds: Callable[[], bool]) -> None:
            for _ in range(100):
                mine.touch()  # the watch may begin a moment after the screen
                if holds():
                    return
                await a.pilot.pause(0.1)
            raise AssertionError(a.screen)

        mine.write_text(text.replace("#14171c", "#000022"))
        await until(lambda: a.app.current_theme.background == "#000022")
        await until(lambda: a.table.styles.background.hex == "#000022")
        mine.write_text(text.replace('accent = "#6cb6ff"', 'accent = "blue"'))
        await until(lambda: "colors.accent" in a.screen)
        assert a.app.current_theme.background == "#000022"
