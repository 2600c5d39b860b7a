"""The templates of the pages: Jinja2 with everything escaped; a template that names what there is not is a mistake."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from bot.cards.names import event_title, recorded_reason
from bot.cards.quotation import safe_url
from bot.web.markup import card_markup, rich_markup

if TYPE_CHECKING:
    from bot.locale.catalogue import Catalogue
    from bot.web.view import View


@cache
def environment() -> Environment:
    """The one environment, with compiled templates."""
    made = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["card"] = card_markup
    made.filters["rich"] = rich_markup
    made.filters["link"] = safe_url
    return made


def render(template: str, view: View, values: dict[str, Any]) -> str:
    """A page of a template. `t` are the catalogue's words, `day` and `moment` write dates in the reader's language, and
    `event_title` and `recorded_reason` say an event's; what an operator recorded stands as he wrote it and is marked
    English."""
    from bot.web.assets import address

    say = view.say

    def words(key: str, **slots: object) -> str:
        return say.text(f"board.{key}", **slots)

    def styled(key: str, **slots: object) -> Markup:
        return rich_markup(say.say(f"board.{key}", **slots))

    def day(value: date | str | None) -> str:
        found = date.fromisoformat(value[:10]) if isinstance(value, str) and value else value
        return say.form.write_date(found) if isinstance(found, date) else ""

    def ledgers(told: Callable[[Catalogue, str], str], recorded: str) -> Markup:
        found = told(say, recorded)
        foreign = found == recorded and say.language != "en"
        return Markup('<span lang="en">{}</span>').format(found) if foreign else escape(found)

    def moment(value: datetime | None) -> str:
        return f"{say.form.write_date(value.date())}, {say.form.write_time(value)}" if value else ""

    return (
        environment()
        .get_template(template)
        .render(
            t=words,
            w=say.text,
            rich_t=styled,
            day=day,
            moment=moment,
            event_title=partial(ledgers, event_title),
            recorded_reason=partial(ledgers, recorded_reason),
            number=say.form.write_number,
            asset=address,
            language=view.language,
            read_by_natives=say.native_read,
            path=view.request.path,
            query={name: value[:200] for name, value in view.request.query.items()},
            settings=view.services.settings,
            today=view.today,
            ledger=view.knowledge.ledger,
            **values,
        )
    )
