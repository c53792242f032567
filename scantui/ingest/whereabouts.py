"""Where the content of a file went: under another name, into a copy, into an archive."""

from __future__ import annotations

import os
import stat

from scantui.ingest.contents import content_head, unpacked_size
from scantui.ingest.identity import SURE, Known, Mark, Registry
from scantui.ingest.packed import SUFFIXES, packing_of
from scantui.ingest.rotation import Opened, open_file, siblings
from scantui.ingest.streams import Packed, Plain


def find(path: str, known: Known) -> Opened | None:
    """The file that still holds the content of `known`, by any name: itself, or a full plain copy of it."""
    names = [path, *(name for name, _ in siblings(path))]
    best: Opened | None = None
    for name in names:
        file = open_file(name, links=name == path)
        if file is None:
            continue
        if stat.S_ISREG(file.status.st_mode) and _holds(file, known):
            if known.at(file.status):
                if best is not None:
                    os.close(best.fd)
                return file
            if best is None:
                best = file
                continue
        os.close(file.fd)
    return best


def _holds(file: Opened, known: Known) -> bool:
    if known.packed:
        return known.at(file.status) and known.same(file.fd, file.status)
    if packing_of(file.fd):
        return False
    mark = known.mark
    if not known.at(file.status) and len(mark.head) < SURE:
        return False
    return file.status.st_size >= mark.position and mark.fits(lambda length, at: os.pread(file.fd, length, at))


def find_packed(path: str, known: Known) -> Opened | None:
    """An archive beside `path` of exactly the content of `known`."""
    for name, status in [(path, None), *siblings(path)]:
        if status is not None and not name.endswith(SUFFIXES):
            continue
        file = open_file(name, links=name == path)
        if file is None:
            continue
        if _packs(file, known):
            return file
        os.close(file.fd)
    return None


def _packs(file: Opened, known: Known) -> bool:
    if not packing_of(file.fd):
        return False
    if known.packed and known.at(file.status) and known.unchanged(file.status):
        return True
    mark = known.mark
    told = unpacked_size(file.fd, file.status.st_size)
    return (
        len(mark.head) >= SURE
        and content_head(file.fd, len(mark.head)) == mark.head
        and told is not None
        and told in (mark.position, mark.position % 2**32)
    )


def copy_of(path: str, known: Known, registry: Registry) -> tuple[tuple[Opened, Plain | Packed] | None, bool]:
    """The copy that a copytruncate rotation made: a sibling whose bytes before our position are those we read.

    Opened at that position, with what we had not read still ahead (perhaps nothing). Where there is none, shorter copies are
    remembered, so that nobody reads them as something new; beside a whole one they are something new that begins alike. The
    second value tells whether there was any copy, however short.
    """
    if known.mark.position <= 0:
        return None, True
    short: list[Opened] = []
    best: tuple[Opened, Plain | Packed] | None = None
    for name, status in sorted(siblings(path), key=lambda item: item[1].st_mtime_ns, reverse=True):
        other = registry.unchanged(status)
        if not status.st_size or known.at(status) or (other and other.generation is not known.generation):
            continue
        file = open_file(name, links=False)
        if file is None:
            continue
        stream = _at_position(file, known.mark)
        if stream is None and _begins(file, known.mark):
            short.append(file)
        elif stream is None:
            os.close(file.fd)
        elif best is None:
            best = file, stream
        else:
            registry.alias(file.fd, file.status, known)
            os.close(file.fd)
    for file in short:
        if best is None:
            registry.alias(file.fd, file.status, known)
        os.close(file.fd)
    return best, bool(short) or best is not None


def _begins(file: Opened, mark: Mark) -> bool:
    """Whether the file is the beginning of what we read."""
    if packing_of(file.fd) or file.status.st_size >= mark.position:
        return False
    length = min(len(mark.head), file.status.st_size)
    return length > 0 and os.pread(file.fd, length, 0) == mark.head[:length]


def _at_position(file: Opened, mark: Mark) -> Plain | Packed | None:
    kind = packing_of(file.fd)
    if not kind:
        fits = file.status.st_size >= mark.position and mark.fits(lambda length, at: os.pread(file.fd, length, at))
        return Plain(file.fd, mark.position) if fits else None
    if content_head(file.fd, len(mark.head)) != mark.head:
        return None
    stream = Packed(file.fd, kind, grows=False)
    if stream.skip_to(mark.position)[-len(mark.tail) :] == mark.tail and stream.position == mark.position:
        return stream
    return None
