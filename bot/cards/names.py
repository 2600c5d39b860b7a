"""What things are called in the reader's language: chips, places, lists of them that stay short; and channels."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING

from bot.cards.cutting import clean
from bot.locale.catalogue import Catalogue
from bot.locale.rich import Rich, Span
from bot.model import Kind

if TYPE_CHECKING:
    from bot.knowledge.chips import Chips
    from bot.knowledge.countries import Countries

MOST = 4
"""How many chips or places a headline names before it counts the rest."""
NAME_LIMIT = 32

SIX_KINDS = ("rule", "licence", "list", "enforcement", "bill", "talk")
"""The words under which people know the kinds."""
_SIX_KINDS = {
    Kind.RULE: "rule",
    Kind.RESCISSION: "rule",
    Kind.GUIDANCE: "rule",
    Kind.FOREIGN_MEASURE: "rule",
    Kind.TARIFF_OR_REVENUE_SHARE: "rule",
    Kind.LICENCE_GRANTED: "licence",
    Kind.LICENCE_REQUIREMENT: "licence",
    Kind.ENTITY_LIST: "list",
    Kind.ENFORCEMENT: "enforcement",
    Kind.BILL: "bill",
}


def chip_name(say: Catalogue, chip: str) -> str:
    """A chip or family by the name that readers of the language use."""
    key = f"names.chip.{chip}"
    return say.text(key) if say.owns(key) else clean(chip, NAME_LIMIT)


def maker_of(chip: str) -> str:
    """Who makes a chip; empty for a family, and for a chip that is not known."""
    from bot.errors import UserError

    try:
        return _chips().find(chip).vendor
    except UserError:
        return ""


def six_kind(kind: Kind) -> str:
    """The word for a kind: rule, licence, list, enforcement, bill, talk."""
    return _SIX_KINDS.get(kind, "talk")


def kind_name(say: Catalogue, kind: Kind) -> str:
    """The kind of a story as people are told it, one of six: rule, licence, list, enforcement, bill or plan, talk."""
    return say.text(f"names.kind.{six_kind(kind)}")


def place_name(say: Catalogue, code: str) -> str:
    """A place by its ISO 3166 code, short; a code that does not exist stays as it is."""
    key = f"names.place.{code}"
    if say.owns(key):
        return say.text(key)
    countries = _countries()
    return countries[code].name(say.language) if code in countries else clean(code, NAME_LIMIT)


def event_title(say: Catalogue, title: str) -> str:
    """The title of an event of the ledger in the reader's language; as it stands where the catalogue has none, which
    is so of what operators recorded. Of documents, whose titles are quotations, nothing is asked here."""
    key = f"event_title.{title}"
    return say.text(key) if say.owns(key) else title


def recorded_reason(say: Catalogue, text: str) -> str:
    """Why an event of the ledger has its effect, in the reader's language; as recorded where it has no words."""
    key = f"recorded_reason.{text}"
    return say.text(key) if say.owns(key) else text


def to_place(say: Catalogue, code: str) -> str:
    """Where something goes, with the preposition and article that the name wants: `to the Netherlands`."""
    key = f"names.to.{code}"
    return say.text(key) if say.owns(key) else say.text("names.to_place", place=place_name(say, code))


def chip_list(say: Catalogue, chips: Sequence[str]) -> str:
    """Chips as prose: H20 and MI308; H20, H200, H100 and 3 more."""
    return _listed(say, [chip_name(say, chip) for chip in chips])


def place_list(say: Catalogue, codes: Sequence[str]) -> str:
    """Places as they stand behind an arrow: China, Macau."""
    return _listed(say, [place_name(say, code) for code in codes])


def actor_list(say: Catalogue, codes: Sequence[str]) -> str:
    """Whose act it is, with the article that the name wants: the Netherlands."""
    keys = [(code, f"names.actor.{code}") for code in codes]
    return _listed(say, [say.text(key) if say.owns(key) else place_name(say, code) for code, key in keys])


def to_places(say: Catalogue, codes: Sequence[str]) -> str:
    """Where something goes, several places: to China and Singapore; nach China und in die Niederlande."""
    if len(codes) > 1 and not any(say.owns(f"names.to.{code}") for code in codes):
        return say.text("names.to_place", place=place_list(say, codes))
    return say.form.write_list([to_place(say, code) for code in codes])


def _listed(say: Catalogue, names: Iterable[str]) -> str:
    shown = list(dict.fromkeys(names))
    if len(shown) > MOST + 1:
        return say.text("names.and_more", names=say.form.comma.join(shown[:MOST]), n=len(shown) - MOST)
    return say.form.write_list(shown)


@cache
def _countries() -> Countries:
    """Every country's name; read when a place is met that has no short name in the catalogue."""
    import tomllib
    from importlib import resources

    from bot.knowledge.countries import Countries

    text = (resources.files("bot.knowledge") / "data" / "countries.toml").read_text(encoding="utf-8")
    return Countries(tomllib.loads(text))


@cache
def _chips() -> Chips:
    """Every chip; read when a story comes to be about another one."""
    import tomllib
    from importlib import resources

    from bot.knowledge.chips import chips_from

    folder = resources.files("bot.knowledge") / "data" / "chips"
    tables = sorted((file for file in folder.iterdir() if file.name.endswith(".toml")), key=lambda file: file.name)
    return chips_from(tomllib.loads(file.read_text(encoding="utf-8")) for file in tables)


def named_channel(name: str, channel: str) -> Rich:
    """A channel by its name, if that is known; else by its id, as the platform shows it."""
    words = clean(name, 60) or clean(channel, 40)
    words = words if words.startswith(("#", "@")) else f"#{words}"
    return (Span(words) if name else Span(words, channel=channel),)
