"""A text in all log lines of a source: found in the files, while the log grows."""

from __future__ import annotations

from pathlib import Path

from scantui.ingest.follow import Follower
from scantui.session import Session
from scantui.session import line_search as module
from scantui.snapshot import MOST_FOUND, FoundLines
from tests.session.test_worker import SYN_FIN, append, log, session, until

__all__ = ["log", "session"]  # fixtures
OTHER = SYN_FIN.replace("203.0.113.7", "198.51.100.9")


def sought(session: Session, text: str) -> FoundLines:
    """What comes of a search, once it is done."""
    code = int(session.latest().sources.code[-1])
    session.search_lines(code, text)
    found = until(session, lambda s: s.found and (s.found.text, s.found.looked) == (text, s.found.held)).found
    assert found is not None and found.code == code
    return found


def test_all_lines_of_the_source_are_looked_through_and_no_others(session: Session, log: Path) -> None:
    until(session, lambda s: s.status.events == 10)
    append(log, range(1000, 4000), 3)
    with log.open("a") as file:
        file.write("".join(OTHER.format(4, port) for port in range(1500, 1600)))
    until(session, lambda s: s.status.events == 3110)
    found = sought(session, ":15")
    assert (found.found, found.held, found.gone) == (100, 3010, 0)
    assert all(":15" in line.text for line in found.lines)
    assert all(before.ts >= after.ts for before, after in zip(found.lines, found.lines[1:], strict=False))
    every = sought(session, "SYN-FIN")
    assert (every.found, len(every.lines)) == (3010, MOST_FOUND)
    assert sought(session, "syn-fin").found == 3010 and sought(session, "Syn-Fin").found == 0
    session.search_lines(every.code, "")
    until(session, lambda s: s.found is None)


def test_lines_of_all_sources_are_looked_through(session: Session, log: Path) -> None:
    until(session, lambda s: s.status.events == 10)
    append(log, range(1000, 4000), 3)
    with log.open("a") as file:
        file.write("".join(OTHER.format(4, port) for port in range(1500, 1600)))
        file.write(OTHER.format(5, 21).rstrip() + " note=caf\u00e9\x1b[m\n")
    until(session, lambda s: s.status.events == 3111)
    session.search_lines(None, ":15")
    found = until(session, lambda s: s.found and s.found.looked == s.found.held).found
    assert (found.code, found.found, found.held, found.gone) == (None, 200, 3111, 0)
    addresses = [session.latest().address(line.code) for line in found.lines]
    assert addresses == ["198.51.100.9"] * 100 + ["203.0.113.7"] * 100
    assert all(before.ts >= after.ts for before, after in zip(found.lines, found.lines[1:], strict=False))
    for text in ("caf\u00e9\\x1b", "CAF\u00c9", "x1b[m"):  # as it is shown, whatever the bytes
        session.search_lines(None, text)
        found = until(session, lambda s, t=text: s.found and (s.found.text, s.found.looked) == (t, s.found.held)).found
        assert found.found == (text != "CAF\u00c9")


def test_reading_goes_on_while_lines_are_looked_through(session: Session, log: Path, monkeypatch) -> None:
    monkeypatch.setattr(module, "_SLICE", 0.0)  # nothing is looked through
    until(session, lambda s: s.status.events == 10)
    session.search_lines(int(session.latest().sources.code[0]), "SYN")
    until(session, lambda s: s.found)
    append(log, range(5000, 5200))
    until(session, lambda s: s.status.events == 210)
    assert session.latest().found == FoundLines(session.latest().found.code, "SYN", 10)
    monkeypatch.setattr(module, "_SLICE", 0.02)
    assert until(session, lambda s: s.found and s.found.looked == 10).found.found == 10


def test_lines_that_are_gone_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "fw.log"
    path.write_text("".join(SYN_FIN.format(1, port) for port in range(20, 30)))
    run = Session(Follower([str(path)], follow=False))
    run.start()
    until(run, lambda s: s.status.ended)
    path.write_text("")
    found = sought(run, "SYN")
    run.stop()
    assert (found.found, found.held, found.gone) == (0, 10, 10)
