"""Every setting: its section, name, type, bounds, default and what it does. All else about them is made from this.

`option` names the parameter of the command line that says the same; a setting without one can be said in the file only.
A `path` begins in the folder of the file, unless it is absolute or begins with ~.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

Texts = tuple[str, ...]


def _says(text: str, option: str = "", *, path: bool = False, **bounds: Any) -> Meta:
    return Meta(description=text, extra={"option": option, "path": path}, **bounds)


class _Section(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One table of the file."""


class Monitor(_Section, frozen=True):
    """How the monitor behaves on its terminal."""

    theme: Annotated[
        str, _says("Colour theme; 'auto': dark, or ansi where the terminal has sixteen colours.", "theme")
    ] = "auto"
    mouse: Annotated[bool, _says("Whether the monitor takes the mouse; F2 switches while it runs.", "mouse")] = True
    low_bandwidth: Annotated[bool, _says("For slow links: one picture a second, and the heatmap sweeps and does not scroll.",
                                         "low_bandwidth")] = False  # fmt: skip
    ascii: Annotated[bool, _says("Send nothing but ASCII: no box, block or braille glyphs.", "only_ascii")] = False
    title: Annotated[bool, _says("Count scans in the terminal's title; it is given back at the end.", "title")] = False
    bell: Annotated[bool, _says("Ring the terminal's bell when a new source scans.", "bell")] = False
    notify: Annotated[Literal["off", "osc9", "osc777"], _says(
        "Desktop notification by the terminal when a new source scans: osc9 (iTerm2, kitty, WezTerm, Windows Terminal) or osc777 "
        "(foot, GNOME Terminal, rxvt, WezTerm).", "notify")] = "off"  # fmt: skip
    hold_seconds: Annotated[float, _says("The table's order stands still so long after a key moved the cursor.",
                                         ge=0, le=60)] = 2.0  # fmt: skip


class Table(_Section, frozen=True):
    """The source table as it is at the start."""

    columns: Annotated[Texts, _says("Columns, left to right, as far as they fit; empty: the standard ones.")] = ()
    sort: Annotated[str, _says("Column to sort by; 'interest' puts what looks most like a scan first.")] = "interest"
    reverse: Annotated[bool, _says("Sort the other way around.")] = False


class Heat(_Section, frozen=True):
    """The heatmap as it is at the start."""

    bucket: Annotated[int, _says("Seconds a column, rounded to the nearest step of the zoom; 0 follows the span of the log.",
                                 ge=0, le=86_400)] = 0  # fmt: skip
    sweep: Annotated[bool, _says("Write the newest column in place and do not scroll: less to send.")] = False


class Judge(_Section, frozen=True):
    """How sources are judged. Holds for report, explain, export and rules check, too."""

    sensitivity: Annotated[Literal["low", "normal", "high"], _says(
        "Evidence a scan takes: odds of 50 to 1, 7 to 1, or even.", "sensitivity")] = "normal"  # fmt: skip
    home: Annotated[Texts, _says("The site's own networks; empty: guessed from the log.", "home")] = ()
    allow: Annotated[Texts, _says("Networks that may scan.", "allow")] = ()
    allow_files: Annotated[
        Texts, _says("Lists of who may scan, with ports, an end and a reason.", "allow_file", path=True)
    ] = ()


class Read(_Section, frozen=True):
    """How logs are read."""

    log_tz: Annotated[str, _says("Zone of stamps that carry none; empty: guessed.", "log_tz")] = ""
    log_format: Annotated[
        Texts, _says("Formats to read by, as NAME or NAME:GLOB of inputs' paths; empty: recognised.", "log_format")
    ] = ()
    memory: Annotated[str, _says("What the history may hold.", "memory")] = "512M"


class Output(_Section, frozen=True):
    """What report, explain and rules check print."""

    tz: Annotated[str, _says("Zone of printed times. The monitor shows UTC.", "where")] = "UTC"


class Rules(_Section, frozen=True):
    """Rules to try on what scans."""

    files: Annotated[Texts, _says("Files of Snort, Suricata, iptables or nft rules.", "rules", path=True)] = ()
    vars: Annotated[Mapping[str, str], _says("Variables of the rules, such as HOME_NET.", "variables")] = {}
    dialect: Annotated[Literal["", "snort2", "snort3", "suricata"], _says("Language of the rules; empty: guessed, and said.",
                                                                          "dialect")] = ""  # fmt: skip


class Origin(_Section, frozen=True):
    """Where addresses belong."""

    mmdb: Annotated[Texts, _says("MaxMind databases (ASN, country).", "mmdb", path=True)] = ()
    known: Annotated[Texts, _says("Lists of known scanners.", "known", path=True)] = ()
    lookup: Annotated[bool, _says("Allow asking DNS and RDAP about a source, when you ask for it.", "lookup")] = False
    resolver: Annotated[str, _says("Name server for look-ups; empty: the system's. Of use with look-ups only.",
                                   "resolver")] = ""  # fmt: skip


class State(_Section, frozen=True):
    """What outlasts a run."""

    dir: Annotated[str, _says("Directory of marks, allow-list and saved filters; empty: ~/.local/state/scantui.",
                                  "state_in", path=True)] = ""  # fmt: skip
    restore: Annotated[bool, _says("Whether the screen begins as it was left: order, columns, panes, heatmap, theme, mouse.",
                                   "restored")] = True  # fmt: skip


class Export(_Section, frozen=True):
    """How exports are made: by scantui export, and by the monitor's export key."""

    hours: Annotated[int, _says("How long a block holds; 0 is for good.", "hours", ge=0, le=24 * 365)] = 24
    aggregate: Annotated[
        bool, _says("Block networks (/24, /64) where several addresses of one scanned.", "aggregate")
    ] = False
    sid: Annotated[int, _says("First sid of rules.", "sid", ge=1, le=2**31 - 1)] = 1_000_001
    reporter: Annotated[str, _says("Who writes a report or an abuse mail.", "reporter")] = ""
    organisation: Annotated[str, _says("For whom.", "organisation")] = ""
    contact: Annotated[str, _says("Where answers to an abuse mail go.", "contact")] = ""
    excerpt: Annotated[int, _says("Log lines quoted of a source.", "excerpt", ge=0, le=200)] = 20


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file. `keys` is action id to keys, comma between."""

    monitor: Monitor = Monitor()
    table: Table = Table()
    heat: Heat = Heat()
    judge: Judge = Judge()
    read: Read = Read()
    output: Output = Output()
    rules: Rules = Rules()
    origin: Origin = Origin()
    export: Export = Export()
    state: State = State()
    keys: Mapping[str, str] = {}
