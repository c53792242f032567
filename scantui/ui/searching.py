"""Widgets of lines in which a text can be looked for."""

from __future__ import annotations

from collections.abc import Sequence

from scantui.ui.lines import Lines
from scantui.ui.text import plain
from scantui.ui.text_search import TextSearch, next_of


class Searched(Lines):
    """Subclasses say what is searched (`searched`), where the reader is (`reading_at`), and go somewhere (`read_at`); they
    draw lines through `search.lit`."""

    def __init__(self, *, name: str | None = None) -> None:
        super().__init__(name=name)
        self.search = TextSearch()
        self._began = 0  # where the reader was when the search began

    def searched(self) -> Sequence[str]:
        """The texts that are searched, in order."""
        raise NotImplementedError

    def reading_at(self) -> int:
        """Which of them is read now."""
        raise NotImplementedError

    def read_at(self, number: int) -> None:
        """Bring one of them into view."""
        raise NotImplementedError

    def searched_words(self) -> str:
        """What was searched, in words."""
        return f"in {len(self.searched()):,} lines"

    def begin_search(self) -> None:
        """A text is going to be typed."""
        self._began = self.reading_at()

    def seek(self, text: str) -> str:
        """Look for a text from where the reader was on; says what was found."""
        self.search.text = text
        return self._go(next_of(self._found(), self._began, 0))

    def seek_again(self, step: int) -> str:
        """The next one, or the one before."""
        return self._go(next_of(self._found(), self.reading_at(), step))

    def end_search(self) -> None:
        self.search.text = ""
        self.repaint()

    def _found(self) -> list[int]:
        return self.search.found(self.searched())

    def _go(self, found: tuple[int, int]) -> str:
        place, number = found
        if place:
            self.read_at(number)
        self.repaint()
        if not self.search:
            return ""
        which = f"{place:,} of {len(self._found()):,}" if place else f"no '{plain(self.search.text, 30)}'"
        return f"{which} {self.searched_words()}"
