"""Months as `journalctl` and `dmesg -T` print them where the system does not speak English: glibc's abbreviations (LC_TIME
`abmon`), by language. A name that means different months in two languages is left out."""

from __future__ import annotations

import re

_BY_LANGUAGE = (
    "jan feb mär apr mai jun jul aug sep okt nov dez",  # German
    "jän feb mär apr mai jun jul aug sep okt nov dez",  # Austria's
    "janv févr mars avril mai juin juil août sept oct nov déc",  # French
    "ene feb mar abr may jun jul ago sep oct nov dic",  # Spanish
    "gen feb mar apr mag giu lug ago set ott nov dic",  # Italian
    "jan fev mar abr mai jun jul ago set out nov dez",  # Portuguese
    "gen febr març abr maig juny jul ag set oct nov des",  # Catalan
    "jan feb mrt apr mei jun jul aug sep okt nov dec",  # Dutch
    "jan feb mar apr maj jun jul aug sep okt nov dec",  # Swedish, Danish
    "jan feb mars april mai juni juli aug sep okt nov des",  # Norwegian
    "tammi helmi maalis huhti touko kesä heinä elo syys loka marras joulu",  # Finnish
    "sty lut mar kwi maj cze lip sie wrz paź lis gru",  # Polish
    "led úno bře dub kvě čen čec srp zář říj lis pro",  # Czech
    "jan febr márc ápr máj jún júl aug szept okt nov dec",  # Hungarian
    "ian feb mar apr mai iun iul aug sep oct nov dec",  # Romanian
    "oca şub mar nis may haz tem ağu eyl eki kas ara",  # Turkish
    "янв фев мар апр мая июн июл авг сен окт ноя дек",  # Russian
    "янв фев мар апр май июн июл авг сент окт нояб дек",
    "січ лют бер кві тра чер лип сер вер жов лис гру",  # Ukrainian
)


def _numbers() -> dict[bytes, int]:
    meant: dict[str, set[int]] = {}
    for names in _BY_LANGUAGE:
        for number, name in enumerate(names.split(), 1):
            for written in (name, name.title()):
                meant.setdefault(written, set()).add(number)
    for number in range(1, 13):  # Chinese and Japanese, Korean
        for unit in ("月", "월"):
            meant[f"{number}{unit}"] = {number}
    return {name.encode(): min(numbers) for name, numbers in meant.items() if len(numbers) == 1}


MONTH_NAMES = _numbers()
# Longest first: `mars` before `mar`. A point may stand behind an abbreviation.
MONTH_NAME = b"(?:" + b"|".join(re.escape(name) for name in sorted(MONTH_NAMES, key=len, reverse=True)) + rb")\.?"
