"""iptables and ip6tables: one file for the restore command of either, a chain of its own in the raw table.

Each of the two commands passes over the lines of the other family (iptables(8), -4 and -6)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scantui.explain.rules.draft_firewall import iptables_flags
from scantui.export.blocked import Blocklist, blocklist, second
from scantui.export.handover import Export, Handover, Needs
from scantui.export.packet_pattern import Pattern, patterns
from scantui.export.quoting import comment, iptables_string

_LAST_STOP = (
    2_147_472_000_000_000  # microseconds: 2038-01-19, the last day that the time match knows (iptables-extensions(8))
)


def render(handover: Handover) -> Iterator[str]:
    for line in _lines(blocklist(handover), patterns(handover)):
        yield line + "\n"


def _lines(blocked: Blocklist, found: Sequence[Pattern]) -> Iterator[str]:
    yield from blocked.head(
        "check: iptables-restore --test --noflush FILE   load: iptables-restore --noflush FILE",
        *((f"holds until {second(blocked.until)}, whenever it is loaded",) if _stop(blocked) and blocked.until else ()),
        "ip6tables-restore takes the same file; take back (also before loading again), and the same with ip6tables:",
        "  iptables-save -t raw | grep -v SCANTUI | iptables-restore -T raw",
    )
    yield "*raw"
    yield ":SCANTUI - [0:0]"
    for one in blocked.entries:
        yield from one.said()
        yield f"-{one.network.version} -A SCANTUI -s {one.network} -m comment --comment {iptables_string(one.why)} -j DROP"
    for pattern in found:
        sport = dict(pattern.fields).get("sport")
        if not pattern.drops and sport is None:
            continue  # iptables matches neither IP ID nor window
        yield comment(pattern.text + ("" if pattern.drops else "; of these fields iptables sees the source port only"))
        match = f"-p tcp {iptables_flags(pattern.mask, pattern.value)}" + (
            f" --sport {sport}" if sport is not None else ""
        )
        yield f"-A SCANTUI {match} -m comment --comment {iptables_string(pattern.name)}" + (
            " -j DROP" if pattern.drops else ""
        )
    yield f"-I PREROUTING{_stop(blocked)} -j SCANTUI"
    yield "COMMIT"


def _stop(blocked: Blocklist) -> str:
    until = blocked.until
    if until is None or until >= _LAST_STOP:
        return ""
    return f" -m time --datestop {second(until).removesuffix('Z')}"


EXPORT = Export(
    "iptables",
    ".rules",
    "iptables-restore and ip6tables-restore: a chain that ends in time",
    render,
    Needs.EVENTS,
    acts=True,
)
