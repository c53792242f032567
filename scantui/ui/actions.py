"""Every key and what it does, once. Bindings, the key bar and the help screen are made from this list."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from textual.binding import Binding


class Place(Enum):
    """Where an action can be called."""

    APP = "everywhere"
    MAIN = "monitor"
    TABLE = "source table"
    HEAT = "heatmap"
    DETAIL = "detail"
    PAGE = "full-screen pages"


@dataclass(frozen=True, slots=True)
class Action:
    """`keys` as Textual names them, comma between; `call` is the method `action_<call>`; `brief` is for the key bar."""

    id: str
    keys: str
    place: Place
    call: str
    text: str
    brief: str = ""


ACTIONS: tuple[Action, ...] = (
    Action("view.pause", "space", Place.MAIN, "pause", "Pause; again: resume. Events go on being counted", "pause"),
    Action("view.refresh", "r", Place.MAIN, "refresh", "While paused: take in, once, what was held until now"),
    Action("table.open", "enter", Place.TABLE, "open", "Open the source: detail, then its log lines", "open"),
    Action("view.back", "escape", Place.MAIN, "back", "One level up; ends the filter first"),
    Action("view.filter", "slash", Place.MAIN, "filter", "Filter: word !word 10.0.0.0/8 ports>100 port=22 sport=53",
           "filter"),
    Action("view.sort", "s", Place.MAIN, "sort(1)", "Sort by the next column", "sort"),
    Action("view.reverse", "S", Place.MAIN, "reverse", "Reverse the order"),
    Action("table.mark", "m", Place.TABLE, "mark", "Mark the source; again: unmark", "mark"),
    Action("table.note", "M", Place.TABLE, "note", "Mark the source with a note"),
    Action("table.copy", "y", Place.TABLE, "copy", "Copy the address (OSC 52; tmux needs set-clipboard on)"),
    Action("view.export", "e", Place.MAIN, "export", "Export the marked sources", "export"),
    Action("view.inputs", "i", Place.MAIN, "inputs", "Inputs: files, formats, lines that could not be read", "inputs"),
    Action("view.heat", "h", Place.MAIN, "heat", "Hide or show the heatmap"),
    Action("heat.in", "plus,equals_sign", Place.MAIN, "zoom(-1)", "Heatmap: shorter time per column"),
    Action("heat.out", "minus", Place.MAIN, "zoom(1)", "Heatmap: longer time per column"),
    Action("view.next", "tab", Place.MAIN, "next_pane", "Next pane"),
    Action("view.previous", "shift+tab", Place.MAIN, "previous_pane", "Previous pane"),
    Action("table.down", "down,j", Place.TABLE, "cursor(1)", "Next source"),
    Action("table.up", "up,k", Place.TABLE, "cursor(-1)", "Previous source"),
    Action("table.page-down", "pagedown,ctrl+f", Place.TABLE, "page(1)", "A page down"),
    Action("table.page-up", "pageup,ctrl+b", Place.TABLE, "page(-1)", "A page up"),
    Action("table.top", "home,g", Place.TABLE, "top", "The top, and stay there while the order changes"),
    Action("table.bottom", "end,G", Place.TABLE, "bottom", "The last source"),
    Action("heat.down", "down,j", Place.HEAT, "rows(1)", "More port rows"),
    Action("heat.up", "up,k", Place.HEAT, "rows(-1)", "Earlier port rows"),
    Action("heat.top", "home,g", Place.HEAT, "chosen", "The most active rows again"),
    Action("detail.raw", "enter", Place.DETAIL, "raw", "The log lines, full screen"),
    Action("detail.down", "down,j", Place.DETAIL, "scroll(1)", "A line down"),
    Action("detail.up", "up,k", Place.DETAIL, "scroll(-1)", "A line up"),
    Action("detail.page-down", "pagedown,ctrl+f", Place.DETAIL, "scroll_page(1)", "A page down"),
    Action("detail.page-up", "pageup,ctrl+b", Place.DETAIL, "scroll_page(-1)", "A page up"),
    Action("detail.top", "home,g", Place.DETAIL, "scroll_top", "The top"),
    Action("page.close", "escape,q", Place.PAGE, "close", "Back to the monitor"),
    Action("page.down", "down,j", Place.PAGE, "scroll(1)", "A line down"),
    Action("page.up", "up,k", Place.PAGE, "scroll(-1)", "A line up"),
    Action("page.page-down", "pagedown,space", Place.PAGE, "scroll_page(1)", "A page down"),
    Action("page.page-up", "pageup", Place.PAGE, "scroll_page(-1)", "A page up"),
    Action("page.top", "home,g", Place.PAGE, "scroll_top", "The top"),
    Action("page.right", "right,l", Place.PAGE, "sideways(1)", "Long lines: further right"),
    Action("page.left", "left", Place.PAGE, "sideways(-1)", "Long lines: back left"),
    Action("app.help", "question_mark,f1", Place.APP, "help", "This help", "help"),
    Action("app.theme", "ctrl+t", Place.APP, "next_theme", "Next colour theme"),
    Action("app.mouse", "f2", Place.APP, "mouse", "Mouse off, so that the terminal can select text; again: on"),
    Action("app.quit", "q,ctrl+c", Place.APP, "quit", "Quit", "quit"),
)  # fmt: skip

_KEY_NAMES = {"slash": "/", "plus": "+", "equals_sign": "=", "minus": "-", "question_mark": "?", "escape": "esc",
              "down": "↓", "up": "↑", "left": "←", "right": "→", "pagedown": "pgdn", "pageup": "pgup",
              "f1": "F1", "f2": "F2"}  # fmt: skip


def of_place(place: Place) -> tuple[Action, ...]:
    return tuple(action for action in ACTIONS if action.place is place)


def bindings(place: Place) -> list[Binding]:
    """The Textual bindings of a place."""
    return [Binding(a.keys, a.call, a.text, id=a.id, show=False) for a in of_place(place)]


def key_names(action: Action) -> str:
    """The keys as a person reads them: `+ =`."""
    return " ".join(_KEY_NAMES.get(key, key) for key in action.keys.split(","))


def help_lines() -> Iterable[tuple[str, list[tuple[str, str]]]]:
    """Per place, (keys, text) rows: what the help screen shows."""
    for place in Place:
        yield place.value, [(key_names(action), action.text) for action in of_place(place)]
