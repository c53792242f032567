"""textual-serve's server behind a key, for one browser on one machine.

As it comes it answers whoever connects, and any page that the browser has open could drive the monitor through its WebSocket
(RFC 6455 10.2 leaves checking the origin to the server). So a request needs the key, the right Host (DNS rebinding) and, from
a browser, the right Origin.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
import sys

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware
from textual_serve.server import Server

EXPOSES = "whoever has this address reads these logs, marks sources and writes exports to files on this machine, as you do here"
_NAME = "scantui"
_NO_KEY = "scantui: open the address that scantui serve printed; the key in it is missing here\n"


class GuardedServer(Server):
    """Serves one command on one address."""

    def __init__(self, command: str, host: str, port: int, key: str) -> None:
        shown = f"[{host}]" if ":" in host else host
        super().__init__(command, host=host, port=port, title=_NAME, public_url=f"http://{shown}:{port}")
        self._key = key
        self._cookie = f"scantui-{port}"
        self._authority = f"{shown}:{port}"

    @property
    def address(self) -> str:
        """What to open."""
        return f"{self.public_url}/?key={self._key}"

    def initialize_logging(self) -> None:
        logging.basicConfig(level=logging.WARNING, format="scantui: %(message)s")

    async def on_startup(self, app: web.Application) -> None:
        """Says nothing: nobody listens yet."""

    async def _make_app(self) -> web.Application:
        app = await super()._make_app()
        app.middlewares.append(self._guard())
        return app

    def serve(self, debug: bool = False) -> None:
        """Until ctrl+c. Raises OSError when nothing can listen at this address."""
        self.debug = debug
        self.initialize_logging()
        loop = asyncio.new_event_loop()
        asyncio.set_event_loop(loop)  # Python 3.12 and later make none of their own accord
        web.run_app(self._make_app(), host=self.host, port=self.port, loop=loop, print=self._announce)

    def _announce(self, *_: object) -> None:
        """aiohttp calls this once it listens."""
        for line in (EXPOSES, f"open {self.address}", "ctrl+c ends it"):
            sys.stderr.write(f"scantui: {line}\n")

    def _guard(self) -> Middleware:
        @web.middleware
        async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
            origin = request.headers.get("Origin")
            if request.host != self._authority or origin not in (None, self.public_url):
                raise web.HTTPForbidden(text=f"scantui: only {self.public_url} is answered\n")
            given = request.query.get("key") or request.cookies.get(self._cookie, "")
            if not hmac.compare_digest(given.encode(), self._key.encode()):
                raise web.HTTPForbidden(text=_NO_KEY)
            response = await handler(request)
            if not response.prepared:
                self._harden(response)
            return response

        return guard

    def _harden(self, response: web.StreamResponse) -> None:
        """Keep the key with this browser and the page to this machine: textual-serve's page asks for a font of Google's."""
        response.set_cookie(self._cookie, self._key, httponly=True, samesite="Strict")
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Frame-Options"] = "DENY"
        response.headers["Content-Security-Policy"] = (
            f"default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
            f"img-src 'self' data:; font-src 'self' data:; connect-src 'self' ws://{self._authority}"
        )
