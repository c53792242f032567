"""Raw lines again: the same bytes or none."""

from __future__ import annotations

import gzip
import os
import shutil
from pathlib import Path

import pytest
import zstandard

from tests.ingest.reading import Reader, append

TEXT = b"".join(b"%06d %s\n" % (number, b"x" * (number % 50)) for number in range(3000))


def fetched(reader: Reader, indexes: range) -> list[bytes | None]:
    return [reader.follower.fetch(*reader.origin[i]) for i in indexes]


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "log"
    path.write_bytes(TEXT)
    return path


def test_while_it_grows_and_after_rotation(log: Path) -> None:
    with Reader([log]) as reader:
        reader.drain()
        log.rename(log.with_name("log.1"))
        append(log, b"new\n")
        reader.settle()
        log.with_name("log.1").rename(log.with_name("log.7"))
        assert fetched(reader, range(3001)) == reader.lines


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.ZstdCompressor().compress])
def test_after_compression(log: Path, pack) -> None:
    with Reader([log]) as reader:
        reader.drain()
        log.rename(log.with_name("log.1"))
        append(log, b"new\n")
        reader.settle()
        old = log.with_name("log.1")
        old.with_name("log.2.gz").write_bytes(pack(old.read_bytes()))
        old.unlink()
        for order in (range(3000), range(2999, -1, -97)):
            assert fetched(reader, order) == [reader.lines[i] for i in order]


def test_after_copytruncate_from_the_copy(log: Path) -> None:
    with Reader([log]) as reader:
        reader.drain()
        shutil.copyfile(log, log.with_name("log.1"))
        os.truncate(log, 0)
        append(log, TEXT[:20_000].upper())
        reader.settle()
        assert fetched(reader, range(len(reader.lines))) == reader.lines


def test_other_bytes_are_never_given(log: Path) -> None:
    with Reader([log]) as reader:
        reader.drain()
        os.truncate(log, 0)
        append(log, TEXT.replace(b"x", b"y"))
        assert fetched(reader, range(0, 3000, 100)) == [None] * 30
        reader.drain()
        assert fetched(reader, range(0, 3000, 100)) == [None] * 30
        assert fetched(reader, range(3000, 6000)) == reader.lines[3000:]


def test_overwritten_in_its_middle_is_only_sure_at_its_ends(log: Path) -> None:
    with Reader([log]) as reader:
        reader.drain()
        with log.open("r+b") as file:
            file.write(b"0" * 2000)
        assert fetched(reader, range(0, 3000, 500)) == [None] * 6


def test_gone_is_none(log: Path) -> None:
    with Reader([log]) as reader:
        reader.drain()
        log.unlink()
        reader.settle()
        assert fetched(reader, range(0, 3000, 500)) == [None] * 6
        assert reader.follower.fetch(99, 0, 1) is None
        assert reader.follower.fetch(1, -1, 5) is None
        assert reader.follower.fetch(1, len(TEXT), 5) is None


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.ZstdCompressor().compress])
def test_from_an_archive_in_any_order(tmp_path: Path, pack) -> None:
    big = b"".join(b"%08d %s\n" % (number, os.urandom(40).hex().encode()) for number in range(250_000))
    path = tmp_path / "log.z"
    path.write_bytes(pack(big))
    with Reader([path], follow=False) as reader:
        reader.drain()
        order = range(len(reader.lines) - 1, -1, -40_001)
        assert fetched(reader, order) == [reader.lines[i] for i in order]
        assert fetched(reader, range(100_000, 100_050)) == reader.lines[100_000:100_050]
        path.write_bytes(pack(big.upper()))
    with Reader([path], follow=False) as reader:
        reader.drain()
        path.write_bytes(pack(TEXT))
        assert fetched(reader, range(0, 200_000, 50_000)) == [None] * 4
