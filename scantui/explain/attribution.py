"""Attribution: which tool made these probes, with what speaks for and against each, and the fields that would decide.

Log-odds of each tool against a program of unknown make, field by field. What packets carry counts in full; what a script can
choose (order, retries, source ports) counts up to a limit, and alone names no tool: ports and flags are anybody's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from math import exp, log

from scantui.events import Events
from scantui.explain.behaviour import behaviour_observations
from scantui.explain.headers import header_observations
from scantui.explain.observation import BEHAVIOUR, COLUMN, TITLE, Observation
from scantui.explain.probes import Probes, probes_of
from scantui.explain.toolbook import Tool, tools, yardstick

NAMED = 0.5  # from this probability a tool is named
_UNNAMED = 0.49  # at most, where only behaviour speaks
# Bounds of all behaviour together, and of the port set: its pieces depend on each other and anyone can imitate them.
_BEHAVIOUR = (-3.0, 1.5)
_HEADER_SAYS = 1.0  # log-odds that headers must give before a tool is named
_TELLING = 0.4  # log-odds from which a piece is worth a line
_LISTED = 0.05
_MOST = 4
_ALIKE = 0.9  # of an episode's probes: below, it is said that the rest was made in another way
# What netfilter's LOG leaves out unless told (iptables-extensions(8), LOG).
_SETTING = {"seq": " (--log-tcp-sequence)", "ack": " (--log-tcp-sequence)", "options": " (--log-tcp-options)"}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A tool that may have sent the probes. `missing` are event columns the log did not give."""

    name: str
    mode: str
    probability: float
    speaks_for: tuple[str, ...]
    against: tuple[str, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Attribution:
    """Candidates, most probable first; `other` is the probability of none of them. `decide` names what would tell more."""

    candidates: tuple[Candidate, ...]
    other: float
    other_mode: str
    decide: tuple[str, ...]
    seen: tuple[Observation, ...]
    about: str = (
        ""  # which packets this rests on, where the episode has others: `120 of 300 packets that were made alike`
    )

    @property
    def named(self) -> Candidate | None:
        """The tool, if the log tells it."""
        first = self.candidates[0] if self.candidates else None
        return first if first is not None and first.probability >= NAMED else None


@dataclass(frozen=True, slots=True)
class _Weighed:
    tool: Tool
    pieces: Mapping[str, float]  # field to log-odds
    total: float  # with the prior
    strong: float  # what does not rest on behaviour


def observe(probes: Probes, *, twins: bool = False) -> dict[str, Observation]:
    """What each field does. `twins`: other sources sent the same packets at the same time."""
    seen = {one.field: one for one in header_observations(probes)}
    seen |= {one.field: one for one in behaviour_observations(probes)}
    if twins and probes.rows.is_known("ip_id").any():
        seen["decoys"] = Observation(
            "decoys", "twins", "other sources sent the same IP ID and ports at the same moment"
        )
    return seen


def attribute(events: Events, *, twins: bool = False) -> Attribution | None:
    """The tools that may have sent an episode's probes (events of one source in time order); None when there are none."""
    probes = probes_of(events)
    if probes is None:
        return None
    seen = observe(probes, twins=twins)
    weighed = [
        _weigh(tool, seen)
        for tool in tools()
        if tool.can_send(probes.proto, probes.flags, ipv6=probes.ipv6) and _has(tool, probes, seen)
    ]
    unseen = _unlogged(probes, seen)
    top = max(one.total for one in weighed)
    share = {id(one): exp(one.total - top) for one in weighed}
    whole = sum(share.values())
    floor = max(one.strong for one in weighed if one.tool.generic)
    by_name: dict[str, list[_Weighed]] = {}
    for one in weighed:
        if not one.tool.generic:
            by_name.setdefault(one.tool.name, []).append(one)
    found: list[Candidate] = []
    for name, modes in by_name.items():
        best = _joined(modes)
        probability = sum(share[id(one)] for one in modes) / whole
        if best.strong - floor < _HEADER_SAYS:
            probability = min(probability, _UNNAMED)
        if probability >= _LISTED:
            found.append(_candidate(name, best, probability, seen, unseen))
    found.sort(key=lambda one: (-one.probability, one.name))
    found = found[:_MOST]
    generic = max((one for one in weighed if one.tool.generic), key=lambda one: one.total)
    other = max(0.0, 1.0 - sum(one.probability for one in found))
    leading = [one for one in weighed if not one.tool.generic and share[id(one)] / whole >= _LISTED]
    decide = () if found and found[0].probability >= 0.95 else _decide(sorted(leading, key=lambda o: -o.total), unseen)
    return Attribution(tuple(found), round(other, 3), generic.tool.mode, decide, tuple(seen.values()), _about(probes))


def _joined(modes: list[_Weighed]) -> _Weighed:
    """A tool's most probable mode; one that needs something special and found it names the mode, and both speak."""
    best = max(modes, key=lambda one: one.total)
    special = max((one for one in modes if one.tool.requires), key=lambda one: one.total, default=best)
    if special is best:
        return best
    fields = {**best.tool.fields, **special.tool.fields}
    tool = replace(best.tool, mode=special.tool.mode, fields=fields)
    return _Weighed(tool, {**best.pieces, **special.pieces}, best.total, max(best.strong, special.strong))


def _about(probes: Probes) -> str:
    """Where not all of an episode was made alike: how much of it the candidates rest on."""
    of = probes.asked
    if not of or len(probes.rows) >= _ALIKE * of:
        return ""
    return f"{len(probes.rows):,} of {of:,} packets that were made alike"


def _has(tool: Tool, probes: Probes, seen: Mapping[str, Observation]) -> bool:
    """Whether what a tool cannot do without is there: a field, a class of it as `window=ttl-linked`, or a source port as
    `sport=N`."""
    for need in tool.requires:
        name, _, value = need.partition("=")
        if not value:
            there = any(field in seen for field in name.split("|"))
        elif name == "sport":
            there = bool(probes.rows.is_known("sport").all() and (probes.rows.sport == int(value)).all())
        else:
            there = name in seen and seen[name].value == value
        if not there:
            return False
    return True


def _weigh(tool: Tool, seen: Mapping[str, Observation]) -> _Weighed:
    custom = yardstick().fields
    pieces = {
        name: tool.fields[name].odds(one, custom[name])
        for name, one in seen.items()
        if name in tool.fields and not _told_already(name, tool, seen)
    }
    strong = sum(odds for name, odds in pieces.items() if name not in BEHAVIOUR or seen[name].decisive)
    what = pieces.get("ports", 0.0)
    how = sum(pieces.values()) - strong - what
    low, high = _BEHAVIOUR
    soft = sum(min(high, max(low, piece)) for piece in (how, what))
    return _Weighed(tool, pieces, log(tool.prior) + strong + soft, strong)


def _told_already(name: str, tool: Tool, seen: Mapping[str, Observation]) -> bool:
    """The length of a header without data is that of its options: where those are logged it says nothing more."""
    return name == "size" and "options" in seen and "options" in tool.fields and seen[name].value != "data"


def _candidate(
    name: str, best: _Weighed, probability: float, seen: Mapping[str, Observation], unseen: tuple[str, ...]
) -> Candidate:
    ranked = sorted(best.pieces.items(), key=lambda piece: -abs(piece[1]))
    expect = best.tool.fields

    def words(field: str) -> str:
        says = expect[field].says
        return f"{seen[field].text}; {name}: {says}" if says else seen[field].text

    return Candidate(
        name,
        best.tool.mode,
        round(min(probability, 0.999), 3),
        tuple(words(field) for field, odds in ranked if odds >= _TELLING),
        tuple(words(field) for field, odds in ranked if odds <= -_TELLING),
        tuple(dict.fromkeys(COLUMN[field] for field in unseen if _tells(best.tool, field) >= _TELLING)),
    )


def _tells(tool: Tool, field: str) -> float:
    """The most that seeing `field` could speak for `tool`, log-odds."""
    if field not in tool.fields:
        return 0.0
    custom = yardstick().fields[field]
    return max(
        tool.fields[field].odds(Observation(field, value, "", "constant" if value.isdigit() else "other"), custom)
        for value in tool.fields[field].chance
        if value != "other"
    )


def _unlogged(probes: Probes, seen: Mapping[str, Observation]) -> tuple[str, ...]:
    """Fields that the log does not give for these probes and that such packets have."""
    fields: tuple[str, ...] = ("ttl", "ip_id", "size", "df")
    if probes.proto == "tcp":
        fields = ("window", *fields, "seq", "ack", "options")
    if probes.ipv6:
        fields = tuple(field for field in fields if field not in ("ip_id", "df"))
    return tuple(field for field in fields if field not in seen and not _logged(probes, COLUMN[field]))


def _logged(probes: Probes, column: str) -> bool:
    """Whether the log gives a column at all; options count as given when any packet shows some, for many have none."""
    if column == "tcp_options":
        return bool((probes.whole.tcp_options > 0).any())
    return bool(probes.rows.is_known(column).any())


def _decide(leading: Iterable[_Weighed], unseen: tuple[str, ...]) -> tuple[str, ...]:
    """For each field not logged, what it would be for the tools in question; the most telling first."""
    leading = list(leading)
    lines = []
    for field in unseen:
        says = {}
        for one in leading:
            if field in one.tool.fields and one.tool.name not in says:
                says[one.tool.name] = one.tool.fields[field].says
        if says and (len(says) == 1 or len(set(says.values())) > 1):
            worth = sum(_tells(one.tool, field) for one in leading)
            if worth < _TELLING:
                continue
            lines.append(
                (
                    worth,
                    f"{TITLE[field]}{_SETTING.get(field, '')}: "
                    + "; ".join(f"{name} {text}" for name, text in says.items()),
                )
            )
    lines.sort(key=lambda line: -line[0])
    return tuple(text for _, text in lines[:5])
