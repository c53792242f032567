"""Lists of known addresses: plain lists, Maltrail's static trails, and CSV with a header. Strict, line by line."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
    summarize_address_range,
)
from pathlib import Path

from scantui.explain.addresses import is_address
from scantui.explain.place import Listed
from scantui.safe_text import harmless

MOST_BYTES = 64 << 20  # of a list
_ADDRESS_COLUMNS = (
    "ip",
    "ip_address",
    "address",
    "addr",
    "network",
    "cidr",
    "prefix",
    "ip_range",
    "range",
    "indicator",
)
_NAME_COLUMNS = (
    "name",
    "organisation",
    "organization",
    "org",
    "operator",
    "scanner",
    "actor",
    "tag",
    "label",
    "description",
)
_ENTRY = re.compile(r"([0-9a-fA-F:.]+(?:/\d{1,3}|\s*-\s*[0-9a-fA-F:.]+)?)(?:\s*[,;#]\s*|\s+|$)(.*)", re.ASCII)
Network = IPv4Network | IPv6Network
Line = tuple[Network, str, int]


class KnownList:
    """The networks of one list by prefix length, so that a look costs one dictionary access a length in use."""

    def __init__(self, file: str, lines: Iterator[Line]) -> None:
        self.file = file
        self._at: dict[tuple[int, int], dict[int, tuple[str, int]]] = {}
        for network, name, number in lines:
            level = self._at.setdefault((network.version, network.prefixlen), {})
            level.setdefault(int(network.network_address), (name, number))
        self._lengths = sorted(self._at, reverse=True)

    def __len__(self) -> int:
        return sum(map(len, self._at.values()))

    def find(self, address: IPv4Address | IPv6Address) -> Listed | None:
        """The line with the smallest network that holds `address`; the first of equal ones."""
        value, bits = int(address), address.max_prefixlen
        for version, length in self._lengths:
            if version == address.version:
                start = value >> (bits - length) << (bits - length)
                found = self._at[version, length].get(start)
                if found is not None:
                    return Listed(found[0], f"{type(address)(start)}/{length}", self.file, found[1])
        return None


def read_list(path: str) -> KnownList:
    """A list from a file. Raises ValueError that says what is wrong, with the line."""
    shown = harmless(path)
    try:
        if not Path(path).is_file():
            raise ValueError(f"{shown}: {'not a regular file' if Path(path).exists() else 'no such file'}")
        with Path(path).open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise ValueError(f"{shown}: {error.strerror or 'cannot be read'}") from None
    if len(data) > MOST_BYTES:
        raise ValueError(f"{shown}: larger than {MOST_BYTES >> 20} MiB; that is no list of addresses")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError(f"{shown}: is not text in UTF-8") from None
    return parse(text, path)


def parse(text: str, file: str) -> KnownList:
    """A list from its text; a header line with a column for addresses makes it CSV. Raises ValueError that names the line."""
    lines = text.splitlines()
    head = next((i for i, line in enumerate(lines) if line.strip() and not line.lstrip().startswith("#")), None)
    if head is None:
        raise ValueError(
            f"{harmless(file)}: no address in it; write one address or network a line, then perhaps a name"
        )
    columns = [cell.strip().strip('"').lower() for cell in lines[head].split(",")]
    wanted = next((name for name in _ADDRESS_COLUMNS if name in columns), None)
    found = _plain(lines, file) if wanted is None else _table(lines[head:], head, columns.index(wanted), columns, file)
    return KnownList(file, found)


def _plain(lines: list[str], file: str) -> Iterator[Line]:
    """A network and perhaps a name a line. A comment right above entries names those without a name of their own, until a
    blank line."""
    heading = ""
    for number, line in enumerate(lines, 1):
        text = line.strip()
        if text.startswith(("#", ";")):
            heading = text.lstrip("#; ").strip()
            heading = "" if "://" in heading else heading
        elif not text:
            heading = ""
        else:
            match = _ENTRY.fullmatch(text)
            if match is None:
                raise _wrong(file, number, text)
            yield from _entries(match[1], match[2].strip().lstrip("#- ") or heading, file, number)


def _table(rows: list[str], head: int, column: int, columns: list[str], file: str) -> Iterator[Line]:
    label = next((columns.index(name) for name in _NAME_COLUMNS if name in columns), None)
    reader = csv.reader(rows[1:])
    try:
        for cells in reader:
            number = head + 1 + reader.line_num
            if not cells or cells[0].lstrip().startswith("#"):
                continue
            if column >= len(cells):
                raise _wrong(file, number, ",".join(cells))
            name = cells[label].strip() if label is not None and label < len(cells) else ""
            yield from _entries(cells[column].strip(), name, file, number)
    except csv.Error as error:
        raise ValueError(f"{harmless(file)}:{head + 1 + reader.line_num}: {error}") from None


def _entries(text: str, name: str, file: str, number: int) -> Iterator[Line]:
    try:
        networks = _networks(text)
    except (ValueError, TypeError):
        raise _wrong(file, number, text) from None
    name = "" if is_address(name) else harmless(name, 120)  # as in lists whose comments repeat it
    for network in networks:
        yield network, name, number


def _networks(text: str) -> list[Network]:
    low, dash, high = text.partition("-")
    if not dash:
        return [ip_network(text, strict=False)]
    first, last = ip_address(low.strip()), ip_address(high.strip())
    if isinstance(first, IPv4Address) and isinstance(last, IPv4Address):
        return list(summarize_address_range(first, last))
    if isinstance(first, IPv6Address) and isinstance(last, IPv6Address):
        return list(summarize_address_range(first, last))
    raise ValueError


def _wrong(file: str, number: int, text: str) -> ValueError:
    return ValueError(
        f"{harmless(file)}:{number}: {harmless(text, 60)!r} is no address or network; write 192.0.2.0/24, then perhaps a name"
    )
