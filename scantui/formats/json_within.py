"""What a line's object says, or an object that stands inside it.

Log shippers and clouds put a sensor's object into one of their own: `{"firewall_name": ..., "event": {...}}` (AWS Network
Firewall), `{"time": ..., "host": ..., "event": {...}}` (Splunk's HTTP event collector), `{"rule": ..., "agent": ..., "data":
{...}}` (Wazuh), `{"@timestamp": ..., "json": {...}}` (Elastic's agents), `{"jsonPayload": {...}}` (Google Cloud). Where the outer
object is not the format's, the first of these that is counts, by paths that begin with its key.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

import msgspec

from scantui.formats.json_plan import Fields, Plan, Plans
from scantui.formats.json_tree import DAMAGED, Tree

INSIDE = (
    "event",
    "data",
    "json",
    "jsonPayload",
    "log",
    "message",
    "@message",
    "payload",
    "result",
    "suricata.eve",
    "conn",
)
# Where the outer object says whose the inner one is.
SENSORS = ("host.name", "predecoder.hostname", "agent.name", "firewall_name", "hostname", "host")
Texts: TypeAlias = "dict[str, bytes]"


class Held:
    """The objects that stand at some paths of an object, as they are written."""

    def __init__(self, paths: Iterable[str] = INSIDE) -> None:
        self._paths = [path.split(".") for path in paths]
        self._first = _decoder([parts[0] for parts in self._paths])
        self._second = [_decoder(parts[1:2]) if len(parts) > 1 else None for parts in self._paths]

    def of(self, text: bytes) -> Iterator[tuple[str, bytes]]:
        """Path and object, in the order of the paths."""
        try:
            values = msgspec.structs.astuple(self._first.decode(text))
            for parts, second, raw in zip(self._paths, self._second, values, strict=True):
                value = bytes(raw)
                if second is not None and value[:1] == b"{":
                    value = bytes(msgspec.structs.astuple(second.decode(value))[0])
                if value[:1] == b"{":
                    yield ".".join(parts), value
        except DAMAGED:
            return


def _decoder(keys: Iterable[str]) -> msgspec.json.Decoder[msgspec.Struct]:
    fields = [
        (f"f{number}", msgspec.Raw, msgspec.field(name=key, default=msgspec.Raw())) for number, key in enumerate(keys)
    ]
    return msgspec.json.Decoder(msgspec.defstruct("Held", fields))


@dataclass(frozen=True)
class Said:
    """What a line says by its paths from the line's own object; its plan, and for each field (by number) its paths. `asked` are
    the objects that were looked at until one had a plan: what stands before their paths, and what they say."""

    plan: Plan | None
    fields: Fields
    texts: Texts
    asked: tuple[tuple[str, Texts], ...]


class Within:
    """Reads what objects say, and those `inside` them."""

    def __init__(self, plans: Plans, *, inside: bool) -> None:
        self._plans = plans
        self._tree, self._sensors = Tree(plans.paths), Tree(SENSORS)
        self._held = Held() if inside else None
        self._sensor = plans.names.index("sensor") if "sensor" in plans.names else -1
        self._fields: dict[tuple[int, str], Fields] = {}

    def read(self, text: bytes) -> Said | None:
        """What an object says; None when it is none."""
        texts = self._tree.read(text)
        if texts is None:
            return None
        plan = self._plans.of(texts)
        if plan is not None or self._held is None:
            return Said(plan, plan.fields if plan else (), texts, (("", texts),))
        asked = [("", texts)]
        for path, inner in self._held.of(text):
            before = path + "."
            within = self._tree.read(inner) or {}
            asked.append((before, within))
            plan = self._plans.of(within)
            if plan is not None:
                said = {start + name: value for start, one in asked for name, value in one.items()}
                return Said(plan, self._inner(plan, before), (self._sensors.read(text) or {}) | said, tuple(asked))
        return Said(None, (), texts, tuple(asked))

    def _inner(self, plan: Plan, before: str) -> Fields:
        """The fields of a plan for an object that stands at a path."""
        made = self._fields.get((id(plan), before))
        if made is None:
            inner = {number: tuple(before + path for path in paths) for number, paths in plan.fields}
            if self._sensor in inner:
                inner[self._sensor] += SENSORS
            made = self._fields[id(plan), before] = tuple(inner.items())
        return made

    def deciding(self, said: Said) -> tuple[set[str], set[str]]:
        """The paths whose texts decided of such a line, and those of which it mattered only whether they say something."""
        texts: set[str] = set()
        present: set[str] = set()
        for before, one in said.asked:
            decided, mattered = self._plans.deciding(one)
            texts |= {before + path for path in decided}
            present |= {before + path for path in mattered}
        return texts, present
