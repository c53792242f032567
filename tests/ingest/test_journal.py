"""systemd's journal: journalctl is run, and run again where it ended. A stand-in plays journalctl's part as its manual says."""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path

import pytest

from scantui.ingest.block import InputState
from scantui.ingest.follow import ProblemKind, check
from scantui.ingest.journal import command, selection
from tests.ingest.reading import Reader

STAND_IN = """#!{python}
import json, os, pathlib, sys
here = pathlib.Path(__file__).parent
with (here / "asked").open("a") as asked:
    asked.write(json.dumps(sys.argv[1:]) + chr(10))
entries = (here / "entries").read_text().splitlines()
after = [word.partition("=")[2] for word in sys.argv if word.startswith("--after-cursor=")]
begin = [json.loads(line)["__CURSOR"] for line in entries].index(after[0]) + 1 if after else 0
most = int((here / "most").read_text())
data = "".join(line + chr(10) for line in entries[begin:])
whole = "".join(line + chr(10) for line in entries[begin : begin + most])
sys.stdout.write(data[: len(whole) + 20] if "--follow" in sys.argv else data)  # dies inside a line
sys.stdout.flush()
if (here / "says").exists():
    sys.stderr.write((here / "says").read_text())
    sys.exit(1)
"""


@pytest.fixture
def journal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a stand-in that plays `entries` and dies after `most` of them."""
    folder = tmp_path / "journal"
    folder.mkdir()
    (folder / "journalctl").write_text(STAND_IN.format(python=sys.executable))
    (folder / "journalctl").chmod(0o755)
    (folder / "most").write_text("3")
    lines = [json.dumps({"__CURSOR": f"s=1;i={i:x}", "MESSAGE": f"entry {i}"}) for i in range(10)]
    (folder / "entries").write_text("\n".join(lines))
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    monkeypatch.chdir(tmp_path)
    return folder


def entries(reader: Reader, count: int) -> list[str]:
    """The messages, once there are so many of them."""
    for _ in range(400):
        reader.clock.seconds += 100
        reader.poll()
        if len(reader.lines) >= count:
            break
        reader.follower._waker.sleep(0.05)
    return [json.loads(line)["MESSAGE"] for line in reader.lines]


def asked(folder: Path) -> list[list[str]]:
    return [json.loads(line) for line in (folder / "asked").read_text().splitlines()]


def test_goes_on_by_cursor_after_each_death(journal: Path) -> None:
    with Reader(["journal:-k -S today"]) as reader:
        assert entries(reader, 10) == [f"entry {i}" for i in range(10)]
        calls = asked(journal)
        assert "-S" in calls[0] and "today" in calls[0]
        assert "--after-cursor=s=1;i=2" in calls[1]
        assert "-k" in calls[1] and "-S" not in calls[1] and "today" not in calls[1]
        assert [json.loads(reader.follower.fetch(*where) or b"")["MESSAGE"] for where in reader.origin][:2] == [
            "entry 0",
            "entry 1",
        ]


def test_starts_are_spaced(journal: Path) -> None:
    (journal / "most").write_text("0")
    (journal / "entries").write_text("")
    (journal / "says").write_text("first\nNo journal files were found.\n")
    with Reader(["journal:"]) as reader:
        waits = []
        for _ in range(7):
            reader.clock.seconds += 60
            for _ in range(400):
                reader.poll()
                if "again in" in reader.info("journal:").error and reader.follower._inputs[0]._pipe.fd < 0:
                    break
                reader.follower._waker.sleep(0.02)
            waits.append(reader.info("journal:").error.rpartition(" in ")[2])
        assert waits == ["1 s", "2 s", "4 s", "8 s", "16 s", "32 s", "60 s"]
        assert reader.info("journal:").error.startswith("journal:: journalctl ended: No journal files were found.")
        assert reader.info("journal:").state is InputState.ERROR
        calls = len(asked(journal))
        reader.clock.seconds += 59
        reader.poll()
        assert len(asked(journal)) == calls


def test_a_report_reads_to_the_end(journal: Path) -> None:
    with Reader(["journal:_TRANSPORT=kernel"], follow=False) as reader:
        for _ in range(400):
            reader.poll()
            if reader.follower.finished:
                break
            reader.follower._waker.sleep(0.05)
        assert len(reader.lines) == 10
        assert reader.follower.finished
        assert asked(journal)[0][-1] == "_TRANSPORT=kernel"
        assert "--follow" not in asked(journal)[0]


def test_nothing_of_it_reaches_a_shell(journal: Path) -> None:
    target = "journal:-t '$(touch pwned); `touch pwned`' -g ';touch pwned'"
    assert check([target], follow=True) == []
    with Reader([target]) as reader:
        entries(reader, 1)
        assert asked(journal)[0][-4:] == ["-t", "$(touch pwned); `touch pwned`", "-g", ";touch pwned"]
    assert not list(journal.parent.rglob("pwned"))


@pytest.mark.parametrize(
    "words",
    [
        "--vacuum-size=1",
        "--rotate",
        "-o cat",
        "--cursor-file=/etc/passwd",
        "-f",
        "-u",
        "ufw",
        "'open",
        "--root=/",
        "-kr",
    ],
)
def test_what_is_not_a_selection_is_refused(journal: Path, words: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        selection(f"journal:{words}")
    (problem,) = check([f"journal:{words}"], follow=True)
    assert (problem.kind, problem.fatal) == (ProblemKind.UNREADABLE, True)
    assert "\n" not in problem.text


def test_a_cursor_is_an_argument_of_one_word() -> None:
    arguments = command("journal:", follow=True)(b'{"__CURSOR": "x --rotate\\n-f"}\n')
    assert arguments[-1] == "--after-cursor=x --rotate\n-f"


def test_missing_journalctl_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    (problem,) = check(["journal:-k"], follow=True)
    assert problem.text == "journal:-k: journalctl is not installed on this machine"
    assert problem.fatal


def test_a_file_of_that_name_is_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("journal:-k").write_bytes(b"one\n")
    with Reader(["journal:-k"]) as reader:
        assert reader.drain() == [b"one"]


def test_closing_ends_the_command(journal: Path) -> None:
    (journal / "journalctl").write_text(
        f"#!{sys.executable}\nimport time\nprint('{{}}', flush=True)\ntime.sleep(600)\n"
    )
    with Reader(["journal:"]) as reader:
        for _ in range(400):
            if reader.poll():
                break
            reader.follower._waker.sleep(0.05)
        process = reader.follower._inputs[0]._pipe._process
        assert process is not None and process.poll() is None
    assert process.poll() is not None


@pytest.mark.skipif(shutil.which("journalctl") is None, reason="needs journalctl")
def test_the_real_one_takes_the_arguments(tmp_path: Path) -> None:
    """It has no journal here to show, and says so rather than that it does not know an option."""
    empty = tmp_path / "none"
    empty.mkdir()
    target = f"journal:-D {empty} _TRANSPORT=kernel -n 5"
    with Reader([target], follow=False) as reader:
        for _ in range(400):
            reader.poll()
            if reader.follower.finished:
                break
            reader.follower._waker.sleep(0.05)
        assert reader.follower.finished
        assert reader.info(target).error == ""
