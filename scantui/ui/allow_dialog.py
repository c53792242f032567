"""The dialog that puts a network on the allow-list."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from datetime import UTC, datetime

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Static

from scantui.detect.allow import MOST_REASON, Allowed, line_of
from scantui.detect.scan import Verdict
from scantui.snapshot import Snapshot
from scantui.ui.allow_entry import read_entry
from scantui.ui.dialogs import Dialog
from scantui.ui.field import Field
from scantui.ui.text import plain

_FIELDS = (
    ("network", "network", 60),
    ("ports", "ports", 200),
    ("reason", "reason", MOST_REASON),
    ("until", "until", 20),
)

_HINT = (
    "ports: 22,80-90, or all   until: 12h 7d 2w 2027-01-31, or for good\nenter: allow   tab: next field   esc: cancel"
)


def covered(entry: Allowed, snapshot: Snapshot) -> str:
    """What the entry would change here, in words."""
    listed, scans = set(), 0
    for scan in snapshot.scans:
        codes = [code for code in scan.sources if ipaddress.ip_address(snapshot.address(code)) in entry.network]
        listed.update(codes)
        excused = codes and entry.covers(scan, ipaddress.ip_address(snapshot.address(scan.source)))
        scans += bool(excused) and scan.verdict is not Verdict.BENIGN
    sources = f"{len(listed):,} source{'' if len(listed) == 1 else 's'} with episodes"
    return f"here: {sources}, {scans:,} no longer counted as a scan or suspect"


class AllowDialog(Dialog):
    """Dismisses with the entry, or None. Enter on any line writes it; the line that will stand in the list is shown."""

    def __init__(
        self, address: str, snapshot: Snapshot, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        super().__init__()
        self._address, self._snapshot, self._now = address, snapshot, now

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static("Allow to scan", classes="title", markup=False)
            for name, title, most in _FIELDS:
                with Horizontal(classes="row"):
                    yield Static(f"{title:8} ", classes="label", markup=False)
                    yield Field(self._address if name == "network" else "", name=name, max_length=most)
            yield Static("", id="preview", markup=False)
            yield Static("", id="error", markup=False)
            yield Static(_HINT, classes="hint", markup=False)

    def on_mount(self) -> None:
        self.query_one("#reason", Input).focus()
        self._describe()

    def _read(self) -> Allowed:
        texts = {name: self.query_one(f"#{name}", Input).value for name, _, _ in _FIELDS}
        return read_entry(**texts, now=self._now())

    def _describe(self) -> None:
        try:
            entry = self._read()
        except ValueError as error:
            self.tell("preview", "")
            self.tell("error", plain(str(error)))
        else:
            self.tell("preview", f"{plain(line_of(entry))}\n{covered(entry, self._snapshot)}")
            self.tell("error", "")

    def on_input_changed(self) -> None:
        self._describe()

    def on_input_submitted(self) -> None:
        try:
            entry = self._read()
        except ValueError as error:
            self.tell("error", plain(str(error)))
        else:
            self.dismiss(entry)
