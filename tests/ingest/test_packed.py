"""gzip, zstd, xz, bzip2 and UTF-16, by content."""

from __future__ import annotations

import bz2
import gzip
import lzma
import os
from pathlib import Path

import pytest
import zstandard

from scantui.ingest.block import InputState
from scantui.ingest.contents import unpacked_size
from tests.ingest.reading import Reader, append

TEXT = b"".join(b"line %d\n" % number for number in range(40_000))
LINES = TEXT.split(b"\n")[:-1]


def gz(data: bytes) -> bytes:
    return gzip.compress(data, mtime=1_700_000_000)


def zst(data: bytes) -> bytes:
    return zstandard.ZstdCompressor(write_checksum=True).compress(data)


def bz(data: bytes) -> bytes:
    return bz2.compress(data, 1)  # blocks of 100 kB: nothing comes before a whole one


PACKERS = [gz, zst, lzma.compress, bz]


@pytest.mark.parametrize("pack", PACKERS)
@pytest.mark.parametrize("follow", [False, True])
def test_all_members_whatever_the_name(tmp_path: Path, pack, follow: bool) -> None:
    path = tmp_path / "old-log"
    path.write_bytes(pack(TEXT[:1000]) + pack(b"") + pack(TEXT[1000:]))
    with Reader([path], follow=follow) as reader:
        assert reader.drain() == LINES
        info = reader.info(path)
        assert (info.state, info.error, info.bytes_left) == (InputState.DONE, "", 0)
        assert reader.follower.finished


def test_zero_padding_after_gzip_data(tmp_path: Path) -> None:
    path = tmp_path / "log.gz"
    path.write_bytes(gz(b"one\n") + bytes(700) + gz(b"two") + bytes(300))
    with Reader([path], follow=False) as reader:
        assert reader.drain() == [b"one", b"two"]
        assert reader.info(path).error == ""


def test_zero_padding_after_xz_data(tmp_path: Path) -> None:
    path = tmp_path / "log.xz"
    path.write_bytes(lzma.compress(b"one\n") + bytes(8) + lzma.compress(b"two") + bytes(4))
    with Reader([path], follow=False) as reader:
        assert reader.drain() == [b"one", b"two"]
        assert reader.info(path).error == ""


def test_an_xz_header_cannot_ask_for_all_memory(tmp_path: Path) -> None:
    path = tmp_path / "log.xz"
    filters = [{"id": lzma.FILTER_LZMA2, "preset": 0, "dict_size": 256 << 20}]
    path.write_bytes(lzma.compress(b"one\n", filters=filters))
    with Reader([path], follow=False) as reader:
        assert reader.drain() == []
        assert "memory" in reader.info(path).error


