"""What a filter means, row by row and plainly: the masks must equal this."""

from __future__ import annotations

import ipaddress

from scantui.events import Proto, flag_text
from scantui.find.addresses import ADDRESS_CHARS, Addresses
from scantui.find.fields import BY_NAME
from scantui.find.tree import And, Compare, Node, Not, Or, Word
from scantui.find.values import DAY, Moments, Numbers
from scantui.snapshot import VERDICT_NAMES, Snapshot

Said = list[str]


def rows(node: Node | None, snapshot: Snapshot) -> list[bool]:
    return [node is None or holds(node, snapshot, row) for row in range(len(snapshot.sources))]


def holds(node: Node, s: Snapshot, row: int) -> bool:
    if isinstance(node, Not):
        return not holds(node.node, s, row)
    if isinstance(node, And):
        return all(holds(part, s, row) for part in node.nodes)
    if isinstance(node, Or):
        return any(holds(part, s, row) for part in node.nodes)
    if isinstance(node, Word):
        return _word(node, s, row)
    if node.sign == "!=":
        return _known(node.field, s, row) and not any(_fits(node, ":", value, s, row) for value in node.values)
    return any(_fits(node, node.sign, value, s, row) for value in node.values)


def _scan(s: Snapshot, row: int):
    index = int(s.sources.scan[row])
    return s.scans[index] if 0 <= index < len(s.scans) else None


def _address(s: Snapshot, row: int) -> str:
    return s.address(int(s.sources.code[row]))


def texts(field: str, s: Snapshot, row: int) -> Said:
    """The words of a TEXT field, lower case."""
    scan, mark = _scan(s, row), s.marks.get(int(s.sources.code[row]))
    flags, proto = int(s.sources.flags[row]), int(s.sources.proto[row])
    own_flags = [flag_text(flags)] if flags >= 0 else []
    cluster = next((c for c in s.clusters if scan is not None and c.id == scan.cluster), None)
    tool = s.tools[scan.id].named if scan is not None and scan.id in s.tools else None
    found = {
        "verdict": [VERDICT_NAMES[int(s.sources.verdict[row])] or "none"],
        "kind": [scan.kind.value] if scan else [],
        "technique": list(scan.techniques) if scan and scan.techniques else own_flags,
        "flags": (list(scan.techniques) if scan else []) + own_flags,
        "proto": ([Proto(proto).name] if proto > 0 else [])
        + ([scan.proto] if scan and scan.proto != "unknown" else []),
        "cluster": [scan.cluster] if scan and scan.cluster else [],
        "relation": [cluster.relation] if cluster else [],
        "tool": [tool.name] if tool else [],
        "country": _placed(s, row, "country") or _placed(s, row, "scope"),
        "as": _placed(s, row, "holder"),
        "known": _placed(s, row, "known"),
        "evidence": [f"{e.name}: {e.text}" for e in scan.evidence] if scan else [],
        "note": [mark.note] if mark and mark.note else [],
        "mark": [mark.verdict or "marked"] if mark else [],
    }[field]
    return [text.lower() for text in found]


def _placed(s: Snapshot, row: int, column: str) -> Said:
    """What files say of the source; nothing of one that was not looked at."""
    at = {code: at for at, code in enumerate(s.places.code.tolist())}.get(int(s.sources.code[row]))
    return [] if at is None else list(s.places.words[int(getattr(s.places, column)[at])])


def _word(node: Word, s: Snapshot, row: int) -> bool:
    if isinstance(node.value, Addresses):
        return _inside(node.value, _address(s, row))
    said = [text for field in ("verdict", "kind", "flags", "cluster", "relation", "tool", "as", "known", "note", "mark")
            for text in texts(field, s, row)]  # fmt: skip
    if ADDRESS_CHARS.issuperset(node.value.text):
        address = _address(s, row)
        said.append(address if not node.value.is_wild or node.value.equals(address) else "")
    return any(node.value.within(text) for text in said)


