"""What cannot be read as a rule, and why."""

from __future__ import annotations

from dataclasses import dataclass

from scantui.safe_text import harmless


class RuleError(ValueError):
    """A rule, or a part of it, that cannot be read; the text is the reason, harmless to show."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A line that is no rule we can read. `line` counts from 1; all text is harmless to show."""

    path: str
    line: int
    reason: str
    text: str


def quoted(text: str, limit: int = 40) -> str:
    """Rule text as it may stand in a sentence."""
    return f"'{harmless(text, limit)}'"
