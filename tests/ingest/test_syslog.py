"""Syslog from the network: datagrams and both framings of streams, from many and from ill-behaved senders."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scantui.ingest import listener as listening
from scantui.ingest.block import InputState
from scantui.ingest.follow import Follower, InputError, check
from scantui.ingest.frames import Framer, as_line
from scantui.ingest.listener import Listener
from scantui.ingest.schemes import exposes
from scantui.ingest.syslog import Address, address_of, listen
from tests.ingest.reading import Reader

BOTH = (socket.SOCK_DGRAM, socket.SOCK_STREAM)
MESSAGE = b"<134>Nov 10 06:00:03 fw1 kernel: x"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as one:
        return int(one.getsockname()[1])


def until(reader: Reader, true: Callable[[], bool]) -> None:
    for _ in range(1000):
        reader.poll()
        if true():
            return
        time.sleep(0.005)
    raise AssertionError((reader.lines[-3:], reader.follower.inputs()))


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_messages_by_datagram_and_by_both_framings(host: str) -> None:
    port, family = free_port(), socket.AF_INET6 if ":" in host else socket.AF_INET
    with Reader([f"syslog://[{host}]:{port}" if ":" in host else f"syslog://{host}:{port}"]) as reader:
        with socket.socket(family, socket.SOCK_DGRAM) as sender:
            for text in (b"one\n", b"two", b"three\nlines\n\n\0", b"\n"):
                sender.sendto(MESSAGE + text if text != b"\n" else text, (host, port))
        until(reader, lambda: len(reader.lines) == 3)
        with socket.create_connection((host, port)) as counted, socket.create_connection((host, port)) as lines:
            counted.sendall(b"%d %s" % (len(MESSAGE) + 4, MESSAGE + b"a\nb\n") + b"3 <1>7 <13>abc")
            lines.sendall(b"plain line\n" + MESSAGE + b"\0\r\n2026 is no count\nlast")
            until(reader, lambda: len(reader.lines) == 9)
        until(reader, lambda: len(reader.lines) == 10)  # closed in order: the last line counts without its newline
        assert reader.lines[:3] == [MESSAGE + b"one", MESSAGE + b"two", MESSAGE + b"three lines"]
        assert sorted(reader.lines[3:]) == sorted(
            [MESSAGE + b"a b", b"<1>", b"<13>abc", b"plain line", MESSAGE, b"2026 is no count", b"last"]
        )
        info = reader.follower.inputs()[0]
        assert (info.state, info.error) == (InputState.FOLLOWING, "")
        assert reader.follower.fetch(*reader.origin[1]) == MESSAGE + b"two"


def test_slow_garbage_and_broken_senders_stop_nobody() -> None:
    port = free_port()
    with Reader([f"syslog+tcp://:{port}"]) as reader:
        others = [socket.create_connection(("127.0.0.1", port)) for _ in range(20)]
        for i, each in enumerate(others):
            each.sendall(
                (b"999 <13>never all of it", b"\x00\xff\x16\x03\x01" * 100, b"no newline", b"99999999 <")[i % 4]
            )
        others[0].setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")  # a reset
        others.pop(0).close()
        with socket.create_connection(("127.0.0.1", port)) as good:
            for i in range(50):
                good.sendall(b"<13>%d\n" % i)
            until(reader, lambda: reader.lines[-50:] == [b"<13>%d" % i for i in range(50)])
        for each in others:
            each.close()
        target = f"syslog+tcp://:{port}"
        until(reader, lambda: reader.info(target).error == f"{target}: lost: 5 messages longer than 64 KiB")


def test_connections_beyond_the_most_are_refused_and_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listening, "_MOST_CONNECTIONS", 3)
    port = free_port()
    target = f"syslog+tcp://:{port}"
    with Reader([target]) as reader:
        held = [socket.create_connection(("127.0.0.1", port)) for _ in range(5)]
        until(reader, lambda: "lost: 2 connections beyond 3" in reader.info(target).error)
        held[0].sendall(b"<13>still here\n")
        until(reader, lambda: reader.lines == [b"<13>still here"])
        for each in held:
            each.close()


def test_a_full_buffer_keeps_streams_waiting_and_counts_lost_datagrams(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listening, "_MOST_HELD", 1000)
    port = free_port()
    sockets = listen(Address("127.0.0.1", port, BOTH))
    heard = Listener(sockets)
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            for i in range(30):
                sender.sendto(b"%099d" % i, ("127.0.0.1", port))
            wait_for(lambda: heard.lost == "lost: 20 messages that came faster than they were read")
            with socket.create_connection(("127.0.0.1", port)) as stream:
                stream.sendall(b"<13>patient\n")
                assert heard.take() == b"".join(b"%099d\n" % i for i in range(10))
                got = b""
                while not got:
                    got = heard.take()
                assert got == b"<13>patient\n"
    finally:
        heard.close()


def wait_for(true: Callable[[], bool]) -> None:
    for _ in range(1000):
        if true():
            return
        time.sleep(0.005)
    raise AssertionError


def test_a_place_that_is_taken_is_told_in_one_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        target = f"syslog://127.0.0.1:{port}"
        (problem,) = check([target], follow=True)
        assert (
            problem.fatal
            and problem.text == f"{target}: port {port} is in use; name another, or end what listens there"
        )
        with pytest.raises(InputError, match="is in use"):
            Follower([target], follow=True)
    (problem,) = check([target], follow=False)
    assert problem.fatal and "listening has no end; use scantui watch" in problem.text
    (problem,) = check(["syslog://203.0.113.1:5514"], follow=True)
    assert "203.0.113.1 is no address of this machine" in problem.text


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("syslog://", Address("127.0.0.1", 5514, BOTH)), ("syslog://:514", Address("127.0.0.1", 514, BOTH)),
        ("syslog+udp://localhost/", Address("127.0.0.1", 5514, BOTH[:1])), ("SYSLOG+TCP://[::1]:1", Address("::1", 1, BOTH[1:])),
        ("syslog://0.0.0.0:5514", Address("0.0.0.0", 5514, BOTH)),
    ],
)  # fmt: skip
def test_targets(target: str, expected: Address) -> None:
    assert address_of(target) == expected
    assert bool(exposes(target)) == (expected.host == "0.0.0.0")


@pytest.mark.parametrize(
    "target", ["syslog://host", "syslog://:0", "syslog://:99999", "syslog://::1", "syslog+tls://:1", "syslog://a/b"]
)
def test_targets_that_are_none(target: str) -> None:
    with pytest.raises(ValueError, match="write it as"):
        address_of(target)


@given(
    st.lists(st.tuples(st.booleans(), st.binary(min_size=1, max_size=60)), max_size=12),
    st.lists(st.integers(1, 50), min_size=1),
)
def test_any_messages_in_any_pieces(messages: list[tuple[bool, bytes]], sizes: list[int]) -> None:
    """What is counted may hold anything; a line may not hold what ends it, nor begin like a count."""
    stream, expected = b"", []
    for counted, text in messages:
        text = b"<" + text if counted else b"x" + text.replace(b"\n", b".").replace(b"\0", b".")
        stream += b"%d %s" % (len(text), text) if counted else text + b"\n"
        expected.append(as_line(text))
    framer, got, at = Framer(), b"", 0
    while at < len(stream):
        size = sizes[at % len(sizes)]
        got += framer.feed(stream[at : at + size])
        at += size
    assert got + framer.finish() == b"".join(expected) and not framer.too_long


@given(st.binary(max_size=300), st.lists(st.integers(1, 50), min_size=1))
def test_any_bytes_are_lines_or_counted(stream: bytes, sizes: list[int]) -> None:
    whole, pieces, got, at = Framer(20), Framer(20), b"", 0
    while at < len(stream):
        size = sizes[at % len(sizes)]
        got += pieces.feed(stream[at : at + size])
        at += size
    assert whole.feed(stream) + whole.finish() == got + pieces.finish()
    assert whole.too_long == pieces.too_long and all(len(line) <= 20 for line in got.split(b"\n"))
