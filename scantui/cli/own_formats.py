"""The user's own log formats: TOML files in scantui's configuration folder; and formats that inputs are forced to."""

from __future__ import annotations

import difflib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from scantui.cli.errors import reason
from scantui.safe_text import harmless

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scantui.formats.base import Format
    from scantui.formats.registry import Formats

_MOST = 1 << 20  # bytes; a larger file is no format


class Own(NamedTuple):
    """What the folder holds: formats that are right, the file of each by name, and what a person should hear."""

    formats: tuple[Format, ...]
    files: dict[str, Path]
    told: tuple[str, ...]


def folder() -> Path:
    """Where they are, whether it exists or not."""
    from platformdirs import user_config_path

    return user_config_path("scantui", appauthor=False) / "formats"


def read(path: Path) -> Format:
    """The format in a file, proved by its samples. Raises FormatError, a line for each error."""
    from scantui.formats.proof import own_format
    from scantui.formats.spec import FormatError

    name = harmless(str(path))
    try:
        with path.open("rb") as file:
            data = file.read(_MOST + 1)
        if len(data) > _MOST:
            raise FormatError(f"{name}: larger than {_MOST >> 20} MiB; that is no format")
        return own_format(data.decode("utf-8-sig"), name)
    except OSError as error:
        raise FormatError(f"{name}: {reason(error)}") from None
    except UnicodeDecodeError as error:
        raise FormatError(f"{name}: not UTF-8 (byte {error.start + 1})") from None


@cache
def own() -> Own:
    """Those of the folder. What is wrong with a file is told, and the others hold."""
    from scantui.formats import FORMATS
    from scantui.formats.spec import FormatError

    made: dict[str, Format] = {}
    files: dict[str, Path] = {}
    told: list[str] = []
    ours = {form.name for form in FORMATS}
    for path in sorted(folder().glob("*.toml")):
        try:
            form = read(path)
        except FormatError as error:
            first, *more = str(error).split("\n")
            told.append(f"{first}; not used" + (f" ({len(more)} more: scantui formats {path})" if more else ""))
            continue
        if form.name in made:
            told.append(f"{path}: name: {files[form.name].name} is called '{form.name}' too; not used")
            continue
        if form.name in ours:
            told.append(f"{path}: used instead of scantui's own '{form.name}'")
        made[form.name], files[form.name] = form, path
    return Own(tuple(made.values()), files, tuple(told))


def known() -> tuple[Format, ...]:
    """All formats, the user's included, in the order in which they are tried."""
    from scantui.formats.registry import extended

    return extended(own().formats)


def near(name: str) -> str:
    """What a wrong name of a format was meant to be, in words."""
    close = difflib.get_close_matches(name, [form.name for form in known()], 3, 0.5)
    return f"did you mean {' or '.join(close)}?" if close else "scantui formats lists them"


def formats(forced: Sequence[tuple[str, Format]]) -> Formats:
    """What a run reads by."""
    from scantui.formats.registry import Formats

    return Formats(known(), tuple(forced))


class LogFormat(click.ParamType["tuple[str, Format]"]):
    """`NAME` or `NAME:GLOB`: inputs' paths, and the one format to read them by."""

    name = "format"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, Format]:
        if isinstance(value, tuple):
            return value
        name, _, glob = value.partition(":")
        found = next((form for form in known() if form.name == name), None)
        if found is None:
            self.fail(f"no format {harmless(name, 60)!r}: {near(name)}", param, ctx)
        return glob or "*", found
