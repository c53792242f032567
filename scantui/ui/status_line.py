"""The status bar, the paused bar and the key bar: one line each, shortened by priority and never cut in a word."""

from __future__ import annotations

from dataclasses import dataclass

from textual.events import Click

from scantui.snapshot import Status
from scantui.ui.actions import Action, Place, key_names
from scantui.ui.calls import call
from scantui.ui.keymap import STANDARD, Keymap, keymap_of
from scantui.ui.lines import Lines, Part, Parts
from scantui.ui.text import DAY, SECOND, count, moment, plain, rate, size, span, width_of
from scantui.ui.verdicts import judged_text

_LATE_SECONDS = 30.0  # a lag above this is worth a colour
_PAUSED_KEYS = ("view.pause", "view.refresh", "time.step-back", "time.burst", "time.go")
_PAST_KEYS = ("step", "step-back", "slower", "faster", "burst", "burst-later", "play", "inspect", "live")


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


def _history(status: Status) -> Fact:
    """That history is being read, and how much of it has been."""
    left, done = (sum(getattr(entry, name) for entry in status.inputs) for name in ("left", "done"))
    share = f" {100 * done // (done + left)}%" if left and done else ""
    return Fact((f"READING HISTORY{share}", f"READING{share}"), 0, "title-focus")


def facts_of(status: Status, title: str = "", judged: tuple[int, int] | None = None) -> list[Fact]:
    """What the status bar says, in order. A fact that has nothing to tell is left out. `judged`: how many scans, suspects."""
    state = Fact(("PAUSED",), 0, "loud") if status.paused else (
        _history(status) if status.backlog else Fact(("LIVE",), 0, "title-focus")
    )  # fmt: skip
    facts = [state]
    if status.at is not None:
        facts = [Fact(("IN THE PAST", "PAST"), 0, "loud")]
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
    if judged is not None:
        whole = judged_text(*judged)
        told = (whole, whole.partition(", ")[0]) if judged[1] else (whole.partition(", ")[0],)
        facts.append(Fact(told, 1, "title-strong" if any(judged) else "title"))
    facts.append(Fact((f"{count(status.sources)} sources", f"{count(status.sources)} src"), 4))
    facts.append(Fact((f"{status.events:,} events", f"{count(status.events)} ev"), 3))
    facts.append(Fact((rate(status.rate),), 2))
    if status.lag is not None:
        late = status.lag > _LATE_SECONDS
        facts.append(
            Fact((f"lag {span(round(status.lag * SECOND))}",), 2 if late else 6, "title-warn" if late else "title")
        )
    facts.append(_inputs(status))
    doubts = sum(bool(entry.doubt) for entry in status.inputs)
    if doubts:
        what = f"format of {count(doubts)} input{'' if doubts == 1 else 's'} in doubt (i)"
        facts.append(Fact((what, "FORMAT? (i)"), 0, "title-bad"))
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
        self._judged: tuple[int, int] | None = None

    def show(self, status: Status, order: str = "", judged: tuple[int, int] | None = None) -> None:
        """`order` says how the table is sorted and filtered, when that is not the default; `judged`: see facts_of."""
        self._status, self._order, self._judged = status, order, judged
        self.repaint()

    def parts(self, _y: int, /) -> Parts:
        width = self.size.width
        if self._status is None:
            return ((" " * width, "title"),)
        facts = facts_of(self._status, self._title, self._judged)
        if self._order:
            facts.append(Fact((self._order,), 3, "title-focus"))
        parts: list[Part] = [(" ", "title")]
        for text, look in fit_facts(facts, width - 2):
            parts += [(text, look), ("  ", "title")]
        parts.append((" " * width, "title"))
        return tuple(parts)

    def on_resize(self) -> None:
        self.refresh()


