"""The screen begins as it was left: what was chosen by hand in an earlier run beats the configuration; the command line beats
both."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import msgspec

from scantui.explain.addresses import is_address
from scantui.state.directory import reason
from scantui.state.screen import MOST_TEXT, Choices, Kept, fingerprint
from scantui.ui.columns import STANDARD, checked_columns
from scantui.ui.manners import Manners
from scantui.ui.port import KeptScreen
from scantui.ui.text import SECOND, plain
from scantui.ui.wishes import INTEREST, SORT_NAMES

if TYPE_CHECKING:
    from scantui.ui.app import ScantuiApp

FIELDS = Choices.__struct_fields__


class Restoring:
    """One run's dealings with the file. `told` is what a person should hear of."""

    def __init__(
        self, file: KeptScreen, inputs: Iterable[str], themes: Callable[[], Iterable[str]], manners: Manners
    ) -> None:
        """`inputs`: what is watched; `themes`: those there are; `manners`: as configuration and command line have them."""
        self._file = file
        self._inputs = fingerprint(inputs)
        self._configured = _configured(manners)
        self._said = manners.said
        self._begun: Choices | None = None
        self.told: list[str] = []
        try:
            self._kept = file.load()
        except (OSError, ValueError) as error:
            said = reason(error) if isinstance(error, OSError) else str(error)
            self.told.append(f"the screen begins as configured: {said}")
            self._kept = Kept()
        self._applied = self._still_wanted(themes)
        if self._kept.filter:
            self.told.append(f"the filter of last time is not in force; / and ↑ bring it back: {self._kept.filter}")

    def _still_wanted(self, themes: Callable[[], Iterable[str]]) -> Choices:
        """The choices that neither the command line nor a newer configuration beats, and that can still be."""
        kept = self._kept
        wanted: dict[str, Any] = {}
        for name in FIELDS:
            value = getattr(kept.chosen, name)
            if value is not None and name not in self._said and self._is_instead_of(name):
                problem = _problem(name, value, themes)
                if problem:
                    self.told.append(f"not as it was left: {problem}")
                else:
                    wanted[name] = value
        return Choices(**wanted)

    def _is_instead_of(self, name: str) -> bool:
        return bool(getattr(self._kept.instead_of, name) == getattr(self._configured, name))

    # The beginning

    def manners(self, manners: Manners) -> Manners:
        """The manners with what was chosen."""
        chosen = self._applied
        sort, reverse = chosen.order or (manners.sort, manners.reverse)
        return replace(
            manners,
            theme=chosen.theme or manners.theme,
            mouse=manners.mouse if chosen.mouse is None else chosen.mouse,
            columns=chosen.columns or manners.columns,
            sort=sort,
            reverse=reverse,
            bucket=manners.bucket if chosen.bucket is None else chosen.bucket * SECOND,
        )

    def begin(self, app: ScantuiApp) -> None:
        """Put the rest of it on a screen that has just been made."""
        main, chosen = app.main, self._applied
        if chosen.clusters:
            main.table.cluster(True)
        if chosen.view is not None:
            main.heat.view = chosen.view
        if chosen.heat is not None:
            main.set_class(not chosen.heat, "-no-heat")
        if chosen.time is not None:
            main.set_class(not chosen.time, "-no-time")
            main.set_class(chosen.time, "-time")
        if chosen.detail is not None:
            main.set_class(chosen.detail, "-detail")
        main.find_bar.remember(plain(self._kept.filter))
        if is_address(self._kept.source) and self._kept.inputs == self._inputs:
            main.wanted_source = self._kept.source
        self._begun = now(app)
        for line in self.told:
            app.notify(plain(line, 300), markup=False, timeout=8)

    def configured(self, app: ScantuiApp, manners: Manners) -> None:
        """The configuration changed while the screen runs, and was put in force: what it now says is nobody's choice."""
        before, self._configured = self._configured, _configured(manners)
        if self._begun is not None:
            shown, anew = now(app), [name for name in FIELDS if _differ(name, before, self._configured)]
            self._begun = msgspec.structs.replace(self._begun, **{name: getattr(shown, name) for name in anew})
            self._applied = msgspec.structs.replace(self._applied, **dict.fromkeys(anew))

    # The end

    def keep(self, app: ScantuiApp) -> None:
        """Keep how the screen is left. Raises OSError."""
        if self._begun is None:
            return
        ended, main = now(app), app.main
        chosen: dict[str, Any] = {}
        instead_of: dict[str, Any] = {}
        for name in FIELDS:
            kept, over = getattr(self._kept.chosen, name), getattr(self._kept.instead_of, name)
            if name not in self._said:
                kept, over = getattr(self._applied, name), getattr(self._configured, name)
                if _differ(name, ended, self._begun):
                    kept = getattr(ended, name) if _differ(name, ended, self._configured) else None
            if kept is not None:
                chosen[name], instead_of[name] = kept, over
        code = main.table.cursor if main.table.pinned else None
        source = main.snapshot.address(code) if code is not None else ""
        inputs = self._inputs if source else ""
        if not source and self._kept.inputs != self._inputs:  # of another log, and still true there
            source, inputs = self._kept.source, self._kept.inputs
        text = main.table.ranking.filter.text.strip()
        left = Kept(Choices(**chosen), Choices(**instead_of), text if len(text) <= MOST_TEXT else "", inputs, source)
        if left != self._kept:
            self._file.save(left)


def now(app: ScantuiApp) -> Choices:
    """How the screen is."""
    main = app.main
    ranking = main.table.ranking
    return Choices(
        theme=app.theme,
        mouse=app.mouse_on,
        columns=main.table.wanted,
        order=(ranking.sort.column or INTEREST, ranking.reverse),
        clusters=main.table.listing.clustered,
        view=main.heat.view,
        bucket=main.heat.chosen_bucket // SECOND,
        heat=not main.has_class("-no-heat"),
        time=False if main.has_class("-no-time") else True if main.has_class("-time") else None,
        detail=main.has_class("-detail"),
    )


def _configured(manners: Manners) -> Choices:
    """How the screen is without any choice. Whether the time line is shown then goes by its size."""
    return Choices(
        theme=manners.theme,
        mouse=manners.mouse,
        columns=manners.columns or STANDARD,
        order=(manners.sort, manners.reverse),
        clusters=False,
        view="ports",
        bucket=manners.bucket // SECOND,
        heat=True,
        detail=False,
    )


def _differ(name: str, one: Choices, other: Choices) -> bool:
    return bool(getattr(one, name) != getattr(other, name))


def _problem(name: str, value: object, themes: Callable[[], Iterable[str]]) -> str:
    """Why a choice can no longer be; "" when it can."""
    if name == "theme" and isinstance(value, str) and value not in themes():
        return f"no theme '{value}' any more"
    if name == "order" and isinstance(value, tuple) and value[0] not in SORT_NAMES:
        return f"no sort '{value[0]}' any more"
    if name == "columns" and isinstance(value, tuple):
        try:
            checked_columns(value)
        except ValueError as error:
            return str(error)
    return ""
