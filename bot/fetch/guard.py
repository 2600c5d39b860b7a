"""Keeps requests out of the networks that only this machine can reach, whatever a publisher's name resolves to.

The guard judges the address that is about to be dialled, after DNS and on every connection, so neither a redirect nor a
name that changes its answer gets past it. A resolver alone would be no guard: literals never reach one.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from bot.errors import ConfigError, SourceError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

SCHEMES = ("http", "https")

_REFUSED: tuple[tuple[Network, str], ...] = tuple(
    (ipaddress.ip_network(network), why)
    for network, why in (
        ("0.0.0.0/8", "means this machine"),
        ("10.0.0.0/8", "belongs to a private network"),
        ("100.64.0.0/10", "belongs to a provider's inner network"),
        ("127.0.0.0/8", "is this machine itself"),
        ("168.63.129.16/32", "is a cloud's metadata service"),
        ("169.254.0.0/16", "is link-local, where clouds keep their metadata service"),
        ("172.16.0.0/12", "belongs to a private network"),
        ("192.0.0.0/24", "is reserved for protocols"),
        ("192.0.2.0/24", "is reserved for documentation"),
        ("192.88.99.0/24", "is a 6to4 relay"),
        ("192.168.0.0/16", "belongs to a private network"),
        ("198.18.0.0/15", "is reserved for benchmarks"),
        ("198.51.100.0/24", "is reserved for documentation"),
        ("203.0.113.0/24", "is reserved for documentation"),
        ("224.0.0.0/4", "is a multicast group"),
        ("240.0.0.0/4", "is reserved"),
        ("::/128", "means this machine"),
        ("::1/128", "is this machine itself"),
        ("::/96", "hides an IPv4 address"),
        ("64:ff9b:1::/48", "hides an address of an inner network"),
        ("100::/64", "is discarded by every router"),
        ("2001::/32", "is a Teredo tunnel"),
        ("2001::/23", "is reserved for protocols"),
        ("2001:db8::/32", "is reserved for documentation"),
        ("3fff::/20", "is reserved for documentation"),
        ("5f00::/16", "is reserved for segment routing"),
        ("fc00::/7", "belongs to a private network"),
        ("fe80::/10", "is link-local"),
        ("fec0::/10", "belongs to a private network"),
        ("ff00::/8", "is a multicast group"),
    )
)
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_ODD_CHARACTERS = re.compile(r"[\x00-\x20\x7f\\]")
_USER = re.compile(r"//[^/]*@")
_ENDS_IN_A_NUMBER = re.compile(r"(?:^|\.)(?:[0-9]+|0[xX][0-9a-fA-F]*)\.?$")


class ForbiddenAddressError(OSError):
    """What the guard raises inside a connection attempt; `reason` is the sentence for people."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Guard:
    """Decides which addresses may be dialled.

    `allow_private` holds addresses or networks that are let through on all ports although the guard would refuse them.
    Raises ConfigError when one of them is neither.
    """

    def __init__(self, allow_private: Iterable[str] = ()) -> None:
        self._allowed = tuple(_network(entry) for entry in allow_private)

    def allows(self, address: Address) -> bool:
        """Whether the operator listed this very address; one that hides an IPv4 address must be listed itself."""
        return any(address.version == network.version and address in network for network in self._allowed)

    def permits(self, text: str) -> bool:
        """Whether an address, given as text, may be dialled."""
        return self.reason_against(text) is None

    def reason_against(self, text: str) -> str | None:
        """Why the address must not be dialled, as a sentence that names it; None when it may."""
        try:
            address = ipaddress.ip_address(text.partition("%")[0])
        except ValueError:
            return f"{text!r} is no address"
        if self.allows(address):
            return None
        why = _why_inner(address)
        return f"{address} {why}" if why else None

    def is_own(self, host: str) -> bool:
        """Whether the host is an address that the operator listed, so a machine of their own."""
        if not self._allowed:
            return False
        try:
            return self.allows(ipaddress.ip_address(host))
        except ValueError:
            return False

    def socket_for(self, info: tuple[Any, ...]) -> socket.socket:
        """The socket for one entry of `getaddrinfo`. Raises ForbiddenAddressError when it must not be dialled."""
        family, kind, protocol, _, sockaddr = info
        if reason := self.reason_against(str(sockaddr[0])):
            raise ForbiddenAddressError(reason)
        return socket.socket(family=family, type=kind, proto=protocol)


def refuse_odd_address(text: str) -> None:
    """Raises SourceError `address_refused` for an address that two programs could read differently.

    Allowed are http and https with a plain host name, a dotted IPv4 address or a bracketed IPv6 address without zone;
    no name or password, no backslash, no blank, no number that only some resolvers take for an address.
    """
    if _ODD_CHARACTERS.search(text):
        raise _refusal(text, "it holds a blank, a control character or a backslash")
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname or "", parts.port
    except ValueError as error:
        raise _refusal(text, str(error)) from error
    if parts.scheme not in SCHEMES:
        raise _refusal(text, "only http and https are asked")
    if "@" in parts.netloc:
        raise _refusal(text, "names and passwords in an address are not sent")
    if not host:
        raise _refusal(text, "it names no host")
    if "%" in parts.netloc:
        raise _refusal(text, "its host is percent-encoded or names a network interface")
    if not host.isascii() and any(sign.isdigit() or sign in "。．｡" for sign in host if not sign.isascii()):
        raise _refusal(text, "its host is written with look-alike signs")
    if ":" not in host and _ENDS_IN_A_NUMBER.search(host) and not _is_dotted(host):
        raise _refusal(text, "its host is a number in an unusual spelling")


def _refusal(text: str, why: str) -> SourceError:
    shown = _USER.sub("//", text.partition("?")[0])[:200]  # names, passwords and keys stay out of logs
    return SourceError("address_refused", f"{shown!r} is not asked: {why}")


def _is_dotted(host: str) -> bool:
    try:
        return str(ipaddress.IPv4Address(host)) == host
    except ValueError:
        return False


def _network(entry: str) -> Network:
    try:
        return ipaddress.ip_network(entry, strict=False)
    except ValueError as error:
        raise ConfigError(f"fetch.allow_private: {entry!r} is no address or network") from error


def _why_inner(address: Address) -> str | None:
    """Why an address is not a publisher's, or None. What hides an IPv4 address is judged by that as well."""
    if isinstance(address, ipaddress.IPv6Address):
        for hidden, form in ((address.ipv4_mapped, "mapped"), (address.sixtofour, "6to4"), (_nat64(address), "NAT64")):
            if hidden is not None:
                why = _why_inner(hidden)
                return f"stands for {hidden} ({form}), which {why}" if why else None
    for network, why in _REFUSED:
        if address.version == network.version and address in network:
            return why
    return None if address.is_global and not address.is_reserved else "is not an address of the public internet"


def _nat64(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF) if address in _NAT64 else None
