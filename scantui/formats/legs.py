"""Firewalls that log a connection when it opens, when it closes, and what happened in it between: one event, the opening. Where
an input has no openings, the other lines are its connections."""

from __future__ import annotations

import numpy as np

from scantui.formats.sheet import Sheet

OPENED, LATER = 1, 2  # in a sheet's column `leg`


class Legs:
    """The openings of one input."""

    def __init__(self) -> None:
        self._opened = False

    def fill(self, sheet: Sheet) -> None:
        """Silence what tells again of connections whose openings are logged, from the first of these on."""
        legs = sheet.columns.get("leg")
        if legs is None:
            return
        opened = np.logical_or.accumulate(sheet.got & (legs == OPENED)) | self._opened
        again = opened & sheet.got & (legs == LATER)
        sheet.got[again], sheet.silent[again] = False, True
        self._opened = bool(opened[-1]) if len(opened) else self._opened
