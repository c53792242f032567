"""One line a trouble, harmless to show, saying what to do where something can be done."""

from __future__ import annotations

import errno

from scantui.safe_text import harmless


def not_read(path: str, why: str) -> str:
    """The whole line."""
    return f"{harmless(path, 200)}: {why}"


def denied() -> str:
    return "permission denied; run as a user who may read it"


def os_error(error: OSError) -> str:
    """Why, in the system's words."""
    if error.errno in (errno.EACCES, errno.EPERM):
        return denied()
    return (error.strerror or "cannot be read").lower()
