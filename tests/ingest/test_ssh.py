"""Files on other machines: by a real sshd on the loopback where there is one, and by a stand-in that does with a command what
ssh does: hand it to a login shell as one text."""

from __future__ import annotations

import os
import shlex
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scantui.ingest.block import InputState
from scantui.ingest.far_file import checksum, script
from scantui.ingest.follow import ProblemKind, check
from scantui.ingest.ssh import FarFile, Place, place_of
from tests.ingest.reading import Reader

STAND_IN = '#!/bin/sh\nwhile [ "$1" != -- ]; do shift; done\nshift 2\nexec {login} -c "$*"\n'
SSHD = shutil.which("sshd", path="/usr/sbin:/usr/local/sbin:" + os.environ["PATH"])
Prefix = Callable[[Path], str]


def quick_sleep(folder: Path) -> str:
    """A PATH on which sleeping is short."""
    folder.mkdir()
    (folder / "sleep").write_text(f"#!/bin/sh\nexec {shutil.which('sleep')} 0.02\n")
    (folder / "sleep").chmod(0o755)
    return f"{folder}:{os.environ['PATH']}"


@pytest.fixture
def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Prefix:
    monkeypatch.setenv("PATH", quick_sleep(tmp_path / "bin"))
    ssh = tmp_path / "bin" / "ssh"
    ssh.write_text(STAND_IN.format(login="sh"))
    ssh.chmod(0o755)
    return lambda path: f"ssh://me@far{path}"


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Prefix]:
    """A real sshd of our own; ssh is told of its keys by a wrapper, so that nothing of the user's is touched."""
    if not (SSHD and shutil.which("ssh") and shutil.which("ssh-keygen")):
        pytest.skip("no sshd here")
    home, path, real = tmp_path / "sshd", quick_sleep(tmp_path / "bin"), shutil.which("ssh")
    home.mkdir(mode=0o700)
    for name in ("host", "me"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(home / name)], check=True)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    (home / "config").write_text(
        f"Port {port}\nListenAddress 127.0.0.1\nHostKey {home}/host\nAuthorizedKeysFile {home}/me.pub\nPasswordAuthentication no\n"
        f"KbdInteractiveAuthentication no\nStrictModes no\nUsePAM no\nPidFile none\nSetEnv PATH={path}\n"
    )
    key = (home / "host.pub").read_text()
    (home / "known").write_text(f"[127.0.0.1]:{port} {key}")
    (home / "client").write_text(f"IdentityFile {home}/me\nIdentitiesOnly yes\nUserKnownHostsFile {home}/known\n")
    (tmp_path / "bin" / "ssh").write_text(f'#!/bin/sh\nexec {real} -F {home}/client "$@"\n')
    (tmp_path / "bin" / "ssh").chmod(0o755)
    monkeypatch.setenv("PATH", path)
    Path("/run/sshd").mkdir(exist_ok=True) if os.geteuid() == 0 else None
    daemon = subprocess.Popen([SSHD, "-D", "-e", "-f", str(home / "config")], stderr=subprocess.PIPE)
    assert daemon.stderr is not None and any(b"listening" in line for line in daemon.stderr)
    yield lambda path: f"ssh://127.0.0.1:{port}{path}"
    daemon.terminate()
    daemon.wait()
    daemon.stderr.close()


@pytest.fixture(params=["stand_in", "server"])
def far(request: pytest.FixtureRequest) -> Prefix:
    chosen: Prefix = request.getfixturevalue(request.param)
    return chosen


def numbered(start: int, end: int) -> bytes:
    return b"".join(b"line %d\n" % i for i in range(start, end))


def until(reader: Reader, true: Callable[[], bool]) -> None:
    for _ in range(1500):
        reader.poll()
        if true():
            return
        time.sleep(0.01)
    raise AssertionError((reader.lines[-3:], reader.follower.inputs()))


def lines_until(reader: Reader, count: int) -> None:
    """All lines, once there are so many: each once and in order."""
    until(reader, lambda: len(reader.lines) >= count)
    assert reader.lines == [b"line %d" % i for i in range(count)]


def lose(reader: Reader) -> None:
    """The connection breaks; it is not made again before the clock goes on."""
    pipe = reader.follower._inputs[0]._pipe
    pipe._process.kill()
    until(reader, lambda: pipe.fd < 0)


