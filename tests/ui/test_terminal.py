"""What only a real terminal shows: signals, bytes, silence, and that partial updates add up to the whole screen."""

from __future__ import annotations

import json
import os
import random
import re
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pexpect
import pyte
import pytest

ROOT = Path(__file__).resolve().parents[2]
ENTER, LEAVE, MOUSE_OFF = b"\x1b[?1049h", b"\x1b[?1049l", b"\x1b[?1003l"
Start = Callable[..., pexpect.spawn]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts the small monitor in a pty."""
    running: list[pexpect.spawn] = []

    def begin(mode: str = "still", size: tuple[int, int] = (80, 24), manners: dict[str, object] | None = None,
              **environment: str) -> pexpect.spawn:  # fmt: skip
        env = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "COLORTERM")}
        env |= {"TERM": "xterm-256color", "COLORTERM": "truecolor", "PYTHONPATH": str(ROOT), **environment}
        child = pexpect.spawn(sys.executable, ["-m", "tests.ui.terminal_app", mode, str(tmp_path / "dump"), json.dumps(manners or {})], cwd=ROOT,
                              env=env, dimensions=(size[1], size[0]), timeout=20)  # fmt: skip
        running.append(child)
        return child

    yield begin
    for child in running:
        with suppress(OSError, pexpect.ExceptionPexpect):
            child.close(force=True)


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Start]:
    """Starts scantui itself in a pty, with nobody's settings."""
    running: list[pexpect.spawn] = []

    def begin(*arguments: str, size: tuple[int, int] = (80, 24)) -> pexpect.spawn:
        env = {
            k: v
            for k, v in os.environ.items()
            if k not in ("NO_COLOR", "COLORTERM") and not k.startswith(("SCANTUI_", "XDG_"))
        }
        env |= {"TERM": "xterm-256color", "COLORTERM": "truecolor", "PYTHONPATH": str(ROOT), "HOME": str(tmp_path)}
        child = pexpect.spawn(
            sys.executable, ["-m", "scantui", *arguments], cwd=ROOT, env=env, dimensions=(size[1], size[0]), timeout=20
        )
        running.append(child)
        return child

    yield begin
    for child in running:
        with suppress(OSError, pexpect.ExceptionPexpect):
            child.close(force=True)


def read_for(child: pexpect.spawn, seconds: float) -> bytes:
    """All that comes within `seconds`."""
    got, end = b"", time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        try:
            got += child.read_nonblocking(65536, timeout=left)
        except (pexpect.TIMEOUT, pexpect.EOF):
            break
    return got


def begun(child: pexpect.spawn, sign: bytes = b"203.0.113.7") -> bytes:
    """All that comes until `sign` has been shown and the screen has come to rest, however long the machine takes."""
    child.expect_exact(sign)
    return bytes(child.before + child.after) + rest(child)


def rest(child: pexpect.spawn) -> bytes:
    """All that comes until the screen is at rest: the heatmap is painted at most once a second."""
    got = child.buffer
    child.buffer = b""
    while more := read_for(child, 1.5):
        got += more
    return bytes(got)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_gives_the_terminal_back(start: Start, tmp_path: Path, number: signal.Signals) -> None:
    child = start()
    child.expect_exact(b"203.0.113.7")
    child.kill(number)
    child.expect(pexpect.EOF)
    assert LEAVE in child.before and MOUSE_OFF in child.before
    child.close()
    assert child.exitstatus == 128 + number
    assert (tmp_path / "dump.stopped").read_text() == "1"


@pytest.mark.parametrize("keys", [b"q", b"\x03", b"\x11"])
def test_leaving_gives_the_terminal_back(start: Start, keys: bytes) -> None:
    child = start()
    child.expect_exact(b"203.0.113.7")
    child.send(keys)
    child.expect(pexpect.EOF)
    child.close()
    assert LEAVE in child.before and child.exitstatus == 0


def test_a_crash_gives_the_terminal_back_and_shows_why(start: Start, tmp_path: Path) -> None:
    child = start("crash")
    child.expect_exact(b"203.0.113.7")
    child.send(b"z")
    child.expect(pexpect.EOF)
    child.close()
    after = child.before.split(LEAVE)
    assert len(after) == 2 and b"ZeroDivisionError" in after[1]
    assert child.exitstatus == 1
    assert (tmp_path / "dump.stopped").read_text() == "1"


def test_a_terminal_that_vanishes_ends_the_process(start: Start) -> None:
    child = start("live")
    child.expect_exact(b"203.0.113.7")
    child.ptyproc.fileobj.close()
    end = time.monotonic() + 15
    while time.monotonic() < end and os.waitpid(child.pid, os.WNOHANG) == (0, 0):
        time.sleep(0.1)
    with pytest.raises(OSError):
        os.kill(child.pid, 0)


