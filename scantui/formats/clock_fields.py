"""Times that declared formats can name: `time:epoch-ms`, a pattern of strptime's letters, several joined by a bar."""

from __future__ import annotations

from collections.abc import Callable

from scantui.columns.stamp_layout import layout_of
from scantui.formats.epochs import AnyEpoch, named_zone, wordy_time
from scantui.formats.exported import exported_time
from scantui.formats.sheet import Record
from scantui.formats.stamp import syslog_stamp, time_of_day
from scantui.formats.stamp_patterns import reader_of
from scantui.formats.stamped_texts import StampedTexts
from scantui.formats.time_values import Epoch, IsoTime, Seconds
from scantui.formats.value_forms import InUtc, OneOf, OrNothing
from scantui.formats.values import Value, Words


def _month_first(token: bytes) -> Record | None:
    found = syslog_stamp(token)
    return None if found is None else dict(found)


_CLOCKS: dict[str, Callable[[], Value]] = {
    "": IsoTime,
    "iso": IsoTime,
    "iso-utc": lambda: InUtc(IsoTime()),
    "syslog": lambda: Seconds(_month_first),
    "clock": lambda: Seconds(time_of_day),
    "epoch": Epoch,
    "epoch-ms": lambda: Epoch(1_000),
    "epoch-us": lambda: Epoch(1),
    "epoch-ns": lambda: Epoch(0.001),
    "epoch-any": AnyEpoch,
    "wordy": lambda: StampedTexts(wordy_time, ("civil", "month", "zoned", "fraction", "stamped")),
    "exported": lambda: Words(exported_time, ("civil", "zoned", "fraction", "stamped")),
    "exported-utc": lambda: InUtc(Words(exported_time, ("civil", "zoned", "fraction", "stamped"))),
    "windows": lambda: Words(named_zone, ("civil", "zoned", "fraction", "stamped")),
}


def clock_of(reader: str) -> Value:
    """The value of a time: one of the names above, or a pattern such as `%m/%d/%Y-%H:%M:%S`."""
    if reader in _CLOCKS:
        return _CLOCKS[reader]()
    if reader.endswith("?"):
        return OrNothing(clock_of(reader[:-1]), ("civil", "month", "zoned", "fraction", "stamped"))
    if "|" in reader:
        return OneOf([clock_of(one) for one in reader.split("|")])
    if "%" not in reader:
        raise ValueError(f"'time:{reader}': a time is {', '.join(sorted(filter(None, _CLOCKS)))} or a pattern with %")
    return Seconds(reader_of(reader), layout=layout_of(reader))
