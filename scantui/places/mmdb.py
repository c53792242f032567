"""MaxMind databases (mmdb): ASN, country, city and flags of an address, in the field names of the usual makers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any

from scantui.explain.place import Claim
from scantui.safe_text import harmless

# Flags of GeoIP2 Anonymous IP and traits, and of ipinfo's privacy database, in words.
_FLAGS = {
    "is_tor_exit_node": "Tor exit", "tor": "Tor exit", "is_anonymous_vpn": "VPN", "vpn": "VPN",
    "is_public_proxy": "public proxy", "proxy": "proxy", "is_residential_proxy": "residential proxy", "relay": "relay",
    "is_hosting_provider": "hosting", "hosting": "hosting", "is_anycast": "anycast", "is_satellite_provider": "satellite",
}  # fmt: skip

# What a database may tell, by words of its type: GeoLite2-ASN, GeoIP2-ISP, DBIP-Country-Lite, "ipinfo country_asn", ...
_KINDS = {"country": ("country", "city", "location", "enterprise"), "as": ("asn", "isp", "enterprise")}


class Database:
    """One open file. `claim` may be called from any thread."""

    def __init__(self, path: str) -> None:
        """Raises ValueError that says what is wrong with the file."""
        import maxminddb

        shown = harmless(path)
        try:
            if not Path(path).is_file():
                raise ValueError(f"{shown}: {'not a regular file' if Path(path).exists() else 'no such file'}")
            self._reader = maxminddb.open_database(path)
            meta = self._reader.metadata()
            self.kind = harmless(str(meta.database_type), 80)
            self.tells = _told_by(self.kind.lower())
            self.built = datetime.fromtimestamp(meta.build_epoch, UTC).date().isoformat()
        except OSError as error:
            raise ValueError(f"{shown}: {error.strerror or 'cannot be read'}") from None
        except (maxminddb.InvalidDatabaseError, OverflowError, TypeError, AttributeError, UnicodeDecodeError):
            raise ValueError(f"{shown}: no MaxMind database (mmdb), or a damaged one") from None
        self._damaged = (maxminddb.InvalidDatabaseError, UnicodeDecodeError, OverflowError, TypeError, RecursionError)
        self._families = (4,) if meta.ip_version == 4 else (4, 6)

    def claim(self, address: str) -> Claim | None:
        """What it says of `address`; None where it does not cover its family."""
        if ip_address(address).version not in self._families:
            return None
        try:
            record, length = self._reader.get_with_prefix_len(address)
        except self._damaged:
            return Claim(self.kind, self.built, problem="its entry for this address is damaged")
        if not isinstance(record, Mapping):
            return Claim(self.kind, self.built)
        country, registered = _countries(record)
        return Claim(
            self.kind,
            self.built,
            network=str(ip_network(f"{address}/{max(0, length)}", strict=False)),
            asn=_asn(record),
            organisation=_text(
                record, "autonomous_system_organization", "as_name", "organization", "isp", "org", "name"
            ),
            country=country,
            registered=registered,
            city=_text(record, "city") or _text(_part(_part(record, "city"), "names"), "en"),
            marks=tuple(dict.fromkeys(word for flag, word in _FLAGS.items() if _is_set(record, flag))),
        )


def _told_by(kind: str) -> frozenset[str]:
    """Which of "country" and "as" a database of this type (as its maker calls it) may tell; an unknown type may tell both."""
    told = {name for name, words in _KINDS.items() if any(word in kind for word in words)}
    return frozenset(told or ({} if "anonymous" in kind else _KINDS))


def _part(record: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = record.get(key)
    return value if isinstance(value, Mapping) else {}


def _text(record: Mapping[str, Any], *keys: str) -> str:
    return next((value for key in keys if isinstance(value := record.get(key), str) and value), "")


def _asn(record: Mapping[str, Any]) -> int | None:
    """A number (MaxMind, DB-IP) or text such as AS15169 (ipinfo)."""
    value = record.get("autonomous_system_number", record.get("asn"))
    if isinstance(value, str):
        value = int(digits) if (digits := value.upper().removeprefix("AS")).isdecimal() and len(digits) <= 10 else None
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 1 << 32 else None


def _countries(record: Mapping[str, Any]) -> tuple[str, str]:
    """(country, country of registration): codes where there are any. `country` is a table, a code or a name, by maker."""
    country = _text(_part(record, "country"), "iso_code") or _text(record, "country_code", "country", "country_name")
    return country, _text(_part(record, "registered_country"), "iso_code")


def _is_set(record: Mapping[str, Any], flag: str) -> bool:
    values = (record.get(flag), _part(record, "traits").get(flag))
    return any(value is True or value == "true" for value in values)