def test_an_idle_screen_is_silent(start: Start) -> None:
    child = start(size=(120, 40))
    child.expect_exact(b"203.0.113.7")
    read_for(child, 2.0)
    assert read_for(child, 2.0) == b""


@pytest.mark.parametrize(("size", "environment"), [((120, 40), {}), ((80, 24), {}), ((80, 24), {"NO_COLOR": "1"})])
def test_partial_updates_add_up_to_the_screen(
    start: Start, tmp_path: Path, size: tuple[int, int], environment: dict[str, str]
) -> None:
    child = start("live", size, **environment)
    screen = pyte.Screen(*size)
    stream = pyte.ByteStream(screen)
    child.expect_exact(b"203.0.113.7")
    stream.feed(child.before + child.after + child.buffer)
    child.buffer = b""
    for keys in (b"jj", b"k", b"j"):  # while pictures come
        child.send(keys)
        stream.feed(read_for(child, 0.4))
    lines = believed(child, stream, tmp_path / "dump")
    assert [line.rstrip() for line in screen.display] == lines
    assert any("203.0.113.7" in line for line in lines)


@pytest.mark.parametrize("theme", ["dark", "ansi"])
def test_without_colour_none_is_sent_and_the_cursor_can_be_seen(start: Start, theme: str) -> None:
    child = start(NO_COLOR="1", manners={"theme": theme})
    screen = pyte.Screen(80, 24)
    sent = begun(child)
    pyte.ByteStream(screen).feed(sent)
    attributes = {int(number or 0) for found in re.findall(rb"\x1b\[([0-9;]*)m", sent) for number in found.split(b";")}
    assert attributes <= {0, 1, 2, 4, 7}  # bold, dim, underlined, reversed
    line = next(y for y, text in enumerate(screen.display) if "203.0.113.7" in text)
    assert all(screen.buffer[line][x].reverse for x in range(70))
    assert not screen.buffer[line + 1][5].reverse
    assert any(glyph in "".join(screen.display) for glyph in "░▒▓█")


@pytest.mark.parametrize("term", ["dumb", ""])
def test_a_dumb_terminal_gets_a_sentence(start: Start, term: str) -> None:
    child = start(TERM=term)
    child.expect(pexpect.EOF)
    child.close()
    assert b"\x1b" not in child.before and child.before.count(b"\n") == 1
    assert b"use 'scantui watch --print' or 'scantui report'" in child.before
    assert child.exitstatus == 2


def test_nothing_blinks(start: Start) -> None:
    child = start()
    child.expect_exact(b"203.0.113.7")
    child.send(b"/abc")
    seen = child.before + read_for(child, 1.0)
    assert b"\x1b[5m" not in seen and b";5m" not in seen
    assert read_for(child, 1.5) == b""


def test_a_page_is_printed_on_the_plain_terminal_and_enter_returns(start: Start) -> None:
    child = start("live")
    child.expect_exact(b"203.0.113.7")
    child.send(b"\x1bOQ")  # F2: the mouse is the terminal's
    child.expect_exact(MOUSE_OFF)
    child.send(b"P")
    child.expect_exact(LEAVE)
    child.expect_exact(b"-- enter returns to scantui --")
    printed = child.before.replace(b"\r", b"").split(b"\n")
    assert len([line for line in printed if b"scan" in line or b"benign" in line or b"suspect" in line]) > 30
    assert b"\x1b" not in b"".join(printed[3:])
    assert b"\x1b[" not in child.buffer + read_for(child, 1.5)  # pictures go on coming, nothing is painted
    child.send(b"\n")
    child.expect_exact(ENTER)
    screen = pyte.Screen(80, 24)
    pyte.ByteStream(screen).feed(again := child.buffer + read_for(child, 2.0))
    assert any("203.0.113.7" in line for line in screen.display) and "scan" in "".join(screen.display)
    assert again.rfind(b"\x1b[?1003l") > again.rfind(b"\x1b[?1003h")
    child.send(b"q")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_while_a_page_is_printed(start: Start, tmp_path: Path, number: signal.Signals) -> None:
    child = start()
    child.expect_exact(b"203.0.113.7")
    child.send(b"P")
    child.expect_exact(b"-- enter returns to scantui --")
    child.kill(number)
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 128 + number and child.before.rfind(LEAVE) >= child.before.rfind(ENTER)
    assert (tmp_path / "dump.stopped").read_text() == "1"


def test_ctrl_c_comes_back_from_a_printed_page(start: Start) -> None:
    child = start()
    child.expect_exact(b"203.0.113.7")
    child.send(b"P")
    child.expect_exact(b"-- enter returns to scantui --")
    child.send(b"\x03")
    child.expect_exact(ENTER)
    child.send(b"q")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0


