"""What is known of an address besides the log: by files the user gave, and by look-ups that were asked for. Facts only.

Names and texts in here were written by strangers (databases, lists, DNS, registries); they are made harmless as a fact is made.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from ipaddress import ip_address, ip_network

from scantui.safe_text import harmless

_MOST = 255  # characters of a stranger's text: a domain name's longest (RFC 1035 §2.3.4)


class _Fact:
    """Makes a fact's texts harmless."""

    __slots__ = ()

    def __post_init__(self) -> None:
        for field in fields(self):  # type: ignore[arg-type]  # every subclass is a dataclass
            value = getattr(self, field.name)
            if isinstance(value, str):
                object.__setattr__(self, field.name, harmless(value, _MOST))


@dataclass(frozen=True, slots=True)
class Own(_Fact):
    """One of the site's own networks that holds the address; `guessed` from the log, or given."""

    network: str
    guessed: bool


@dataclass(frozen=True, slots=True)
class Claim(_Fact):
    """What one database says. `built` is its day (ISO 8601, UTC), `network` the block its entry is for ("" when it has none)."""

    database: str
    built: str
    network: str = ""
    asn: int | None = None
    organisation: str = ""
    country: str = ""  # ISO 3166 code, or its name where the database gives no code
    registered: str = ""  # the country the block is registered in, where the database tells it apart
    city: str = ""
    marks: tuple[str, ...] = ()  # "Tor exit", "hosting": scantui's words for the database's own flags
    problem: str = ""  # why it could not be read

    @property
    def tells(self) -> bool:
        """Whether it says anything of the address."""
        return bool(self.asn is not None or self.organisation or self.country or self.city or self.marks)


@dataclass(frozen=True, slots=True)
class Listed(_Fact):
    """One line of a user's list that holds the address; `name` is "" where the list gives none."""

    name: str
    network: str
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Name(_Fact):
    """One name of the address; `confirmed`: whether it resolves back to it, None when that got no answer."""

    text: str
    confirmed: bool | None


@dataclass(frozen=True, slots=True)
class Names(_Fact):
    """Reverse DNS: names, or why there are none. `asked` is when (ISO 8601, UTC)."""

    asked: str
    names: tuple[Name, ...] = ()
    failure: str = ""


@dataclass(frozen=True, slots=True)
class Registration(_Fact):
    """An RDAP answer on the network around an address (RFC 9083 §5.4). "" is what it does not say."""

    registry: str
    first: str
    last: str
    handle: str = ""
    name: str = ""
    kind: str = ""
    country: str = ""
    organisation: str = ""
    abuse: str = ""  # mailbox


@dataclass(frozen=True, slots=True)
class Registered(_Fact):
    """RDAP: a registration, or why there is none."""

    asked: str
    registration: Registration | None = None
    failure: str = ""


@dataclass(frozen=True, slots=True)
class Place(_Fact):
    """All of it for one address. `names` and `registered` are None until a look-up was asked for; `waiting` says of whom."""

    address: str
    own: Own | None = None
    claims: tuple[Claim, ...] = ()
    listed: tuple[Listed, ...] = ()
    names: Names | None = None
    registered: Registered | None = None
    waiting: str = ""

    @property
    def abuse(self) -> str:
        """The registry's abuse mailbox for the network, "" when it is not known."""
        found = self.registered.registration if self.registered is not None else None
        return found.abuse if found is not None else ""


def own_network(address: str, home: tuple[str, ...], *, guessed: bool) -> Own | None:
    """The smallest of the site's networks that holds `address`; None when none does."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return None
    inside = [network for network in map(ip_network, home) if parsed in network]
    return Own(str(max(inside, key=lambda network: network.prefixlen)), guessed) if inside else None
