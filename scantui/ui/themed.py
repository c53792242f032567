"""The application's themes: which there are, which is used, and those that change while it runs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from textual import work
from textual.app import App
from textual.filter import LineFilter

from scantui.ui.colourless import Colourless
from scantui.ui.lines import HEAT_LEVELS
from scantui.ui.manners import AUTO
from scantui.ui.text import plain
from scantui.ui.theme_folder import changes, reloaded
from scantui.ui.themes import LoadedTheme, load_themes

DARK, SIXTEEN = "dark", "ansi"  # the theme without a wish: with many colours, with the terminal's sixteen


class Themed(App[int]):
    """Has the shipped themes and those of `theme_folders`, which are watched once `watch_themes` is called."""

    def __init__(self, theme: str, theme_folders: Sequence[Path] = ()) -> None:
        """Raises ValueError when there is no theme of that name."""
        self._theme_folders = tuple(theme_folders)
        self._themes: dict[str, LoadedTheme]
        self._themes, self._theme_errors = load_themes(theme_folders)
        if theme != AUTO and theme not in self._themes:
            why = "; ".join(map(str, self._theme_errors))
            raise ValueError(f"no theme '{theme}': there are {', '.join(self._themes)}" + (f" ({why})" if why else ""))
        super().__init__()
        for loaded in self._themes.values():
            self.register_theme(loaded.theme)
        self.theme = self.theme_for(theme)

    def theme_for(self, wish: str) -> str:
        """The name of the theme that is wished for: what AUTO stands for on this terminal."""
        auto = SIXTEEN if self.console.color_system == "standard" and not self.no_color else DARK
        return auto if wish == AUTO else wish

    @property
    def theme_names(self) -> list[str]:
        """The themes there are now."""
        return list(self._themes)

    def get_line_filters(self) -> Sequence[LineFilter]:
        return [Colourless()] if self.no_color else super().get_line_filters()

    @property
    def loaded_theme(self) -> LoadedTheme:
        """The theme in use."""
        return self._themes[self.theme]

    @property
    def heat_ramp(self) -> list[str]:
        """Its colours of heat, level 0 first."""
        return [self.loaded_theme.theme.variables[f"heat-{level}"] for level in range(HEAT_LEVELS)]

    def watch_themes(self) -> None:
        """Tell what is wrong with theme files, now and whenever one is saved."""
        self._tell_theme_errors()
        if self._theme_folders:
            self._follow_folders()

    @work(exclusive=True, group="themes", exit_on_error=False)
    async def _follow_folders(self) -> None:
        async for _ in changes(self._theme_folders):
            before = self._themes
            self._themes, self._theme_errors = reloaded(before, self._theme_folders, self.theme)
            for loaded in self._themes.values():
                self.register_theme(loaded.theme)
            if self.loaded_theme.theme != before[self.theme].theme:
                self.mutate_reactive(Themed.theme)
            self._tell_theme_errors()

    def _tell_theme_errors(self) -> None:
        for error in self._theme_errors:
            self.notify(plain(str(error)), severity="warning", markup=False, timeout=10)

    def action_next_theme(self) -> None:
        names = self.theme_names
        self.theme = names[(names.index(self.theme) + 1) % len(names)]
        self.notify(f"theme {self.theme}", markup=False, timeout=2)
