"""The status bar, the paused bar and the key bar: one line each, shortened by priority and never cut in a word."""

from __future__ import annotations

from dataclasses import dataclass

from textual.events import Click

from scantui.snapshot import Status
from scantui.ui.actions import ACTIONS, Action, Place, key_names
from scantui.ui.lines import Lines, Part, Parts
from scantui.ui.text import SECOND, count, plain, rate, size, span, width_of

_LATE_SECONDS = 30.0  # a lag above this is worth a colour


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact of the status bar. `texts` from long to short; `keep` low stays longest."""

    texts: tuple[str, ...]
    keep: int
    look: str = "title"


def fit_facts(facts: list[Fact], width: int, gap: int = 2) -> list[tuple[str, str]]:
    """The facts that fit, in their order: (text, look). The least important shrink first, then go."""
    chosen = dict.fromkeys(range(len(facts)), 0)
    by_need = sorted(chosen, key=lambda i: -facts[i].keep)

    def used() -> int:
        return sum(width_of(facts[i].texts[form]) + gap for i, form in chosen.items()) - gap

    for index in by_need:
        while used() > width and chosen[index] + 1 < len(facts[index].texts):
            chosen[index] += 1
    for index in by_need:
        if used() > width and len(chosen) > 1:
            del chosen[index]
    if used() > width:
        return []
    return [(facts[i].texts[form], facts[i].look) for i, form in chosen.items()]


def _inputs(status: Status) -> Fact:
    states = [entry.state for entry in status.inputs]
    wrong = states.count("error")
    waiting = states.count("waiting")
    following = states.count("following")
    files = f"{len(states)} input{'' if len(states) == 1 else 's'}"
    parts = [f"{following} following" if following else "", f"{waiting} waiting" if waiting else ""]
    parts.append(f"{wrong} failed" if wrong else "")
    extra = ", ".join(part for part in parts if part)
    short = f"{wrong} failed" if wrong else f"{waiting} waiting" if waiting else files
    return Fact((f"{files}: {extra}" if extra else files, short), 1 if wrong else 5, "title-bad" if wrong else "title")


def facts_of(status: Status, title: str = "") -> list[Fact]:
    """What the status bar says, in order. A fact that has nothing to tell is left out."""
    state = Fact(("PAUSED",), 0, "loud") if status.paused else (
        Fact(("READING HISTORY", "READING"), 0, "title-focus") if status.backlog else Fact(("LIVE",), 0, "title-focus")
    )  # fmt: skip
    facts = [state]
    if status.failure:
        facts = [
            Fact(
                (f"READING STOPPED: {plain(status.failure, 60)}; restart scantui", "READING STOPPED", "STOPPED"),
                0,
                "title-bad",
            )
        ]
    if title:
        facts.append(Fact((plain(title, 40),), 12))
    facts.append(Fact((f"{count(status.sources)} sources", f"{count(status.sources)} src"), 4))
    facts.append(Fact((f"{status.events:,} events", f"{count(status.events)} ev"), 3))
    facts.append(Fact((rate(status.rate),), 2))
    if status.lag is not None:
        late = status.lag > _LATE_SECONDS
        facts.append(
            Fact((f"lag {span(round(status.lag * SECOND))}",), 2 if late else 6, "title-warn" if late else "title")
        )
    facts.append(_inputs(status))
    if status.unread:
        facts.append(Fact((f"{status.unread:,} lines unread (i)", f"{count(status.unread)} unread"), 1, "title-warn"))
    if status.evicted:
        text = f"{count(status.evicted)} touches evicted"
        facts.append(Fact((text, f"{count(status.evicted)} evicted"), 2, "title-warn"))
    if status.folded:
        facts.append(Fact((f"{count(status.folded)} folded",), 10))
    facts.append(Fact((f"memory {size(status.memory)} of {size(status.budget)}", f"{size(status.memory)}"), 9))
    return facts


class StatusLine(Lines):
    """State first, then what came in, then what could not be read."""

    def __init__(self, title: str = "", *, name: str | None = None) -> None:
        super().__init__(name=name)
        self._title = title
        self._status: Status | None = None
        self._order = ""

    def show(self, status: Status, order: str = "") -> None:
        """`order` says how the table is sorted and filtered, when that is not the default."""
        self._status, self._order = status, order
        self.repaint()

    def parts(self, _y: int, /) -> Parts:
        width = self.size.width
        if self._status is None:
            return ((" " * width, "title"),)
        facts = facts_of(self._status, self._title)
        if self._order:
            facts.append(Fact((self._order,), 3, "title-focus"))
        parts: list[Part] = [(" ", "title")]
        for text, look in fit_facts(facts, width - 2):
            parts += [(text, look), ("  ", "title")]
        parts.append((" " * width, "title"))
        return tuple(parts)

    def on_resize(self) -> None:
        self.refresh()


class PausedBar(Lines):
    """A full-width bar while the picture stands still."""

    def __init__(self, *, name: str | None = None) -> None:
        super().__init__(name=name)
        self._held = 0

    def show(self, status: Status) -> None:
        self._held = status.held
        if self.display != status.paused:
            self.display = status.paused
        self.repaint()

    def parts(self, _y: int, /) -> Parts:
        held = f"{self._held:,} event{'' if self._held == 1 else 's'} waiting"
        facts = [Fact((f"❚❚ PAUSED  {held}", f"❚❚ {held}", held), 0), Fact(("space: resume",), 1),
                 Fact(("r: take them in, stay paused", "r: take in"), 2)]  # fmt: skip
        text = "   ".join(text for text, _ in fit_facts(facts, self.size.width - 2, 3))
        return ((f" {text}" + " " * self.size.width, "loud"),)

    def on_resize(self) -> None:
        self.refresh()


class KeyBar(Lines):
    """The main keys; a click does what the key does."""

    def __init__(self, *, name: str | None = None) -> None:
        super().__init__(name=name)
        self._spans: list[tuple[int, int, Action]] = []

    def parts(self, _y: int, /) -> Parts:
        actions = [action for action in ACTIONS if action.brief]
        order = ("quit", "help", "pause", "open", "filter", "mark", "export", "sort", "inputs")
        facts = [Fact((f"{key_names(a).split()[0]} {a.brief}",), order.index(a.brief)) for a in actions]
        shown = {text for text, _ in fit_facts(facts, self.size.width - 2)}
        parts: list[Part] = [(" ", "title")]
        self._spans = []
        x = 1
        for action, fact in zip(actions, facts, strict=True):
            text = fact.texts[0]
            if text not in shown:
                continue
            key, _, brief = text.partition(" ")
            parts += [(key, "key"), (f" {brief}  ", "title")]
            self._spans.append((x, x + len(text), action))
            x += len(text) + 2
        parts.append((" " * self.size.width, "title"))
        return tuple(parts)

    def on_resize(self) -> None:
        self.refresh()

    async def on_click(self, event: Click) -> None:
        for start, end, action in self._spans:
            if start <= event.x < end:
                target = {Place.APP: "app", Place.MAIN: "screen"}.get(action.place)
                if target is None:
                    table = self.screen.query_one("#table")
                    await self.app.run_action(action.call, table)
                else:
                    await self.app.run_action(f"{target}.{action.call}")
