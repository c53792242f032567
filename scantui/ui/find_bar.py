"""The line that a filter or a search is typed in, and below it what is wrong with it, or what could come next."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widgets import Input, Static

from scantui.find import FindError
from scantui.find.complete import Completion
from scantui.ui.actions import Place, bindings
from scantui.ui.field import Field
from scantui.ui.lines import Lines, Part, Parts
from scantui.ui.text import count, fit, plain, width_of

MOST = 400  # characters
_GAP = 2


def error_parts(error: FindError, x: int, width: int) -> Parts:
    """A caret in cell `x`, under what is wrong, and the message on the side where it fits."""
    said = plain(str(error))
    x = max(0, min(x, width - 1))
    if x + 2 + width_of(said) <= width or x < width // 2:
        return ((" " * x, "title"), ("▴ ", "title-bad"), (fit(said, max(0, width - x - 2)), "title-bad"))
    return ((fit(said, x - 1, True), "title-bad"), (" ▴", "title-bad"))


def choice_parts(completion: Completion, chosen: int | None, width: int) -> Parts:
    """As many choices as fit, the chosen one in the accent, and what the field is if there is room."""
    parts: list[Part] = [(" tab ", "key")] if completion.choices else [(" ", "title")]
    left = width - width_of(parts[0][0])
    first = max(0, (chosen or 0) - 3)
    for number, (text, rows) in list(enumerate(completion.choices))[first:]:
        shown = plain(text) + (f" {count(rows)}" if rows >= 0 else "")
        if width_of(shown) + _GAP > left:
            parts.append(("…", "title"))
            left -= 1
            break
        parts.append((shown, "title-focus" if number == chosen else "title"))
        parts.append((" " * _GAP, "title"))
        left -= width_of(shown) + _GAP
    about = f"{plain(completion.about)} " if completion.about else ""
    if about and width_of(about) <= left:
        parts.append((fit(about, left, True), "title"))
    return (*parts, (" " * width, "title"))


class Hint(Lines):
    """The line below what is typed."""

    def __init__(self, *, name: str) -> None:
        super().__init__(name=name)
        self._parts: Parts = ()

    def show(self, parts: Parts) -> None:
        self._parts = (*parts, (" " * self.size.width, "title"))
        self.repaint()

    def parts(self, _y: int, /) -> Parts:
        return self._parts

    def on_resize(self) -> None:
        self.refresh()


class FindField(Field):
    """Tab takes what is offered, the arrows bring back what was typed before."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.FIND)]

    class Wanted(Message):
        """A completion (`tab`), or an earlier (-1) or later (1) text (`step`)."""

        def __init__(self, step: int) -> None:
            super().__init__()
            self.step = step

    def action_complete(self) -> None:
        self.post_message(self.Wanted(0))

    def action_leave(self) -> None:
        self.post_message(FindBar.Left())

    def action_past(self, step: int) -> None:
        self.post_message(self.Wanted(step))


class FindBar(Vertical):
    """Tells its screen what is typed (`Changed`), that it is done (`Done`) and what to offer; knows no language."""

    DEFAULT_CSS = """
    FindBar { height: 1; display: none; background: $surface; }
    FindBar.-shown { display: block; }
    FindBar:focus-within, FindBar.-told { height: 2; }
    FindBar > Horizontal { height: 1; background: $surface; }
    FindBar Static { width: auto; color: $accent; background: $surface; }
    FindBar Hint { height: 1; background: $surface; }
    """

    class Left(Message):
        """Escape."""

    class Changed(Message):
        """Something else is typed, or the cursor moved to complete it."""

    class Done(Message):
        """Enter."""

    def __init__(self, *, name: str) -> None:
        super().__init__(id=name)
        self.field = FindField(name="filter", max_length=MOST)
        self.hint = Hint(name="hint")
        self._label = Static(" / ", markup=False)
        self._completion = Completion(0, 0)
        self._taken: tuple[str, int, int] | None = None  # text, cursor and number of the completion that was just taken
        self._past: list[str] = []
        self._at = 0  # in the past; its length is what is typed now

    def compose(self) -> ComposeResult:
        with Horizontal():
            yield self._label
            yield self.field
        yield self.hint

    def show(self, label: str, text: str) -> None:
        """Show it with `text`, under a label that says what it is for."""
        self._label.update(f" {label} ")
        self.add_class("-shown")
        self._taken, self._at = None, len(self._past)
        self.set(text)

    def open(self, label: str, text: str) -> None:
        """Show it with `text` to be changed."""
        self.show(label, text)
        self.field.focus()
        self.post_message(self.Changed())

    def close(self) -> None:
        self.remove_class("-shown", "-told")

    @property
    def is_open(self) -> bool:
        return self.has_class("-shown")

    def set(self, text: str) -> None:
        """Put `text` in the line, with the cursor at its end."""
        self.field.value = text
        self.field.cursor_position = len(self.field.value)

    def remember(self, text: str) -> None:
        """Keep a text for the arrow keys."""
        if text.strip():
            self._past = [*(old for old in self._past if old != text), text]
        self._at = len(self._past)

    # What is below the line

    def tell_error(self, error: FindError) -> None:
        """Point at what is wrong, unless what is being typed can still become right."""
        self._completion = Completion(0, 0)
        x = self._label.size.width + width_of(self.field.value[: error.at]) - round(self.field.scroll_offset.x)
        self.hint.show(error_parts(error, x, self.size.width))

    def tell_choices(self, completion: Completion) -> None:
        """Offer completions. While tab goes round them, the ones it began with stay."""
        if self._taken is not None and self._taken[:2] == (self.field.value, self.field.cursor_position):
            self.hint.show(choice_parts(self._completion, self._taken[2], self.size.width))
            return
        self._taken, self._completion = None, completion
        self.hint.show(choice_parts(completion, None, self.size.width))

    def tell(self, text: str) -> None:
        """Say something else."""
        self._completion = Completion(0, 0)
        self.hint.show(((f" {text}", "title"),))

    # What is typed

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(self.Changed())

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.remember(event.value)
        self.post_message(self.Done())

    def on_find_field_wanted(self, event: FindField.Wanted) -> None:
        event.stop()
        if event.step:
            self._recall(event.step)
        else:
            self._complete()

    def _complete(self) -> None:
        choices = self._completion.choices
        if not choices:
            return
        number = (self._taken[2] + 1) % len(choices) if self._taken is not None else 0
        before = self.field.value
        if self._taken is not None:
            last = choices[self._taken[2]][0]
            before = before[: self._completion.at] + before[self._completion.at + len(last) :]
            end = self._completion.at
        else:
            end = self._completion.end
        text, cursor = Completion(self._completion.at, end, choices).applied(before, number)
        self._taken = (plain(text), cursor, number) if len(choices) > 1 else None
        self.field.value = text
        self.field.cursor_position = cursor
        self.post_message(self.Changed())

    def _recall(self, step: int) -> None:
        at = max(0, min(len(self._past), self._at + step))
        if at != self._at:
            self._at = at
            self.set(self._past[at] if at < len(self._past) else "")