def believed(child: pexpect.spawn, stream: pyte.ByteStream, dump: Path) -> list[str]:
    """What Textual believes to be on the screen, at a moment around which nothing was sent that has not been read."""
    stream.feed(rest(child))
    for _ in range(
        10
    ):  # a busy machine may fall silent between two pictures: what comes meanwhile makes the answer void
        dump.unlink(missing_ok=True)
        child.send(b"\x1bOR")
        end = time.monotonic() + 60
        late = b""
        while not dump.exists() and time.monotonic() < end:
            late += read_for(child, 0.2)
        assert dump.exists(), f"no answer to F3; running: {child.isalive()}; sent since: {late[-2000:]!r}"
        late += rest(child)
        stream.feed(late)
        if not late:
            break
    assert not late, f"never at rest; sent last: {late[-2000:]!r}"
    return [line.rstrip() for line in dump.read_text("utf-8").split("\n")]


def test_a_storm_of_resizes_ends_in_the_right_screen(start: Start, tmp_path: Path) -> None:
    child = start("live", (120, 40))
    child.expect_exact(b"203.0.113.7")
    dice = random.Random(7)
    for _ in range(60):
        child.setwinsize(dice.randint(1, 70), dice.randint(1, 220))
        read_for(child, 0.01)
    child.setwinsize(24, 80)
    rest(child)
    screen = pyte.Screen(80, 24)
    stream = pyte.ByteStream(screen)
    child.setwinsize(25, 81)  # paints the whole screen
    screen.resize(25, 81)
    lines = believed(child, stream, tmp_path / "dump")
    assert [line.rstrip() for line in screen.display] == lines
    assert len(lines) == 25 and any("203.0.113.7" in line for line in lines)


EVENT = "2026-11-22T03:14:{second:02d}Z gw kernel: DROP IN=eth0 SRC=198.51.{a}.{b} DST=192.0.2.9 LEN=40 TTL=44 ID=1 PROTO=TCP SPT=5{c:04d} DPT={port} WINDOW=1024 SYN URGP=0\n"


def test_a_reader_that_stops_reading_holds_nothing_up(start: Start, tmp_path: Path) -> None:
    log = tmp_path / "fw.log"
    log.touch()
    child = start(str(log), (120, 40))
    screen = pyte.Screen(120, 40)
    stream = pyte.ByteStream(screen)
    stream.feed(begun(child, b"No sources yet"))
    count, written = tmp_path / "dump.count", 0
    with log.open("a") as file:
        for second in range(60):  # for half a minute nobody reads what the monitor sends
            for n in range(200):
                file.write(EVENT.format(second=second, a=n % 250, b=second, c=n, port=1 + n % 60))
            file.flush()
            written += 200
            time.sleep(0.5)
    end = time.monotonic() + 20
    while int(count.read_text() or 0) < written and time.monotonic() < end:
        time.sleep(0.1)
    assert int(count.read_text()) == written  # all was read while the screen stood still
    stream.feed(read_for(child, 7.0))  # the rate is that of the last five seconds
    lines = believed(child, stream, tmp_path / "dump")
    assert [line.rstrip() for line in screen.display] == lines
    assert "12,000 events" in lines[0]
    child.send(b"q")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0


def test_hostile_text_stays_text(start: Start) -> None:
    child = start("evil", (120, 40))
    sent = begun(child)
    for keys in (
        b"\r",
        *(b"%d" % n for n in range(2, 9)),
        b"\x1b",
        b"i",
        b"\x1b",
        b"e",
        b"\x1b",
        b"M",
        b"\x1b",
        b"A",
        b"\x1b",
        b"a",
        b"\x1b",
    ):
        child.send(keys)
        sent += read_for(child, 0.4)
    assert b"owned" in sent and b"txt.exe" in sent  # it was shown
    sent = sent.replace(b"\x1b]22;default\x07", b"")  # Textual's own: the shape of the mouse pointer
    for raw in (b"\x1b]0;", b"\x1b[31m", b"\xc2\x9b", "\u202e".encode(), b"\x07"):
        assert raw not in sent, raw
    child.send(b"q")
    child.expect(pexpect.EOF)


RAW = (
    b"\x1b]0;owned\x07",
    b"\x1b[31mred",
    b"\x1b]52;c;b3duZWQ=\x07",
    b"\x9b31m",
    b"\xc2\x9b31m",
    "\u202etxt.exe".encode(),
)
HOSTILE = b"".join(RAW) + b"[@click=app.quit]x[/]=cmd|'/c'!A0"


