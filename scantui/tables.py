"""Intern tables: what does not fit in a column is kept once and named by a small number.

`AddressTable` gives every address one 32-bit code: an IPv4 address below 240.0.0.0 is its own number, the limited
broadcast address keeps 0xFFFFFFFF, and everything else (IPv6, and the reserved class E of RFC 1112) gets a handle from
0xF0000000 up. `TextTable` does the same for rule names, sensors, interfaces and TCP option layouts; text 0 is "not said".
"""

from __future__ import annotations

import socket

import numpy as np
from numpy.typing import NDArray

HANDLES_FROM = 0xF0000000
BROADCAST = 0xFFFFFFFF
NO_ADDRESS = 0xFFFFFFFE  # "the log did not say"
_MOST_HANDLES = NO_ADDRESS - HANDLES_FROM


def text_of_packed(packed: bytes) -> str:
    """Canonical text of an address of 4 or 16 bytes in network order."""
    return socket.inet_ntop(socket.AF_INET6 if len(packed) == 16 else socket.AF_INET, packed)


class AddressTable:
    """IPv6 and class E addresses by handle. Grows only; `nbytes` is its share of the memory budget."""

    def __init__(self) -> None:
        self._code: dict[bytes, int] = {}
        self._packed: list[bytes] = []
        self._first_of_network: dict[bytes, int] = {}
        self._network: list[int] = []  # of each handle: the first handle of its /64
        self._networks = np.zeros(0, np.uint32)

    def __len__(self) -> int:
        return len(self._packed)

    @property
    def nbytes(self) -> int:
        """Approximate bytes held (a 16-byte key, dict entries and list slots)."""
        return 300 * len(self._packed)

    def networks(self, codes: NDArray[np.uint32]) -> NDArray[np.uint32]:
        """One code for all addresses of an IPv6 /64 (that of the first one met); other addresses keep their own."""
        six = (codes >= HANDLES_FROM) & (codes < NO_ADDRESS)
        if not six.any():
            return codes
        networks = self._networks
        if len(networks) != len(self._network):  # another thread may be here too: each uses what it has made
            networks = self._networks = np.array(self._network, np.uint32)
        grouped = codes.copy()
        grouped[six] = networks[codes[six] - np.uint32(HANDLES_FROM)]
        return grouped

    def code_of_packed(self, packed: bytes) -> int:
        """Code of a 4- or 16-byte address in network order; `::ffff:a.b.c.d` is the IPv4 address (RFC 4291 §2.5.5.2)."""
        if len(packed) == 16 and packed[:12] == b"\0" * 10 + b"\xff\xff":
            packed = packed[12:]
        if len(packed) == 4:
            number = int.from_bytes(packed, "big")
            if number < HANDLES_FROM or number == BROADCAST:
                return number
        code = self._code.get(packed)
        if code is None:
            if len(self._packed) >= _MOST_HANDLES:
                return NO_ADDRESS
            code = self._code[packed] = HANDLES_FROM + len(self._packed)
            self._packed.append(packed)
            first = self._first_of_network.setdefault(packed[:8], code) if len(packed) == 16 else code
            self._network.append(first)
        return code

    def code(self, text: str | bytes) -> int:
        """Code of an address as written. Raises ValueError when it is none."""
        if isinstance(text, bytes):
            text = text.decode("ascii")
        try:
            if ":" in text:
                bare, _, zone = text.partition("%")  # RFC 4007 §11: the link that the address is of
                return self.code_of_packed(socket.inet_pton(socket.AF_INET6, bare if zone else text))
            return self.code_of_packed(socket.inet_pton(socket.AF_INET, text))
        except (OSError, ValueError) as error:
            raise ValueError(f"not an address: {text!r}") from error

    def packed(self, code: int) -> bytes:
        """The address as 4 or 16 bytes in network order."""
        if HANDLES_FROM <= code < NO_ADDRESS:
            return self._packed[code - HANDLES_FROM]
        return int(code).to_bytes(4, "big")

    def text(self, code: int) -> str:
        """Canonical text (RFC 5952 for IPv6); empty for `NO_ADDRESS`."""
        return "" if code == NO_ADDRESS else text_of_packed(self.packed(code))

    def texts(self, codes: NDArray[np.uint32]) -> list[str]:
        return [self.text(code) for code in codes.tolist()]


class TextTable:
    """Distinct texts by number. Number 0 is the empty text, which means "not said".

    Holds at most `most` texts, so that a log full of made-up words costs no memory; the rest share the text "(other)".
    """

    def __init__(self, most: int = 65_535) -> None:
        self._most = most
        self._code: dict[str, int] = {"": 0}
        self._text: list[str] = [""]

    def __len__(self) -> int:
        return len(self._text)

    @property
    def nbytes(self) -> int:
        """Approximate bytes held."""
        return 180 * len(self._text)

    def code(self, text: str) -> int:
        """Number of `text`, which must already be harmless to show."""
        code = self._code.get(text)
        if code is None:
            if len(self._text) >= self._most:
                text = "(other)"
                if text in self._code:
                    return self._code[text]
            code = self._code[text] = len(self._text)
            self._text.append(text)
        return code

    def text(self, code: int) -> str:
        return self._text[code]


class Tables:
    """The two intern tables that every batch of one run shares."""

    def __init__(self) -> None:
        self.addresses = AddressTable()
        self.texts = TextTable()

    @property
    def nbytes(self) -> int:
        return self.addresses.nbytes + self.texts.nbytes
