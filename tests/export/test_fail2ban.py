"""The fail2ban export: a script, run by a shell with a client that only notes what it was told."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from hypothesis import HealthCheck, given, settings

from scantui.export.blocked import blocklist
from scantui.export.fail2ban import EXPORT
from scantui.export.handover import Handover
from tests.export.handing import MIXED, SYNFIN, demo, noted, wishing
from tests.export.hostile import texts


def written(handover: Handover) -> str:
    return "".join(str(chunk) for chunk in EXPORT.render(handover))


def told(handover: Handover, where: Path, *words: str) -> list[list[str]]:
    """What the client was told, a list of words a call."""
    client = where / "fail2ban-client"
    client.write_text('#!/bin/sh\nprintf "%s\\n" "$*" >> "$TOLD"\n')
    client.chmod(0o755)
    note = where / "told"
    note.unlink(missing_ok=True)
    script = where / "export.sh"
    script.write_text(written(handover))
    env = {"PATH": f"{where}:{os.environ.get('PATH', os.defpath)}", "TOLD": str(note)}
    subprocess.run(["sh", str(script), *words], check=True, env=env, cwd=where)
    assert sorted(path.name for path in where.iterdir()) == ["export.sh", "fail2ban-client", "told"]
    return [line.split(" ") for line in note.read_text().splitlines()]


def test_bans_and_takes_back(tmp_path: Path) -> None:
    handover = wishing(demo(MIXED), aggregate=True)
    names = [one.text for one in blocklist(handover).entries]
    assert told(handover, tmp_path, "sshd") == [["set", "sshd", "banip", name] for name in names]
    assert told(handover, tmp_path, "sshd", "unbanip") == [["set", "sshd", "unbanip", name] for name in names]


def test_wants_a_jail(tmp_path: Path) -> None:
    script = tmp_path / "export.sh"
    script.write_text(written(demo(SYNFIN)))
    done = subprocess.run(["sh", str(script)], capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "give the name of a jail" in done.stderr


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(note=texts)
def test_no_note_is_run(tmp_path: Path, note: str) -> None:
    assert told(noted(demo(SYNFIN), note), tmp_path, "j") == [["set", "j", "banip", "203.0.113.7"]]
