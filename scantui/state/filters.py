"""Saved filters of the state directory. The file may be edited by hand; one that cannot be read is never written over."""

from __future__ import annotations

from scantui.find import saved
from scantui.find.saved import Saved
from scantui.state.directory import Directory

FILE = "filters.toml"


class SavedFilters:
    """The saved filters of a state directory. Every call reads the file anew: another monitor may have changed it."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    def load(self) -> tuple[Saved, ...]:
        """What is saved. Raises OSError, or ValueError that names the file and the key."""
        return _parsed(self._directory.read(FILE))

    def keep(self, new: Saved) -> None:
        """Save a filter, in the place of one of its name. Raises OSError or ValueError."""
        self._directory.rewrite(FILE, lambda data: saved.render(saved.with_one(_parsed(data), new)).encode())

    def remove(self, name: str) -> None:
        """Forget a filter. Raises OSError or ValueError."""
        self._directory.rewrite(
            FILE, lambda data: saved.render(one for one in _parsed(data) if one.name != name).encode()
        )


def _parsed(data: bytes) -> tuple[Saved, ...]:
    try:
        return saved.parse(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise ValueError(f"{FILE}: not UTF-8 (byte {error.start + 1})") from error
    except ValueError as error:
        raise ValueError(f"{FILE}: {error}") from error
