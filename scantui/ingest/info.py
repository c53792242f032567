"""What can be told of one input."""

from __future__ import annotations

from dataclasses import dataclass

from scantui.ingest.block import InputState


@dataclass(frozen=True, slots=True)
class InputInfo:
    """One followed name, as of the last poll. `error` is one harmless line; empty when all is well."""

    path: str
    state: InputState
    error: str
    sources: tuple[int, ...]  # source ids of its generations, oldest first
    bytes_read: int  # unpacked
    bytes_left: int  # on disk (packed), not read in order yet
    rotations: int
    truncations: int  # times it was cut in place
    uncopied: int  # of these, times no copy was found for what had not been read
    oversized: int  # lines skipped because they were longer than the limit
    sample: bytes  # the beginning of the last of them, raw
    bytes_done: int = 0  # on disk (packed), read in order; 0 for a pipe
