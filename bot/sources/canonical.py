"""One form of a link for all the ways in which a page is linked: the basis of identity aliases and of stories."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import quote, unquote_to_bytes, urlsplit

from bot.fetch.address import names_host

_TRACKING = """
    fbclid gclid dclid gbraid wbraid msclkid yclid twclid ttclid igshid igsh mc_cid mc_eid mkt_tok li_fat_id _hsenc
    _hsmi hsctatracking vero_id vero_conv oly_anon_id oly_enc_id wt_mc wt.mc wt_zmc cmpid cmp_id ito ns_mchannel
    ns_campaign ns_source ns_linkname ns_fee __twitter_impression ref_src ref_url guccounter guce_referrer
    guce_referrer_sig s_cid smid partner emc xtor __source _ga _gl trk trkcampaign ocid feedtype feedname srnd taid
    wprov rss_source
"""
TRACKING = frozenset(_TRACKING.split())
"""Query parameters, in lower case, that say where a reader came from and never what he reads."""

TRACKING_FAMILIES = ("utm_", "at_", "pk_", "mtm_", "matomo_", "piwik_", "hsa_", "xt_")

_PLAIN = re.compile(r"https?://(?:www\.)?([a-z0-9-]+(?:\.[a-z0-9-]+)+)((?:/[A-Za-z0-9._~-]+)*)/?")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_BARE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_DEFAULT_PORTS = (None, 80, 443)


@lru_cache(maxsize=4096)
def canonical_link(url: str) -> str:
    """The link without what does not decide which page it is; equal for two spellings of one address.

    Dropped: scheme, `www.`, user, default ports, fragment, tracking parameters, a trailing slash. Made equal: the case
    of the host, international names, percent-encoding, the order of parameters. The result (`example.com/a?b=1`) is an
    identity, not an address. What is no http link comes back stripped of blanks, else as it was. Never fails.
    """
    url = url.strip()
    if simple := _PLAIN.fullmatch(url):
        return simple[1] + simple[2]
    try:
        parts = urlsplit(url)
        port = parts.port
        host = (parts.hostname or "").rstrip(".")
    except ValueError:
        return url
    if parts.scheme not in ("http", "https") or not names_host(parts.netloc):
        return url
    host = f"[{host}]" if ":" in host else _without_www(_ascii_host(host))
    place = host if port in _DEFAULT_PORTS else f"{host}:{port}"
    query = _telling_parameters(parts.query)
    return place + _same_escapes(parts.path).rstrip("/") + (f"?{query}" if query else "")


def _without_www(host: str) -> str:
    """A host without `www.` where what is left can be one."""
    rest = host.removeprefix("www.")
    return rest if rest[:1].isalnum() else host


def _ascii_host(host: str) -> str:
    if host.isascii():
        return host
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return host


def _telling_parameters(query: str) -> str:
    """The parameters that choose the page, sorted by name; several of one name keep their order."""
    if not query:
        return ""
    kept = []
    for parameter in query.split("&"):
        name = parameter.partition("=")[0].lower()
        if parameter.strip("=") and name not in TRACKING and not name.startswith(TRACKING_FAMILIES):
            valueless = parameter.endswith("=") and parameter.count("=") == 1
            kept.append(_same_escapes(parameter[:-1] if valueless else parameter))
    return "&".join(sorted(kept, key=lambda parameter: parameter.partition("=")[0]))


def _same_escapes(part: str) -> str:
    """Percent-encoding as RFC 3986 section 6.2.2 wants it: unreserved characters bare, all others as upper-case hex."""
    if "%" in part:
        part = _ESCAPE.sub(_bare_or_upper, _BARE_PERCENT.sub("%25", part))
    if part.isascii() and part.isprintable() and " " not in part:
        return part
    return quote(part, safe="%/:?#[]@!$&'()*+,;=~", errors="replace")


def _bare_or_upper(escape: re.Match[str]) -> str:
    byte = unquote_to_bytes(escape[0])[0]
    return chr(byte) if byte in _UNRESERVED else escape[0].upper()
