"""Every key and what it does, once. Bindings, key bar, help, palette and docs/keys.md are made from this list (keymap.py: with
the user's own keys)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from textual.binding import Binding


class Place(Enum):
    """Where an action can be called."""

    APP = "everywhere"
    MAIN = "monitor"
    TABLE = "source table"
    FIND = "filter line"
    SEARCH = "text on full-screen pages"
    HEAT = "heatmap"
    TIME = "time line"
    DETAIL = "detail"
    PAGE = "full-screen pages"
    ALLOWED = "allow-list"
    FOUND = "log lines found"
    BURST = "burst"


# Other places whose keys work in a place too, the nearest first. Its own keys win over theirs.
AROUND: dict[Place, tuple[Place, ...]] = {
    Place.APP: (),
    Place.MAIN: (Place.APP,),
    **dict.fromkeys((Place.TABLE, Place.FIND, Place.HEAT, Place.TIME, Place.DETAIL), (Place.MAIN, Place.APP)),
    Place.SEARCH: (Place.APP,),
    Place.PAGE: (Place.SEARCH, Place.APP),
    **dict.fromkeys((Place.ALLOWED, Place.FOUND, Place.BURST), (Place.PAGE, Place.SEARCH, Place.APP)),
}


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
    Action("time.step", "right_square_bracket", Place.MAIN, "step_time(1)", "Time: a heatmap column later"),
    Action("time.step-back", "left_square_bracket", Place.MAIN, "step_time(-1)", "Time: a heatmap column back"),
    Action("time.leap", "right_curly_bracket", Place.MAIN, "step_time(10)", "Time: ten columns later"),
    Action("time.leap-back", "left_curly_bracket", Place.MAIN, "step_time(-10)", "Time: ten columns back"),
    Action("time.burst", "b", Place.MAIN, "burst(-1)", "Time: to the burst before; from the present, to the newest"),
    Action("time.burst-later", "B", Place.MAIN, "burst(1)", "Time: to the next burst"),
    Action("time.go", "t", Place.MAIN, "go_to", "Time: go to 03:14, 2000-01-25 03:14:01, -5m, yesterday 03:00"),
    Action("time.play", "p", Place.MAIN, "play", "Time: play from here, quiet stretches and all; again: stop"),
    Action("time.faster", "greater_than_sign", Place.MAIN, "speed(1)", "Time: play faster, to 1000×"),
    Action("time.slower", "less_than_sign", Place.MAIN, "speed(-1)", "Time: play slower, to 1×"),
    Action("time.live", "L,0", Place.MAIN, "live", "Time: return to live"),
    Action("time.bar", "T", Place.MAIN, "time_bar", "Hide or show the time line"),
    Action("time.inspect", "x", Place.MAIN, "inspect", "Inspect packets: of the burst gone to, else of the source's densest run"),
    Action("bar.right", "right", Place.TIME, "step(1)", "A column of the time line later"),
    Action("bar.left", "left", Place.TIME, "step(-1)", "A column of the time line back"),
    Action("bar.start", "home,g", Place.TIME, "step(-1000000)", "The start of the run"),
    Action("bar.live", "end,G", Place.TIME, "step(1000000)", "The end of the run: live"),
    Action("bar.inspect", "enter", Place.TIME, "inspect", "Inspect the packets of this burst, or of this column"),
    Action("table.open", "enter", Place.TABLE, "open", "Open the source: detail, then its log lines", "open"),
    Action("view.back", "escape", Place.MAIN, "back", "One level up; ends the filter first"),
    Action("view.filter", "slash", Place.MAIN, "filter",
           "Filter: verdict:scan ports>100 port:22,80-90 src:10.0.0.0/8 last<5m flags:syn-fin or -kind:vertical", "filter"),
    Action("find.complete", "tab", Place.FIND, "complete", "Take what is offered; again: the next"),
    Action("find.earlier", "up", Place.FIND, "past(-1)", "What was typed before"),
    Action("find.later", "down", Place.FIND, "past(1)", "What was typed after that"),
    Action("find.leave", "escape", Place.FIND, "leave", "Leave the line"),
    Action("search.find", "slash", Place.SEARCH, "search", "Look for a text"),
    Action("search.next", "n", Place.SEARCH, "search_next(1)", "Where it is next"),
    Action("search.previous", "N", Place.SEARCH, "search_next(-1)", "Where it was before"),
    Action("find.find", "F", Place.MAIN, "find", "Find: go to the next source that fits, without filtering"),
    Action("find.next", "n", Place.MAIN, "find_next(1)", "The next source that fits what was last looked for"),
    Action("find.previous", "N", Place.MAIN, "find_next(-1)", "The source before that fits"),
    Action("find.lines", "R", Place.MAIN, "find_lines", "Raw lines: look for a text in the log lines of all sources"),
    Action("find.choose", "enter", Place.FOUND, "choose", "On to the source of this line"),
    Action("find.saved", "apostrophe", Place.MAIN, "saved_filters", "Saved filters: apply, save the present one, forget"),
    Action("view.sort", "s", Place.MAIN, "sort_menu", "Sort by any column, from a menu", "sort"),
    Action("view.reverse", "S", Place.MAIN, "reverse", "Reverse the order"),
    Action("view.columns", "C", Place.MAIN, "columns", "Choose columns and their order"),
    Action("view.clusters", "c", Place.MAIN, "clusters", "Clusters with their members; again: sources"),
    Action("act.mark", "m", Place.MAIN, "mark", "Mark the source; again: unmark, and again: as it was", "mark"),
    Action("act.note", "M", Place.MAIN, "note", "Mark with a note and your verdict: scan, benign, mine, watch"),
    Action("act.allow", "A", Place.MAIN, "allow", "Allow the source to scan: network, ports, reason, end"),
    Action("act.allowed", "a", Place.MAIN, "allowed", "The allow-list; entries made here can be taken off"),
    Action("table.copy", "y", Place.TABLE, "copy", "Copy the address (OSC 52; tmux needs set-clipboard on)"),
    Action("view.look-up", "W", Place.MAIN, "look_up", "Whose it is: look the source up by rDNS and RDAP; needs --lookup"),
    Action("act.export", "e", Place.MAIN, "export", "Export marked sources, this one or all scans, with a preview",
           "export"),
    Action("view.inputs", "i", Place.MAIN, "inputs", "Inputs: files, formats, lines that could not be read", "inputs"),
    Action("view.heat", "H", Place.MAIN, "heat", "Hide or show the heatmap"),
    Action("heat.in", "plus,equals_sign", Place.MAIN, "zoom(-1)", "Heatmap: shorter time per column"),
    Action("heat.out", "minus", Place.MAIN, "zoom(1)", "Heatmap: longer time per column"),
    Action("heat.view", "v", Place.MAIN, "heat_view", "Heatmap: ports by time, sources by ports, map of the port space"),
    Action("heat.only", "f", Place.MAIN, "heat_only", "Heatmap: only the source under the cursor; again: all"),
    Action("view.next", "tab", Place.MAIN, "next_pane", "Next pane"),
    Action("view.previous", "shift+tab", Place.MAIN, "previous_pane", "Previous pane"),
    Action("table.down", "down,j", Place.TABLE, "cursor(1)", "Next source"),
    Action("table.up", "up,k", Place.TABLE, "cursor(-1)", "Previous source"),
    Action("table.unfold", "right", Place.TABLE, "unfold", "Open the cluster: its members below it; enter does, too"),
    Action("table.fold", "left", Place.TABLE, "fold", "Close the cluster"),
    Action("table.page-down", "pagedown,ctrl+f", Place.TABLE, "page(1)", "A page down"),
    Action("table.page-up", "pageup,ctrl+b", Place.TABLE, "page(-1)", "A page up"),
    Action("table.top", "home,g", Place.TABLE, "top", "The top, and stay there while the order changes"),
    Action("table.bottom", "end,G", Place.TABLE, "bottom", "The last source"),
    Action("heat.down", "down,j", Place.HEAT, "move(0,1)", "A row down"),
    Action("heat.up", "up,k", Place.HEAT, "move(0,-1)", "A row up"),
    Action("heat.left", "left,h", Place.HEAT, "move(-1,0)", "Earlier; at the edge, further back"),
    Action("heat.right", "right,l", Place.HEAT, "move(1,0)", "Later"),
    Action("heat.half-left", "shift+left", Place.HEAT, "half(-1)", "Half a screen earlier"),
    Action("heat.half-right", "shift+right", Place.HEAT, "half(1)", "Half a screen later"),
    Action("heat.page-down", "pagedown,ctrl+f", Place.HEAT, "page(1)", "A page of rows down"),
    Action("heat.page-up", "pageup,ctrl+b", Place.HEAT, "page(-1)", "A page of rows up"),
    Action("heat.oldest", "home", Place.HEAT, "edge(-1)", "The oldest there is"),
    Action("heat.newest", "end,G", Place.HEAT, "edge(1)", "The newest, and follow it"),
    Action("heat.top", "g", Place.HEAT, "chosen", "The most active rows again"),
    Action("heat.events", "enter", Place.HEAT, "events", "The packets of the cell, one by one"),
    Action("heat.open", "o,shift+enter", Place.HEAT, "open", "Open a range to its ports; esc goes back"),
    Action("heat.sweep", "w", Place.HEAT, "sweep", "Sweep for slow links: write the newest in place, do not scroll"),
    *(Action(f"detail.{name}", str(n), Place.DETAIL, f"tab({n - 1})", text) for n, (name, text) in enumerate((
        ("overview", "Overview: the verdict, and the most telling of each part"),
        ("pattern", "Pattern: what its packets have in common, ports, targets"),
        ("why", "Why: the evidence for and against"), ("tools", "Tools ruled in and out, and what would decide"),
        ("rules", "Rules: which fire, and why the others do not"), ("origin", "Origin: who it is, and what may lie behind it"),
        ("audit", "Audit: what got through, what the log cannot show, what to do next"),
        ("lines", "Log lines as they were written"), ("when", "When: ports and targets over time, episodes")), 1)),
    Action("detail.next", "right", Place.DETAIL, "step_tab(1)", "Next tab"),
    Action("detail.previous", "left", Place.DETAIL, "step_tab(-1)", "Previous tab"),
    Action("detail.later", "full_stop", Place.DETAIL, "episode(1)", "A later episode of this source"),
    Action("detail.earlier", "comma", Place.DETAIL, "episode(-1)", "An earlier episode"),
    Action("detail.full", "enter", Place.DETAIL, "full", "This tab, full screen"),
    Action("detail.copy", "y", Place.DETAIL, "copy", "Copy the tab as text; among log lines: the line (OSC 52)"),
    Action("detail.copy-all", "Y", Place.DETAIL, "copy_all", "Copy all lines of the tab"),
    Action("detail.wrap", "w", Place.DETAIL, "wrap", "Wrap long log lines, or not"),
    Action("detail.right", "shift+right", Place.DETAIL, "sideways(1)", "Unwrapped lines: further right"),
    Action("detail.left", "shift+left", Place.DETAIL, "sideways(-1)", "Unwrapped lines: back left"),
    Action("detail.down", "down,j", Place.DETAIL, "scroll(1)", "A line down"),
    Action("detail.up", "up,k", Place.DETAIL, "scroll(-1)", "A line up"),
    Action("detail.page-down", "pagedown,ctrl+f", Place.DETAIL, "scroll_page(1)", "A page down"),
    Action("detail.page-up", "pageup,ctrl+b", Place.DETAIL, "scroll_page(-1)", "A page up"),
    Action("detail.top", "home,g", Place.DETAIL, "scroll_top", "The top"),
    Action("page.copy", "y", Place.PAGE, "copy", "Copy the page as text (OSC 52)"),
    Action("allowed.down", "down,j", Place.ALLOWED, "cursor(1)", "Next entry"),
    Action("allowed.up", "up,k", Place.ALLOWED, "cursor(-1)", "Previous entry"),
    Action("allowed.remove", "d,delete", Place.ALLOWED, "remove", "Take the entry off the list"),
    Action("page.close", "escape,q", Place.PAGE, "close", "Back to the monitor"),
    Action("page.down", "down,j", Place.PAGE, "scroll(1)", "A line down"),
    Action("page.up", "up,k", Place.PAGE, "scroll(-1)", "A line up"),
    Action("page.page-down", "pagedown,space", Place.PAGE, "scroll_page(1)", "A page down"),
    Action("page.page-up", "pageup", Place.PAGE, "scroll_page(-1)", "A page up"),
    Action("page.top", "home,g", Place.PAGE, "scroll_top", "The top"),
    Action("page.bottom", "end,G", Place.PAGE, "scroll(1000000)", "The end"),
    Action("page.right", "right,l", Place.PAGE, "sideways(1)", "Long lines: further right"),
    Action("page.left", "left", Place.PAGE, "sideways(-1)", "Long lines: back left"),
    Action("burst.narrow", "plus,equals_sign", Place.BURST, "widen(-1)", "Half the time, around the middle", "narrow"),
    Action("burst.widen", "minus", Place.BURST, "widen(1)", "Twice the time, around the middle", "widen"),
    Action("burst.later", "right_square_bracket", Place.BURST, "move(1)", "Half a window later", "later"),
    Action("burst.earlier", "left_square_bracket", Place.BURST, "move(-1)", "Half a window earlier", "earlier"),
    Action("burst.previous", "b", Place.BURST, "burst(-1)", "The burst before", "burst"),
    Action("burst.next", "B", Place.BURST, "burst(1)", "The next burst"),
    Action("burst.source", "s", Place.BURST, "source", "One source only; again: all", "source"),
    Action("burst.axis", "x", Place.BURST, "axis", "Plot ports over packets, or over time", "axis"),
    Action("burst.spacing", "o", Place.BURST, "spacing", "Plot ports by their order, or by their number", "ports"),
    Action("app.help", "question_mark,f1", Place.APP, "help", "This help", "help"),
    Action("app.palette", "colon,ctrl+p", Place.APP, "palette", "Command palette: find what can be done here by its words"),
    Action("app.theme", "ctrl+t", Place.APP, "next_theme", "Next colour theme"),
    Action("app.dump", "P", Place.APP, "dump", "Print this page as text on the plain terminal, to select and scroll there"),
    Action("app.mouse", "f2", Place.APP, "mouse", "Mouse off, so that the terminal can select text; again: on"),
    Action("app.quit", "q,ctrl+c", Place.APP, "quit", "Quit", "quit"),
    Action("app.quit-showing", "Q", Place.APP, "quit_showing", "Quit, and leave this screen as text on the terminal"),
)  # fmt: skip

_KEY_NAMES = {"slash": "/", "plus": "+", "equals_sign": "=", "minus": "-", "question_mark": "?", "escape": "esc",
              "apostrophe": "'", "less_than_sign": "<", "greater_than_sign": ">",
              "left_square_bracket": "[", "right_square_bracket": "]", "left_curly_bracket": "{", "right_curly_bracket": "}",
              "colon": ":", "down": "↓", "up": "↑", "left": "←", "right": "→", "pagedown": "pgdn", "pageup": "pgup",
              "f1": "F1", "f2": "F2", "full_stop": ".", "comma": ",",
              "shift+right": "shift →", "shift+left": "shift ←"}  # fmt: skip


def of_place(place: Place) -> tuple[Action, ...]:
    return tuple(action for action in ACTIONS if action.place is place)


def bindings(place: Place) -> list[Binding]:
    """The Textual bindings of a place."""
    return [Binding(a.keys, a.call, a.text, id=a.id, show=False) for a in of_place(place)]


def key_names(action: Action) -> str:
    """The keys as a person reads them: `+ =`."""
    return " ".join(_KEY_NAMES.get(key, key) for key in action.keys.split(","))


def help_lines(actions: Sequence[Action] = ACTIONS) -> Iterable[tuple[str, list[tuple[str, str]]]]:
    """Per place, (keys, text) rows: what the help screen shows."""
    for place in Place:
        yield place.value, [(key_names(action), action.text) for action in actions if action.place is place]
