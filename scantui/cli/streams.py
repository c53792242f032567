"""Standard streams that are not there, or no longer."""

from __future__ import annotations

import os
import sys


def occupy_closed() -> None:
    """Give each closed standard descriptor a null device; else the first log opened would become it."""
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest free number: this one
    if sys.stdout is None:
        sys.stdout = os.fdopen(1, "w", closefd=False)


def forget_stdout() -> None:
    """Send what is still buffered nowhere, so that the interpreter has nothing to complain about at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