def test_a_log_may_begin_like_an_archive(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_bytes(b"BZh9 is a host\n")
    with Reader([path], follow=False) as reader:
        assert reader.drain() == [b"BZh9 is a host"]


@pytest.mark.parametrize("size", [0, 1, 127, 128, 300_000])
def test_xz_says_its_size(tmp_path: Path, size: int) -> None:
    path = tmp_path / "log.xz"
    path.write_bytes(lzma.compress(bytes(size)))
    with path.open("rb") as file:
        assert unpacked_size(file.fileno(), path.stat().st_size) == size
    path.write_bytes(path.read_bytes()[:-1])
    with path.open("rb") as file:
        assert unpacked_size(file.fileno(), path.stat().st_size) is None


def test_gzip_tells_the_time_of_its_content(tmp_path: Path) -> None:
    told, untold = tmp_path / "a.gz", tmp_path / "b.gz"
    told.write_bytes(gz(b"x\n"))
    untold.write_bytes(gzip.compress(b"y\n", mtime=0))
    os.utime(untold, (5, 5))
    with Reader([told, untold], follow=False) as reader:
        reader.drain()
        assert [source.modified_us for source in reader.follower.sources().values()] == [
            1_700_000_000_000_000,
            5_000_000,
        ]


@pytest.mark.parametrize("pack", PACKERS)
def test_a_cut_archive_gives_what_it_has(tmp_path: Path, pack) -> None:
    path = tmp_path / "log.z"
    whole = pack(os.urandom(200_000).hex().encode().replace(b"7", b"\n"))
    path.write_bytes(whole[: len(whole) // 2])
    with Reader([path], follow=False) as reader:
        assert len(reader.drain()) > 1000
        assert "cut short" in reader.info(path).error
        assert reader.info(path).state is InputState.DONE


@pytest.mark.parametrize("pack", PACKERS)
def test_damage_is_told(tmp_path: Path, pack) -> None:
    path = tmp_path / "log.z"
    whole = bytearray(pack(os.urandom(200_000).hex().encode().replace(b"7", b"\n")))
    whole[len(whole) // 2 : len(whole) // 2 + 2000] = bytes(2000)
    path.write_bytes(whole)
    with Reader([path], follow=False) as reader:
        reader.drain()
        assert "damaged" in reader.info(path).error
        assert reader.follower.finished


def test_an_archive_still_being_written_is_followed(tmp_path: Path) -> None:
    path, whole = tmp_path / "log.gz", gz(TEXT)
    path.write_bytes(whole[:20_000])
    with Reader([path]) as reader:
        reader.drain()
        assert reader.info(path).state is InputState.FOLLOWING
        append(path, whole[20_000:])
        reader.drain(2)
        assert reader.lines == LINES
        assert (reader.info(path).state, reader.info(path).error) == (InputState.DONE, "")


@pytest.mark.parametrize("form", ["utf-16-le", "utf-16-be"])
def test_utf_16_is_read_and_followed(tmp_path: Path, form: str) -> None:
    path = tmp_path / "from-powershell.log"
    text = "".join(f"line {number} käse \U0001f9c0\r\n" for number in range(30_000))
    raw = ("\ufeff" + text).encode(form)
    cut = len(raw) // 2 | 1  # within a character
    path.write_bytes(raw[:cut])
    with Reader([path]) as reader:
        reader.drain()
        append(path, raw[cut : cut + 1001])  # whole characters again
        reader.drain(2)
        assert reader.info(path).state is InputState.FOLLOWING
        append(path, raw[cut + 1001 :])
        reader.drain(2)
        assert [line.rstrip(b"\r") for line in reader.lines] == text.encode().split(b"\r\n")[:-1]
        assert (reader.info(path).state, reader.info(path).error) == (InputState.FOLLOWING, "")
    with Reader([path], follow=False) as reader:
        assert len(reader.drain()) == 30_000
        assert (reader.info(path).state, reader.info(path).error) == (InputState.DONE, "")
    path.write_bytes(raw[:5001] + b"\x00\xd8" * 3 + raw[5001:])  # halves of characters
    with Reader([path], follow=False) as reader:
        assert len(reader.drain()) > 10
        assert reader.info(path).state is InputState.DONE


@pytest.mark.parametrize("pack", PACKERS)
def test_a_bomb_is_unpacked_in_steps(tmp_path: Path, pack) -> None:
    path = tmp_path / "log.gz"
    path.write_bytes(pack(bytes(60_000_000) + b"\nend\n"))
    with Reader([path], follow=False) as reader:
        assert reader.drain() == [b"end"]
        assert reader.info(path).oversized == 1


def test_compressing_a_rotated_file_in_a_followed_directory_reads_nothing_twice(tmp_path: Path) -> None:
    old, new = tmp_path / "kern.log.1", tmp_path / "kern.log"
    old.write_bytes(TEXT[:5000])
    new.write_bytes(TEXT[5000:])
    os.utime(old, (1000, 1000))
    with Reader([tmp_path]) as reader:
        reader.drain()
        (tmp_path / "kern.log.2.gz").write_bytes(gz(old.read_bytes()))
        old.unlink()
        new.rename(old)
        append(new, b"more\n")
        reader.drain()
        (tmp_path / "kern.log.3.zst").write_bytes(zst(TEXT[5000:]))
        reader.drain(3)
        whole = TEXT[:5000].count(b"\n")
        broken = TEXT[5000:].split(b"\n")[0]
        assert reader.lines == [*TEXT[:5000].split(b"\n")[:whole], broken, *LINES[whole + 1 :], b"more"]
