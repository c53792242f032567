"""Reverse DNS: the names of an address, each held against its own addresses (dnspython's resolver, over asyncio)."""

from __future__ import annotations

import asyncio
from ipaddress import ip_address
from typing import NamedTuple

import dns.asyncresolver
import dns.exception
import dns.resolver

from scantui.explain.place import Name, Names

_MOST_NAMES = 4  # of one address; more are not held against anything


class Resolver(NamedTuple):
    """A name server to ask instead of the system's."""

    address: str
    port: int = 53


class Reverse:
    """Asks one resolver; `patience`: seconds for one question, all tries together. Raises ValueError when none is configured."""

    def __init__(self, resolver: Resolver | None, patience: float) -> None:
        try:
            self._resolver = dns.asyncresolver.Resolver(configure=resolver is None)
        except dns.resolver.NoResolverConfiguration:
            raise ValueError("no name server in /etc/resolv.conf; give one with --resolver ADDRESS") from None
        if resolver is not None:
            self._resolver.nameservers = [resolver.address]
            self._resolver.port = resolver.port
        self._resolver.lifetime = patience

    @property
    def server(self) -> str:
        """Whom it asks."""
        return ", ".join(map(str, self._resolver.nameservers))

    async def names(self, address: str, asked: str) -> tuple[Names, bool]:
        """The names, and whether asking failed (there being none is no failure)."""
        try:
            answer = await self._resolver.resolve_address(address, search=False)
        except dns.resolver.NXDOMAIN:
            return Names(asked, failure="no PTR record (NXDOMAIN)"), False
        except dns.resolver.NoAnswer:
            return Names(asked, failure="no PTR record"), False
        except (dns.exception.DNSException, OSError) as error:
            return Names(asked, failure=self._why(error)), True
        found = [target.to_text(omit_final_dot=True) for target in (one.target for one in answer) if len(target) > 1]
        texts = sorted(set(found))[:_MOST_NAMES]
        if not texts:
            return Names(asked, failure="no PTR record with a name"), False
        checked = await asyncio.gather(*(self._leads_back(text, address) for text in texts))
        names = tuple(Name(text, back) for text, back in zip(texts, checked, strict=True))
        return Names(asked, names), any(back is None for back in checked)

    async def _leads_back(self, name: str, address: str) -> bool | None:
        wanted = ip_address(address)
        try:
            answer = await self._resolver.resolve(name, "A" if wanted.version == 4 else "AAAA", search=False)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return False
        except (dns.exception.DNSException, OSError, UnicodeError):
            return None
        return any(ip_address(one.address) == wanted for one in answer)

    def _why(self, error: Exception) -> str:
        if isinstance(error, dns.exception.Timeout):
            return f"{self.server} did not answer in {self._resolver.lifetime:g} s"
        if isinstance(error, dns.resolver.NoNameservers):
            return f"{self.server} could not answer (SERVFAIL, REFUSED or broken)"
        return f"{self.server}: {type(error).__name__}"
