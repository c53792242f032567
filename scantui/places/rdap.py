"""RDAP over httpx: one registry found by IANA's bootstrap, asked once, politely, and not believed beyond its form."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from datetime import UTC
from email.utils import parsedate_to_datetime
from ipaddress import ip_address
from urllib.parse import urljoin, urlsplit

import httpx

from scantui import __version__
from scantui.explain.place import Registered
from scantui.places.cache import Cache
from scantui.places.pace import Manners, Pace
from scantui.places.rdap_answer import decoded, registration, registry_of, server_for

IANA = "https://data.iana.org/rdap/"  # RFC 9224 §5
_MOST_BYTES = 1 << 20
_MOST_REDIRECTS = 3
_HEADERS = {
    "User-Agent": f"scantui/{__version__}",
    "Accept": "application/rdap+json, application/json",
    "Accept-Encoding": "identity",  # so that the size read is the size there is
}
_MOVED = (301, 302, 303, 307, 308)


class Unanswered(Exception):
    """Why there is no answer, in words."""


class Rdap:
    """A client of one event loop. `clock`: seconds since the epoch, for what a server says in dates."""

    def __init__(self, cache: Cache, clock: Callable[[], float], bootstrap: str, manners: Manners) -> None:
        self._cache = cache
        self._clock = clock
        self._bootstrap = bootstrap if bootstrap.endswith("/") else bootstrap + "/"
        self._patience = manners.patience
        self._pace = Pace(manners.interval)
        self._client = httpx.AsyncClient(headers=_HEADERS, timeout=manners.patience, follow_redirects=False)

    async def close(self) -> None:
        await self._client.aclose()

    async def registered(self, address: str, asked: str) -> tuple[Registered, bool]:
        """The registration around an address, and whether asking failed."""
        try:
            server = await self._server(address)
            url, body = await self._get(f"{server}ip/{address}")
            name = registry_of(url)
            try:
                return Registered(asked, registration(decoded(body), address, name)), False
            except ValueError as error:
                raise Unanswered(f"{name}: {error}") from None
        except Unanswered as error:
            return Registered(asked, failure=str(error)), True

    async def _server(self, address: str) -> str:
        """The base URL of the registry that holds an address."""
        url = f"{self._bootstrap}ipv{ip_address(address).version}.json"
        kept = self._cache.get(url, str)
        text = kept if kept is not None else (await self._get(url))[1].decode("utf-8", "replace")
        try:
            server = server_for(address, decoded(text.encode()))
        except ValueError as error:
            raise Unanswered(f"{registry_of(url)}: {error}") from None
        if kept is None:
            self._cache.put(url, text, failed=False)
        if not server:
            raise Unanswered("no registry holds the address by IANA's bootstrap")
        return server

    async def _get(self, url: str) -> tuple[str, bytes]:
        """(where the answer came from, its body). Raises Unanswered."""
        for _ in range(_MOST_REDIRECTS + 1):
            self._check(url)
            host = urlsplit(url).netloc
            await asyncio.sleep(self._pace.turn(host, self._now()))
            status, headers, body = await self._once(url)
            if status == 429:
                await self._hold(url, headers)
                status, headers, body = await self._once(url)
            if status in _MOVED and headers.get("location"):
                url = urljoin(url, headers["location"])
                continue
            if status == 404:
                raise Unanswered(f"{registry_of(url)} has nothing on it (404)")
            if status != 200:
                raise Unanswered(f"{registry_of(url)} answered with status {status}")
            return url, body
        raise Unanswered(f"{registry_of(url)}: more than {_MOST_REDIRECTS} redirects")

    async def _once(self, url: str) -> tuple[int, httpx.Headers, bytes]:
        name = registry_of(url)
        body = bytearray()
        try:
            async with asyncio.timeout(self._patience), self._client.stream("GET", url) as answer:
                if answer.headers.get("content-encoding", "identity") != "identity":
                    raise Unanswered(f"{name} packed its answer, which was not asked for")
                async for part in answer.aiter_raw():
                    body += part
                    if len(body) > _MOST_BYTES:
                        raise Unanswered(f"{name}: more than {_MOST_BYTES >> 20} MiB")
                return answer.status_code, answer.headers, bytes(body)
        except (TimeoutError, httpx.TimeoutException):
            raise Unanswered(f"{name} did not answer in {self._patience:g} s") from None
        except httpx.ConnectError:
            raise Unanswered(f"{name} cannot be reached") from None
        except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
            raise Unanswered(f"{name}: {type(error).__name__}") from None

    async def _hold(self, url: str, headers: httpx.Headers) -> None:
        """Wait as long as a server that is asked too often says, if that is short."""
        seconds = self._retry_after(headers.get("retry-after", ""))
        self._pace.hold(urlsplit(url).netloc, self._now() + seconds)
        if seconds > self._patience:
            raise Unanswered(f"{registry_of(url)} is asked too often and wants {seconds:,.0f} s of rest (429)")
        await asyncio.sleep(self._pace.turn(urlsplit(url).netloc, self._now()))

    def _retry_after(self, text: str) -> float:
        """Seconds, from a number or a date (RFC 9110 §10.2.3); a minute where it says neither."""
        if text.isascii() and text.isdigit() and len(text) < 7:
            return float(text)
        with contextlib.suppress(ValueError, TypeError, OverflowError):
            moment = parsedate_to_datetime(text)
            return max(0.0, (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() - self._clock())
        return 60.0

    @staticmethod
    def _now() -> float:
        return asyncio.get_running_loop().time()

    def _check(self, url: str) -> None:
        """Refuse what no registry needs: plain http, other ports and bare addresses, save on the bootstrap's own host."""
        parts = urlsplit(url)
        try:
            port = parts.port
        except ValueError:
            port = -1
        if parts.netloc == urlsplit(self._bootstrap).netloc and parts.scheme == urlsplit(self._bootstrap).scheme:
            return
        if (
            parts.scheme != "https"
            or port not in (None, 443)
            or parts.username is not None
            or _is_address(parts.hostname)
        ):
            raise Unanswered(f"a redirect or bootstrap entry to {parts.scheme}://{parts.netloc} was not followed")


def _is_address(host: str | None) -> bool:
    try:
        ip_address((host or "").strip("[]"))
    except ValueError:
        return not host
    return True
