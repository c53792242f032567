"""Netfilter LOG lines (iptables, nft, ufw, ulogd's LOGEMU) as net/netfilter/nf_log_syslog.c prints them.

Flag words stand between RES= and URGP=; DF, MF and CE before PROTO= are the IP header's. Of LEN and ID the first is the
packet's own. An ICMP error prints the packet it answers in `[SRC=...]`, which is cut off. A fragment has no ports. A line
that breaks off before its protocol's last field is refused, since the number it ends with may be half a number.
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scantui.columns.lines import Lines, Mask, Positions, find_byte, token_end, word
from scantui.columns.numbers import ipv4, uint, uint_long
from scantui.columns.skeleton import SkeletonBook, keys_of
from scantui.columns.templates import TemplateBook
from scantui.columns.words import UNCLAIMED, WordTable, zero_digits
from scantui.events import DF, FLAG_BITS, LATER, MF
from scantui.formats.base import SMALL, Format
from scantui.formats.envelope import Envelopes, header
from scantui.formats.header_stamps import is_proxmox
from scantui.formats.netfilter_layout import LONG, NUMBERS, Layout, complete, complete_rows, layout_of
from scantui.formats.netfilter_samples import SAMPLES
from scantui.formats.sheet import Record, Sheet
from scantui.formats.tcp_options import layout, time_stamp_span
from scantui.formats.words import protocol
from scantui.safe_text import harmless
from scantui.tables import HANDLES_FROM, Tables

_TOKEN = re.compile(rb"[^\x00-\x20]*")
_NUMBER = re.compile(rb"[0-9]{1,7}")
_OPTIONS = re.compile(rb" OPT \(([0-9A-F]{2,80})\)")
_INCOMPLETE = re.compile(rb" INCOMPLETE \[[0-9]+ bytes\]")
_GLUED = re.compile(rb"IN=([^\x00-\x20]*) \Z")  # right after a prefix that ends in no letter and no blank
_TCP = 6
# What the journal, the kernel and pvefw-logger write between IP packets.
_NOISE = re.compile(
    rb"^-- |callbacks suppressed|^0 [0-7] - |(?:printk|net_ratelimit): [0-9]+ (?:messages|callbacks) suppressed"
    rb"| ARP HTYPE=[0-9]+ PTYPE="  # ARP and bridge rules
)
_FEW = 3  # headers of a kind that are worth a look together
_IPV4 = 1 << 8  # in a fragment word's number: the IP header was an IPv4 one, so its bits are known


def _judge(line: bytes) -> Layout | None:
    return layout_of(tuple((before, key) for before, key, _ in keys_of(line)))


class _Tokens:
    """The values of a line's keys, cut out when asked for."""

    def __init__(self, text: bytes, keys: list[tuple[bytes, bytes, int]]) -> None:
        self._text, self._keys = text, keys

    def __getitem__(self, key: int) -> bytes:
        match = _TOKEN.match(self._text, self._keys[key][2])
        return match[0] if match else b""


def _ends_as_proxmox(found: Layout) -> bool:
    return {"sport", "dport"} <= found.at.keys() and not LONG.keys() & found.at.keys()


