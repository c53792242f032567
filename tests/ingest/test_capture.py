"""Captures as inputs: whole records, whatever the file's shape, growth and packing; and nothing but lines else."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scantui.ingest.block import InputState
from scantui.ingest.capture import CaptureCutter, Walk, is_capture
from scantui.ingest.follow import Follower
from scantui.ingest.names import looks_like_log
from tests.formats import captures as make

PACKETS = [(i, make.ether(make.ipv4("203.0.113.9", "192.0.2.1", 17, make.udp(1, i)))) for i in range(40)]
PCAP = make.pcap(PACKETS)
PCAPNG = make.section() + make.interface() + b"".join(make.enhanced(ts, data) for ts, data in PACKETS)
RECORD = 16 + len(PACKETS[0][1])


def content(follower: Follower) -> bytes:
    """All that comes, checked to be whole records."""
    got = b""
    for block in follower.poll():
        assert block.capture and block.offset == len(got)
        got += bytes(block.data[: block.size])
    return got


@settings(max_examples=200, deadline=None)
@given(st.sampled_from([PCAP, PCAPNG, PCAP + PCAPNG + PCAP]), st.lists(st.integers(1, 700), min_size=1, max_size=60))
def test_any_pieces_come_out_as_whole_records(data: bytes, sizes: list[int]) -> None:
    walk, cutter, buffer, got, at = Walk(), CaptureCutter(), bytearray(200_000), b"", 0
    whole = [start for run in walk.records(data, len(data))[0] for start in run.starts] + [len(data)]
    while at < len(data):
        kept = cutter.load(buffer)
        piece = data[at : at + sizes[at % len(sizes)]]
        buffer[kept : kept + len(piece)] = piece
        at += len(piece)
        dropped, size = cutter.cut(buffer, kept + len(piece), last=at == len(data))
        assert not dropped
        got += bytes(buffer[:size])
        assert len(got) in {*whole, 0}
    assert got == data and not cutter.trouble


@settings(max_examples=200, deadline=None)
@given(
    st.binary(max_size=300),
    st.sampled_from([b"", PCAP[:24], PCAPNG[:48], PCAP]),
    st.lists(st.integers(1, 90), min_size=1),
)
def test_any_bytes_are_passed_on_or_told_of(tail: bytes, head: bytes, sizes: list[int]) -> None:
    data, cutter, buffer, at, got, dropped = head + tail, CaptureCutter(), bytearray(1024), 0, 0, 0
    while at < len(data):
        kept = cutter.load(buffer)
        piece = data[at : at + sizes[at % len(sizes)]]
        buffer[kept : kept + len(piece)] = piece
        at += len(piece)
        lost, size = cutter.cut(buffer, kept + len(piece), last=at == len(data))
        got, dropped = got + size, dropped + lost
    assert got + dropped == len(data) or cutter.trouble or cutter.oversized


@pytest.mark.parametrize("data", [PCAP, PCAPNG], ids=["pcap", "pcapng"])
def test_a_capture_that_grows_and_its_evidence(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "eth0.pcap"
    file.write_bytes(data[:7])
    follower = Follower([str(file)], follow=True, newest_first=True)
    assert content(follower) == b""
    with file.open("ab", buffering=0) as grows:
        got = b""
        for at in range(7, len(data), 333):
            grows.write(data[at : at + 333])
            os.utime(file)
            while True:
                before = len(got)
                for block in follower.poll():
                    assert block.capture and block.offset == len(got)
                    got += bytes(block.data[: block.size])
                if len(got) == before:
                    break
    assert got == data and follower.fetch(1, 24, RECORD) == data[24 : 24 + RECORD]
    assert follower.inputs()[0].error == ""
    follower.close()


def test_packed_and_cut_captures(tmp_path: Path) -> None:
    packed, cut, bad = tmp_path / "a.pcap.gz", tmp_path / "b.pcap", tmp_path / "c.pcap"
    packed.write_bytes(gzip.compress(PCAPNG))
    cut.write_bytes(PCAP[:-5])
    bad.write_bytes(PCAP[: 24 + RECORD] + b"\xff" * 50)
    for file, expected, error in (
        (packed, PCAPNG, ""),
        (cut, PCAP[:-RECORD], "cut short"),
        (bad, PCAP[: 24 + RECORD], "damaged: a packet of"),
    ):
        with_it = Follower([str(file)], follow=False)
        assert content(with_it) == expected
        assert with_it.finished and with_it.inputs()[0].state is InputState.DONE
        assert (error in with_it.inputs()[0].error) if error else not with_it.inputs()[0].error
        with_it.close()


def test_a_packet_too_long_is_passed_over_and_counted(tmp_path: Path) -> None:
    long = make.section() + make.interface() + make.enhanced(1, bytes(900_000)) + make.enhanced(2, PACKETS[0][1])
    file = tmp_path / "x.pcapng"
    file.write_bytes(long)
    follower = Follower([str(file)], follow=False, block_size=100_000)
    got = b"".join(bytes(block.data[: block.size]) for block in follower.poll())
    assert got == make.section() + make.interface() + make.enhanced(2, PACKETS[0][1])
    assert follower.inputs()[0].oversized == 1
    follower.close()


def test_from_a_pipe_and_from_one_writer_after_another(tmp_path: Path) -> None:
    out, into = os.pipe()
    os.write(into, PCAP)
    os.close(into)
    piped = Follower(["-"], follow=True, stdin_fd=out)
    assert content(piped) == PCAP
    piped.close()
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    follower, got = Follower([str(fifo)], follow=True), b""
    for data in (PCAP[:-3], PCAPNG):
        writer = os.open(fifo, os.O_WRONLY | os.O_NONBLOCK) if got else None
        if writer is None:
            list(follower.poll())  # opens its end
            writer = os.open(fifo, os.O_WRONLY | os.O_NONBLOCK)
        os.write(writer, data)
        os.close(writer)
        for _ in range(3):
            got += b"".join(bytes(block.data[: block.size]) for block in follower.poll())
    assert got == PCAP[:-RECORD] + PCAPNG
    follower.close()


def test_lines_are_no_capture(tmp_path: Path) -> None:
    log = tmp_path / "x.log"
    log.write_bytes(b"\n\nfirst line\n")
    follower = Follower([str(log)], follow=False)
    assert [(block.capture, bytes(block.data[: block.size])) for block in follower.poll()] == [
        (False, b"\n\nfirst line\n")
    ]
    follower.close()
    (tmp_path / "eth0.pcapng").write_bytes(PCAPNG)
    (tmp_path / "eth0.pcap3").write_bytes(PCAP)
    assert looks_like_log(str(tmp_path / "eth0.pcapng")) and looks_like_log(str(tmp_path / "eth0.pcap3"))
    assert is_capture(PCAP) and is_capture(PCAPNG) and not is_capture(b"\n\r\r")