def test_a_file_is_followed_over_lost_connections_and_rotations(far: Prefix, tmp_path: Path) -> None:
    log = tmp_path / "it's a $(log) `x`"
    with Reader([far(log)]) as reader:
        until(reader, lambda: "no such file there yet" in reader.follower.inputs()[0].error)
        log.write_bytes(numbered(0, 10) + b"line ")
        lines_until(reader, 10)
        lose(reader)
        assert "started again in" in reader.follower.inputs()[0].error
        with log.open("ab") as more:
            more.write(b"10\n" + numbered(11, 20))
        log.rename(f"{log}.1")
        log.write_bytes(numbered(20, 30))
        Path(f"{log}.1").rename(f"{log}.2")
        log.rename(f"{log}.1")
        Path(f"{log}.bak").write_bytes(b"an admin's copy\n")
        log.write_bytes(numbered(30, 40))
        for age, name in enumerate((log, f"{log}.1", f"{log}.2")):
            os.utime(name, (1_700_000_000 - age, 1_700_000_000 - age))
        reader.clock.seconds += 100
        lines_until(reader, 40)
        with log.open("ab", buffering=0) as old:  # rotated under an open connection, and written on
            log.rename(f"{log}.3")
            old.write(numbered(40, 50) + b"line 50")
            log.write_bytes(numbered(51, 60))
            lines_until(reader, 60)
        log.write_bytes(numbered(60, 65))  # cut in place: shorter than it was
        lines_until(reader, 65)
        with log.open("ab") as more:
            more.write(numbered(65, 70))
        lines_until(reader, 70)
        lose(reader)
        reader.clock.seconds += 100
        with log.open("ab") as more:
            more.write(numbered(70, 75))
        lines_until(reader, 75)
        assert reader.follower.inputs()[0].error == ""
        source, offset, length = reader.origin[72]
        assert reader.follower.fetch(source, offset, length) == b"line 72"


def test_what_is_lost_is_said(stand_in: Prefix, tmp_path: Path) -> None:
    log = tmp_path / "fw.log"
    log.write_bytes(numbered(0, 5))
    with Reader([stand_in(log)]) as reader:
        lines_until(reader, 5)
        lose(reader)
        (tmp_path / "other").write_bytes(numbered(5, 9))
        log.unlink()
        (tmp_path / "other").rename(log)
        reader.clock.seconds += 100
        lines_until(reader, 9)
        assert "lines may be missing" in reader.follower.inputs()[0].error


def test_a_file_written_anew_under_the_same_inode_is_read_anew(stand_in: Prefix, tmp_path: Path) -> None:
    log = tmp_path / "fw.log"
    log.write_bytes(numbered(0, 5))
    with Reader([stand_in(log)]) as reader:
        lines_until(reader, 5)
        lose(reader)
        log.write_bytes(numbered(5, 50))
        reader.clock.seconds += 100
        lines_until(reader, 50)


@pytest.mark.parametrize("login_shell", ["dash", "bash", "busybox sh", "ksh", "zsh", "tcsh", "fish"])
def test_login_shells(stand_in: Prefix, tmp_path: Path, login_shell: str) -> None:
    if not shutil.which(login_shell.split()[0]):
        pytest.skip("not installed")
    (tmp_path / "bin" / "ssh").write_text(STAND_IN.format(login=login_shell))
    log = tmp_path / "it's; $(touch x) !"
    log.write_bytes(numbered(0, 9))
    with Reader([stand_in(log)], follow=False) as reader:
        until(reader, lambda: reader.follower.finished)
        assert len(reader.lines) == 9


def test_a_report_reads_to_the_end_and_archives(far: Prefix, tmp_path: Path) -> None:
    import gzip

    log = tmp_path / "fw.log.gz"
    log.write_bytes(gzip.compress(numbered(0, 1000)))
    with Reader([far(log)], follow=False) as reader:
        until(reader, lambda: reader.follower.finished)
        assert reader.lines == numbered(0, 1000).split(b"\n")[:-1] and not reader.follower.inputs()[0].error


def test_troubles_are_one_line(far: Prefix, tmp_path: Path) -> None:
    for path, follow, why in (
        (tmp_path / "gone", False, "no such file there; check the path"),
        (tmp_path, True, "a directory there; name a file in it"),
    ):
        target = far(path)
        with Reader([target], follow=follow) as reader:
            until(reader, lambda reader=reader: reader.follower.finished)
            info = reader.info(target)
            assert (info.error, info.state) == (f"{target}: {why}", InputState.ERROR)


