"""The keys that choose and order what the source table shows, and that find one of its rows."""

from __future__ import annotations

from enum import Enum

from scantui.find import Filter, FindError
from scantui.find.complete import Completion, complete
from scantui.ui.columns_dialog import ColumnsDialog
from scantui.ui.detail.found_page import FoundPage
from scantui.ui.filters_dialog import FiltersDialog
from scantui.ui.keymap import keymap_of
from scantui.ui.panes import Panes
from scantui.ui.ranking import Sort
from scantui.ui.raw_page import RawPage
from scantui.ui.sort_dialog import SortDialog
from scantui.ui.text import plain


class Typing(Enum):
    """What the text in the line is for."""

    FILTER = "/"
    FIND = "find"  # among the sources, filtering nothing
    DETAIL = "search"  # in the text of the detail
    LINES = "search all log lines"
    ALL_LINES = "search the log lines of all sources"


class FindKeys(Panes):
    """See actions.py for the keys."""

    _typing = Typing.FILTER
    _sought = Filter("")  # what was last looked for, or filtered by
    _found = ""  # which of how many it is
    _looked_for = ""  # in the log lines of all sources

    # What is typed

    def action_filter(self) -> None:
        if self.focused is self.detail:
            self.detail.begin_search()
            self._type(Typing.DETAIL, self.detail.search.text)
        else:
            self._type(Typing.FILTER, self.table.ranking.filter.text)

    def action_find(self) -> None:
        if self.focused is self.detail:
            self._type(Typing.LINES, self.detail.search.text)
        else:
            self._type(Typing.FIND, self._sought.text)

    def action_find_lines(self) -> None:
        self._type(Typing.ALL_LINES, self._looked_for)

    def _type(self, what: Typing, text: str) -> None:
        self._typing = what
        self.find_bar.open(what.value, text)

    def on_find_bar_changed(self) -> None:
        if not self.find_bar.is_open:
            return
        text = self.filter.value
        if self._typing is Typing.DETAIL:
            self._found = self.detail.seek(text)
            self.find_bar.tell(self._found)
        elif self._typing is Typing.LINES:
            self.find_bar.tell("enter looks through all log lines of this source that are held")
        elif self._typing is Typing.ALL_LINES:
            self.find_bar.tell("enter looks through all log lines that are held, newest first")
        else:
            self._typed(text)

    def on_find_bar_done(self) -> None:
        text = self.filter.value
        if self._typing is Typing.LINES and text and self.table.cursor is not None:
            self.app.push_screen(FoundPage(self.session, self.snapshot, self.table.cursor, text))
        if self._typing is Typing.ALL_LINES and text:
            self._looked_for = text
            self.app.push_screen(RawPage(self.session, self.snapshot, text, self._line_chosen))
        if self._typing is Typing.FILTER:
            try:
                self.table.ranking.set_filter(text)
            except FindError as error:
                self.find_bar.tell_error(error)
                return
        self._after_typing()

    def on_find_bar_left(self) -> None:
        if self._typing is Typing.DETAIL:
            self.detail.end_search()
        self.end_filter()

    def _line_chosen(self, code: int) -> None:
        """A log line that was found: on to its source."""
        address = self.snapshot.address(code)
        wanted = Filter(f"src:{address}")
        _, total = self.table.jump(wanted, 0)
        if not total and self.table.ranking.filter:
            self.end_filter()
            _, total = self.table.jump(wanted, 0)
        if not total:
            self.notify(plain(f"{address} is no longer in the table"), markup=False, severity="warning")

    # The filter

    def filter_by(self, text: str) -> None:
        """Filter by a text from elsewhere, and show it. Raises FindError."""
        self.table.ranking.set_filter(text)
        self.find_bar.remember(text)
        self._after_typing()

    def end_filter(self) -> None:
        """Leave the line; show all sources again if it was the filter's."""
        if self._typing is Typing.FILTER:
            self._seek(self.table.ranking.filter)
            self.find_bar.remember(self.table.ranking.filter.text)
            self.table.ranking.set_filter("")
        self._after_typing()

    def _after_typing(self) -> None:
        """Back to where it was typed for; the line stays while there is a filter."""
        in_detail = self._typing in (Typing.DETAIL, Typing.LINES)
        self._typing = Typing.FILTER
        text = self.table.ranking.filter.text
        if text.strip():
            self.find_bar.show("/", text)
        else:
            self.find_bar.close()
        (self.detail if in_detail else self.table).focus()
        self.table.reorder_now()
        self.show_status()

    def _typed(self, text: str) -> None:
        """A filter or a search among sources is being typed."""
        cursor = self.filter.cursor_position
        choices = complete(text, cursor, self.table.ranking.facts.see(self.snapshot))
        try:
            typed = Filter(text)
        except FindError as error:
            if choices.choices and error.end >= cursor >= error.at and cursor == len(text):
                self.find_bar.tell_choices(choices)
            else:
                self.find_bar.tell_error(error)
            return
        self.find_bar.tell_choices(choices)
        if self._typing is Typing.FIND:
            self._seek(typed)
            self._jump(0)
        elif typed.node != self.table.ranking.filter.node and not self._is_begun(typed, choices):
            self._apply(typed)

    def _is_begun(self, typed: Filter, choices: Completion) -> bool:
        """Whether nothing passes, only because what is typed is on its way to a field's name."""
        begun = bool(choices.choices) and choices.end == len(self.filter.value) > choices.at
        return begun and not typed.mask(self.snapshot, self.table.ranking.facts).any()

    def _apply(self, typed: Filter) -> None:
        self.table.ranking.filter = typed
        self.table.reorder_now()
        self.show_status()

    # Finding

    def _seek(self, wanted: Filter) -> None:
        if wanted:
            self._sought = wanted
        self._found = ""

    def action_find_next(self, step: int) -> None:
        if self.focused is self.detail:
            self._found = self.detail.seek_again(step)
            self.show_status()
            return
        wanted = self._sought or self.table.ranking.filter
        if not wanted:
            key = keymap_of(self.app).key
            said = f"nothing to look for yet: {key('find.find')} finds, {key('view.filter')} filters"
            self.notify(said, markup=False, timeout=3)
            return
        self._sought = wanted
        self._jump(step)

    def end_finding(self) -> None:
        """Say no longer what was found."""
        self._found = ""
        self.show_status()

    def _jump(self, step: int) -> None:
        at, total = self.table.jump(self._sought, step)
        self._found = f"found {at:,} of {total:,}" if total else f"nothing fits '{plain(self._sought.text, 30)}'"
        self.show_status()

    def order_text(self) -> str:
        """How the table is sorted, filtered and searched, where that is not the default."""
        table, ranking = self.table, self.table.ranking
        order = ["clusters"] if table.listing.clustered else []
        if ranking.sort.column or ranking.reverse:
            order.append(f"by {ranking.sort.title}{', reversed' if ranking.reverse else ''}")
        if ranking.filter:
            order.append(f"filter: {table.listing.passing:,} of {len(self.snapshot.sources):,}")
        return "; ".join([*order, *([self._found] if self._found else [])])

    # Saved filters

    def action_saved_filters(self) -> None:
        self.app.push_screen(FiltersDialog(self.saved, self.table.ranking.filter.text), self._saved_chosen)

    def _saved_chosen(self, text: str | None) -> None:
        if text is None:
            return
        try:
            self.filter_by(text)
        except FindError as error:
            self.notify(plain(str(error), 200), markup=False, severity="warning")

    # Order and columns

    def action_sort_menu(self) -> None:
        ranking = self.table.ranking
        self.app.push_screen(SortDialog(ranking.sort, ranking.reverse), self._sort_chosen)

    def _sort_chosen(self, sort: Sort | None) -> None:
        if sort is not None:
            self.table.ranking.sort_by(sort)
            self.table.reorder_now()
            self.show_status()

    def action_reverse(self) -> None:
        self.table.ranking.reverse = not self.table.ranking.reverse
        self.table.reorder_now()
        self.show_status()

    def on_source_rows_sorted(self) -> None:
        self.show_status()

    def action_columns(self) -> None:
        width = self.table.scrollable_content_region.width
        self.app.push_screen(ColumnsDialog(self.table.wanted, width, self.snapshot.places.tells), self._columns_chosen)

    def _columns_chosen(self, names: tuple[str, ...] | None) -> None:
        if names is not None:
            self.table.choose(names)

    def action_clusters(self) -> None:
        clustered = not self.table.listing.clustered
        if clustered and not self.snapshot.clusters:
            self.notify("no scans belong together so far: there are no clusters", markup=False, timeout=3)
            return
        self.table.cluster(clustered)
        self.show_status()
