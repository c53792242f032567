"""Literals of the STIX pattern language: the one place where a value becomes a part of a pattern."""

from __future__ import annotations

from scantui.safe_text import harmless


def stix_string(text: str) -> str:
    """A string literal (STIX 2.1 part 9.2: quote and backslash are escaped by a backslash)."""
    return "'" + harmless(text).replace("\\", "\\\\").replace("'", "\\'") + "'"
