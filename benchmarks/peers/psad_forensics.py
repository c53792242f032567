"""psad itself, if installed: its forensics mode (`psad -A`) over the refused lines of a log, in a folder of its own.

It runs with its default numbers and signatures; look-ups, mail, syslog, blocking and checks of this machine are off. It says
which danger level a source came to, not when.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from ipaddress import ip_address
from pathlib import Path

CONFIG = Path("/etc/psad")
SETTINGS = {
    "HOSTNAME": "benchmark",
    "ALERTING_METHODS": "noemail,nosyslog",
    "ENABLE_WHOIS_LOOKUPS": "N",
    "ENABLE_DNS_LOOKUPS": "N",
    "ENABLE_FW_LOGGING_CHECK": "N",
    "ENABLE_INTF_LOCAL_NETS": "N",
    "ENABLE_AUTO_IDS": "N",
    "STATUS_IP_THRESHOLD": "10000",  # the most it takes
}
# An IPv6 address comes in full and then in short, in capitals and brackets.
LISTED = re.compile(r"^\s+(\S+)\s+(?:\(\S+\s*\)\s+)?DL: (\d), Packets: \d+", re.MULTILINE)
QUIET = ("--no-whois", "--no-rdns", "--no-netstat", "--no-fwcheck", "--no-auto-dl")


def installed() -> bool:
    return shutil.which("psad") is not None and CONFIG.is_dir()


def levels(lines: list[bytes], *, signatures: bool = True) -> dict[str, int]:
    """Danger level of every source that has one, by address."""
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        shutil.copytree(CONFIG, root / "etc/psad")
        for folder in ("var/log/psad", "var/run/psad", "var/lib/psad"):
            (root / folder).mkdir(parents=True)
        log, config = root / "refused.log", root / "psad.conf"
        log.write_bytes(b"".join(lines))
        text = (CONFIG / "psad.conf").read_text()
        for key, value in {**SETTINGS, "INSTALL_ROOT": name}.items():
            text = re.sub(rf"^{key}\s+[^;]*;", f"{key} {value};", text, flags=re.MULTILINE)
        config.write_text(text)
        more = () if signatures else ("--no-signatures",)
        command = ["psad", "-A", "-m", str(log), "-c", str(config), *QUIET, *more]
        output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return listed(output)


def listed(output: str) -> dict[str, int]:
    """Danger levels by address from psad's report."""
    return {str(ip_address(address)): int(level) for address, level in LISTED.findall(output)}
