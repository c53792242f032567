"""A one-line input that holds visible characters only, whatever is pasted into it."""

from __future__ import annotations

from textual.widgets import Input

from scantui.ui.text import plain


class Field(Input):
    """Does not blink: an idle screen sends nothing."""

    def __init__(self, value: str = "", *, name: str, max_length: int) -> None:
        super().__init__(plain(value), id=name, max_length=max_length)
        self.cursor_blink = False

    def validate_value(self, value: str) -> str:
        return plain(value)
