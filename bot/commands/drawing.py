"""Pictures for answers: drawn by the painter where there is one, else told in words."""

from __future__ import annotations

from bot.cards.card import Picture
from bot.cards.charts.look import Spec
from bot.cards.charts.painter import PictureError
from bot.commands.ask import Ask


async def picture_of(ask: Ask, spec: Spec) -> Picture | None:
    """The picture of a specification; its words are the alternative text. None where it cannot be drawn now."""
    painter = ask.services.painter
    if painter is None:
        return None
    try:
        png = await painter.paint(spec)
    except PictureError as error:
        ask.services.log.warning("picture", error=str(error))
        return None
    return Picture(str(spec.get("description", ""))[:1500], png=png)
