"""What a declared format calls a field: `column` or `column:reader`, with the format's own words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from scantui.tables import Tables

WordTables = Mapping[str, Mapping[str, str]]  # the format's own words: table name to word to meaning


@dataclass(frozen=True)
class FieldSpec:
    text: str
    tables: Tables
    words: WordTables

    @property
    def column(self) -> str:
        return self.text.partition(":")[0]

    @property
    def reader(self) -> str:
        return self.text.partition(":")[2]