def test_logins_that_fail(server: Prefix, tmp_path: Path) -> None:
    log = tmp_path / "fw.log"
    log.write_bytes(numbered(0, 1))
    target = server(log)
    (tmp_path / "sshd" / "me.pub").write_text("")
    (tmp_path / "sshd" / "me").rename(tmp_path / "sshd" / "you")
    with Reader([target]) as reader:
        until(reader, lambda: reader.follower.finished)
        assert "refused the login" in reader.info(target).error
    (tmp_path / "sshd" / "known").write_text("")
    with Reader([target]) as reader:
        until(reader, lambda: reader.follower.finished)
        assert "key of 127.0.0.1 is unknown or has changed; check it with: ssh -p" in reader.info(target).error


@pytest.mark.parametrize(
    ("target", "why"),
    [
        ("ssh://far", "write it as"), ("ssh:///var/log/x", "a user's or host's name"), ("ssh://-oProxyCommand=x/x", "name has"),
        ("ssh://-l@far/x", "name has"), ("ssh://a$(x)/x", "name has"), ("ssh://a b/x", "name has"), ("ssh://far:0/x", "0 is no port"),
        ("ssh://far:99999/x", "99999 is no port"), ("ssh://far/var/log/", "that of one file"), ("ssh://far/a%0ab", "that of one file"),
        ("ssh://far/var/*.log", "name each file"), ("ssh://u@@far/x", "write it as"),
    ],
)  # fmt: skip
def test_targets_that_are_none(target: str, why: str, stand_in: Prefix) -> None:
    (problem,) = check([target], follow=True)
    assert (
        problem.fatal
        and problem.kind is ProblemKind.UNREADABLE
        and problem.text.startswith(target.replace("\n", "")[:6])
    )
    assert why in problem.text


def test_targets() -> None:
    assert place_of("ssh://me@far.example:2222/var/log/a%20b%2A") == Place("me@far.example", "2222", "/var/log/a b*")
    assert place_of("ssh://[2001:db8::1]/x") == Place("2001:db8::1", "", "/x")
    call = FarFile(place_of("ssh://far:22/x"), follow=True).arguments()
    assert call[call.index("--") + 1] == "far" and len(call) == call.index("--") + 3
    assert "BatchMode=yes" in call and call[call.index("-p") + 1] == "22"


@given(st.text(st.characters(min_codepoint=32, exclude_characters="%*?[\x7f", exclude_categories=["Cs"]), min_size=1))
def test_a_path_is_one_word_for_the_shell(path: str) -> None:
    try:
        place = place_of(f"ssh://far/{path}")
    except ValueError:
        return
    words = shlex.split(FarFile(place, follow=True).arguments()[-1])
    assert words[:3] == ["exec", "sh", "-c"] and words[4:6] == ["scantui", f"/{path}"] and len(words) == 12


def test_the_script_passes_login_shells_and_its_checksum_is_cksum() -> None:
    assert "\n" not in script() and "!" not in script() and "'" not in script()
    for data in (b"", b"abc", bytes(range(256)) * 3):
        told = subprocess.run(["cksum"], input=data, capture_output=True, check=True).stdout.split()[0]
        assert checksum(data) == int(told)


@given(
    st.lists(st.one_of(st.binary(max_size=30), st.just(b"\x01scantui "), st.just(b"\x01scan")), max_size=12),
    st.lists(st.integers(1, 40), min_size=1),
)
def test_marks_are_found_in_any_pieces(parts: list[bytes], sizes: list[int]) -> None:
    talk = FarFile(Place("far", "", "/x"), follow=True)
    key = shlex.split(talk.arguments()[-1])[-2].encode()
    mark = b"\x01scantui " + key + b" "
    stream = b"Welcome!\n" + mark + b"F 7 0\n" + (mark + b"H\n").join(parts) + mark + b"L\n"
    got, at = b"", 0
    while at < len(stream):
        size = sizes[at % len(sizes)]
        got += talk.take(stream[at : at + size])
        at += size
    assert got == b"".join(parts) and "lines may be missing" in talk.note
