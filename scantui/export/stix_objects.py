"""The objects of a STIX bundle, made from what is known of each source. Needs the library stix2."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import stix2

from scantui.detect.scan import Cluster, Scan
from scantui.explain.observation import ODD
from scantui.export.handover import Handover
from scantui.export.incident_source import ports_text, what
from scantui.export.standing import Standing, sureness
from scantui.export.stix_text import stix_string
from scantui.export.stix_traffic import Traffic, traffic
from scantui.safe_text import harmless

_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "scantui:stix")
_LASTING = "2026-01-01T00:00:00Z"  # `created` of objects that are the same in every bundle
_MOST_COUNT = 999_999_999  # of a sighting and an observation (STIX 2.1 §4.14, §5.1)
_MOST_TEXT = 2000
# CAPEC and ATT&CK (MITRE) on port scans; the techniques are those of detect.technique.
_SCANNING = (("capec", "CAPEC-300"), ("mitre-attack", "T1595.001"), ("mitre-attack", "T1046"))
_CAPEC = {
    "syn": "CAPEC-287", "connect": "CAPEC-301", "fin": "CAPEC-302", "xmas": "CAPEC-303", "null": "CAPEC-304",
    "ack": "CAPEC-305", "window": "CAPEC-306", "udp": "CAPEC-308",
}  # fmt: skip


class Maker:
    """Collects the objects of one bundle, each once, in the order in which they were first made."""

    def __init__(self, handover: Handover) -> None:
        self._handover = handover
        self._made: dict[str, Any] = {}
        self._of_source: dict[int, list[str]] = {}
        wishes = handover.wishes
        name = harmless(wishes.organisation or wishes.reporter, _MOST_TEXT)
        self._identity = self._put(
            stix2.Identity(
                id=self.id("identity", name or "scantui"),
                created=_LASTING,
                modified=_LASTING,
                name=name or "scantui",
                identity_class=("organization" if wishes.organisation else "individual") if name else "system",
                **({"contact_information": harmless(wishes.contact, _MOST_TEXT)} if wishes.contact else {}),
            )
        )

    def id(self, kind: str, *parts: str) -> str:
        """The id of an object that these texts tell from all others of its kind."""
        return f"{kind}--{uuid.uuid5(_NAMESPACE, chr(0).join((kind, *parts)))}"

    def bundle(self) -> Iterator[str]:
        """All that was made, as JSON; object by object, since the library's own takes the square of their number."""
        key = self.id("bundle", str(self._handover.made_at), *self._made)
        yield f'{{\n"type": "bundle",\n"id": "{key}",\n"objects": [\n'
        objects = list(self._made.values())
        for made in objects:
            yield made.serialize() + ("\n" if made is objects[-1] else ",\n")
        yield "]\n}\n"

    def add(self, one: Standing) -> None:
        """Everything that a source's scans give."""
        address = stix2.IPv6Address(value=one.address) if ":" in one.address else stix2.IPv4Address(value=one.address)
        self._put(address)
        indicator = self._address(one)
        made = [indicator]
        for scan in one.scans:
            found = traffic(self._handover, one, scan)
            observed = self._observed(one, scan, address, found)
            made.append(observed)
            self._relate(indicator, "based-on", observed, one, scan)
            self._relate(indicator, "indicates", self._technique(scan), one, scan)
            self._sight(one, scan, indicator, observed, found, one.sureness(scan))
            if scan is one.scans[0]:
                self._note(one, indicator, found)
            if pattern := self._pattern(scan, found):
                made.append(pattern)
                self._relate(pattern, "based-on", observed, one, scan)
                self._sight(one, scan, pattern, observed, found, sureness(scan))
        self._of_source[one.code] = made

    def group(self) -> None:
        """A grouping for each cluster that has several of the sources."""
        for cluster in self._handover.snapshot.clusters:
            inside = [code for code in cluster.sources if code in self._of_source]
            if len(inside) > 1:
                self._grouping(cluster, inside)

    def _put(self, made: Any) -> str:
        self._made.setdefault(made["id"], made)
        return str(made["id"])

    def _common(self, kind: str, since: int, *parts: str) -> dict[str, Any]:
        """Id, author and times. `created` is when it was seen: exported again, the object is a newer version of itself."""
        created = min(since, self._handover.made_at)
        return {
            "id": self.id(kind, *parts),
            "created_by_ref": self._identity,
            "created": _stamp(created),
            "modified": _stamp(self._handover.made_at),
        }

    def _address(self, one: Standing) -> str:
        scan, hours = one.scans[0], self._handover.wishes.hours
        first = min(each.first for each in one.scans)
        until = max(max(each.last for each in one.scans), self._handover.made_at) + hours * 3_600_000_000
        kind = "ipv6-addr" if ":" in one.address else "ipv4-addr"
        told = f"{what(scan)}: {scan.packets:,} packets to {scan.ports:,} ports of {scan.targets:,} addresses."
        if one.unproven:
            told += f" The sender is not proven: {'one of a group of decoys' if one.decoy else one.why}."
        return self._put(
            stix2.Indicator(
                **self._common("indicator", first, one.address),
                name=f"Port scan packets from {one.address}",
                description=harmless(told, _MOST_TEXT),
                indicator_types=["anomalous-activity"] if one.unproven else ["malicious-activity"],
                pattern=f"[{kind}:value = {stix_string(one.address)}]",
                pattern_type="stix",
                valid_from=_stamp(first),
                **({"valid_until": _stamp(until)} if hours else {}),
                confidence=max(one.sureness(each) for each in one.scans),
                labels=[
                    "port-scan",
                    *(["spoofable-source"] if one.unproven else []),
                    *(["decoy"] if one.decoy else []),
                ],
            )
        )

    def _observed(self, one: Standing, scan: Scan, address: Any, found: Traffic) -> str:
        refs = [self._put(address)]
        for row in found.rows:
            extra: dict[str, Any] = {"dst_port": row.port} if row.port is not None else {}
            extra |= {"src_port": row.source_port} if row.source_port is not None else {}
            if row.flags is not None:
                extra["extensions"] = {"tcp-ext": {"src_flags_hex": f"{row.flags & 0xFF:02x}"}}
            protocols = ["ipv6" if ":" in one.address else "ipv4", *([row.protocol] if row.protocol else [])]
            made = stix2.NetworkTraffic(
                src_ref=address["id"], protocols=protocols, start=_stamp(row.first), end=_stamp(row.last),
                src_packets=row.packets, is_active=False, **extra,
            )  # fmt: skip
            refs.append(self._put(made))
        return self._put(
            stix2.ObservedData(
                **self._common("observed-data", scan.first, one.address, scan.id),
                first_observed=_stamp(scan.first),
                last_observed=_stamp(scan.last),
                number_observed=_count(found.packets or scan.packets),
                object_refs=refs,
            )
        )

    def _pattern(self, scan: Scan, found: Traffic) -> str:
        """An indicator of the packets themselves, where no operating system sends such first; "" where they are like others."""
        if scan.proto != "tcp" or found.flags is None or not ODD.intersection(scan.techniques):
            return ""
        parts = ["network-traffic:protocols[*] = 'tcp'"]
        if found.source_port is not None:
            parts.append(f"network-traffic:src_port = {found.source_port}")
        parts.append(f"network-traffic:extensions.'tcp-ext'.src_flags_hex = {stix_string(f'{found.flags & 0xFF:02x}')}")
        pattern = f"[{' AND '.join(parts)}]"
        return self._put(
            stix2.Indicator(
                **self._common("indicator", scan.first, pattern),
                name=f"{', '.join(scan.techniques)} scan packets",
                description="Packets of a port scan that no operating system sends by itself, whatever their source address.",
                indicator_types=["malicious-activity"],
                pattern=pattern,
                pattern_type="stix",
                valid_from=_stamp(scan.first),
                confidence=sureness(scan),
                labels=["port-scan"],
            )
        )

    def _technique(self, scan: Scan) -> str:
        found = [("capec", _CAPEC[name]) for name in scan.techniques if name in _CAPEC]
        name = f"Port scanning ({', '.join(scan.techniques)})" if scan.techniques else "Port scanning"
        return self._put(
            stix2.AttackPattern(
                id=self.id("attack-pattern", name),
                created_by_ref=self._identity,
                created=_LASTING,
                modified=_LASTING,
                name=name,
                external_references=[
                    {"source_name": source, "external_id": ref} for source, ref in (*_SCANNING, *found)
                ],
            )
        )

    def _relate(self, source: str, how: str, target: str, one: Standing, scan: Scan) -> None:
        self._put(
            stix2.Relationship(
                **self._common("relationship", scan.first, source, how, target, one.address, scan.id),
                source_ref=source,
                relationship_type=how,
                target_ref=target,
            )
        )

    def _sight(self, one: Standing, scan: Scan, indicator: str, observed: str, found: Traffic, confidence: int) -> None:
        self._put(
            stix2.Sighting(
                **self._common("sighting", scan.first, indicator, one.address, scan.id),
                sighting_of_ref=indicator,
                observed_data_refs=[observed],
                where_sighted_refs=[self._identity],
                first_seen=_stamp(scan.first),
                last_seen=_stamp(scan.last),
                count=_count(found.packets or scan.packets),
                confidence=confidence,
            )
        )

    def _note(self, one: Standing, indicator: str, found: Traffic) -> None:
        """What else to know: who may have sent it, what was left out, and what the analyst noted."""
        told = []
        if one.decoy:
            told.append("One of a group of decoys that sent the same packets at once: most likely not the sender.")
        elif one.unproven:
            told.append(f"The sender is not proven: {one.why}. Block for hours, not for good.")
        if found.left:
            scan = one.scans[0]
            told.append(f"{found.left:,} more ports are not listed one by one; all: {ports_text(scan)}.")
        note = self._handover.marks[one.code].note
        if note:
            told.append(f"The analyst's note: {note}")
        if told:
            self._put(
                stix2.Note(
                    **self._common("note", one.scans[0].first, one.address),
                    abstract="spoofable source" if one.unproven else "about this source",
                    content=harmless(" ".join(told), 4 * _MOST_TEXT),
                    object_refs=[indicator],
                    **({"labels": ["spoofable-source"]} if one.unproven else {}),
                )
            )

    def _grouping(self, cluster: Cluster, inside: list[int]) -> None:
        refs = [ref for code in inside for ref in self._of_source[code]]
        self._put(
            stix2.Grouping(
                **self._common("grouping", cluster.first, cluster.id),
                name=f"{cluster.relation} scan, {len(cluster.sources):,} sources",
                context="suspicious-activity",
                object_refs=list(dict.fromkeys(refs)),
                **({"description": harmless(cluster.text, _MOST_TEXT)} if cluster.text else {}),
            )
        )


def _stamp(micros: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=micros)


def _count(packets: int) -> int:
    return max(1, min(_MOST_COUNT, packets))
