"""Whether a host name looks like that of an address given out anew: a customer's line, another holder's tomorrow."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from ipaddress import IPv4Address, ip_address
from pathlib import Path

_WORDS = Path(__file__).with_name("dynamic.toml")
_SHORT = 3  # letters: a second level such as co.uk or com.br is part of the registry's suffix


@cache
def _words() -> dict[str, frozenset[str]]:
    return {kind: frozenset(words) for kind, words in tomllib.loads(_WORDS.read_text("utf-8")).items()}


def looks_dynamic(name: str, address: str) -> tuple[bool, str]:
    """(whether the name looks dynamic, what in it says so or speaks against it; "" when nothing does).

    A word for a fixed line or a server outweighs the rest; a word for an access line counts only with the address in the name,
    as providers make names for whole pools of lines.
    """
    text = name.lower().rstrip(".")
    host = _host_part(text)
    said = re.findall(r"[a-z]+", host)
    found = {kind: next((word for word in said if word in words), "") for kind, words in _words().items()}
    embedded = _embedded(text, address)
    part = _tail(text, address)
    if found["fixed"]:
        beside = found["dynamic"] or found["access"]
        return False, f"says {found['fixed']!r}" + (f" beside {beside!r}" if beside else "")
    if found["dynamic"]:
        word = repr(found["dynamic"])
        return True, f"contains {embedded} and {word}" if embedded else f"says {word}"
    if found["access"] and (embedded or part):
        return True, f"contains {embedded or part} and {found['access']!r}"
    if embedded:
        return False, f"contains {embedded}, as names made for whole networks do, but no word for a customer's line"
    return False, ""


def _host_part(name: str) -> str:
    """The name without the domain that was registered: its owner's name says nothing of the line."""
    labels = name.split(".")
    suffix = 2 if len(labels) > 2 and len(labels[-1]) == 2 and len(labels[-2]) <= _SHORT else 1
    return ".".join(labels[: -suffix - 1])


def _embedded(name: str, address: str) -> str:
    """How the whole address is written in the name; "" when it is not."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return ""
    if not isinstance(parsed, IPv4Address):
        groups = parsed.exploded.split(":")
        short = [group.lstrip("0") or "0" for group in groups]
        forms = ["".join(groups), "-".join(groups), "-".join(short), str(parsed).replace(":", "-"), ".".join(groups)]
        return "its own address" if any(form in name for form in forms) else ""
    octets = str(parsed).split(".")
    hexed = [f"{int(octet):02x}" for octet in octets]
    padded = [octet.zfill(3) for octet in octets]
    for order, how in ((1, ""), (-1, ", reversed")):
        if _numbers(octets[::order], name) or _run("".join(padded[::order]), name):
            return f"its own address{how}"
        if _run("".join(hexed[::order]), name, "0-9a-f"):
            return f"its own address in hexadecimal{how}"
        if _numbers(octets[1:][::order], name):
            return f"the last three numbers of its address{how}"
    return "its own address as one number" if _run(str(int(parsed)), name) else ""


def _tail(name: str, address: str) -> str:
    octets = address.split(".")
    if len(octets) != 4:
        return ""
    found = _numbers(octets[2:], name) or _numbers(octets[:1:-1], name)
    return "the last two numbers of its address" if found else ""


def _numbers(octets: list[str], name: str) -> bool:
    """Whether the numbers stand in the name one behind the other, zeros before them or not, one separator between."""
    pattern = "[-._x]".join(f"0{{0,2}}{octet}" for octet in octets)
    return re.search(rf"(?<!\d){pattern}(?!\d)", name) is not None


def _run(digits: str, name: str, alphabet: str = "0-9") -> bool:
    """Whether the digits stand in the name as a run of their own. A letter before hexadecimal ones may be a prefix: p5483ab12."""
    before = "" if alphabet != "0-9" else r"(?<!\d)"
    return re.search(rf"{before}{digits}(?![{alphabet}])", name) is not None
