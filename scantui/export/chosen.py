"""Exports of chosen sources: what would be written, what to think of before, and the writing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from scantui.export import EXPORTS, atomic
from scantui.export.cautions import cautions
from scantui.export.guard import guarded
from scantui.export.handover import Export, Handover
from scantui.safe_text import harmless
from scantui.snapshot import Mark, Snapshot

_MOST_CHARS = 2000  # of a previewed line
_BINARY = "this kind is not text: it can be looked at once it is written"


@dataclass(frozen=True, slots=True)
class Preview:
    """The first lines of a file that is not written yet, harmless to show; `more`: there are others. `cautions`: sentences."""

    lines: tuple[str, ...]
    more: bool
    cautions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Made:
    """What goes into a file, chunk by chunk; of how many sources, and sentences on who was left out."""

    chunks: Iterator[bytes]
    sources: int
    left_out: tuple[str, ...]


def made(export: Export, handover: Handover) -> Made:
    """The file, still to be written. Raises ValueError when there is nothing to write, here or while it is written."""
    left_out: tuple[str, ...] = ()
    if export.acts:
        handover, left_out = guarded(handover)
    chunks = (one if isinstance(one, bytes) else one.encode() for one in export.render(handover))
    return Made(chunks, len(handover.marks), left_out)


def preview(export: Export, handover: Handover, most: int) -> Preview:
    """At most `most` lines of what `write` would write. Raises ValueError."""
    file = made(export, handover)
    lines: list[str] = []
    rest = b""
    while len(lines) <= most and (chunk := next(file.chunks, None)) is not None:
        whole = (rest + chunk).split(b"\n")
        rest = whole.pop()
        if b"\0" in chunk:
            return Preview((_BINARY,), False, (*file.left_out, *cautions(handover.snapshot, handover.marks)))
        lines += (line.decode("utf-8", "replace") for line in islice(whole, most + 1))
    if rest:
        lines.append(rest.decode("utf-8", "replace"))
    shown = tuple(harmless(line.replace("\t", "    ").rstrip("\r"), _MOST_CHARS) for line in lines[:most])
    return Preview(shown, len(lines) > most, (*file.left_out, *cautions(handover.snapshot, handover.marks)))


def write(export: Export, path: Path, handover: Handover, overwrite: bool = False) -> str:
    """Write the file; says in words what was written. Raises ValueError, or OSError (see `atomic.write_bytes`)."""
    file = made(export, handover)
    atomic.write_bytes(path, file.chunks, overwrite)
    sources = f"{file.sources:,} source{'' if file.sources == 1 else 's'}"
    return "; ".join((f"{sources} as {export.name} in {harmless(str(path))}", *file.left_out))


def kind_of(name: str) -> Export:
    """The kind of that name. Raises ValueError that says which there are."""
    if name not in EXPORTS:
        raise ValueError(f"no export is called {harmless(name, 40)!r}; there are {', '.join(EXPORTS)}")
    return EXPORTS[name]


def marks_of(snapshot: Snapshot, codes: Iterable[int]) -> Mapping[int, Mark]:
    """Each source with its mark, or with a bare one. Raises ValueError for no source."""
    marks = {code: snapshot.marks.get(code, Mark(code)) for code in codes}
    if not marks:
        raise ValueError("there is no source to export: mark some with m, or put the cursor on one")
    return marks
