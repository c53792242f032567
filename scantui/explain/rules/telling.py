"""An answer in words: what the rule did, which clause stopped how many, and where to look next."""

from __future__ import annotations

from collections.abc import Sequence

from scantui.explain.rules.answer import Answer
from scantui.explain.rules.causes import Cause


def told(found: Answer, why: Sequence[Cause]) -> str:
    """One to three sentences on one rule."""
    parts = [_outcome(found)]
    stops = sorted((stop for stop in found.stops if stop.stopped), key=lambda stop: (-stop.stopped, -stop.alone))
    if stops:
        words = []
        for stop in stops[:4]:
            alone = "" if len(stops) == 1 else f" ({stop.alone:,} of them alone)"
            words.append(f"{stop.clause.text} stopped {stop.stopped:,} of {found.packets:,}{alone}")
        if len(stops) > 4:
            words.append(f"{len(stops) - 4} more clauses stopped some")
        parts.append("; ".join(words))
        if found.matched:
            parts[-1] += f"; {found.matched:,} matched"
    open_causes = [cause.name for cause in why if cause.state != "ruled out"]
    if found.matched and open_causes:
        silent = "were not taken by it" if found.rule.firewall else "raised no alert"
        parts.append(f"If these {found.matched:,} {silent}, look at: {', '.join(open_causes)}")
    if found.undecided:
        parts.append(f"{found.undecided:,} undecided: {', '.join(found.missing)}")
    return ". ".join(parts) + "."


def _outcome(found: Answer) -> str:
    packets = "packet" if found.packets == 1 else "packets"
    if found.matched == 0:
        if found.undecided:
            return f"Cannot tell whether it fires: none of {found.packets:,} {packets} matches for certain"
        return f"Does not fire: it matches none of {found.packets:,} {packets}"
    matched = f"all {found.packets:,}" if found.matched == found.packets else f"{found.matched:,} of {found.packets:,}"
    if not found.rule.loads:
        return f"The engine refuses it; as written it would match {matched} {packets}"
    if not found.rule.enabled:
        return f"Disabled; it would match {matched} {packets}"
    if found.rule.firewall:
        return f"Matches {matched} {packets}, if no rule before it took them"
    if found.alerts is None:
        return f"Matches {matched} {packets}; how many alerts its threshold leaves is not worked out"
    if not found.alerts:
        return f"Matches {matched} {packets}, and none of them alerts"
    alerts = f"{found.alerts:,} alert{'' if found.alerts == 1 else 's'}"
    return f"Would fire: {matched} {packets} match, {alerts}"
