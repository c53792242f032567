"""`scantui serve`: one machine, one key, and no word of an argument is a shell's."""

from __future__ import annotations

import asyncio
import os
import shlex
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import aiohttp
import pytest

from scantui.cli.serve import shell_words
from tests.cli.conftest import SYNFIN, Result

ROOT = Path(__file__).parents[2]
Run = Callable[..., Result]


@pytest.mark.parametrize(("arguments", "says"), [
    (("--host", "0.0.0.0", SYNFIN), "give the one address of this machine"),
    (("--host", "192.0.2.1", SYNFIN), "other machines would reach these logs and write files here"),
    (("--host", "nonesuch.example", SYNFIN), "is no address"),
    (("-",), "standard input cannot be shown"),
    (("--print", SYNFIN), "no screen to serve"),
    (("--memory", "1M", SYNFIN), "too little"),
    (("--port", "0", SYNFIN), "0 is not in the range"),
])  # fmt: skip
def test_what_cannot_be_served_is_refused_before_anything_listens(
    run: Run, arguments: tuple[str, ...], says: str
) -> None:
    assert says in run("serve", *arguments).refused()


def test_without_the_extra_it_says_what_to_install(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scantui.cli.serve.find_spec", lambda _: None)
    assert "pip install 'scantui[serve]'" in run("serve", SYNFIN).refused()


def test_a_port_that_is_taken_is_one_line(run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        told = run("serve", "--port", str(taken.getsockname()[1]), SYNFIN)
    assert "give another --port" in told.refused()


def test_words_reach_the_process_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", "")
    evil = ("a b.log", "$(touch /tmp/x)", "`id`", "x'y", ";", "--theme", "dark\n")
    command, *words = shlex.split(shell_words(evil))
    assert command == "exec" and words == [sys.executable, "-P", "-m", "scantui", "watch", *evil]
    said = subprocess.run(["sh", "-c", "exec printf '%s\\0' " + shlex.join(evil)], capture_output=True, check=True)
    assert said.stdout.decode().split("\0")[:-1] == list(evil)


@pytest.fixture
def address() -> Iterator[str]:
    """A server's address, with its key."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "scantui", "serve", "--port", str(port), SYNFIN]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    running = subprocess.Popen(command, stderr=subprocess.PIPE, env=environment, text=True)
    assert running.stderr is not None
    assert "whoever has this address reads these logs" in running.stderr.readline()
    opened = running.stderr.readline().split()[-1]
    assert "ctrl+c" in running.stderr.readline()
    yield opened
    running.send_signal(signal.SIGINT)
    assert running.wait(20) == 0
    running.stderr.close()


async def test_a_browser_sees_the_monitor_and_a_stranger_nothing(address: str) -> None:
    base = address.partition("/?")[0]
    async with aiohttp.ClientSession() as stranger:
        assert (await stranger.get(f"{base}/")).status == 403
        assert (await stranger.get(f"{base}/static/js/textual.js")).status == 403
        assert (await stranger.get(f"{base}/?key=guessed")).status == 403
        assert (await stranger.get(address, headers={"Host": "rebound.example"})).status == 403
        assert (await stranger.get(address, headers={"Origin": "http://evil.example"})).status == 403
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as browser:
        page = await browser.get(address)
        assert page.status == 200 and "default-src 'self'" in page.headers["Content-Security-Policy"]
        assert (await browser.get(f"{base}/static/js/textual.js")).status == 200
        socket_address = f"ws{base.removeprefix('http')}/ws?width=100&height=30"
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await browser.ws_connect(socket_address, headers={"Origin": "http://evil.example"})
        assert refused.value.status == 403
        async with browser.ws_connect(socket_address, headers={"Origin": base}) as screen:
            seen = b""
            while b"203.0.113.7" not in seen:
                seen += (await asyncio.wait_for(screen.receive(), 30)).data
            await screen.send_json(["stdin", "q"])
            while (message := await asyncio.wait_for(screen.receive(), 30)).type is aiohttp.WSMsgType.BINARY:
                pass
            assert message.type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.CLOSING)
