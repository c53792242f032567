"""A file cut in place (copytruncate): its old content goes on in the copy, its new content begins at the start."""

from __future__ import annotations

import os
from dataclasses import dataclass

from scantui.ingest.generation import Generation
from scantui.ingest.rotation import Opened, Successors, unread_siblings
from scantui.ingest.shared import Shared
from scantui.ingest.streams import Packed
from scantui.ingest.whereabouts import copy_of


@dataclass(slots=True)
class Cut:
    """What followed: the old generation if its copy was found, other rotated files, and the new generation."""

    copied: Generation | None
    between: Successors  # without a current file
    fresh: Generation
    lost: bool  # no copy at all: what had not been read is gone


def cut(generation: Generation, path: str, shared: Shared) -> Cut:
    """Split `generation` of the followed `path`, which is open and was truncated."""
    registry, old_stream = shared.registry, generation.stream
    registry.drop(generation.known)
    status = os.fstat(old_stream.fd)
    fd = generation.leave()
    shared.close(generation)
    fresh = shared.begin(Opened(fd, status, generation.source.path), path, _first_data(fd))
    found, any_copy = (None, False) if isinstance(old_stream, Packed) else copy_of(path, generation.known, registry)
    if found is None:
        generation.abandon()
    else:
        file, stream = found
        generation.attach(stream, file.status)
        generation.over = True
        registry.moved(generation.known, file.status)
        shared.opened(generation)
    between = unread_siblings(path, registry, generation.known)
    return Cut(None if found is None else generation, between, fresh, not any_copy)


def _first_data(fd: int) -> int:
    """Where a truncated file's new lines begin: a writer without O_APPEND leaves a hole of zeros before them."""
    try:
        start = os.lseek(fd, 0, os.SEEK_DATA)
    except OSError:
        return 0
    while (piece := os.pread(fd, 64 * 1024, start)) and not piece.lstrip(b"\0"):
        start += len(piece)
    return start + len(piece) - len(piece.lstrip(b"\0"))
