"""Parquet, a row group at a time, without a file: what pyarrow writes is handed on as it comes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from types import ModuleType
from typing import Any

from scantui import __version__
from scantui.export.blocked import second
from scantui.export.handover import Handover


def pyarrow() -> ModuleType:
    """Raises ValueError that says how to get it."""
    try:
        import pyarrow as pa
        import pyarrow.parquet
    except ImportError:
        raise ValueError("Parquet needs pyarrow: pip install 'scantui[export]'") from None
    return pa


class _Sink:
    """What has been written and not yet taken. pyarrow asks for the place, never to go back."""

    closed = False

    def __init__(self) -> None:
        self._chunks: list[bytes] = []
        self._place = 0

    def write(self, data: Any) -> int:
        chunk = bytes(data)
        self._chunks.append(chunk)
        self._place += len(chunk)
        return len(chunk)

    def tell(self) -> int:
        return self._place

    def writable(self) -> bool:
        return True

    def readable(self) -> bool:
        return False

    def seekable(self) -> bool:
        return False

    def flush(self) -> None:
        """Nothing is held back."""

    def close(self) -> None:
        """What was written stays to be taken."""

    def take(self) -> bytes:
        taken = b"".join(self._chunks)
        self._chunks.clear()
        return taken


def parquet(
    pa: ModuleType, handover: Handover, kind: str, fields: Sequence[Any], batches: Iterable[list[Any]]
) -> Iterator[bytes]:
    """A file of these fields, a row group a batch of arrays. `kind` is the schema's name, and stands in its metadata."""
    told = {"scantui.schema": kind, "scantui.version": __version__, "scantui.made_at": second(handover.made_at)}
    schema = pa.schema(fields, metadata=told)
    sink = _Sink()
    with pa.parquet.ParquetWriter(sink, schema, compression="zstd") as writer:
        for arrays in batches:
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
            yield sink.take()
    yield sink.take()
