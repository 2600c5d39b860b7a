"""Telling a page that keeps robots out from the content that was asked for: such pages come with status 200."""

from __future__ import annotations

import re

from bot.errors import SourceError
from bot.fetch.exchange import Answer

LOOKED_AT = 100_000
"""Characters of a page that are looked at."""

_SIGNS = re.compile(
    r"just a moment\s*(?:\.\.\.|…|</title)|cf-chl|cf_chl|challenge-platform|cf-browser-verification|/cdn-cgi/challenge"
    r"|attention required!|checking your browser|ddos protection by|_incapsula_resource|incapsula incident"
    r"|request unsuccessful\. incapsula|datadome|px-captcha|perimeterx|captcha|are you (?:a |not a )?(?:human|robot)"
    r"|verify(?:ing)? (?:that )?you(?:'re| are) (?:a )?human|unusual traffic from your"
    r"|enable js and disable any ad blocker"
    r"|enable javascript and cookies to continue|automated access to (?:this|our)|programmatic access|request access"
    r"|declare your traffic|undeclared automated tool|before you continue to|consent\.(?:google|yahoo|youtube)\."
    r"|privacy-?wall|consent-?gate|access denied|akamai reference|pardon our interruption"
    r"|bot (?:detection|verification)"
    r"|security check to access|anubis_challenge|making sure you(?:'|&#39;)re not a bot",
    re.IGNORECASE,
)
_HOSTS = ("unblock.federalregister.gov", "consent.google.com", "consent.yahoo.com", "validate.perfdrive.com")


def refuse_challenge(answer: Answer, text: str = "") -> None:
    """Raises SourceError `challenge` where the publisher's guard answered instead of the publisher.

    To be asked of what is not the content expected: a headline may well say "captcha". The header `cf-mitigated` alone
    decides at once; give `text` to look into the page as well.
    """
    if answer.headers.get("cf-mitigated", "").strip().lower() == "challenge":
        raise SourceError("challenge", "Cloudflare asks for a browser instead of answering")
    host = answer.url.partition("://")[2].partition("/")[0].lower()
    if host in _HOSTS:
        raise SourceError("challenge", f"the request was sent to {host}, which asks for a person")
    if text and (sign := _SIGNS.search(text, 0, LOOKED_AT)):
        raise SourceError("challenge", f"a page for people came instead of the content (it says {sign[0].strip()!r})")
