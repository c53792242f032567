"""Where the sources of a live run belong, by the files that the user gave: a few at a time, the most telling first."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from scantui.explain.addresses import special
from scantui.explain.place import Place
from scantui.snapshot import PLACE_DTYPES, Places, SourceTable, no_places
from scantui.tables import AddressTable

if TYPE_CHECKING:
    from scantui.places.files import Files

_SLICE = 0.005  # seconds at a time
_SHOWN = 1.0  # seconds between two pictures while there is more to look at
UNNAMED = "listed"  # by a list that gives no name
Row = tuple[int, int, int, int, int, int]  # in the order of PLACE_DTYPES


class Placing:
    """`found` is what is known so far; a new picture each time that there is more. Without files there is nothing to do."""

    def __init__(self, addresses: AddressTable, files: Files | None) -> None:
        self._addresses = addresses
        self._files = files
        self.found: Places = no_places()
        self._rows: SourceTable | None = None
        self._due: NDArray[np.uint32] = np.zeros(0, np.uint32)
        self._fresh: list[Row] = []  # looked at, and not in `found` yet
        self._number: dict[tuple[str, ...], int] = {(): 0}
        self._shown = float("-inf")
        if files is not None:
            self._show()

    @property
    def busy(self) -> bool:
        """Whether there are sources yet to be looked at."""
        return len(self._due) > 0

    def go_on(self, rows: SourceTable) -> None:
        """Look at some more sources of the table, as long as that takes next to no time."""
        if self._files is None or not self.found.tells:
            return
        now = time.monotonic()
        if rows is not self._rows and not len(self._due):
            self._rows = rows
            self._due = self._missing(rows)
        while len(self._due) and time.monotonic() < now + _SLICE:
            code, self._due = int(self._due[0]), self._due[1:]
            self._fresh.append(self._row(code, self._files))
        if self._fresh and (not len(self._due) or now >= self._shown + _SHOWN):
            self._show()
            self._shown = now

    def _missing(self, rows: SourceTable) -> NDArray[np.uint32]:
        """Sources that were not looked at yet, the most telling first."""
        new = self.found.rows(rows.code) < 0
        return rows.code[rows.order[new[rows.order]]]

    def _row(self, code: int, files: Files) -> Row:
        place = files.place(self._addresses.text(code))
        country = next((claim.country for claim in place.claims if claim.country), "")
        asn = next((claim.asn for claim in place.claims if claim.asn is not None), -1)
        known = dict.fromkeys(one.name or UNNAMED for one in place.listed)
        scope = special(place.address)
        return (
            code,
            self._word(country),
            asn,
            self._word(_holder(place)),
            self._word(scope[0] if scope is not None else ""),
            self._word(*known),
        )

    def _word(self, *names: str) -> int:
        """The number of these names together; 0 for none."""
        return self._number.setdefault(tuple(filter(None, names)), len(self._number))

    def _show(self) -> None:
        """Put what is fresh into a new picture."""
        assert self._files is not None
        fresh = list(zip(*self._fresh, strict=True)) or [()] * len(PLACE_DTYPES)
        column = {
            name: np.concatenate((getattr(self.found, name), np.array(new, dtype)))
            for (name, dtype), new in zip(PLACE_DTYPES.items(), fresh, strict=True)
        }
        order = np.argsort(column["code"], kind="stable")
        self._fresh = []
        self.found = Places(
            **{name: values[order] for name, values in column.items()},
            words=tuple(self._number),
            tells=self._files.tells,
        )


def _holder(place: Place) -> str:
    """The autonomous system by number and name, by the first database that has a number; else the organisation alone."""
    for claim in place.claims:
        if claim.asn is not None:
            return f"AS{claim.asn} {claim.organisation}".rstrip()
    return next((claim.organisation for claim in place.claims if claim.organisation), "")
