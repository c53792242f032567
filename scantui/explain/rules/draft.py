"""Rules for a given scan: the narrowest that takes its packets (those of their commonest protocol), and the broadest that
still says what was odd about them.

What is written rests on the packets alone; every draft is read and tried by the same code as any other rule.
"""

from __future__ import annotations

from dataclasses import dataclass

from scantui.events import Events
from scantui.explain.rules.dialect import Dialect
from scantui.explain.rules.draft_facts import Facts, facts
from scantui.explain.rules.draft_firewall import iptables_rule, nft_rule
from scantui.explain.rules.draft_ids import ids_rule
from scantui.explain.rules.draft_lists import MOST_TEXT, MULTIPORT, SURICATA_PORTS, Hosts, Ports
from scantui.explain.rules.rule import Rule
from scantui.explain.rules.ruleset import read_rules

LANGUAGES = (Dialect.SNORT3, Dialect.SURICATA, Dialect.NFT, Dialect.IPTABLES)
_WHY = {
    Dialect.SNORT3: f"a list of more than {MOST_TEXT:,} characters is no rule any more",
    Dialect.SURICATA: f"Suricata reads {SURICATA_PORTS:,} characters of a port list",
    Dialect.NFT: f"for a set of more than {MOST_TEXT:,} characters name one in the ruleset",
    Dialect.IPTABLES: f"multiport takes {MULTIPORT} ports, a range counting for two; an ipset holds all",
}


@dataclass(frozen=True, slots=True)
class DraftRule:
    """One drafted rule. `breadth` is narrowest or broadest; `rule` is the text as read back; `note` says what the narrowest
    holds beyond the scan's own hosts and ports, empty when nothing."""

    breadth: str
    language: str
    text: str
    rule: Rule
    note: str = ""


def drafts(events: Events) -> list[DraftRule]:
    """Drafts for the packets of a scan; none when the log does not tell their protocol."""
    known = facts(events)
    if known is None:
        return []
    made = []
    for breadth, narrow in (("narrowest", True), ("broadest", False)):
        for language in LANGUAGES:
            text, listed = _write(known, narrow, language)
            dialect = language if language in (Dialect.SNORT3, Dialect.SURICATA) else None
            read = read_rules([("draft", text)], dialect=dialect)
            if text and read.rules and not read.refusals:
                note = _note(known, listed, language) if narrow else ""
                made.append(DraftRule(breadth, language.value, text, read.rules[0], note))
    return made


def _write(known: Facts, narrow: bool, language: Dialect) -> tuple[str, Ports | None]:
    if language is Dialect.NFT:
        return nft_rule(known, narrow)
    if language is Dialect.IPTABLES:
        return iptables_rule(known, narrow)
    return ids_rule(known, narrow, language)


def _note(known: Facts, listed: Ports | None, language: Dialect) -> str:
    parts = [_wider("source", known.sources), _wider("target", known.targets)]
    if listed is not None and not listed.exact:
        ranges = f"{len(listed.parts)} range{'' if len(listed.parts) == 1 else 's'}"
        parts.append(f"{ranges} of {listed.held:,} ports for the {listed.probed:,} probed: {_WHY[language]}")
    return "; ".join(filter(None, parts))


def _wider(noun: str, hosts: Hosts) -> str:
    if hosts.exact:
        return ""
    return f"{hosts.networks[0] if hosts.networks else 'any'} for the {hosts.count:,} {noun}s: too many to list"
