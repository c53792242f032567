"""The allow-list made on the screen: a file as `detect.allow` reads it, so that it can be edited by hand and given to
`--allow-file` too."""

from __future__ import annotations

from scantui.detect.allow import Allowed, entry_of, line_of
from scantui.safe_text import harmless
from scantui.state.directory import Directory

FILE = "allow.txt"


class AllowList:
    """The allow-list of a state directory."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    def load(self) -> tuple[tuple[Allowed, ...], tuple[str, ...]]:
        """The entries, and a sentence for each line that is none. Raises OSError."""
        found, wrong = [], []
        for number, line in enumerate(_text(self._directory.read(FILE)).split("\n"), 1):
            try:
                entry = entry_of(line)
            except ValueError as error:
                wrong.append(f"{FILE}:{number}: {harmless(str(error), 200)}; the line is skipped")
                continue
            if entry is not None and entry not in found:
                found.append(entry)
        return tuple(found), tuple(wrong)

    def add(self, entry: Allowed) -> None:
        """Keep an entry. Raises OSError, or ValueError for what a line cannot say."""
        self._directory.append(FILE, [line_of(entry).encode()])

    def remove(self, entry: Allowed) -> None:
        """Take all lines that say `entry` off; comments and other lines stay as they are. Raises OSError."""
        self._directory.rewrite(FILE, lambda data: _without(data, entry))


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def _without(data: bytes, entry: Allowed) -> bytes | None:
    lines = _text(data).split("\n")
    kept = [line for line in lines if not _says(line, entry)]
    return "\n".join(kept).encode("utf-8", "surrogateescape") if len(kept) < len(lines) else None


def _says(line: str, entry: Allowed) -> bool:
    try:
        return entry_of(line) == entry
    except ValueError:
        return False