def hostile_log() -> bytes:
    """Scans of two formats, every field that holds text filled with what a terminal would obey; and lines of nothing else."""
    said = HOSTILE.replace(b" ", b"_").replace(b'"', b"_")
    lines = []
    for n in range(60):
        lines.append(b"ts=2026-11-22T03:14:%02dZ event=" % n + said + b" src=203.0.113.7:53 dst=192.0.2.10:%d proto=tcp" % (n + 21)
                     + b" flags=SYN-FIN user=" + said + b" " + said + b"=" + said)  # fmt: skip
        lines.append(b"2026-11-22T03:15:%02d+00:00 " % n + said + b" kernel: [" + said + b"] IN=" + said + b" OUT=" + said
                     + b" SRC=203.0.113.8 DST=192.0.2.10 LEN=40 TTL=44 ID=1 PROTO=TCP SPT=40000 DPT=%d WINDOW=1024 SYN URGP=0" % (n + 21))  # fmt: skip
        lines.append(said)
    return b"\n".join(lines) + b"\n"


def test_a_hostile_log_under_a_hostile_name_stays_text(run: Start, tmp_path: Path) -> None:
    log = tmp_path / os.fsdecode(HOSTILE.replace(b"/", b"_") + b".log")
    log.write_bytes(hostile_log())
    child = run("watch", str(log), "--state", str(tmp_path), size=(120, 40))
    child.expect_exact(b"203.0.113.7")
    sent = child.before + read_for(child, 3.0)
    walk = (b"\r", *(b"%d" % n for n in range(1, 10)), b"\r", b"\x1b", b"\x1b", b"\x1b", b"i", b"\x1b", b"mx", b"\x1b", b"e", b"\x1b", b"M",
            b"\x1b", b"A", b"\x1b", b"c", b"c", b"/event", b"\x1b", b"\x1b", b"P", b"\r")  # fmt: skip
    for keys in walk:
        child.send(keys)
        sent += read_for(child, 0.5)
    assert b"owned" in sent and b"txt.exe" in sent  # it was shown
    sent = sent.replace(b"\x1b]22;default\x07", b"")  # Textual's own: the shape of the mouse pointer
    assert not [raw for raw in (*RAW, b"\x1b]", b"\xc2\x9b", "\u202e".encode(), b"\x07") if raw in sent]
    child.send(b"q")
    child.expect(pexpect.EOF)
    child.close()
    assert LEAVE in child.before and child.exitstatus == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_while_the_terminal_takes_nothing(
    start: Start, tmp_path: Path, number: signal.Signals
) -> None:
    log = tmp_path / "fw.log"
    log.write_text("".join(EVENT.format(second=n % 60, a=n % 250, b=1, c=n, port=n) for n in range(1, 300)))
    child = start(str(log), (120, 40))
    child.expect_exact(b"198.51.")
    for n in range(12):  # each paints the whole screen, more than a pty holds
        child.setwinsize(40 - n % 2, 120)
        time.sleep(0.2)
    child.kill(number)
    time.sleep(1.0)
    child.expect(pexpect.EOF)
    child.close()
    assert LEAVE in child.before and MOUSE_OFF in child.before
    assert child.exitstatus == 128 + number


def test_ascii_is_all_that_is_sent(start: Start) -> None:
    child = start("live", (120, 40), {"ascii": True, "title": True})
    sent = begun(child)
    for keys in (
        b"?",
        b"\x1b",
        b":",
        b"mark",
        b"\x1b",
        b"\r",
        b"9",
        b"\x1b",
        b"v",
        b"v",
        b"x",
        b"\x1b",
        b"e",
        b"\x1b",
        b"P",
        b"\r",
        b"\x14",
    ):
        child.send(keys)
        sent += read_for(child, 0.4)
    child.send(b"q")
    child.expect(pexpect.EOF)
    sent += child.before
    assert sent.isascii(), re.findall(rb"[^\x00-\x7f]+", sent)[:5]


@pytest.mark.parametrize("term", ["xterm-16color", "linux", "xterm"])
def test_sixteen_colours_are_the_terminals_own(start: Start, term: str) -> None:
    child = start("live", (120, 40), TERM=term, COLORTERM="")
    sent = begun(child)
    assert b"203.0.113.7" in sent and b"\x1b[" in sent
    assert not re.search(rb"[;\[][34]8;[25];", sent)


@pytest.mark.parametrize("leave", [b"q", signal.SIGTERM, b"z"])
def test_the_title_is_given_back(start: Start, leave: bytes | signal.Signals) -> None:
    child = start("crash" if leave == b"z" else "live", manners={"title": True})
    sent = begun(child)
    assert sent.count(b"\x1b[22;2t") == 1
    if leave != b"z":
        assert re.search(rb"\x1b\]2;scantui: \d+ scans, \d+ suspects?\x07", sent)
    if isinstance(leave, bytes):
        child.send(leave)
    else:
        child.kill(leave)
    child.expect(pexpect.EOF)
    assert child.before.count(b"\x1b[23;2t") == 1 and child.before.index(b"\x1b[23;2t") < child.before.rindex(LEAVE)
