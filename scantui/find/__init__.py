"""The filter language: text to a tree, and the tree to the rows of a snapshot's source table that pass."""

from __future__ import annotations

from scantui.find.errors import FindError
from scantui.find.evaluate import Filter
from scantui.find.facts import Facts

__all__ = ["Facts", "Filter", "FindError"]
