"""The languages of rules, and which one a text is written in."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum


class Dialect(Enum):
    SNORT2 = "snort2"
    SNORT3 = "snort3"
    SURICATA = "suricata"
    IPTABLES = "iptables"
    NFT = "nft"

    @property
    def snort(self) -> bool:
        return self in (Dialect.SNORT2, Dialect.SNORT3)

    @property
    def title(self) -> str:
        return {"snort2": "Snort 2", "snort3": "Snort 3", "suricata": "Suricata"}.get(self.value, self.value)


@dataclass(frozen=True, slots=True)
class Guess:
    """A dialect, and what it was told by; `obvious` is false when nothing spoke for one."""

    dialect: Dialect
    reason: str
    obvious: bool


def _any(texts: str) -> str:
    return "(?:" + "|".join(texts.split()) + ")"


def _keyword(texts: str) -> re.Pattern[str]:
    return re.compile(rf"[;(]\s*{_any(texts)}\s*[;:]")


_OWN_PROTOCOL = _any(
    r"tls ssh dns smb ftp ftp-data smtp tcp-pkt tcp-stream pkthdr ip[46v]\w* nfs krb5 quic dhcp mqtt rdp sip snmp"
)
_CONF = _any("ipvar portvar preprocessor dynamicpreprocessor dynamicengine config output")

# Words that only one of the three writes (Suricata 8 user guide, Snort 3 rule writing guide, Snort 2.9 manual).
_TELLS: tuple[tuple[Dialect, re.Pattern[str], str], ...] = (
    (
        Dialect.SURICATA,
        re.compile(
            rf"[;(]\s*{_any('http tls dns ssh file smb ja3s? quic tcp udp icmpv[46] krb5 snmp mqtt sip')}\.[a-z0-9_.]+\s*[;:]"
        ),
        "a keyword with a dot",
    ),
    (
        Dialect.SURICATA,
        re.compile(rf"^\s*#?\s*\w+\s+{_OWN_PROTOCOL}\s+[^(]"),
        "the protocol in a header",
    ),
    (Dialect.SURICATA, re.compile(r"^[^(]*\s=>\s"), "the direction =>"),
    (
        Dialect.SURICATA,
        _keyword(
            "dataset xbits flowint bypass noalert app-layer-protocol app-layer-event decode-event stream-event prefilter "
            "bsize target datarep iprep dotprefix startswith endswith"
        ),
        "a keyword of its own",
    ),
    (
        Dialect.SURICATA,
        re.compile(r"track\s+by_(?:both|rule|flow)|type\s+backoff|unique_on"),
        "the track of a threshold",
    ),
    (Dialect.SNORT3, re.compile(r"^\s*#?\s*\w+\s+(?:\w+\s*)?\("), "a header without addresses"),
    (
        Dialect.SNORT3,
        _keyword("rem service soid bufferlen so file_type js_data sd_pattern regex enable"),
        "a keyword of its own",
    ),
    (
        Dialect.SNORT3,
        re.compile(r"content\s*:\s*!?\"(?:[^\"\\]|\\.)*\"\s*,"),
        "commas between the parts of content",
    ),
    (Dialect.SNORT3, re.compile(r"<=>"), "the range <=>"),
    (Dialect.SNORT2, re.compile(rf"^\s*{_CONF}\s"), "a line of snort.conf"),
    (
        Dialect.SNORT2,
        _keyword("uricontent activates activated_by logto session resp react"),
        "a keyword of its own",
    ),
    (Dialect.SNORT2, re.compile(r"^\s*#?\s*(?:activate|dynamic|sdrop)\s"), "an action of its own"),
)


def guess(names: Iterable[str], lines: Iterable[str]) -> Guess:
    """The dialect of rule lines and of the configuration files they came with."""
    votes: dict[Dialect, int] = {}
    reasons: dict[Dialect, str] = {}
    names = tuple(names)
    if not names:
        return Guess(Dialect.SNORT2, "no rules were given", False)
    for name in names:
        low = name.lower()
        if low.endswith((".yaml", ".yml")):
            found = Dialect.SURICATA
        elif low.endswith(".lua"):
            found = Dialect.SNORT3
        elif low.endswith("snort.conf"):
            found = Dialect.SNORT2
        else:
            continue
        votes[found] = votes.get(found, 0) + 1_000_000
        reasons.setdefault(found, "its configuration file")
    for line in lines:
        for dialect, pattern, why in _TELLS:
            if pattern.search(line):
                votes[dialect] = votes.get(dialect, 0) + 1
                reasons.setdefault(dialect, why)
    if not votes:
        return Guess(Dialect.SNORT2, "nothing in the file tells Snort 2, Snort 3 and Suricata apart", False)
    ranked = sorted(votes.items(), key=lambda vote: -vote[1])
    best, count = ranked[0]
    if len(ranked) > 1 and ranked[1][1] * 2 > count:
        others = " and ".join(dialect.title for dialect, _ in ranked[:2])
        return Guess(best, f"signs of {others} side by side", False)
    return Guess(best, reasons[best], True)
