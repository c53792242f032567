"""CrowdSec decisions, as `cscli decisions import` reads them. JSON has no comments: cautions stand in `reason`."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from scantui.export.blocked import Blocked, blocklist
from scantui.export.handover import Export, Handover

_FOR_GOOD = 87_600  # hours: CrowdSec knows no end that never comes


class Decision(msgspec.Struct, frozen=True):
    """Names and spelling are CrowdSec's (cscli, clidecision/import.go): of `Ip` and `Range` it asks its own allow-lists."""

    duration: str
    reason: str
    scope: str
    type: str
    value: str


def render(handover: Handover) -> Iterator[str]:
    blocked = blocklist(handover)
    hours = blocked.hours or _FOR_GOOD
    decisions = [_decision(one, hours) for one in blocked.entries]
    yield msgspec.json.format(msgspec.json.encode(decisions), indent=1).decode() + "\n"


def _decision(one: Blocked, hours: int) -> Decision:
    reason = "; ".join((f"scantui: {one.why}", *(f"CAUTION: {text}" for text in one.cautions)))
    return Decision(f"{hours}h", reason, "Ip" if one.single else "Range", "ban", one.text)


EXPORT = Export("crowdsec", ".json", "CrowdSec decisions for cscli decisions import", render, acts=True)