@dataclass(frozen=True, slots=True)
class Past:
    """The moment looked at, when that is not now. `speed` 0: it stands still. `shown`: the picture has caught up with it."""

    at: int
    now: int
    later: int  # events after it
    speed: int = 0
    shown: bool = True


def paused_facts(held: int, keys: Keymap = STANDARD) -> list[Fact]:
    """What is said while the picture of now stands still."""
    waiting = f"{held:,} event{'' if held == 1 else 's'} waiting"
    resume, take, back, burst, go = (keys.key(name) for name in _PAUSED_KEYS)
    return [Fact((f"❚❚ PAUSED  {waiting}", f"❚❚ {waiting}", waiting), 0), Fact((f"{resume}: resume",), 1),
            Fact((f"{take}: take them in, stay paused", f"{take}: take in"), 2),
            Fact((f"{back} {burst} {go}: look back", f"{back} back"), 3)]  # fmt: skip


def past_facts(past: Past, keys: Keymap = STANDARD) -> list[Fact]:
    """What is said while a past moment is looked at."""
    clock = f"{moment(past.at):%H:%M:%S} UTC"
    other_day = past.at // DAY != past.now // DAY
    sign = f"▶ {past.speed}×" if past.speed else "◀◀" if past.shown else "◀…"
    when = [f"{moment(past.at):%Y-%m-%d} {clock}", f"{moment(past.at):%m-%d} {clock}"] if other_day else [clock]
    ago = span(max(0, past.now - past.at) // SECOND * SECOND)
    later = f"{past.later:,} event{'' if past.later == 1 else 's'} later"
    key = {name: keys.key(f"time.{name}") for name in _PAST_KEYS}
    play, move = ("stop", f"{key['slower']} {key['faster']} speed") if past.speed else (
        "play", f"{key['step-back']} {key['step']} step")  # fmt: skip
    return [
        Fact(tuple(f"{sign} {form}" for form in when), 0),
        Fact((f"{ago} ago",), 2),
        Fact((later, f"{count(past.later)} later"), 3),
        Fact((move,), 5),
        Fact((f"{key['burst']} {key['burst-later']}: bursts", f"{key['burst']}: burst"), 4),
        Fact((f"{key['play']}: {play}",), 6),
        Fact((f"{key['inspect']}: inspect",), 7),
        Fact((f"{key['live']}: live",), 1),
    ]


class PausedBar(Lines):
    """A full-width bar while the picture stands still, or is of the past."""

    def __init__(self, *, name: str | None = None) -> None:
        super().__init__(name=name)
        self._facts: list[Fact] = []

    def show(self, status: Status, past: Past | None = None) -> None:
        wanted = status.paused or past is not None
        keys = keymap_of(self.app)
        self._facts = paused_facts(status.held, keys) if past is None else past_facts(past, keys)
        if self.display != wanted:
            self.display = wanted
        self.repaint()

    def parts(self, _y: int, /) -> Parts:
        text = "   ".join(text for text, _ in fit_facts(self._facts, self.size.width - 2, 3))
        return ((f" {text}" + " " * self.size.width, "loud"),)

    def on_resize(self) -> None:
        self.refresh()


class KeyBar(Lines):
    """The main keys of some places; a click does what the key does."""

    def __init__(
        self, places: tuple[Place, ...] = (Place.APP, Place.MAIN, Place.TABLE), *, name: str | None = None
    ) -> None:
        super().__init__(name=name)
        self._places = places
        self._spans: list[tuple[int, int, Action]] = []

    def parts(self, _y: int, /) -> Parts:
        actions = [a for a in keymap_of(self.app).actions if a.brief and a.keys and a.place in self._places]
        order = ("quit", "help", "pause", "open", "filter", "mark", "export", "sort", "inputs")
        facts = [
            Fact(
                (f"{key_names(a).split()[0]} {a.brief}",), order.index(a.brief) if a.brief in order else len(order) + i
            )
            for i, a in enumerate(actions)
        ]
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
                await call(self.screen, action)
