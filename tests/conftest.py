"""Property tests look for new examples on a developer's machine; where CI is set they take the same ones every time."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from hypothesis import settings

# No test reads or writes the marks or settings of whoever runs it.
_OWN = tempfile.TemporaryDirectory(prefix="scantui-own-")
os.environ["XDG_STATE_HOME"] = str(Path(_OWN.name, "state"))
os.environ["XDG_CONFIG_HOME"] = str(Path(_OWN.name, "config"))
os.environ.pop("SCANTUI_CONFIG", None)

settings.register_profile("ci", derandomize=True, deadline=None)
if os.environ.get("CI"):
    settings.load_profile("ci")
