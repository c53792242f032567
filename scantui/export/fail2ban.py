"""fail2ban: a shell script that has a jail ban the addresses."""

from __future__ import annotations

from collections.abc import Iterator

from scantui.export.blocked import blocklist
from scantui.export.handover import Export, Handover
from scantui.export.quoting import comment, shell_word


def render(handover: Handover) -> Iterator[str]:
    blocked = blocklist(handover)
    yield "#!/bin/sh\n"
    for line in blocked.head(
        "run: sh FILE JAIL   take back: sh FILE JAIL unbanip",
        "the jail's own bantime says how long: fail2ban-client get JAIL bantime",
    ):
        yield line + "\n"
    yield "set -eu\n"
    yield "jail=${1:?give the name of a jail: sh FILE JAIL}\n"
    yield "do=${2:-banip}\n"
    for one in blocked.entries:
        yield comment(f"{one.text}: {one.why}") + "\n"
        for line in one.said():
            yield line + "\n"
        yield f'fail2ban-client set "$jail" "$do" {shell_word(one.text)}\n'


EXPORT = Export("fail2ban", ".sh", "script of fail2ban-client commands for a jail", render, acts=True)
