"""The user's rules on one source, and drafts of better ones, as lines for a width."""

from __future__ import annotations

from collections.abc import Iterator

from scantui import __version__
from scantui.explain.rules.check import report
from scantui.explain.rules.paragraphs import Paragraph, episode
from scantui.explain.rules.trial import Outcome
from scantui.ui.lines import Parts
from scantui.ui.text import plain, stamp, wrap

_LOOKS = {"copy": "accent"}
_LEAST = 12  # cells for text, however deep it stands
_IDS = ("snort3", "suricata")
_SAME = {"snort2": "snort3"}  # what is drafted for Snort 3 reads the same in Snort 2


def rule_lines(found: Outcome, width: int) -> Iterator[Parts]:
    """All that is told, wrapped; drafts in the languages that the user's rules are written in."""
    languages = {_SAME.get(rule.dialect.value, rule.dialect.value) for rule in found.rules.rules} or _IDS
    for paragraph in episode(report(found, stamp, __version__), tuple(languages)):
        yield from _wrapped(paragraph, width)


def draft_lines(found: Outcome) -> Iterator[Parts]:
    """The drafts in all languages, each in one line however long, to be copied."""
    for one in found.trials[0].drafts:
        draft = one.draft
        yield ((f" {draft.breadth} {draft.language} ", "muted"), (plain(draft.text), "plain"))


def _wrapped(paragraph: Paragraph, width: int) -> Iterator[Parts]:
    look = _LOOKS.get(paragraph.look, paragraph.look)
    indent = paragraph.indent - 1  # the pane's own margin is one cell
    lines = wrap(plain(paragraph.lead + paragraph.text), max(_LEAST, width - max(indent, paragraph.hang - 1) - 1))
    for number, line in enumerate(lines):
        yield ((" " * (indent if number == 0 else paragraph.hang - 1) + line, look),)
