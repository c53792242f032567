"""The clock of one input: stamps as written become `ts`, and `ts_quality` says what had to be guessed.

A missing year, or date, is taken from the file's own time and carried over New Year, or midnight, in the lines'
order; but no line lies in the file's future unless it has just come. A missing zone is the one given, else the one
that makes the file's last stamp agree with the file's time, else UTC. Where a stamp has whole seconds and the line
carries the kernel's uptime, the uptime orders and spaces the lines inside their second; the logged second is never
left. The result depends on the lines and their order alone, not on how they were cut into blocks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scantui.columns.civil import DAY, SECOND, days_from_civil
from scantui.events import TsQuality
from scantui.formats.sheet import DAYLESS, NO_UPTIME, Record

Ints = NDArray[np.int64]

_QUARTER = 900 * SECOND  # zones are whole quarter hours from UTC (IANA tz database, since 1972)
_AGREES = 5 * SECOND  # how far a file's time may be from its last stamp to tell the zone
_WIDEST = 14 * 3600 * SECOND  # UTC+14, Line Islands
_REBOOT = SECOND  # uptime going back by more than this is a new boot
_JUST = 7 * DAY  # how far the stamp of a line may be from the moment at which it came
_STALE = 3 * SECOND // 2  # a boot time off by more than this is estimated anew


class Clock:
    """Turns the stamp columns of one input, in order, into times."""

    def __init__(self, modified_us: int, last: Record | None, zone: tzinfo | None, year: int | None) -> None:
        self._reference = modified_us
        self._zone = zone
        self._given_year = year
        self._year = year
        self._month = self._day = 0
        self._turned = False  # a year has begun in these lines
        self._date: int | None = None  # days since 1970, where stamps have no date
        self._time_of_day = 0
        self._boot: int | None = None  # running estimate, for spacing inside a second
        self._uptime = NO_UPTIME
        self._start_of_uptime: int | None = None  # when only uptime is logged
        self._offset = 0 if zone is not None or last is None else self._infer_offset(last)
        if last is not None and not last.get("stamped") and last.get("uptime", NO_UPTIME) >= 0:
            self._start_of_uptime = modified_us - last["uptime"]

    def _infer_offset(self, last: Record) -> int:
        """Zone offset (local minus UTC) that makes the last stamp and the file's time agree; 0 when none does."""
        if not last.get("stamped") or last.get("zoned"):
            return 0
        month = last.get("month", 0)
        if month == DAYLESS:
            starts = [(self._reference // DAY + step) * DAY for step in (0, -1, 1)]
        elif month:
            year = self._year_of(self._reference)
            starts = [int(days_from_civil(year + step, month, 1)) * DAY for step in (-1, 0, 1)]
        else:
            starts = [0]
        for start in starts:
            civil = last["civil"] + start
            ahead = civil - self._reference
            offset = round(ahead / _QUARTER) * _QUARTER
            if abs(offset) <= _WIDEST and abs(ahead - offset) <= _AGREES:
                return offset
        return 0

    @staticmethod
    def _year_of(microseconds: int) -> int:
        return (datetime.fromtimestamp(0, UTC) + timedelta(microseconds=microseconds)).year

    def resolve(self, columns: dict[str, NDArray[Any]], rows: int, arrival_us: int) -> tuple[Ints, NDArray[np.uint8]]:
        """`ts` and `ts_quality` of `rows` lines in order. `columns` holds the stamp columns that were filled."""

        def column(name: str, fill: int) -> NDArray[Any]:
            values = columns.get(name)
            return np.full(rows, fill) if values is None else values

        stamped = column("stamped", 0).astype(np.bool_)
        zoned, fraction = column("zoned", 0).astype(np.bool_), column("fraction", 0).astype(np.bool_)
        month, uptime = column("month", 0), column("uptime", NO_UPTIME).astype(np.int64)
        ts = column("civil", 0).astype(np.int64).copy()
        quality = np.where(fraction, TsQuality.EXACT, TsQuality.SECOND).astype(np.uint8)
        yearless = stamped & (month > 0)
        if yearless.any():
            ts[yearless] = self._with_years(month[yearless].astype(np.int64), ts[yearless], arrival_us)
        dayless = stamped & (month == DAYLESS)
        if dayless.any():
            ts[dayless] = self._with_days(ts[dayless])
        unzoned = stamped & ~zoned
        if unzoned.any():
            ts[unzoned] -= self._offsets(ts[unzoned])
            if self._zone is None:
                quality[unzoned] = TsQuality.GUESSED_ZONE
        if self._given_year is None:
            quality[yearless] = TsQuality.GUESSED_YEAR
        quality[dayless] = TsQuality.GUESSED_YEAR
        spaced = stamped & ~fraction & (uptime >= 0)
        if spaced.any():
            ts[spaced] = self._spaced(ts[spaced], uptime[spaced])
        bare = ~stamped
        if bare.any():
            ts[bare] = self._from_uptime(uptime[bare], arrival_us)
            quality[bare] = TsQuality.ARRIVAL
        return ts - column("lasted", 0), quality

    def _with_years(self, month: Ints, civil: Ints, arrival_us: int) -> Ints:
        """Times from month starts, with the year each line must be of."""
        day = civil // DAY + 1
        if self._year is None:
            year = self._year_of(self._reference)
            first = int(days_from_civil(year, int(month[0]), 1)) * DAY + int(civil[0])
            self._year = year - (first > self._reference + DAY)
        previous = np.concatenate(([self._month or month[0]], month[:-1]))
        previous_day = np.concatenate(([self._day or day[0]], day[:-1]))
        turned = previous - month >= 6
        after_turn = np.logical_or.accumulate(turned) | self._turned
        # A late line of the old year; or it was no new year: a device that begins at 1 January was told the time.
        back = (previous == 1) & (previous_day <= 2) & (((month == 12) & (day >= 30)) | ((month >= 7) & after_turn))
        self._turned = bool(after_turn[-1])
        year_of = self._year + np.cumsum(turned.astype(np.int64) - back.astype(np.int64))
        self._year, self._month, self._day = int(year_of[-1]), int(month[-1]), int(day[-1])
        made: Ints = days_from_civil(year_of, month, 1) * DAY + civil
        late = (made > self._reference + DAY) & (np.abs(made - arrival_us) > _JUST)
        if self._given_year is None and late.any():
            made[late] = self._not_later(month[late], civil[late], arrival_us)
        return made

    def _not_later(self, month: Ints, civil: Ints, arrival_us: int) -> Ints:
        """Times of lines that are out of order by months: in the year in which they have just come, or the file's own last."""
        year = self._year_of(self._reference)
        made: Ints = days_from_civil(np.full(len(month), year), month, 1) * DAY + civil
        before: Ints = days_from_civil(np.full(len(month), year - 1), month, 1) * DAY + civil
        made = np.where(made > self._reference + DAY, before, made)
        if 0 <= arrival_us - self._reference <= 366 * DAY:
            for near in (self._year_of(arrival_us) - 1, self._year_of(arrival_us)):
                now: Ints = days_from_civil(np.full(len(month), near), month, 1) * DAY + civil
                made = np.where(np.abs(now - arrival_us) <= _JUST, now, made)
        return made

    def _with_days(self, civil: Ints) -> Ints:
        """Times from midnights, with the day each line must be of: the first is the last such time before the file's."""
        if self._date is None:
            now = self._reference + int(np.broadcast_to(self._offsets(np.array([self._reference])), 1)[0])
            self._date = now // DAY - (int(civil[0]) > now % DAY + _AGREES)
            self._time_of_day = int(civil[0])
        step = np.diff(civil, prepend=self._time_of_day)
        date = self._date + np.cumsum((step < -DAY // 2).astype(np.int64) - (step > DAY // 2))
        self._date, self._time_of_day = int(date[-1]), int(civil[-1])
        return date * DAY + civil

    def _offsets(self, local: Ints) -> Any:
        """Zone offset of each local time, microseconds; asked of the zone once an hour of local time."""
        if self._zone is None:
            return self._offset
        hours, which = np.unique(local // (3600 * SECOND), return_inverse=True)
        start = datetime(1970, 1, 1)
        found = [(start + timedelta(hours=hour)).replace(tzinfo=self._zone).utcoffset() for hour in hours.tolist()]
        return np.array([int((offset or timedelta()).total_seconds()) * SECOND for offset in found], np.int64)[which]

    def _spaced(self, second: Ints, uptime: Ints) -> Ints:
        """Times inside their whole seconds, spaced by uptime: boot + uptime, where boot is the largest (stamp - uptime) seen."""
        behind = second - uptime
        before = np.concatenate(([self._uptime if self._uptime >= 0 else uptime[0]], uptime[:-1]))
        boot = np.maximum.accumulate(behind if self._boot is None else np.concatenate(([self._boot], behind)))[
            -len(behind) :
        ]
        if (uptime < before - _REBOOT).any() or (boot - behind > _STALE).any():
            boot = self._boots_one_by_one(behind, uptime, before)
        self._boot, self._uptime = int(boot[-1]), int(uptime[-1])
        return np.clip(uptime + boot, second, second + SECOND - 1)

    def _boots_one_by_one(self, behind: Ints, uptime: Ints, before: Ints) -> Ints:
        boot, out = self._boot, []
        for lag, now, then in zip(behind.tolist(), uptime.tolist(), before.tolist(), strict=True):
            if boot is None or now < then - _REBOOT or boot - lag > _STALE or lag > boot:
                boot = lag
            out.append(boot)
        return np.array(out, np.int64)

    def _from_uptime(self, uptime: Ints, arrival_us: int) -> Ints:
        """Times where the kernel's uptime is the only clock: the file's time, or the first arrival, is its last line's."""
        if self._start_of_uptime is None:
            logged = uptime[uptime >= 0]
            self._start_of_uptime = arrival_us - (int(logged[-1]) if len(logged) else 0)
        return np.where(uptime >= 0, self._start_of_uptime + uptime, arrival_us)
