"""The `flags` option: what it lists, how it compares, what it ignores. The dialects differ, and so do `!`, `0` and case.

Sources: Snort 3 ips_options/ips_flags.cc, Suricata 8 detect-tcp-flags.c. Neither can test the ninth bit (AE, formerly NS).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scantui.events import ACK, CWR, ECE, FIN, PSH, RST, SYN, URG
from scantui.explain.rules.dialect import Dialect
from scantui.explain.rules.errors import RuleError, quoted

LETTERS = {"F": FIN, "S": SYN, "R": RST, "P": PSH, "A": ACK, "U": URG, "1": CWR, "C": CWR, "2": ECE, "E": ECE}
_SURICATA = re.compile(r"\s*([+*!])?\s*([SAPRFU120CE+*!]+)(?:\s*,\s*([SAPRFU12CE]+))?\s*")


class Mode(Enum):
    """How the listed flags are compared."""

    EXACT = ""
    ALL = "+"
    ANY = "*"
    NOT = "!"


@dataclass(frozen=True, slots=True)
class FlagTest:
    """`listed` and `ignored` are flag bits. `upper_only` remembers that Suricata would refuse the case it was written in."""

    mode: Mode
    listed: int
    ignored: int
    suricata: bool
    lower_case: bool = False

    def matches(self, flags: NDArray[Any]) -> NDArray[np.bool_]:
        """For each flag set whether it matches."""
        byte = flags.astype(np.uint16) & np.uint16(0xFF)
        if self.suricata and self.listed == 0:
            # Suricata decides a list without flags on the whole byte, whatever is ignored.
            empty: NDArray[np.bool_] = byte == 0
            if self.mode is Mode.NOT:
                return ~empty
            return empty if self.mode is not Mode.ANY else np.zeros(len(byte), np.bool_)
        tested = byte & np.uint16(0xFF & ~self.ignored)
        common = tested & np.uint16(self.listed)
        if self.mode is Mode.EXACT:
            return tested == self.listed
        if self.mode is Mode.ALL:
            return common == self.listed
        if self.mode is Mode.ANY:
            return common != 0
        return common != self.listed if self.suricata else common == 0


def flag_test(text: str, dialect: Dialect) -> FlagTest:
    """The test `text` writes, in a dialect. Raises RuleError."""
    return _suricata(text) if dialect is Dialect.SURICATA else _snort(text)


def _suricata(text: str) -> FlagTest:
    lower = text != text.upper()
    match = _SURICATA.fullmatch(text.upper())
    if not match:
        raise RuleError(
            f"flags {quoted(text)}: Suricata reads the letters SAPRFUCE120, one of + * !, and a mask after a comma"
        )
    modes = [char for char in (match[1] or "") + match[2] if char in "+*!"]
    if len(modes) > 1:
        raise RuleError(f"flags {quoted(text)}: one modifier at a time")
    letters = [char for char in match[2] if char not in "+*!"]
    if not letters:
        raise RuleError(f"flags {quoted(text)}: no flag is listed")
    return FlagTest(Mode(modes[0] if modes else ""), _bits(letters), _bits(match[3] or ""), True, lower)


def _snort(text: str) -> FlagTest:
    test, _, mask = text.partition(",")
    test, mask = test.strip(), mask.strip()
    if not test or ("," in text and not mask):
        raise RuleError(f"flags {quoted(text)}: no flag is listed")
    mode = Mode.EXACT
    letters = []
    for char in test:
        if char in "+*!":
            mode = Mode(char)  # the last one counts
        elif char.upper() in LETTERS or char == "0":
            letters.append(char.upper())
        else:
            raise RuleError(f"flags {quoted(text)}: {quoted(char)} is no flag; Snort reads UAPRSFCE12, 0 and + * !")
    for char in mask:
        if char.upper() not in LETTERS:
            raise RuleError(f"flags {quoted(text)}: {quoted(char)} cannot be ignored; the mask reads UAPRSFCE12")
    return FlagTest(mode, _bits(letters), _bits(mask.upper()), False)


def _bits(letters: list[str] | str) -> int:
    bits = 0
    for letter in letters:
        bits = 0 if letter == "0" else bits | LETTERS[letter]
    return bits


def flag_letters(bits: int) -> str:
    """Flag bits as rules list them: `SF`, `SFP`, `0` for none."""
    order = (("S", SYN), ("F", FIN), ("R", RST), ("P", PSH), ("A", ACK), ("U", URG), ("C", CWR), ("E", ECE))
    return "".join(letter for letter, bit in order if bits & bit) or "0"
