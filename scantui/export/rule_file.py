"""A file of Snort or Suricata rules: the drafts for each chosen scan, with what each does in this log as comments."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from scantui import __version__
from scantui.detect.scan import Scan
from scantui.explain.rules.dialect import Dialect
from scantui.explain.rules.reach import Extent, Reach
from scantui.explain.rules.trial import Drafted
from scantui.export.blocked import second, what
from scantui.export.handover import Handover
from scantui.export.quoting import comment

_SID = re.compile(r"\bsid:\d+;")
_COUNT = re.compile(r"\bdetection_filter:track by_src, count (\d+),")
_MOST_SID = (1 << 32) - 1
_MOST_NAMED = 4
_DRAFTED_AS = {Dialect.SNORT2: Dialect.SNORT3}  # the options that drafts use are written alike in both


@dataclass(frozen=True, slots=True)
class _One:
    """A draft, and the scan it was drafted for."""

    scan: Scan | None
    address: str
    drafted: Drafted
    packets: int

    @property
    def text(self) -> str:
        """The rule without its number."""
        return _SID.sub("sid:;", self.drafted.draft.text)

    @property
    def count(self) -> int:
        """What its detection_filter counts to, 0 without one."""
        found = _COUNT.search(self.text)
        return int(found[1]) if found else 0

    @property
    def loud(self) -> bool:
        """Whether it alerts on sources that did not scan, or may."""
        reach = self.drafted.reach
        return bool(reach.benign_packets) if reach.benign_alerts is None else bool(reach.benign_alerts)


def rule_file(handover: Handover, dialect: Dialect) -> Iterator[str]:
    """Lines with their ends. Raises ValueError when there is nothing to draft from."""
    language = _DRAFTED_AS.get(dialect, dialect).value
    extent, drafts, without = _drafts(handover, language)
    if extent is None or not drafts:
        raise ValueError(
            "no rule can be drafted: none of these sources scanned, or the log tells no protocol of their packets"
        )
    yield from (line + "\n" for line in _head(handover, dialect, extent))
    for address in without:
        yield comment(f"{address}: no rule: not judged a scan, or the log tells no protocol of its packets") + "\n"
    sid = handover.wishes.sid
    narrow = [[one] for one in drafts if one.drafted.draft.breadth == "narrowest"]
    for group in (*narrow, *_merged([one for one in drafts if one.drafted.draft.breadth == "broadest"])):
        if sid > _MOST_SID:
            raise ValueError(f"a sid is at most {_MOST_SID}: begin with a lower one")
        yield "\n"
        yield from (line + "\n" for line in _rule(group, sid))
        sid += 1


def _drafts(handover: Handover, language: str) -> tuple[Extent | None, list[_One], list[str]]:
    extent, found, without, seen = None, [], [], set()
    for detail in handover.dossiers.values():
        trial = detail.rules.trials[0] if detail.rules is not None else None
        drafts = [one for one in trial.drafts if one.draft.language == language] if trial is not None else []
        if trial is None or detail.rules is None or not drafts:
            without.append(detail.address)
        elif trial.id not in seen:
            seen.add(trial.id)
            extent = detail.rules.extent
            found += [_One(trial.scan, detail.address, one, trial.packets) for one in drafts]
    return extent, found, without


def _merged(drafts: list[_One]) -> Iterator[list[_One]]:
    """Equal rules once. Of those that differ in the count of their filter only, a quiet one stands for all that count further."""
    shapes: dict[str, dict[int, list[_One]]] = {}
    for one in drafts:
        shapes.setdefault(_COUNT.sub("", one.text), {}).setdefault(one.count, []).append(one)
    for counts in shapes.values():
        quiet: list[_One] = []
        for count in sorted(counts):
            group = counts[count]
            if group[0].loud:
                yield group
            else:
                quiet += group
        if quiet:
            yield quiet


def _head(handover: Handover, dialect: Dialect, extent: Extent) -> Iterator[str]:
    yield comment(f"scantui {__version__}, {second(handover.made_at)}: {dialect.title} rules")
    span = (
        f", {second(extent.first)} to {second(extent.last)}"
        if extent.first is not None and extent.last is not None
        else ""
    )
    newest = " newest" if extent.newest_only else ""
    yield comment(
        f"measured on the {extent.packets:,}{newest} packets of the log{span}; a rule that is loud there is commented out"
    )


def _rule(group: list[_One], sid: int) -> Iterator[str]:
    first = group[0]
    draft, reach = first.drafted.draft, first.drafted.reach
    if draft.breadth == "narrowest":
        about = what(first.scan) if first.scan is not None else "not judged"
        yield comment(f"narrowest, {first.address}: {about}")
        yield comment(f"{first.drafted.matched:,} of {first.packets:,} packets of the scan; {_reach(reach)}")
        if draft.note:
            yield comment(f"holds more: {draft.note}")
        for finding in draft.rule.findings:
            yield comment(f"{finding.level}: {finding.text}")
    else:
        names = [one.address for one in group]
        more = f" and {len(names) - _MOST_NAMED:,} more" if len(names) > _MOST_NAMED else ""
        matched, packets = sum(one.drafted.matched for one in group), sum(one.packets for one in group)
        yield comment(f"broadest, {', '.join(names[:_MOST_NAMED])}{more}")
        yield comment(f"{matched:,} of {packets:,} packets of the scans; {_reach(reach)}")
    text = _SID.sub(f"sid:{sid};", draft.text)
    yield f"# {text}" if first.loud else text


def _reach(reach: Reach) -> str:
    alerts = "" if reach.alerts is None else f", {_count(reach.alerts, 'alert')}"
    loud = f", {_count(reach.benign_alerts, 'alert')} for them" if reach.benign_alerts else ""
    open_ = f", {reach.undecided:,} undecided" if reach.undecided else ""
    scans = f"{reach.scans:,} of {_count(reach.scans_in_all, 'scan')}"
    suspects = f", {reach.suspects:,} of {_count(reach.suspects_in_all, 'suspect')}" if reach.suspects_in_all else ""
    return (
        f"in the whole log {_count(reach.packets, 'packet')} of {_count(reach.sources, 'source')}{open_}{alerts}: "
        f"{scans}{suspects}, {_count(reach.benign, 'source')} that did not scan{loud}"
    )


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
