"""CSV that a spreadsheet reads as data: no cell is a formula, no cell carries a control byte, numbers stay numbers."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence

from scantui.safe_text import harmless

Cell = str | int | float | bool | None

# What a spreadsheet takes for the start of a formula, also behind blanks and quotes and in full-width forms
# (OWASP, CSV Injection).
_FORMULA = re.compile(r"""[\s"'`\u00a0\u3000]*[=+\-@\uff1d\uff0b\uff0d\uff20\u2212]""")
_BLANK = re.compile(r"[\t\r\n]")
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")


def cell(value: Cell) -> str:
    """One value as the text of a cell; what could start a formula gets a leading apostrophe."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        return str(value)
    risky = _BLANK.match(value) or (_FORMULA.match(value) and not _NUMBER.fullmatch(value))
    text = harmless(value)
    return "'" + text if risky else text


def rows(header: Sequence[str], lines: Iterable[Iterable[Cell]]) -> Iterator[str]:
    """Header and rows as CSV (RFC 4180 quoting, lines end in a newline)."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(header)
    for line in lines:
        writer.writerow([cell(value) for value in line])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
    if rest := buffer.getvalue():
        yield rest


def columns(header: Sequence[str], batches: Iterable[Sequence[Sequence[str]]]) -> Iterator[str]:
    """Header and batches of columns as CSV, like `rows`. Texts have been through `cell`."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(header)
    for batch in batches:
        writer.writerows(zip(*batch, strict=True))
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
    if rest := buffer.getvalue():
        yield rest
