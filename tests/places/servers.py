"""A name server and a registry on loopback: real sockets, answers from a table."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset

SOURCE = "45.33.32.156"  # public, and only ever asked about on loopback
PTR = "156.32.33.45.in-addr.arpa."
NAME = "census7.shodan.io."
Zone = dict[tuple[str, str], list[str]]
CONFIRMED: Zone = {(PTR, "PTR"): [NAME], (NAME, "A"): [SOURCE]}


@dataclass
class NameServer:
    """`zone`: (name, type) to texts; SERVFAIL and silence by name."""

    zone: Zone
    failing: set[str] = field(default_factory=set)
    silent: set[str] = field(default_factory=set)
    asked: list[tuple[str, str]] = field(default_factory=list)
    port: int = 0

    def answer(self, data: bytes) -> bytes | None:
        question = dns.message.from_wire(data)
        one = question.question[0]
        name, kind = one.name.to_text().lower(), dns.rdatatype.to_text(one.rdtype)
        self.asked.append((name, kind))
        if name in self.silent:
            return None
        reply = dns.message.make_response(question)
        reply.flags |= dns.flags.RA
        texts = self.zone.get((name, kind))
        if name in self.failing:
            reply.set_rcode(dns.rcode.SERVFAIL)
        elif texts is not None:
            reply.answer.append(dns.rrset.from_text(one.name, 60, "IN", kind, *texts))
        elif not any(known == name for known, _ in self.zone):
            reply.set_rcode(dns.rcode.NXDOMAIN)
        return reply.to_wire()


@contextmanager
def name_server(zone: Zone, **how: Any) -> Iterator[NameServer]:
    """Answers UDP on a port of loopback."""
    server = NameServer(zone, **how)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as door:
        door.bind(("127.0.0.1", 0))
        server.port = door.getsockname()[1]

        def serve() -> None:
            while True:
                data, back = door.recvfrom(4096)
                if data == b"leave":
                    return
                reply = server.answer(data)
                if reply is not None:
                    door.sendto(reply, back)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield server
        finally:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as mine:
                mine.sendto(b"leave", ("127.0.0.1", server.port))
            thread.join()


ANSWER: dict[str, Any] = {
    "objectClassName": "ip network", "handle": "NET-45-33-0-0-1", "name": "LINODE-US", "type": "DIRECT ALLOCATION",
    "startAddress": "45.33.0.0", "endAddress": "45.33.127.255", "country": "US",
    "entities": [
        {"roles": ["registrant"], "vcardArray": ["vcard", [["version", {}, "text", "4.0"], ["fn", {}, "text", "Linode"]]],
         "entities": [{"roles": ["abuse"], "vcardArray": ["vcard", [["email", {}, "text", "abuse@linode.example"]]]}]},
        {"roles": ["technical"], "vcardArray": ["vcard", [["email", {}, "text", "support@linode.example"]]]},
    ],
}  # fmt: skip


@dataclass
class Registry:
    """`replies`: path to (status, headers, body)s, one a request, the last one again and again."""

    replies: dict[str, list[tuple[int, dict[str, str], bytes]]]
    asked: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    url: str = ""


@contextmanager
def registry(body: Any = ANSWER, **paths: list[tuple[int, dict[str, str], bytes]]) -> Iterator[Registry]:
    """Serves a bootstrap that names itself, and RDAP below /rdap/. `ip`: replies for the source instead of 200 and `body`."""
    made = Registry({})

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            made.asked.append(self.path)
            made.headers.append(dict(self.headers))
            replies = made.replies.get(self.path, [(404, {}, b"{}")])
            status, headers, data = replies.pop(0) if len(replies) > 1 else replies[0]
            self.send_response(status)
            for name, value in ({"Content-Length": str(len(data))} | headers).items():
                self.send_header(name, value)
            self.end_headers()
            try:
                self.wfile.write(data)
            except OSError:  # the client had enough
                pass

        def log_message(self, *_: Any) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        made.url = f"http://127.0.0.1:{server.server_port}/"
        services = {
            "services": [[["45.0.0.0/8"], [made.url + "rdap/"]], [["0.0.0.0/1"], ["https://elsewhere.invalid/"]]]
        }
        whole = body if isinstance(body, bytes) else json.dumps(body).encode()
        made.replies = {
            "/ipv4.json": [(200, {}, json.dumps(services).encode())],
            f"/rdap/ip/{SOURCE}": paths.get("ip", [(200, {}, whole)]),
            "/rdap/moved": [(200, {}, whole)],
        }
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield made
        finally:
            server.shutdown()
            thread.join()
