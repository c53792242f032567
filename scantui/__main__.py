"""`python -m scantui`."""

from __future__ import annotations

import sys

from scantui.cli import main

sys.exit(main())
