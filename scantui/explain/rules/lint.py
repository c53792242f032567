"""What is wrong with a rule whatever the traffic: refused when loaded, never fires, or says other than it seems to."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from scantui.events import ACK, CWR, ECE, FIN, PSH, RST, SYN
from scantui.explain.rules.dialect import Dialect
from scantui.explain.rules.draft_lists import SURICATA_PORTS
from scantui.explain.rules.flags import FlagTest, Mode, flag_letters
from scantui.explain.rules.keywords import HEADER, KNOWN, LABELS
from scantui.explain.rules.rule import Finding, Rule

_NAMES = {"src": "source", "dst": "destination", "sport": "source port", "dport": "destination port"}


def lint(rule: Rule) -> tuple[Finding, ...]:
    """The findings on one rule, errors first."""
    if rule.firewall:
        return tuple(_firewall(rule))
    found = [*_header(rule), *_flags(rule), *_flow(rule), *_limits(rule), *_options(rule)]
    order = {"error": 0, "warning": 1, "note": 2}
    return tuple(sorted(found, key=lambda finding: order[finding.level]))


def _header(rule: Rule) -> Iterator[Finding]:
    engine = rule.dialect.title
    for column, members in rule.header_members.items():
        if members.negated_any:
            text = f"the {_NAMES[column]} comes to 'not any' ({members.negated_any}): {engine} does not load the rule"
            if "$HOME_NET" in members.negated_any or "$EXTERNAL_NET" in rule.text:
                text += (
                    "; EXTERNAL_NET is !$HOME_NET while HOME_NET is any: give HOME_NET your networks or set EXTERNAL_NET "
                    "to any"
                )
            yield Finding("error", "load: not any", text)
        elif members.set.empty:
            yield Finding(
                "error", "never: empty list", f"the {_NAMES[column]} list excludes all it names: nothing matches"
            )
        if rule.dialect is Dialect.SURICATA and column.endswith("port") and len(members.text) > SURICATA_PORTS:
            text = (
                f"the {_NAMES[column]} list has {len(members.text):,} characters; Suricata reads {SURICATA_PORTS:,} of one and "
                "does not load the rule: divide it between two rules"
            )
            yield Finding("error", "load: long list", text)
        if members.only_negated and rule.dialect is Dialect.SNORT2:
            text = (
                f"the {_NAMES[column]} is a list of negations: today's engines exclude each of them, but Snort "
                "before 2.8 was "
                "reported to read it as 'not the one or not the other', which is any; ![a,b] is clear to all"
            )
            yield Finding("warning", "negated list", text)
    if rule.proto in ("ip", "icmp", "any", "icmpv4", "icmpv6", "pkthdr"):
        ported = [
            _NAMES[c]
            for c in ("sport", "dport")
            if c in rule.header_members and not rule.header_members[c].set.everything
        ]
        if ported:
            text = (
                f"the {' and '.join(ported)} of a rule on {rule.proto} means nothing or, by engine, something "
                "else: write tcp or udp, or any"
            )
            yield Finding("warning", "ports without protocol", text)
    if rule.variables:
        names = ", ".join(f"${name}" for name in rule.variables)
        yield Finding(
            "note", "undefined", f"no value of {names} was given: --var NAME=VALUE, or name the configuration file too"
        )


def _flags(rule: Rule) -> Iterator[Finding]:
    test = rule.flags
    if test is None:
        return
    shown = f"flags:{rule.flags_text}"
    if rule.proto in ("udp", "icmp"):
        yield Finding(
            "error", "never: flags", f"{shown} in a rule on {rule.proto}: only TCP has flags, it can never match"
        )
    if test.lower_case:
        text = f"{shown}: Suricata up to 8 reads upper-case letters only and does not load the rule"
        yield Finding("error", "load: lower-case flags", text)
    if test.mode is Mode.EXACT and test.listed:
        yield from _exact(test, shown)
    if test.mode is Mode.NOT and test.listed:
        letters = flag_letters(test.listed)
        if len(letters) > 1:
            meaning = (
                f"not all of {letters} set (a plain SYN matches !SF)" if test.suricata else f"none of {letters} set"
            )
            other = f"none of {letters}" if test.suricata else f"not all of {letters}"
            yield Finding(
                "warning",
                "! differs",
                f"{shown} means {meaning} to {rule.dialect.title}; {'Snort' if test.suricata else 'Suricata'} "
                f"reads {other}",
            )
    if not test.listed and test.mode is Mode.ANY:
        yield Finding("error", "never: flags", f"{shown} lists no flag to be any of: it can never match")
    if not test.listed and test.mode in (Mode.ALL, Mode.NOT) and not test.suricata:
        yield Finding("warning", "always", f"{shown} lists no flag and so matches every TCP packet")
    if not test.listed and test.suricata and test.ignored:
        yield Finding(
            "warning",
            "mask without effect",
            f"{shown}: Suricata compares a list without flags with the whole byte; the mask does nothing",
        )
    if test.suricata and test.ignored and test.mode is not Mode.EXACT:
        yield Finding("note", "Suricata 9", f"{shown}: the development version 9 refuses a mask with {test.mode.value}")
    if test.suricata and rule.flags_text.strip("!+* ").isdecimal() and test.listed:
        yield Finding(
            "note",
            "Suricata 9",
            f"{shown}: the development version 9 reads the digits as a number of bits, not as CWR and ECE",
        )


def _exact(test: FlagTest, shown: str) -> Iterator[Finding]:
    letters = flag_letters(test.listed)
    missed = [
        name for name, bit in (("ECE", ECE), ("CWR", CWR), ("PSH", PSH)) if not (test.listed | test.ignored) & bit
    ]
    if test.listed & SYN and test.listed & FIN and missed:
        ecn = f", {letters},CE those with ECN bits" if {"ECE", "CWR"} & set(missed) else ""
        text = (
            f"{shown} is exact: a packet with SYN, FIN and also {_or(missed)} (or URG, ACK, RST) does not "
            f"match; {letters}+ takes them all{ecn}"
        )
        yield Finding("warning", "exact flags", text)
    elif test.listed == SYN and not test.ignored & (ECE | CWR):
        text = (
            f"{shown} without a mask is exact: a SYN that offers ECN (SYN+ECE+CWR, RFC 3168) does not match; "
            "write S,CE (S,12)"
        )
        yield Finding("warning", "S without mask", text)
    elif missed and test.listed != SYN and not test.listed & ACK:
        yield Finding(
            "note",
            "exact flags",
            f"{shown} is exact: packets with further bits ({_or(missed)}) do not match; {letters}+ takes them",
        )


def _or(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"


def _flow(rule: Rule) -> Iterator[Finding]:
    test = rule.flags
    wants = test.listed if test and test.mode in (Mode.EXACT, Mode.ALL) else 0
    if "established" in rule.flow and wants & SYN:
        what = "SYN-FIN" if wants & FIN else "SYN"
        text = (
            f"flow:established with flags:{rule.flags_text}: a {what} packet is no part of an established "
            "connection, so this can never match; drop flow or write flow:stateless"
        )
        yield Finding("error", "never: established", text)
    elif "established" in rule.flow and test is not None and test.mode is Mode.EXACT and not wants & (ACK | RST):
        text = (
            f"flow:established with flags:{rule.flags_text}: packets of an established connection carry ACK, "
            "these do not"
        )
        yield Finding("warning", "established", text)
    elif "only_stream" in rule.flow and wants & SYN:
        yield Finding(
            "error", "never: only_stream", "flow:only_stream looks at reassembled payload, which no packet with SYN is"
        )
    if (
        rule.proto == "icmp"
        and rule.flow
        and rule.dialect is Dialect.SNORT3
        and not {"no_frag", "only_frag"} & set(rule.flow)
    ):
        yield Finding("error", "load: flow on icmp", "Snort 3 does not load flow in a rule on icmp")


def _limits(rule: Rule) -> Iterator[Finding]:
    own = [limit for limit in rule.limits if limit.text.startswith(("threshold:", "detection_filter:"))]
    if len(own) > 1 and rule.dialect is Dialect.SURICATA:
        text = "Suricata does not load a rule with more than one threshold or detection_filter"
        yield Finding("error", "load: two thresholds", text)
    for limit in rule.limits:
        if limit.kind in ("both", "limit") and limit.track == "by_dst":
            text = (
                f"{limit.text}: {limit.count if limit.kind == 'limit' else 1} alert a target in {limit.seconds} "
                "s whoever asks: the alerts do not show how many sources and ports there were"
            )
            yield Finding("warning", "hides fan-out", text)
        elif limit.kind in ("both", "limit") and limit.count == 1:
            yield Finding(
                "note",
                "hides fan-out",
                f"{limit.text}: one alert in {limit.seconds} s; the alerts do not show how many packets there were",
            )
        if limit.kind == "both" and limit.count == 1 and rule.dialect.snort:
            text = (
                f"{limit.text}: by its code (sfthd.cc) Snort alerts on the first match of an address it meets, "
                "and with count 1 on none in later intervals"
            )
            yield Finding("warning", "both, count 1", text)
        if limit.kind == "detection_filter":
            what = {"sport": "source ports", "dport": "ports", "src": "sources", "dst": "targets"}.get(limit.unique, "")
            text = (
                f"{limit.text}: alerts begin {f'beyond {limit.count} {what}' if what else f'with match {limit.count + 1}'}; "
                f"a scan of up to {limit.count} {what or 'packets'} in {limit.seconds} s is silent"
            )
            yield Finding("note", "detection_filter", text)
        if limit.kind == "suppress":
            whose = " for the addresses it names" if limit.members else ""
            yield Finding("warning", "suppressed", f"{limit.text} suppresses alerts of this rule{whose}")
        if limit.members is not None and limit.members.undefined:
            yield Finding(
                "note", "not computed", f"{limit.text}: its effect on the number of alerts is not worked out here"
            )
        if limit.kind == "backoff":
            yield Finding(
                "note",
                "backoff",
                f"{limit.text}: a scan that sends each port one packet is many flows, and each is counted by itself",
            )
        if (
            limit.kind in ("limit", "threshold", "both")
            and limit.text.startswith("threshold:")
            and rule.dialect is Dialect.SNORT3
        ):
            yield Finding(
                "error",
                "load: threshold",
                "Snort 3 has no threshold in rules; use detection_filter, or event_filter in snort.lua",
            )


def _options(rule: Rule) -> Iterator[Finding]:
    if rule.payload:
        names = ", ".join(rule.payload[:6]) + (", …" if len(rule.payload) > 6 else "")
        yield Finding(
            "note",
            "payload",
            f"{names}: a firewall log has no payload and cannot decide it; the rule matches at most what is "
            "counted as undecided",
        )
    for name in rule.payload:
        if name not in KNOWN and "." not in name:
            close = difflib.get_close_matches(name, HEADER | LABELS | {"content", "pcre"}, n=1, cutoff=0.7)
            hint = f" (is it {close[0]}?)" if close else ""
            text = (
                f"{name} is no keyword that scantui knows{hint}; an engine that does not know it either refuses "
                "the rule"
            )
            yield Finding("warning", "unknown keyword", text)
    if rule.sid is None and rule.dialect is Dialect.SURICATA:
        yield Finding("error", "load: no sid", "Suricata does not load a rule without a sid")
    if rule.silent:
        yield Finding("warning", "noalert", "noalert: it sets state for other rules and never alerts itself")
    if rule.action == "pass":
        yield Finding("warning", "pass", "pass: what it matches is let go, and other rules may never see it")
    if not rule.enabled:
        yield Finding("warning", "disabled", "the rule is commented out: the engine does not load it")


def _firewall(rule: Rule) -> Iterator[Finding]:
    for clause in rule.clauses:
        if clause.text == "--syn" and rule.proto == "tcp":
            yield Finding(
                "note",
                "--syn",
                "--syn asks for SYN without RST, ACK and FIN: SYN-FIN does not match; --tcp-flags SYN,FIN SYN,FIN does",
            )
    if rule.proto in ("ip", "all") and any(clause.option in ("sport", "dport") for clause in rule.clauses):
        yield Finding("warning", "ports without protocol", "ports without -p tcp or -p udp: iptables refuses the line")
    if not rule.enabled:
        yield Finding("warning", "disabled", "the rule is commented out")
