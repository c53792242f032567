"""How the screen was left, in one small file. Read strictly; what cannot be read is told and begins nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from scantui.safe_text import harmless
from scantui.state.directory import Directory

FILE = "screen.json"
MOST_TEXT = 2000  # characters of a filter or a name
_Text = Annotated[str, Meta(max_length=MOST_TEXT)]
View = Literal["ports", "matrix", "map"]  # of the heatmap
_Texts = Annotated[tuple[_Text, ...], Meta(max_length=1000)]


class Choices(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a person chose of the screen while it ran; None is no choice. `order`: a sort's name, and whether it is reversed;
    `bucket`: seconds a column of the heatmap, 0 by the span of the log; `heat`, `time`, `detail`: whether the pane is shown."""

    theme: _Text | None = None
    mouse: bool | None = None
    columns: _Texts | None = None
    order: tuple[_Text, bool] | None = None
    clusters: bool | None = None
    view: View | None = None
    bucket: Annotated[int, Meta(ge=0, le=86_400)] | None = None
    heat: bool | None = None
    time: bool | None = None
    detail: bool | None = None


class Kept(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The whole file. `instead_of` is what would have been without the choices; one that is no longer instead of that was
    overtaken by the configuration. `filter` was in force, `source` under the cursor while `inputs` (their `fingerprint`) were
    watched."""

    chosen: Choices = Choices()
    instead_of: Choices = Choices()
    filter: _Text = ""
    inputs: _Text = ""
    source: _Text = ""


def fingerprint(inputs: Iterable[str]) -> str:
    """What stands for these names: they may be many, long, and in no encoding."""
    named = "\0".join(inputs).encode("utf-8", "surrogateescape")
    return hashlib.sha256(named).hexdigest()[:32]


class ScreenFile:
    """The file in a state directory."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    def load(self) -> Kept:
        """What was kept. Raises OSError, or ValueError that names the file."""
        data = self._directory.read(FILE)
        try:
            return msgspec.json.decode(data, type=Kept) if data else Kept()
        except (msgspec.DecodeError, RecursionError) as error:
            raise ValueError(f"{FILE}: {harmless(str(error), 150)}") from None

    def save(self, kept: Kept) -> None:
        """Keep this in the place of what was kept. Raises OSError."""
        text = msgspec.json.format(msgspec.json.encode(kept), indent=1) + b"\n"
        self._directory.rewrite(FILE, lambda before: text if text != before else None)
