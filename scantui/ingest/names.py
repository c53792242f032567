"""Which files in a directory look like logs."""
# Paths are plain strings: they are looked at twenty times a second.

from __future__ import annotations

import os
import re

from scantui.ingest.capture import is_capture
from scantui.ingest.packed import SUFFIXES, packing
from scantui.ingest.siblings import stem

_LOG = re.compile(
    r"(?:.*\.(?:log|json|jsonl|ndjson|csv|tsv|pcap[0-9]*|pcapng|cap)"  # ufw.log, eve.json, conn.log, eth0.pcap
    r"|syslog|messages|kern|ufw|firewall|iptables|nftables|ulogd?|pflog|filter|dmesg"
    r"|(?:kern|ufw|firewall|iptables|syslog)[.\-_].*)",
    re.IGNORECASE,
)
_STAMPED = re.compile(r".*\.log[.\-_].*", re.IGNORECASE)
_SNIFF = 512


def looks_like_log(path: str) -> bool:
    """Whether a regular file's name and first bytes are those of a log, plain or packed. An empty one goes by name."""
    name = os.path.basename(path)
    if name.startswith(".") or name.endswith(("~", ".swp", ".tmp", ".lock", ".pid", ".journal", ".idx")):
        return False
    if not (_LOG.fullmatch(stem(name)) or _STAMPED.fullmatch(name)):
        return False
    try:
        fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError:
        return True  # said to be unreadable when it is opened
    try:
        head = os.pread(fd, _SNIFF, 0)
    except OSError:
        return False
    finally:
        os.close(fd)
    if name.endswith(SUFFIXES) or packing(head):
        return bool(packing(head)) or not head
    return is_capture(head) or b"\0" not in head.lstrip(b"\0")