def _inside(wanted: Addresses, text: str) -> bool:
    address = ipaddress.ip_address(text)
    return address.version == wanted.version and wanted.low <= int(address) <= wanted.high


def _fits(node: Compare, sign: str, value, s: Snapshot, row: int) -> bool:
    if isinstance(value, Numbers):
        return any(_number(sign, value, n) for n in numbers(node.field, s, row))
    if isinstance(value, Moments):
        return _moment(
            sign, value, int((s.sources.first if node.field == "first" else s.sources.last)[row]), s.status.now
        )
    if isinstance(value, Addresses):
        scan = _scan(s, row)
        found = [_address(s, row)] if node.field == "src" else [s.address(t) for t in scan.target_list] if scan else []
        if value.version:
            return any(_inside(value, text) for text in found)
        whole = not value.pattern.literal and any(c in value.pattern.text for c in "*?")
        return any(value.pattern.equals(text) if whole else value.pattern.within(text) for text in found)
    if node.field == "is":
        return any(value.equals(name) and _trait(name, s, row) for name in BY_NAME["is"].choices)
    test = value.within if node.field in ("note", "evidence", "as") else value.equals
    return any(test(text) for text in texts(node.field, s, row))


def _trait(name: str, s: Snapshot, row: int) -> bool:
    scan = _scan(s, row)
    return {"marked": int(s.sources.code[row]) in s.marks, "noted": bool(texts("note", s, row)),
            "clustered": bool(scan and scan.cluster), "slow": bool(scan and scan.slow),
            "ipv6": ":" in _address(s, row), "ipv4": ":" not in _address(s, row)}[name]  # fmt: skip


def numbers(field: str, s: Snapshot, row: int) -> list[float]:
    """The values of a NUMBER field that are known; `varies` is -1."""
    table, scan = s.sources, _scan(s, row)
    if field == "rate":
        return [int(table.events[row]) / max((int(table.last[row]) - int(table.first[row])) / 1e6, 1.0)]
    if field == "score":
        return [float(table.score[row])] if scan else []
    if field == "asn":
        known = dict(zip(s.places.code.tolist(), s.places.asn.tolist(), strict=True)).get(int(table.code[row]), -1)
        return [known] if known >= 0 else []
    if field in ("port", "sport"):
        one = int((table.dport if field == "port" else table.sport)[row])
        return ([one] if one >= -1 else []) + (list(scan.port_list) if scan and field == "port" else [])
    return [int(getattr(table, field)[row])]


def _number(sign: str, value: Numbers, n: float) -> bool:
    if value.text == "varies":
        return n == -1
    if n == -1:
        return False
    if sign == ":":
        return value.low <= n <= value.high
    return {">": n > value.low, ">=": n >= value.low, "<": n < value.low, "<=": n <= value.low}[sign]


def _moment(sign: str, value: Moments, at: int, now: int) -> bool:
    low, high = value.low, value.high
    start, end = low.start(now), high.start(now)
    if sign == ":" and low == high:
        return now - at <= low.amount if low.form == "age" else start <= at < start + low.unit
    if sign == ":":
        if low.form == high.form == "clock" and end < start:
            start -= DAY
        (a, unit), (b, last) = sorted([(start, low.unit), (end, high.unit)])
        return a <= at < max(a + unit, b + last, b + 1)
    if low.form == "age":
        age = now - at
        return {">": age > low.amount, ">=": age >= low.amount, "<": age < low.amount, "<=": age <= low.amount}[sign]
    return {">": at > start, ">=": at >= start, "<": at < start, "<=": at < start + low.unit}[sign]


def _known(field: str, s: Snapshot, row: int) -> bool:
    form = BY_NAME[field].form.name
    if field == "target":
        return _scan(s, row) is not None
    if field == "port":
        return bool(numbers(field, s, row)) or _scan(s, row) is not None
    if form == "NUMBER":
        return bool(numbers(field, s, row))
    return form != "TEXT" or field == "is" or bool(texts(field, s, row))
