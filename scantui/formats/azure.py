"""Azure's flow logs: blobs of records in which flow tuples are listed by rule and interface; each becomes a line of its own.

NSG: https://learn.microsoft.com/en-us/azure/network-watcher/nsg-flow-logs-overview; virtual network:
https://learn.microsoft.com/en-us/azure/network-watcher/vnet-flow-logs-overview. `files/azure.toml` reads the lines.
"""

from __future__ import annotations

import re

import msgspec

from scantui.formats.json_tree import DAMAGED

_TAG = "azure-flow"
_BLANKS = re.compile(r"[\x00-\x20]+")


class _Rule(msgspec.Struct):
    rule: str = ""
    flowTuples: list[str] = []  # of a virtual network
    flows: list[_Inner] = []  # of a security group
    flowGroups: list[_Rule] = []


class _Inner(msgspec.Struct):
    flowTuples: list[str] = []


class _Flows(msgspec.Struct):
    flows: list[_Rule] = []


class _Record(msgspec.Struct):
    properties: _Flows = msgspec.field(default_factory=_Flows)
    flowRecords: _Flows = msgspec.field(default_factory=_Flows)


def tuples_of(records: bytes) -> list[bytes]:
    """The lines of a blob's records (JSON); none when it is no flow log."""
    try:
        found = msgspec.json.decode(records, type=list[_Record])
    except DAMAGED:
        return []
    made: list[bytes] = []
    for record in found:
        for flow in (*record.properties.flows, *record.flowRecords.flows):
            for group in (flow, *flow.flowGroups):
                for one in (*group.flowTuples, *(text for inner in group.flows for text in inner.flowTuples)):
                    made.append(_line(group.rule, one))
    return made


def _line(rule: str, one: str) -> bytes:
    """`azure-flow RULE,` and the tuple."""
    return f"{_TAG} {_BLANKS.sub('_', rule.replace(',', '_'))},{_BLANKS.sub('_', one)}".encode()
