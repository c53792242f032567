"""The keys that choose and order what the source table shows."""

from __future__ import annotations

from textual.widgets import Input, Static

from scantui.ui.panes import Panes
from scantui.ui.text import plain


class FindKeys(Panes):
    """See actions.py for the keys."""

    def action_filter(self) -> None:
        self.query_one("#filter-row").add_class("-shown")
        self.filter.focus()

    def end_filter(self) -> None:
        """Show all sources again."""
        self.filter.value = ""
        self.query_one("#filter-row").remove_class("-shown")
        self._apply_filter("")

    def on_input_changed(self, event: Input.Changed) -> None:
        self._apply_filter(event.value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        if not event.value.strip():
            self.end_filter()
        self.table.focus()

    def _apply_filter(self, text: str) -> None:
        error = ""
        try:
            self.table.ranking.set_filter(text)
        except ValueError as wrong:
            error = f" {wrong}"
        self.query_one("#filter-error", Static).update(plain(error))
        if not error:
            self.table.reorder_now()
            self.show_status()

    def action_sort(self, step: int) -> None:
        self.table.ranking.next_sort(step)
        self.table.reorder_now()
        self.show_status()

    def action_reverse(self) -> None:
        self.table.ranking.reverse = not self.table.ranking.reverse
        self.table.reorder_now()
        self.show_status()

    def on_source_rows_sorted(self) -> None:
        self.show_status()
