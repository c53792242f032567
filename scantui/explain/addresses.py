"""What an address is by its registry: private, documentation, loopback and the like (IANA special-purpose registries)."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

# Names for the ranges an analyst asks about (RFC 6890 and the IANA special-purpose address registries), most special first.
_RANGES = tuple(
    (ip_network(network), name, why)
    for network, name, why in (
        ("192.0.2.0/24", "documentation", "RFC 5737: not routed; a laboratory, an example or a forged source"),
        ("198.51.100.0/24", "documentation", "RFC 5737: not routed; a laboratory, an example or a forged source"),
        ("203.0.113.0/24", "documentation", "RFC 5737: not routed; a laboratory, an example or a forged source"),
        ("2001:db8::/32", "documentation", "RFC 3849: not routed; a laboratory, an example or a forged source"),
        ("3fff::/20", "documentation", "RFC 9637: not routed; a laboratory, an example or a forged source"),
        ("198.18.0.0/15", "benchmark", "RFC 2544: not routed; a test network or a forged source"),
        (
            "100.64.0.0/10",
            "shared",
            "RFC 6598: between a provider and its customers, behind carrier-grade NAT, or forged",
        ),
        ("10.0.0.0/8", "private", "RFC 1918: inside your own networks, or forged"),
        ("172.16.0.0/12", "private", "RFC 1918: inside your own networks, or forged"),
        ("192.168.0.0/16", "private", "RFC 1918: inside your own networks, or forged"),
        ("fc00::/7", "private", "RFC 4193: inside your own networks, or forged"),
        ("127.0.0.0/8", "loopback", "RFC 1122: never on a wire; forged"),
        ("::1/128", "loopback", "RFC 4291: never on a wire; forged"),
        ("169.254.0.0/16", "link-local", "RFC 3927: on the same link, or forged"),
        ("fe80::/10", "link-local", "RFC 4291: on the same link, or forged"),
        ("0.0.0.0/8", "this network", "RFC 1122: no sender has it, except while it asks for an address"),
        ("224.0.0.0/4", "multicast", "RFC 5771: never a source; forged"),
        ("ff00::/8", "multicast", "RFC 4291: never a source; forged"),
        ("240.0.0.0/4", "reserved", "RFC 1112: never assigned; forged"),
    )
)


def special(address: str) -> tuple[str, str] | None:
    """(name, what it means) of an address that is not an ordinary public one; None for a public one. Bad text is None too."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return None
    for network, name, why in _RANGES:
        if parsed.version == network.version and parsed in network:
            return name, why
    if not parsed.is_global:
        return "special-purpose", "IANA special-purpose registry: not globally routed"
    return None


def is_address(text: str) -> bool:
    """Whether a text is one address and nothing else."""
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def is_inside(address: str) -> bool:
    """Whether an address belongs inside a site: private, link-local or loopback."""
    found = special(address)
    return found is not None and found[0] in ("private", "link-local", "loopback")
