"""A channel's standing order in words: what it gets, when, how, so that whoever made it sees that it was understood."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from bot.cards.cutting import clean
from bot.cards.names import SIX_KINDS, chip_name, place_name, six_kind
from bot.delivery.order import Order
from bot.locale.catalogue import Catalogue
from bot.model import Kind, Severity

MOST = 8


def order_words(say: Catalogue, order: Order, language: str, time_zone: str, names: Mapping[str, str]) -> str:
    """The whole order as sentences. `names` are those of sources by id."""
    what = [_kinds(say, order), *_about(say, order), *_from(say, order, names), *_words(say, order)]
    sentences = [
        say.form.comma.join(part for part in [*what, _pace(say, order, time_zone), _language(say, language)] if part),
        say.text("order.mention", severity=_severities(say, order.mention_from))
        if order.mention
        else say.text("order.no_mention"),
        _quiet(say, order, time_zone),
        say.text(f"order.growth.{order.growth}"),
        say.text(f"order.place.{order.place}") if order.place != "post" else "",
        say.text("order.publish") if order.publish else "",
        _reminders(say, order),
    ]
    return " ".join(f"{_begun(sentence)}{say.text('order.stop')}" for sentence in sentences if sentence).strip()


def stored_words(
    say: Catalogue, stored: Mapping[str, Any], language: str, time_zone: str, names: Mapping[str, str]
) -> str:
    """As `order_words`, for an order's stored form; of one that cannot be read, what is wrong: so it can be ended."""
    try:
        order = Order.of(stored)
    except ValueError as error:
        return clean(str(error), 200)
    return order_words(say, order, language, time_zone, names)


def _begun(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:].rstrip(".。")


def _kinds(say: Catalogue, order: Order) -> str:
    kinds = order.kinds or (frozenset(map(str, Kind)) - order.without_kinds if order.without_kinds else frozenset())
    known = {six_kind(Kind(kind)) for kind in kinds if kind in set(Kind)}
    if not known or len(known) == len(SIX_KINDS):
        return say.text("order.everything" if order.analyses else "order.everything_but_analyses")
    return say.text(
        "order.kinds", kinds=say.form.write_list([say.text(f"names.kinds.{k}") for k in SIX_KINDS if k in known])
    )


def _about(say: Catalogue, order: Order) -> list[str]:
    parts = []
    if order.chips:
        parts.append(say.text("order.chips", chips=_listed(say, [chip_name(say, c) for c in sorted(order.chips)])))
    if order.destinations:
        places = [place_name(say, code) for code in sorted(order.destinations)]
        parts.append(say.text("order.places", places=_listed(say, places)))
    if order.companies:
        parts.append(say.text("order.companies", companies=_listed(say, sorted(order.companies))))
    if order.directions:
        directions = [say.text(f"names.direction.{d}") for d in sorted(order.directions)]
        parts.append(say.text("order.directions", directions=_listed(say, directions)))
    return parts


def _from(say: Catalogue, order: Order, names: Mapping[str, str]) -> list[str]:
    parts = [
        say.text(f"order.trust.{order.trust}"),
        say.text("order.severity", severity=_severities(say, order.severity)),
    ]
    if order.sources:
        shown = [names.get(id_, id_) for id_ in sorted(order.sources)]
        parts.append(say.text("order.sources", sources=_listed(say, shown)))
    return parts


def _words(say: Catalogue, order: Order) -> list[str]:
    rows = (("any", order.words), ("every", order.all_words), ("without", order.without_words))
    return [
        say.text(f"order.words.{name}", words=_listed(say, [say.form.quote.format(text=clean(w, 40)) for w in words]))
        for name, words in rows
        if words
    ]


def _severities(say: Catalogue, least: Severity) -> str:
    """`high and critical`; all of them have a word of their own."""
    if least is Severity.LOW:
        return say.text("order.all_severities")
    return say.form.write_list([say.text(f"names.severity.{s}") for s in Severity if s.rank >= least.rank])


def _pace(say: Catalogue, order: Order, time_zone: str) -> str:
    weekday = say.text(f"order.weekday.{order.weekday % 7}")
    return say.text(f"order.pace.{order.pace}", at=order.at, weekday=weekday, zone=zone_name(time_zone))


def _quiet(say: Catalogue, order: Order, time_zone: str) -> str:
    if order.quiet is None or order.pace != "now":
        return ""
    key = "order.quiet_but_critical" if order.breaks_through else "order.quiet_always"
    return say.text(key, begins=order.quiet.begins, ends=order.quiet.ends, zone=zone_name(time_zone))


def _reminders(say: Catalogue, order: Order) -> str:
    if not order.reminders:
        return ""
    return say.text("order.reminders", days=say.form.write_list([str(n) for n in order.reminders]))


def _language(say: Catalogue, language: str) -> str:
    key = f"names.language.{language}"
    return say.text(key) if say.has(key) else clean(language, 12)


def zone_name(time_zone: str) -> str:
    """`Berlin` for Europe/Berlin."""
    return clean(time_zone.rpartition("/")[2].replace("_", " "), 40)


def _listed(say: Catalogue, names: Collection[str]) -> str:
    shown = list(names)
    if len(shown) > MOST:
        return say.text("names.and_more", names=say.form.comma.join(shown[:MOST]), n=len(shown) - MOST)
    return say.form.write_list(shown)
