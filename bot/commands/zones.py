"""Time zones as people name them."""

from __future__ import annotations

from bot.cards.cutting import clean
from bot.errors import UserError


def zone_of(text: str) -> str:
    """The name of a time zone: `Europe/Berlin`, or its city alone. Raises UserError `errors.no_zone`."""
    from zoneinfo import available_timezones

    wanted = text.strip().casefold().replace(" ", "_")
    known = available_timezones()
    exact = next((name for name in known if name.casefold() == wanted), None)
    city = [
        name for name in sorted(known) if name.casefold().rpartition("/")[2] == wanted and not name.startswith("posix")
    ]
    if exact is None and not city:
        raise UserError("errors.no_zone", zone=clean(text, 40))
    return exact or city[0]
