"""Destinations by any of their names: English, German, Chinese, and the codes of ISO 3166."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.errors import UserError
from bot.knowledge.spelling import nearest, plain, without_parentheses

HOME = frozenset({"US", "PR", "GU", "VI", "AS", "MP", "UM"})
"""The United States and the territories that the EAR count with them: what goes there is not exported."""


@dataclass(frozen=True, slots=True)
class Country:
    """A destination: its ISO 3166-1 code and its names."""

    code: str
    en: str
    de: str
    zh: str
    zh_hant: str

    def name(self, language: str) -> str:
        """The name in a language (`en`, `de`, `zh`), English for any other."""
        return {"de": self.de, "zh": self.zh}.get(language, self.en)


class Countries(Mapping[str, Country]):
    """Every destination by its code; `find` takes any spelling."""

    def __init__(self, tables: Mapping[str, Any]) -> None:
        self._by_code = {code: Country(code, *names) for code, names in tables["names"].items()}
        self._codes = {code.lower(): code for code in self._by_code}
        self._areas = frozenset(plain(area) for area in tables["areas"]["names"])
        self._spellings: dict[str, str] = {}
        for code, country in self._by_code.items():
            names = (country.en, country.de, country.zh, country.zh_hant)
            for name in (*names, *tables["alpha3"].get(code, ()), *tables["aliases"].get(code, ())):
                self._spellings.setdefault(plain(name), code)

    def __getitem__(self, code: str) -> Country:
        return self._by_code[code]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_code)

    def __len__(self) -> int:
        return len(self._by_code)

    @property
    def spellings(self) -> Mapping[str, str]:
        """Every known spelling in `plain` form, codes of two letters left out, with its code."""
        return self._spellings

    def exact(self, text: str) -> str | None:
        """The code of the destination that `text` names; None instead of an error for anything else."""
        spelling = plain(text)
        return self._codes.get(spelling) or self._spellings.get(spelling)

    def find(self, text: str) -> Country:
        """The destination that `text` names: a code, or a name in English, German or Chinese.

        Raises UserError `errors.area_not_a_destination` (destination) for the EU, Asia and the like, otherwise
        `errors.unknown_destination` (destination, suggestions, suggestion), where `suggestions` are codes.
        """
        spelling = plain(text)
        for form in (spelling, plain(without_parentheses(text))):
            code = self._codes.get(form) or self._spellings.get(form)
            if code:
                return self._by_code[code]
        if spelling in self._areas:
            raise UserError("errors.area_not_a_destination", destination=text)
        near = dict.fromkeys(self._spellings[s] for s in nearest(spelling, self._spellings) if len(spelling) > 2)
        names = [self._by_code[code].en for code in near]
        raise UserError(
            "errors.unknown_destination",
            destination=text,
            suggestions=tuple(near),
            suggestion=", ".join(names),
        )
