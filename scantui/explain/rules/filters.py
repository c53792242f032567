"""Thresholds that stand outside rules: `event_filter`, `threshold` and `suppress` lines of snort.conf and threshold.config."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from scantui.explain.rules.errors import RuleError, quoted
from scantui.explain.rules.limits import Limit, parse_limit
from scantui.explain.rules.members import addresses
from scantui.explain.rules.rule import Rule
from scantui.explain.rules.variables import Variables
from scantui.safe_text import harmless

STARTS = re.compile(r"\s*(event_filter|threshold|suppress)\s+gen_id\b")


@dataclass(frozen=True, slots=True)
class Filter:
    """A limit for the rules with this generator and signature id; 0 is any."""

    gid: int
    sid: int
    limit: Limit
    line: int


def parse_filter(text: str, line: int, variables: Variables) -> Filter:
    """The filter on a line. Raises RuleError."""
    option, _, rest = text.strip().partition(" ")
    parts = _outside_brackets(rest)
    said = dict(part.split(None, 1) for part in parts if len(part.split(None, 1)) == 2)
    ids = []
    for name in ("gen_id", "sig_id"):
        number = said.pop(name, "")
        if not re.fullmatch("[0-9]{1,10}", number):
            raise RuleError(f"{option}: {name} is missing or no number")
        ids.append(int(number))
    shown = f"{option} in line {line}"
    if option != "suppress":
        limit = parse_limit("threshold", ", ".join(f"{name} {value}" for name, value in said.items()))
        return Filter(ids[0], ids[1], replace(limit, text=shown), line)
    track, ip = said.get("track", ""), said.get("ip", "")
    if not track and not ip:
        return Filter(ids[0], ids[1], Limit("suppress", "by_rule", 1, 1, shown), line)
    if track not in ("by_src", "by_dst") or not ip:
        raise RuleError(f"suppress {quoted(harmless(rest), 60)}: track by_src or by_dst, and ip, go together")
    members = addresses(ip, variables)
    return Filter(ids[0], ids[1], Limit("suppress", track, 1, 1, shown, members), line)


def _outside_brackets(text: str) -> list[str]:
    parts, depth = [""], 0
    for char in text:
        depth += (char == "[") - (char == "]")
        if char == "," and depth <= 0:
            parts.append("")
        else:
            parts[-1] += char
    return [part.strip() for part in parts]


def apply(rules: Sequence[Rule], filters: Sequence[Filter]) -> list[Rule]:
    """The rules with the filters that concern them. Of thresholds, one in the rule goes before one outside (Suricata's and
    Snort's order), one for the rule before one for all."""
    by_id = {(one.gid, one.sid): one for one in filters if one.limit.kind != "suppress"}
    made = []
    for rule in rules:
        limits = list(rule.limits)
        own = any(limit.kind != "detection_filter" for limit in limits)
        found = next((by_id[key] for key in ((rule.gid, rule.sid), (rule.gid, 0), (0, 0)) if key in by_id), None)
        if found and not own and not rule.firewall:
            limits.append(found.limit)
        if not rule.firewall:
            limits += [
                one.limit
                for one in filters
                if one.limit.kind == "suppress" and one.gid in (0, rule.gid) and one.sid in (0, rule.sid)
            ]
        made.append(replace(rule, limits=tuple(limits)) if len(limits) != len(rule.limits) else rule)
    return made
