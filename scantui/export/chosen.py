"""Exports of chosen sources: what would be written, what to think of before, and the writing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from scantui.export import EXPORTS, Export
from scantui.export.cautions import cautions
from scantui.safe_text import harmless
from scantui.snapshot import Mark, Snapshot

_MOST_CHARS = 2000  # of a previewed line


@dataclass(frozen=True, slots=True)
class Preview:
    """The first lines of a file that is not written yet, harmless to show; `more`: there are others. `cautions`: sentences."""

    lines: tuple[str, ...]
    more: bool
    cautions: tuple[str, ...]


def preview(kind: str, snapshot: Snapshot, codes: Iterable[int], most: int) -> Preview:
    """At most `most` lines of what `write` would write. Raises ValueError."""
    marks = _marks(snapshot, codes)
    lines: list[str] = []
    rest = ""
    chunks = iter(_kind(kind).render(snapshot, marks))
    while len(lines) <= most and (chunk := next(chunks, None)) is not None:
        whole = (rest + chunk).split("\n")
        rest = whole.pop()
        lines += islice(whole, most + 1)
    if rest:
        lines.append(rest)
    shown = tuple(harmless(line.replace("\t", "    "), _MOST_CHARS) for line in lines[:most])
    return Preview(shown, len(lines) > most, cautions(snapshot, marks))


def write(kind: str, path: Path, snapshot: Snapshot, codes: Iterable[int], overwrite: bool = False) -> str:
    """Write the file; says in words what was written. Raises ValueError, or OSError (see `atomic.write`)."""
    export, marks = _kind(kind), _marks(snapshot, codes)
    export.write(path, snapshot, marks, overwrite)
    return f"{len(marks):,} source{'' if len(marks) == 1 else 's'} as {kind} in {harmless(str(path))}"


def _kind(name: str) -> Export:
    if name not in EXPORTS:
        raise ValueError(f"no export is called {harmless(name, 40)!r}; there are {', '.join(EXPORTS)}")
    return EXPORTS[name]


def _marks(snapshot: Snapshot, codes: Iterable[int]) -> Mapping[int, Mark]:
    """Each source with its mark, or with a bare one."""
    marks = {code: snapshot.marks.get(code, Mark(code)) for code in codes}
    if not marks:
        raise ValueError("there is no source to export: mark some with m, or put the cursor on one")
    return marks
