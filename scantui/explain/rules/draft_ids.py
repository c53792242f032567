"""Drafts in the language of Snort and Suricata."""

from __future__ import annotations

from collections.abc import Sequence

from scantui.explain.rules.dialect import Dialect
from scantui.explain.rules.draft_facts import SIX, WINDOW, Facts
from scantui.explain.rules.draft_lists import MOST_TEXT, SURICATA_PORTS, Hosts, Ports, ports
from scantui.explain.rules.flags import flag_letters

FIRST_SID = 1_000_001  # local rules begin at 1,000,000 (Snort and Suricata manuals)
_NAMES = {"ip_id": "id", "window": "window", "seq": "seq", "ack": "ack"}


def ids_rule(facts: Facts, narrow: bool, dialect: Dialect) -> tuple[str, Ports | None]:
    """The rule, and the ports it lists."""
    src, sport, dst, dport = "any", "any", "any", "any"
    listed = None
    if narrow:
        src, dst = _hosts(facts.sources), _hosts(facts.targets)
        if facts.proto != "icmp":
            sport = str(facts.sport) if facts.sport is not None else "any"
            most = SURICATA_PORTS if dialect is Dialect.SURICATA else MOST_TEXT
            listed = ports(facts.ports, ":", lambda parts: len(_list(parts)) <= most)
            dport = _list(listed.parts)
    options = ""
    if facts.proto == "tcp":
        options += "flow:stateless; " + _flags(facts, narrow)
    elif facts.proto == "icmp" and len(facts.icmp) == 1:
        options += f"itype:{facts.icmp[0]}; "
    if narrow:
        options += "".join(f"{_NAMES[name]}:{value}; " for name, value in sorted(facts.constant.items()))
    elif not facts.telling and facts.filter_count:
        options += f"detection_filter:track by_src, count {facts.filter_count}, seconds {WINDOW // 1_000_000}; "
    label = facts.label + (f" from {facts.sources.networks[0]}" if narrow and len(facts.sources.networks) == 1 else "")
    text = (
        f'alert {facts.proto} {src} {sport} -> {dst} {dport} (msg:"SCAN {label}"; {options}'
        f"classtype:attempted-recon; sid:{FIRST_SID + (not narrow)}; rev:1;)"
    )
    return text, listed


def _list(parts: Sequence[str]) -> str:
    return "any" if not parts else parts[0] if len(parts) == 1 else f"[{','.join(parts)}]"


def _hosts(hosts: Hosts) -> str:
    return _list(hosts.networks)


def _flags(facts: Facts, narrow: bool) -> str:
    """The `flags` option, empty when none holds for all packets."""
    if not facts.sets:
        return ""
    if narrow and len(facts.sets) == 1:
        return f"flags:{flag_letters(facts.sets[0])}; "
    bare = facts.without_ecn
    if bare == {0}:
        return "flags:0,CE; " if set(facts.sets) != {0} else "flags:0; "
    if facts.odd and not (narrow and len(bare) == 1):
        return f"flags:{flag_letters(facts.odd)}+; "
    if len(bare) == 1:
        return f"flags:{flag_letters(next(iter(bare)))},CE; "
    common = SIX
    for flags in bare:
        common &= flags
    return f"flags:{flag_letters(common)}+; " if common else ""
