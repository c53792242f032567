"""Targets that are no paths, by what they begin with: `journal:`, `ssh://`, `syslog://`."""

from __future__ import annotations

import os
import shutil

from scantui.ingest import journal, ssh, syslog
from scantui.ingest.commands import CommandInput, talk_of
from scantui.ingest.inputs import Input
from scantui.ingest.shared import Shared


def is_scheme(target: str) -> bool:
    """Whether a target is no path. A file of that name is a file."""
    known = journal.is_journal(target) or ssh.is_ssh(target) or syslog.is_syslog(target)
    return known and not os.path.lexists(target)


def wrong(target: str, *, follow: bool) -> str:
    """Why nothing can come from a target that `is_scheme`; empty when something can."""
    if syslog.is_syslog(target):
        return syslog.wrong(target, follow=follow)
    try:
        program = talk_of(target, follow=follow).arguments()[0]
    except ValueError as error:
        return str(error)
    return "" if shutil.which(program) else f"{program} is not installed on this machine"


def exposes(target: str) -> str:
    """What following a target opens to other machines; empty when nothing."""
    return syslog.exposes(target) if is_scheme(target) and syslog.is_syslog(target) else ""


def open_scheme(target: str, shared: Shared) -> Input:
    """The input of a target that `is_scheme`. Raises ValueError."""
    return syslog.SyslogInput(target, shared) if syslog.is_syslog(target) else CommandInput(target, shared)
