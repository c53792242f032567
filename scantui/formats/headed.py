"""Files whose own lines say which field stands where: Zeek's logs, W3C's, CSV with a line of names.

Such a parser belongs to one input and reads its lines in order. Before the first header it reads the orders that the format
declares as usual, each of another number of fields, and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np

from scantui.columns.lines import Lines, Mask
from scantui.columns.search import first_of, holds
from scantui.formats.layouts import Case, Judge, Words, case_of
from scantui.formats.separated import Separated
from scantui.formats.sheet import Record, Sheet
from scantui.formats.spec import HeadedSpec, LayoutSpec
from scantui.tables import Tables

_MOST_HEADERS = 32  # headers whose readers are kept
_DIRECTIVE = ord("#")
_BYTE = re.compile(rb"\\x([0-9A-Fa-f]{2})")
_CUT = b"ts\t"  # how `zeek-cut -m` begins the one line of names that it leaves
# Names that the documentation of Zeek's Log::default_field_name_map gives to a connection's ends.
_MAPPED = {b"src": b"id.orig_h", b"src_port": b"id.orig_p", b"dst": b"id.resp_h", b"dst_port": b"id.resp_p"}
_Names: TypeAlias = "tuple[bytes, ...]"


@dataclass(frozen=True)
class _Header:
    """What the lines read so far said. `names` is None before the first header."""

    separator: bytes
    names: _Names | None = None
    unset: bytes = b"-"


def header_lines(spec: HeadedSpec) -> Callable[[Lines], Mask]:
    """Tells which lines may be headers."""
    if spec.style == "names":
        names = [name.encode()[:16] for name in spec.need[0].split("|")]
        return lambda lines: np.logical_or.reduce([first_of(lines, name) >= 0 for name in names])
    if spec.style == "zeek":
        return lambda lines: (
            (lines.u8[np.minimum(lines.start, lines.size)] == _DIRECTIVE) | holds(lines, lines.start, _CUT)
        )
    return lambda lines: lines.u8[np.minimum(lines.start, lines.size)] == _DIRECTIVE


class Headed:
    """Reads the lines of one input."""

    def __init__(self, spec: HeadedSpec, layouts: Sequence[LayoutSpec], tables: Tables, words: Words) -> None:
        self._spec, self._layouts, self._tables, self._words = spec, layouts, tables, words
        self._need = [[self._tidy(name.encode()) for name in some.split("|")] for some in spec.need]
        self._usual = [tuple(names.encode().split()) for names in spec.usual]
        self._said = _Header(spec.by.encode())
        self._known: dict[_Header, Separated] = {}
        self._reader = self._made()

    def _cases(self, names: _Names) -> list[Case]:
        places = {name.decode("latin-1"): number for number, name in reversed(list(enumerate(names)))}
        found = (case_of(spec, places.get, self._tables, self._words) for spec in self._layouts)
        return [replace(case, least=len(names), most=len(names)) for case in found if case is not None]

    def _made(self) -> Separated:
        reader = self._known.get(self._said)
        if reader is None:
            orders = self._usual if self._said.names is None else [self._said.names]
            if self._spec.style == "w3c":  # rows of another release may stand below a header
                orders = [*orders, *(names for names in self._usual if len(names) != len(orders[0]))]
            judge = Judge([case for names in orders for case in self._cases(names)])
            reader = Separated(self._said.separator, judge, quoted=self._spec.quoted)
            if len(self._known) >= _MOST_HEADERS:
                self._known.clear()
            self._known[self._said] = reader
        return reader

    # Headers
    def _header(self, text: bytes) -> _Header | None:
        """What holds after this line; None when it is no header."""
        if self._spec.style == "names":
            for by in (self._spec.by + self._spec.others).encode():
                names = tuple(self._tidy(name) for name in text.split(bytes((by,))))
                if self._named(names):
                    return replace(self._said, separator=bytes((by,)), names=names)
            return None
        if self._spec.style == "zeek" and text.startswith(_CUT):
            return replace(self._said, names=_unmapped(text.split(b"\t")))
        if text[:1] != b"#":
            return None
        if self._spec.style == "w3c":
            word, _, rest = text.partition(b": ")
            return replace(self._said, names=tuple(rest.split())) if word == b"#Fields" else self._said
        if text.startswith(b"#separator"):
            separator = _BYTE.sub(lambda match: bytes((int(match[1], 16),)), text[11:])
            return _Header(separator if len(separator) == 1 else self._spec.by.encode())
        word, _, rest = text.partition(self._said.separator)
        if word == b"#unset_field":
            return replace(self._said, unset=rest)
        return (
            replace(self._said, names=_unmapped(rest.split(self._said.separator))) if word == b"#fields" else self._said
        )

    def _named(self, names: _Names) -> bool:
        return all(any(name in names for name in some) for some in self._need)

    def _tidy(self, name: bytes) -> bytes:
        return loose(name) if self._spec.loose else _tidy(name)

    # Lines
    def plain(self, text: bytes) -> Record | None:
        """The columns of a line; {} when it is a header or tells of no packet, None when it is damaged or not this format's."""
        text = text.removesuffix(b"\r")
        said = self._header(text)
        if said is not None:
            self._said = said
            self._reader = self._made()
            return {}
        unset, by = self._said.unset, self._said.separator
        if unset != b"-":
            text = by.join(b"-" if part == unset else part for part in text.split(by))
        return self._reader.plain(text)

    def fill(self, lines: Lines, sheet: Sheet) -> None:
        """Read lines of which none is a header."""
        if self._said.unset != b"-":
            return  # another word for what is not set: line by line
        self._reader.fill(lines, sheet, np.arange(len(lines)), lines.start)


def _unmapped(names: list[bytes]) -> _Names:
    """Zeek's own names of a connection's ends, where the file has others."""
    for name, own in _MAPPED.items() if b"src_port" in names and b"dst_port" in names else ():
        if name in names:
            names[names.index(name)] = own
    return tuple(names)


def _tidy(name: bytes) -> bytes:
    """A column's name, as people and programs write it: `"name"`, `${name}`."""
    return name.strip().strip(b'"').removeprefix(b"${").removesuffix(b"}")


def loose(name: bytes) -> bytes:
    """A column's name as all may write it: `Source IP`, `source.ip` and `source_ip` are one."""
    return re.sub(rb"[^0-9a-z]", b"", name.lower())
