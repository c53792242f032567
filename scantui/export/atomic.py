"""Files that appear whole or not at all, readable by their owner only."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from collections.abc import Iterable
from pathlib import Path


def write(path: Path, chunks: Iterable[str], overwrite: bool = False) -> None:
    """`write_bytes` of text as UTF-8."""
    write_bytes(path, (chunk.encode() for chunk in chunks), overwrite)


def write_bytes(path: Path, chunks: Iterable[bytes], overwrite: bool = False) -> None:
    """Write `chunks` to `path`, mode 0600, in one step.

    Raises FileExistsError when the file is there and `overwrite` is off, or when it is not a regular file (a device, a
    directory, a symbolic link); OSError when it cannot be written. Nothing is left behind then.
    """
    _refuse(path, overwrite)
    handle, name = tempfile.mkstemp(prefix=".scantui-", suffix=".part", dir=path.parent)  # mode 0600
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.writelines(chunks)
            file.flush()
            os.fsync(file.fileno())
        _refuse(path, overwrite)
        if overwrite:
            part.replace(path)
        else:
            _put(part, path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            part.unlink()
        raise
    _sync(path.parent)


def _refuse(path: Path, overwrite: bool) -> None:
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return
    if not stat.S_ISREG(mode):
        raise FileExistsError(f"{path} is not a regular file")
    if not overwrite:
        raise FileExistsError(f"{path} exists")


def _put(part: Path, path: Path) -> None:
    """Move without ever replacing, also when the name appears at this very moment."""
    try:
        path.hardlink_to(part)
    except FileExistsError:
        raise FileExistsError(f"{path} exists") from None
    except OSError:  # a file system without hard links
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        part.replace(path)
    else:
        part.unlink()


def _sync(directory: Path) -> None:
    """Make the new name last. Some file systems cannot; the content is safe by then."""
    with contextlib.suppress(OSError):
        handle = os.open(directory, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
