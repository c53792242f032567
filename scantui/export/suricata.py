"""Rules for Suricata."""

from __future__ import annotations

from collections.abc import Iterator

from scantui.explain.rules.dialect import Dialect
from scantui.export.handover import Export, Handover, Needs
from scantui.export.rule_file import rule_file


def render(handover: Handover) -> Iterator[str]:
    return rule_file(handover, Dialect.SURICATA)


EXPORT = Export(
    "suricata", ".rules", "Suricata rules by pattern, with what each does in this log", render, Needs.DOSSIERS
)
