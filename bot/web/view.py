"""What a page knows of a request: who reads in which language, what was asked, and what there is to answer from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from aiohttp import web

from bot.commands.ask import Services
from bot.errors import UserError
from bot.knowledge.library import Knowledge
from bot.locale.catalogue import LANGUAGES, Catalogue, catalogue

LANGUAGE_COOKIE = "language"
LONGEST = 200
"""Characters of a parameter that are read."""


@dataclass(frozen=True, slots=True)
class View:
    """One request for a page."""

    request: web.Request
    services: Services
    say: Catalogue
    json: bool = False

    @property
    def language(self) -> str:
        return self.say.language

    @property
    def knowledge(self) -> Knowledge:
        return self.services.knowledge

    @property
    def today(self) -> date:
        return self.services.clock.now().date()

    def part(self, name: str) -> str:
        """A part of the path."""
        return self.request.match_info[name][:LONGEST]

    def asked(self, name: str) -> str:
        """A parameter of the query, trimmed; empty where there is none."""
        return self.request.query.get(name, "").strip()[:LONGEST]

    def day(self, name: str = "on") -> date:
        """A day of the query, today where there is none. Raises UserError for one that does not exist."""
        return self.optional_day(name) or self.today

    def optional_day(self, name: str) -> date | None:
        """A day of the query. Raises UserError for one that does not exist."""
        text = self.asked(name)
        if not text:
            return None
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise UserError("errors.no_such_day", day=text) from None

    def text(self, key: str, **values: object) -> str:
        """A message of the catalogue as plain words."""
        return self.say.text(key, **values)


def language_of(request: web.Request, default: str = "en") -> str:
    """The language to answer in: the query's, else the one chosen before, else the first that the browser takes."""
    for wanted in (request.query.get("lang", ""), request.cookies.get(LANGUAGE_COOKIE, "")):
        if wanted in LANGUAGES:
            return wanted
    for tag in request.headers.get("Accept-Language", "")[:LONGEST].split(","):
        language = tag.strip().partition(";")[0].partition("-")[0].lower()
        if language in LANGUAGES:
            return language
    return default


def view_of(request: web.Request, services: Services, *, json: bool = False) -> View:
    """The view of a request."""
    language = language_of(request, services.settings.bot.language)
    return View(request, services, catalogue(language), json)
