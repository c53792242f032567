"""The desk for look-ups: asks DNS and RDAP about an address when it is told to, in a thread of its own, and keeps the answers."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import CancelledError, Future
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, NamedTuple, TypeVar
from urllib.parse import urlsplit

from scantui.explain.addresses import special
from scantui.explain.place import Names, Place, Registered
from scantui.places.cache import Cache
from scantui.places.pace import Manners
from scantui.places.rdap import IANA, Rdap
from scantui.places.reverse import Resolver, Reverse

_AT_ONCE = 4  # addresses
_LEAVING = 2.0  # seconds that closing waits
Fact = TypeVar("Fact", Names, Registered)


class Looked(NamedTuple):
    """What came of asking about one address."""

    names: Names
    registered: Registered


class Desk:
    """Every method may be called from any thread. `clock`: seconds since the epoch."""

    def __init__(
        self,
        cache: Cache,
        clock: Callable[[], float],
        resolver: Resolver | None = None,
        bootstrap: str = IANA,
        manners: Manners = Manners(),  # noqa: B008  frozen
    ) -> None:
        """Raises ValueError when there is no name server to ask."""
        self._reverse = Reverse(resolver, manners.patience)
        self._cache = cache
        self._clock = clock
        self._bootstrap = bootstrap
        self._manners = manners
        self._lock = threading.RLock()
        self._found: dict[str, Looked] = {}
        self._asking: dict[str, Future[Looked]] = {}
        self._thread: threading.Thread | None = None
        self._ready = threading.Event()
        self._loop: asyncio.AbstractEventLoop
        self._closing: asyncio.Event
        self._rdap: Rdap | None = None  # of the thread's loop
        self.version = 0  # grows whenever there is more to tell

    # What is known -------------------------------------------------------------------------------------------------
    def added(self, place: Place) -> Place:
        """`place` with what was found out about its address, or that it is being asked."""
        with self._lock:
            found, asking = self._found.get(place.address), place.address in self._asking
        if found is not None:
            place = replace(place, names=found.names, registered=found.registered)
        return replace(place, waiting="look-up: waiting for answers") if asking else place

    def plan(self, address: str) -> str:
        """Who is about to be asked what, in one sentence. Raises ValueError for an address that nobody is asked about."""
        found = special(address)
        if found is not None or "/" in address:
            what = f"a {found[0]} address" if found is not None else "a network"
            raise ValueError(f"{address} is {what}: nobody is asked about it")
        parts = []
        if self._cache.get(self._question("names", address), Names) is None:
            parts.append(f"{self._reverse.server} for its names and their addresses (DNS)")
        if self._cache.get(self._question("registered", address), Registered) is None:
            parts.append(f"{urlsplit(self._bootstrap).netloc} and the registry it names for its registration (RDAP)")
        if not parts:
            return f"look-up of {address}: answers of an earlier run are used, nobody is asked"
        return f"look-up of {address}: asking {', and '.join(parts)}"

    # Asking --------------------------------------------------------------------------------------------------------
    def ask(self, address: str, told: Callable[[], None]) -> str:
        """Begin to ask; `told` is called from another thread when the answers are there. Returns the plan.

        Raises ValueError for an address that nobody is asked about.
        """
        plan = self.plan(address)
        with self._lock:
            if address in self._asking:
                self._asking[address].add_done_callback(lambda _: told())
                return f"look-up of {address}: waiting for answers"
            self._start()
            self.version += 1
            future = self._asking[address] = asyncio.run_coroutine_threadsafe(self._look(address), self._loop)
            future.add_done_callback(lambda done: self._done(address, done, told))
        return plan

    def wait(self, address: str) -> None:
        """Ask, unless it is being asked, and wait for the answers. Raises ValueError as `ask` does."""
        there = threading.Event()
        self.ask(address, there.set)
        there.wait()

    def close(self) -> None:
        """Ask nothing more and forget what is being asked."""
        with self._lock:
            thread, self._thread = self._thread, None
        if thread is not None:
            with contextlib.suppress(RuntimeError):  # the loop ended by itself
                self._loop.call_soon_threadsafe(self._closing.set)
            thread.join(_LEAVING)

    def _done(self, address: str, done: Future[Looked], told: Callable[[], None]) -> None:
        try:
            found = done.result()
        except CancelledError:
            found = None
        except Exception as error:  # such as certificates that are named in the environment and are not there
            failure = f"look-up failed: {type(error).__name__}: {error}"
            found = Looked(Names(self._now(), failure=failure), Registered(self._now(), failure=failure))
        with self._lock:
            self._asking.pop(address, None)
            if found is not None:
                self._found[address] = found
            self.version += 1
        told()

    # The desk's own thread -----------------------------------------------------------------------------------------
    def _start(self) -> None:
        if self._thread is None:
            self._ready.clear()
            self._thread = threading.Thread(target=self._work, name="scantui-lookup", daemon=True)
            self._thread.start()
            self._ready.wait()

    def _work(self) -> None:
        try:
            asyncio.run(self._serve())
        finally:  # whatever ended it, nobody waits for what will not come
            with self._lock:
                if self._thread is threading.current_thread():
                    self._thread = None
                self._rdap = None
                left = list(self._asking.values())
            for future in left:
                future.cancel()

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._closing = asyncio.Event()
        self._turns = asyncio.Semaphore(_AT_ONCE)
        self._ready.set()
        self._cache.sweep()
        await self._closing.wait()
        left = asyncio.all_tasks() - {asyncio.current_task()}
        for task in left:  # before the client goes: what it breaks off is no answer to keep
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        if self._rdap is not None:
            await self._rdap.close()

    async def _look(self, address: str) -> Looked:
        if self._rdap is None:  # reads the system's certificates, which nobody should wait for
            self._rdap = Rdap(self._cache, self._clock, self._bootstrap, self._manners)
        async with self._turns:
            names, registered = await asyncio.gather(
                self._kept("names", address, Names, self._reverse.names),
                self._kept("registered", address, Registered, self._rdap.registered),
            )
        return Looked(names, registered)

    async def _kept(
        self,
        what: str,
        address: str,
        kind: type[Fact],
        ask: Callable[[str, str], Coroutine[Any, Any, tuple[Fact, bool]]],
    ) -> Fact:
        question = self._question(what, address)
        kept = self._cache.get(question, kind)
        if kept is not None:
            return kept
        fact, failed = await ask(address, self._now())
        self._cache.put(question, fact, failed=failed)
        return fact

    def _question(self, what: str, address: str) -> str:
        """What the cache calls a question: another server may answer otherwise."""
        return f"{what} {address} {self._reverse.server if what == 'names' else self._bootstrap}"

    def _now(self) -> str:
        return datetime.fromtimestamp(self._clock(), UTC).strftime("%Y-%m-%dT%H:%MZ")
