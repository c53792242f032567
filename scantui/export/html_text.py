"""Text for HTML: the one place where anything becomes a part of a page."""

from __future__ import annotations

from html import escape

from scantui.safe_text import harmless


def html_text(text: str) -> str:
    """`text` for an element's content or a quoted attribute: markup, quotes and unseen characters are made visible text."""
    return escape(harmless(text), quote=True)
