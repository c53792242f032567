"""Network namespaces for tests, so that real tools load what was exported and touch nothing of the machine."""

from __future__ import annotations

import os
import shutil
import subprocess
from functools import cache

import pytest

_UNSHARE = ["unshare", "--net"] if os.geteuid() == 0 else ["unshare", "--user", "--map-root-user", "--net"]


@cache
def _refusal() -> str:
    """Why there is no namespace to be had; empty when there is."""
    if shutil.which("unshare") is None:
        return "needs unshare (util-linux) for a network namespace of its own"
    tried = subprocess.run([*_UNSHARE, "true"], capture_output=True, text=True, check=False)
    return "" if tried.returncode == 0 else f"no network namespace: {tried.stderr.strip()}"


def needs(*tools: str) -> pytest.MarkDecorator:
    """Skips where a tool or a namespace is not to be had."""
    path = os.pathsep.join((os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin"))
    missing = [tool for tool in tools if shutil.which(tool, path=path) is None]
    reason = f"needs {', '.join(missing)}" if missing else _refusal()
    return pytest.mark.skipif(bool(reason), reason=reason or "has all it needs")


def inside(script: str, stdin: str = "") -> str:
    """What a shell script prints in a fresh namespace; it fails at the first command that does."""
    path = os.pathsep.join((os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin"))
    done = subprocess.run(
        [*_UNSHARE, "sh", "-euc", script],
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PATH": path},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
