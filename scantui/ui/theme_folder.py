"""The user's folder of themes, watched while the monitor runs."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path

from scantui.ui.themes import LoadedTheme, ThemeError, load_themes


async def changes(folders: Sequence[Path]) -> AsyncIterator[None]:
    """Comes whenever something changed in one of the folders, not in those below it."""
    from watchfiles import awatch

    async for _ in awatch(*folders, recursive=False, debounce=200, step=50):
        yield


def reloaded(
    before: Mapping[str, LoadedTheme], folders: Sequence[Path], in_use: str
) -> tuple[dict[str, LoadedTheme], list[ThemeError]]:
    """The themes as they are now. One whose file cannot be used any more stays as it was, and so does the one in use."""
    themes, errors = load_themes(folders)
    broken = {error.path for error in errors}
    kept = {name: old for name, old in before.items() if old.path in broken or (name == in_use and name not in themes)}
    return {**themes, **kept}, errors
