"""The files a user gave on where addresses belong: databases and lists, asked together."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address

from scantui.explain.addresses import special
from scantui.explain.place import Claim, Listed, Place
from scantui.places.known import KnownList
from scantui.places.mmdb import Database


@dataclass(frozen=True, slots=True)
class Files:
    """Answers at once, from memory and the databases' files."""

    databases: tuple[Database, ...] = ()
    lists: tuple[KnownList, ...] = ()

    @property
    def tells(self) -> frozenset[str]:
        """Which of "country", "as" and "known" they may tell."""
        listed = frozenset({"known"} if self.lists else ())
        return listed.union(*(database.tells for database in self.databases))

    def place(self, address: str) -> Place:
        """What they say of an address."""
        try:
            parsed = ip_address(address)
        except ValueError:
            return Place(address)
        public = special(address) is None
        claims: list[Claim | None] = [one.claim(address) for one in self.databases]
        listed: list[Listed | None] = [one.find(parsed) for one in self.lists]
        return Place(
            address,
            claims=tuple(claim for claim in claims if claim is not None and (public or claim.tells)),
            listed=tuple(line for line in listed if line is not None),
        )
