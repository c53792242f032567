"""One function a syntax: any text as one harmless string of it. All are ASCII, and cut to what the reader takes."""

from __future__ import annotations

import shlex

from scantui.export.report_text import ascii_only
from scantui.safe_text import harmless

_NFT = 120  # bytes; a comment holds 128 (libnftnl udata.h, NFTNL_UDATA_COMMENT_MAXLEN)
_IPTABLES = 240  # bytes; 256 with the end of the string (xt_comment.h, XT_MAX_COMMENT_LEN)
_IPSET = 240  # bytes; 255 (ip_set.h, IPSET_MAX_COMMENT_SIZE)
_LINE = 2000


def comment(text: str, sign: str = "#") -> str:
    """A comment line without its end. No backslash ends it: some readers would go on with the next line."""
    return f"{sign} {_cut(text, _LINE)}".rstrip("\\ ")


def nft_string(text: str) -> str:
    """nft knows no escapes within quotes."""
    return '"' + _cut(text, _NFT).replace('"', "'") + '"'


def iptables_string(text: str) -> str:
    """As iptables-restore reads quotes: a backslash takes the next character as it is."""
    return '"' + _cut(text, _IPTABLES).replace("\\", "\\\\").replace('"', '\\"') + '"'


def ipset_string(text: str) -> str:
    """ipset knows no escapes within quotes."""
    return '"' + _cut(text, _IPSET).replace('"', "'") + '"'


def shell_word(text: str) -> str:
    """One word of a POSIX shell."""
    return shlex.quote(ascii_only(harmless(text)))


def _cut(text: str, most: int) -> str:
    plain = ascii_only(harmless(text, _LINE))
    return plain if len(plain) <= most else plain[: most - 3] + "..."
