"""Exported files: whole or not at all, private, and never over somebody's work."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from scantui.export import atomic


def names(directory: Path) -> list[str]:
    return sorted(entry.name for entry in directory.iterdir())


def test_writes_private_utf8(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    old = os.umask(0)
    try:
        atomic.write(path, ["ä\n", "b\n"])
    finally:
        os.umask(old)
    assert path.read_bytes() == "ä\nb\n".encode()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert names(tmp_path) == ["out.csv"]


def test_keeps_what_is_there_unless_asked(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    path.write_text("mine")
    with pytest.raises(FileExistsError):
        atomic.write(path, ["new"])
    assert path.read_text() == "mine"
    atomic.write(path, ["new"], overwrite=True)
    assert path.read_text() == "new"
    assert names(tmp_path) == ["out.csv"]


@pytest.mark.parametrize("overwrite", [False, True])
def test_a_failure_leaves_nothing(tmp_path: Path, overwrite: bool) -> None:
    path = tmp_path / "out.csv"
    if overwrite:
        path.write_text("mine")

    def chunks() -> Iterator[str]:
        yield "half"
        raise RuntimeError("broken")

    with pytest.raises(RuntimeError):
        atomic.write(path, chunks(), overwrite)
    assert names(tmp_path) == (["out.csv"] if overwrite else [])
    assert not overwrite or path.read_text() == "mine"


@pytest.mark.parametrize("overwrite", [False, True])
def test_a_name_that_appears_meanwhile(tmp_path: Path, overwrite: bool) -> None:
    path = tmp_path / "out.csv"

    def chunks() -> Iterator[str]:
        path.write_text("theirs")
        yield "ours"

    if overwrite:
        atomic.write(path, chunks(), overwrite)
        assert path.read_text() == "ours"
    else:
        with pytest.raises(FileExistsError):
            atomic.write(path, chunks())
        assert path.read_text() == "theirs"
    assert names(tmp_path) == ["out.csv"]


@pytest.mark.parametrize("kind", ["link", "directory", "fifo"])
def test_refuses_what_is_no_regular_file(tmp_path: Path, kind: str) -> None:
    path, target = tmp_path / "out", tmp_path / "target"
    target.write_text("mine")
    if kind == "link":
        path.symlink_to(target)
    elif kind == "directory":
        path.mkdir()
    else:
        os.mkfifo(path)
    with pytest.raises(FileExistsError, match="not a regular file"):
        atomic.write(path, ["new"], overwrite=True)
    assert target.read_text() == "mine"
    assert names(tmp_path) == ["out", "target"]


def test_a_directory_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        atomic.write(tmp_path / "none" / "out", ["new"])
