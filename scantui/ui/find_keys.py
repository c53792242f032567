"""The keys that choose and order what the source table shows, and that find one of its rows."""

from __future__ import annotations

from scantui.find import Filter, FindError
from scantui.find.complete import Completion, complete
from scantui.ui.columns_dialog import ColumnsDialog
from scantui.ui.filters_dialog import FiltersDialog
from scantui.ui.panes import Panes
from scantui.ui.ranking import Sort
from scantui.ui.sort_dialog import SortDialog
from scantui.ui.text import plain


class FindKeys(Panes):
    """See actions.py for the keys."""

    _finding = False  # what is typed is looked for, and filters nothing
    _sought = Filter("")  # what was last looked for, or filtered by
    _found = ""  # which of how many it is

    # The filter

    def action_filter(self) -> None:
        self._finding = False
        self.find_bar.open("/", self.table.ranking.filter.text)

    def action_find(self) -> None:
        self._finding = True
        self.find_bar.open("find", self._sought.text)

    def filter_by(self, text: str) -> None:
        """Filter by a text from elsewhere, and show it. Raises FindError."""
        self.table.ranking.set_filter(text)
        self.find_bar.remember(text)
        self._after_typing()

    def end_filter(self) -> None:
        """Leave the line; show all sources again if it was the filter's."""
        if not self._finding:
            self._seek(self.table.ranking.filter)
            self.find_bar.remember(self.table.ranking.filter.text)
            self.table.ranking.set_filter("")
        self._after_typing()

    @property
    def is_filtering(self) -> bool:
        """Whether escape should end a filter."""
        return bool(self.table.ranking.filter) or self.find_bar.has_class("-shown")

    def _after_typing(self) -> None:
        """Back to the table; the line stays while there is a filter."""
        self._finding = False
        text = self.table.ranking.filter.text
        if text.strip():
            self.find_bar.show("/", text)
        else:
            self.find_bar.close()
        self.table.focus()
        self.table.reorder_now()
        self.show_status()

    def on_find_bar_changed(self) -> None:
        if not self.find_bar.has_class("-shown"):
            return
        text, cursor = self.filter.value, self.filter.cursor_position
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
        if self._finding:
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

    def on_find_bar_done(self) -> None:
        if not self._finding:
            try:
                self.table.ranking.set_filter(self.filter.value)
            except FindError as error:
                self.find_bar.tell_error(error)
                return
        self._after_typing()

    # Finding

    def _seek(self, wanted: Filter) -> None:
        if wanted:
            self._sought = wanted
        self._found = ""

    def action_find_next(self, step: int) -> None:
        wanted = self._sought or self.table.ranking.filter
        if not wanted:
            self.notify("nothing to look for yet: F finds, / filters", markup=False, timeout=3)
            return
        self._sought = wanted
        self._jump(step)

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
        self.app.push_screen(ColumnsDialog(self.table.wanted, width), self._columns_chosen)

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
