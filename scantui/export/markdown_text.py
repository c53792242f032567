"""Text for Markdown: the one place where anything becomes a part of such a file (CommonMark, and GitHub's tables)."""

from __future__ import annotations

import re

from scantui.safe_text import harmless

# What can begin or end markup anywhere in a line (CommonMark 0.31 §2.4, §6; GFM §4.10, §6.5).
_ANYWHERE = re.compile(r"[\\`*_\[\]<>&|~$]")
# At the start of a line: a heading, list, rule, underline or a table's second row.
_START = re.compile(r"^[#+\-=:]")
_HASHES = re.compile(r"#+$")  # at the end of a heading they are not part of it
_NUMBER = re.compile(r"^(\d{1,9})([.)])(?=\s|$)")
_ADDRESS = re.compile(r"(?i)(?<![a-z])(https?|ftp|mailto|xmpp):|(?<![a-z])(www)\.")  # GFM §6.9, links by themselves


def markdown_text(text: str) -> str:
    """`text` as one line that reads as itself, wherever in a line it stands; blanks around it are lost."""
    safe = _ANYWHERE.sub(r"\\\g<0>", harmless(text).strip())
    safe = _ADDRESS.sub(lambda match: f"{match[1]}\\:" if match[1] else f"{match[2]}\\.", safe)
    safe = _HASHES.sub(r"\\\g<0>", safe)
    safe = _NUMBER.sub(r"\1\\\2", safe)
    return _START.sub(r"\\\g<0>", safe)


def fenced(lines: list[str]) -> list[str]:
    """Lines as a block of code: the fence is longer than any that they hold (CommonMark §4.5)."""
    safe = [harmless(line) for line in lines]
    longest = max((len(run) for line in safe for run in re.findall(r"`+", line)), default=0)
    fence = "`" * max(3, longest + 1)
    return [fence + "text", *safe, fence]