class _Netfilter:
    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._book: SkeletonBook[Layout] = SkeletonBook(_judge)
        self._envelopes = Envelopes(tables)
        self._protocols = WordTable(self._protocol_number)
        self._flags = WordTable(self._flag_number)
        self._fragments = WordTable(self._fragment_number)
        self._proxmox = WordTable(
            lambda text: int(is_proxmox(re.sub(rb"[0-9]", b"1", text))),
            blind=zero_digits,  # its stamp has been read by then
        )
        self._interfaces = WordTable(lambda token: self._tables.texts.code(harmless(token, 40)))
        self._addresses = WordTable(self._address_number, most=65_536)
        self._options: TemplateBook[int] = TemplateBook(self._options_text, most=512)

    # What a token means, as one number ------------------------------------------------------------------------------
    def _protocol_number(self, token: bytes) -> int:
        found = protocol(token.decode("latin-1"))
        return UNCLAIMED if found is None else found[0] << 8 | found[1]

    @staticmethod
    def _flag_number(text: bytes) -> int:
        bits = 0
        for name in text.split():
            bit = FLAG_BITS.get(name.decode("latin-1"))
            if bit is None:
                return UNCLAIMED
            bits |= bit
        return bits

    @staticmethod
    def _fragment_number(text: bytes) -> int:
        bits = 0
        for name in text.split():
            bits |= DF if name == b"DF" else MF if name == b"MF" else 0
            if name.startswith(b"FRAG:") and name[5:].isdigit() and name[5:].strip(b"0"):
                bits |= LATER
        return bits

    def _address_number(self, token: bytes) -> int:
        try:
            return self._tables.addresses.code(token)
        except (ValueError, UnicodeDecodeError):
            return UNCLAIMED

    def _options_text(self, hexadecimal: bytes) -> tuple[int | None, list[tuple[int, int]]]:
        text = layout(hexadecimal)
        if text is None:
            return None, []
        span = time_stamp_span(hexadecimal)
        return self._tables.texts.code(text), [span] if span else []

    # One line -----------------------------------------------------------------------------------------------------
    def line(self, text: bytes) -> Record | None:
        keys = keys_of(text)
        found = layout_of(tuple((before, key) for before, key, _ in keys))
        if found is None:
            return None
        begin = [at - 1 - len(key) for _, key, at in keys]  # where each key's name starts
        token = _Tokens(text, keys)
        end = keys[found.anchor][2] - found.anchor_size
        glued = _GLUED.search(text, 0, end) if found.in_key < 0 and found.anchor == found.out_key else None
        record = header(text[: glued.start() if glued else end], self._tables)
        if record is None:
            return None
        interface = glued[1] if glued else b""
        for name in ("src", "dst"):
            code = self._address_number(token[found.at[name]])
            if code == UNCLAIMED:
                return None
            record[name] = code
        for name, (_, largest) in NUMBERS.items():
            if name in found.at:
                digits = token[found.at[name]]
                if not _NUMBER.fullmatch(digits) or int(digits) > largest:
                    return None
                record[name] = int(digits)
        number = self._protocol_number(token[found.proto])
        if number == UNCLAIMED:
            return None
        record["proto"], record["proto_num"] = number >> 8, number & 255
        before = keys[found.before_proto][2] + len(token[found.before_proto])
        fragment = self._fragment_number(text[before : begin[found.proto]])
        if found.ipv4 or fragment:
            record["frag"] = fragment
        after = text[keys[found.proto][2] + len(token[found.proto]) :]
        whole = self._tcp(text, keys, begin, token, found, record) if number & 255 == _TCP else True
        if number & 255 == _TCP and found.urgp < 0 and is_proxmox(text):
            return (
                self._finished(record, token, found) if self._proxmox_flags(text, keys, token, found, record) else None
            )
        if not whole or not complete(found, number & 255, fragment, _INCOMPLETE.search(after) is not None):
            return None
        return self._finished(record, token, found, interface)

    def _finished(self, record: Record, token: _Tokens, found: Layout, interface: bytes = b"") -> Record:
        interface = interface or next((token[i] for i in (found.in_key, found.out_key) if i >= 0 and token[i]), b"")
        record["iface"] = self._tables.texts.code(harmless(interface, 40))
        return record

    def _proxmox_flags(
        self, text: bytes, keys: list[tuple[bytes, bytes, int]], token: _Tokens, found: Layout, record: Record
    ) -> bool:
        """pvefw-logger ends with the flags, each with a blank after it, and names no ECE and CWR."""
        if "window" not in found.at or not {"sport", "dport"} <= found.at.keys():
            return False
        last = found.at["window"]
        after = text[keys[last][2] + len(token[last]) : keys[last + 1][2] if last + 1 < len(keys) else len(text)]
        flags = self._flag_number(after.rpartition(b" MARK=")[0] or after)
        if flags == UNCLAIMED or not after.startswith(b" ") or "flags" in record:
            return False
        record["flags"] = flags
        return True

    def _tcp(
        self,
        text: bytes,
        keys: list[tuple[bytes, bytes, int]],
        begin: list[int],
        token: _Tokens,
        found: Layout,
        record: Record,
    ) -> bool:
        for name in LONG:
            if name in found.at:
                digits = token[found.at[name]]
                if not re.fullmatch(rb"[0-9]{1,10}", digits) or int(digits) > 0xFFFFFFFF:
                    return False
                record[name] = int(digits)
        if found.urgp < 0:
            return True
        before = keys[found.urgp - 1][2] + len(token[found.urgp - 1])
        flags = self._flag_number(text[before : begin[found.urgp]])
        if flags == UNCLAIMED or begin[found.urgp] - before > 64:
            return False
        record["flags"] = flags
        options = _OPTIONS.match(text, keys[found.urgp][2] + len(token[found.urgp]))
        shape = layout(options[1]) if options else None
        if shape is not None:
            record["tcp_options"] = self._tables.texts.code(shape)
        return True

    # Many lines -----------------------------------------------------------------------------------------------------
    def fast(self, lines: Lines, sheet: Sheet) -> None:
        for rows, at, found in self._book.split(lines, SMALL):
            if found is not None:
                self._group(lines, sheet, rows, at, found)

    def _group(self, lines: Lines, sheet: Sheet, rows: NDArray[np.int64], at: Positions, found: Layout) -> None:
        proto_at = at[:, found.proto]
        number = self._protocols.look_up(lines, proto_at, token_end(lines, proto_at, 24))
        proto_num = number & 255
        before_at = at[:, found.before_proto]
        fragment = self._fragments.look_up(lines, token_end(lines, before_at, 72), proto_at - len(b"PROTO="))
        ok, whole = (number != UNCLAIMED) & (fragment != UNCLAIMED), complete_rows(found, proto_num, fragment)
        ok &= self._envelopes.fill(lines, sheet, rows, at[:, found.anchor] - found.anchor_size, _FEW)
        put: list[tuple[str, Any, Any]] = [("proto", number >> 8, None), ("proto_num", proto_num, None)]
        if found.ipv4:
            put.append(("frag", fragment, None))
        elif fragment.any():
            put.append(("frag", fragment, fragment != 0))
        for name in ("src", "dst"):
            address, good = self._address(lines, at[:, found.at[name]])
            ok &= good
            put.append((name, address, None))
        names = [name for name in NUMBERS if name in found.at]
        places = at[:, [found.at[name] for name in names]]
        values, digits = uint(lines, places)
        ok &= (
            (digits >= 1)
            & (digits <= 7)
            & (lines.u8[places + digits] <= 32)
            & (values <= np.array([NUMBERS[name][1] for name in names]))
        ).all(axis=1)
        put += [(name, values[:, i], None) for i, name in enumerate(names)]
        if found.urgp >= 0:
            ok &= self._tcp_group(lines, at, found, proto_num, put)
        elif found.at.get("window") == at.shape[1] - 1 and _ends_as_proxmox(found):
            tcp = proto_num == _TCP
            flags, good = self._proxmox_flags_of(lines, rows, at, found)
            put.append(("flags", flags, good & tcp))
            whole = np.where(tcp, good, whole)
        elif "dport" in found.at or LONG.keys() & found.at.keys():
            ok &= proto_num != _TCP  # cut off, or a program's own dress of it
        put.append(("iface", self._interface(lines, at, found), None))
        sheet.put_all(rows, put, ok & whole)

    def _address(self, lines: Lines, p: Positions) -> tuple[Any, Any]:
        address, end, ok = ipv4(lines, p)
        ok &= (lines.u8[end] <= 32) & (address < HANDLES_FROM)
        odd = np.flatnonzero(~ok)
        if len(odd):  # IPv6, or class E
            code = self._addresses.look_up(lines, p[odd], token_end(lines, p[odd], 72))
            address[odd] = code.astype(np.uint32)
            ok[odd] = code != UNCLAIMED
        return address, ok

    def _tcp_group(
        self, lines: Lines, at: Positions, found: Layout, proto_num: NDArray[np.int64], put: list[tuple[str, Any, Any]]
    ) -> Any:
        """Sequence numbers, flags and options of a group that has URGP; which lines are right. All must be TCP."""
        ok = proto_num == _TCP
        for name in LONG:
            if name in found.at:
                p = at[:, found.at[name]]
                value, digits = uint_long(lines, p)
                ok &= (digits >= 1) & (digits <= 10) & (lines.u8[p + digits] <= 32) & (value <= 0xFFFFFFFF)
                put.append((name, value, None))
        urgp = at[:, found.urgp]
        flags = self._flags.look_up(lines, token_end(lines, at[:, found.urgp - 1], 24), urgp - len(b"URGP="))
        ok &= flags != UNCLAIMED
        put.append(("flags", flags, None))
        after = token_end(lines, urgp, 16)
        has = np.flatnonzero(
            (lines.w8[np.minimum(after, lines.size)] & ~(~np.uint64(0) << np.uint64(48))) == word(b" OPT (")
        )
        if len(has):
            begin = after[has] + 6
            close = find_byte(lines, begin, 41, 88)
            whole = (close > begin) & (close <= begin + 80)
            has, begin, close = has[whole], begin[whole], close[whole]
            code, judged = np.zeros(len(after), np.int64), np.zeros(len(after), np.bool_)
            for group, text in self._options.split(lines, begin, close, 1):
                code[has[group]], judged[has[group]] = text, True
            ok[has[~judged[has]]] = False
            put.append(("tcp_options", code, judged))
        return ok

    def _proxmox_flags_of(
        self, lines: Lines, rows: NDArray[np.int64], at: Positions, found: Layout
    ) -> tuple[NDArray[np.int64], Mask]:
        """The flags behind the window, the last key, and which lines have some and are Proxmox'."""
        after, end = token_end(lines, at[:, -1], 24), lines.end[rows]
        flags = self._flags.look_up(lines, after, end)
        header = at[:, found.anchor] - found.anchor_size
        good = (flags != UNCLAIMED) & (after < end) & (self._proxmox.look_up(lines, lines.start[rows], header) == 1)
        return flags, good

    def _interface(self, lines: Lines, at: Positions, found: Layout) -> NDArray[np.int64]:
        name = np.zeros(len(at), np.int64)
        for key in (found.out_key, found.in_key):
            if key >= 0:
                start = at[:, key]
                code = self._interfaces.look_up(lines, start, token_end(lines, start, 72))
                name = np.where(code > 0, code, name)
        return name


NETFILTER = Format(
    name="netfilter",
    title="netfilter LOG lines (iptables, nft, ufw) in syslog, ISO-time, journald or dmesg envelopes",
    fields=(
        "ts",
        "src",
        "dst",
        "sport",
        "dport",
        "proto",
        "proto_num",
        "flags",
        "ttl",
        "ip_id",
        "window",
        "length",
        "seq",
        "ack",
        "tcp_options",
        "icmp_type",
        "icmp_code",
        "frag",
        "action",
        "count",
        "rule",
        "sensor",
        "iface",
    ),
    samples=SAMPLES,
    claims=lambda line: b"SRC=" in line and b"DST=" in line and b"PROTO=" in line,
    bind=_Netfilter,
    holds=b"PROTO=",
    noise=lambda line: _NOISE.search(line) is not None,
)
