"""The file of settings while the monitor runs: read anew when it is saved. What can be is put in force, the rest is told."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from scantui.config import ConfigError, Settings
from scantui.config.fields import all_settings
from scantui.config.file import read
from scantui.safe_text import harmless
from scantui.ui.manners import AUTO, Manners
from scantui.ui.put import PUT
from scantui.ui.wishes import with_wishes

KEYS = "keys"
OF_APP = ("theme", "mouse", "low_bandwidth", "bell", "notify")  # manners that the application can change while it runs
_LIVE = frozenset({KEYS, *PUT, *(f"monitor.{name}" for name in OF_APP)})


@dataclass(frozen=True, slots=True)
class Change:
    """What a person should hear, a line each, and whether that is what is `wrong` with the file. Else `keys` of settings are
    to be put in force as `manners` has them."""

    lines: tuple[str, ...]
    wrong: bool = False
    keys: frozenset[str] = frozenset()
    manners: Manners = field(default_factory=Manners)


class LiveSettings:
    """The settings last read."""

    def __init__(self, path: Path, settings: Settings, manners: Manners) -> None:
        """`manners`: as this file and the command line have them."""
        self._path = path
        self._settings = settings
        self._manners = manners
        self._wrong: tuple[str, ...] = ()

    @property
    def folder(self) -> Path | None:
        """Where to watch for it; None when there is nothing to watch."""
        there = self._path.is_file() or not self._path.exists()
        return self._path.parent if there and self._path.parent.is_dir() else None

    def change(self, themes: Collection[str]) -> Change | None:
        """What is new in the file; None when nothing is. `themes`: those there are."""
        try:
            settings = read(self._path)
        except FileNotFoundError:  # what it said holds until the end
            return None
        except ConfigError as error:
            return self._told(error.lines)
        manners, wrong = with_wishes(self._of_monitor(settings), settings)
        if manners.theme not in (AUTO, *themes):
            wrong.append(f"monitor.theme: no theme '{harmless(manners.theme)}': there are {', '.join(themes)}")
        if wrong:
            return self._told(f"{harmless(str(self._path))}: {line}" for line in wrong)
        self._wrong = ()
        changed = _changed(self._settings, settings)
        self._settings, self._manners = settings, manners
        said = frozenset(f"monitor.{name}" for name in manners.said) & changed
        now, later = (changed & _LIVE) - said, changed - _LIVE - said
        lines = (
            f"settings in force: {', '.join(sorted(now))}" if now else "",
            f"settings that take effect at the next start: {', '.join(sorted(later))}" if later else "",
            f"settings that the command line overrides: {', '.join(sorted(said))}" if said else "",
        )
        return Change(tuple(filter(None, lines)), False, now, manners) if changed else None

    def _told(self, lines: Iterable[str]) -> Change | None:
        """What is wrong with the file, once."""
        before, self._wrong = self._wrong, tuple(lines)
        return Change(self._wrong, wrong=True) if self._wrong != before else None

    def _of_monitor(self, settings: Settings) -> Manners:
        wanted = {name: getattr(settings.monitor, name) for name in OF_APP if name not in self._manners.said}
        return replace(self._manners, **wanted)


def _changed(before: Settings, after: Settings) -> frozenset[str]:
    """Keys of the settings that differ."""
    keys = {
        one.key
        for one in all_settings()
        if getattr(getattr(before, one.section), one.name) != getattr(getattr(after, one.section), one.name)
    }
    return frozenset(keys | ({KEYS} if dict(before.keys) != dict(after.keys) else set()))
