"""Where results go: stdout as UTF-8 bytes whatever the locale, or a new private file."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from scantui.cli.errors import Refused, reason
from scantui.cli.streams import forget_stdout
from scantui.export import atomic


def emit(chunks: Iterable[str | bytes], output: str, force: bool) -> None:
    """Write `chunks` to the file `output`, or to stdout when it is `-`."""
    if output == "-":
        _to_stdout(chunks)
        return
    try:
        atomic.write_bytes(Path(output), map(_encoded, chunks), force)
    except FileExistsError as error:
        advice = "give --output another name" if force else "--force replaces a regular file"
        raise Refused(f"{error}; {advice}") from None
    except OSError as error:
        raise Refused(f"cannot write {output}: {reason(error)}") from None


def _encoded(chunk: str | bytes) -> bytes:
    return chunk if isinstance(chunk, bytes) else chunk.encode()


def _to_stdout(chunks: Iterable[str | bytes]) -> None:
    stream = sys.stdout.buffer
    try:
        stream.writelines(map(_encoded, chunks))
        stream.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        forget_stdout()
        raise Refused(f"cannot write to stdout: {reason(error)}") from None
