"""Customise: the words that must, may or must not stand in a story's titles. Plain words, no query language."""

from __future__ import annotations

from typing import Annotated

from bot.cards.card import Field, Form
from bot.commands.ask import Ask
from bot.commands.customising import FORM_FIELDS, draft_of, keep, what_card
from bot.commands.declaration import OpenTo
from bot.commands.kinds import Name, Switch, Text
from bot.commands.registry import command
from bot.commands.reply import Reply
from bot.locale.catalogue import catalogue

MOST = 20
LONGEST = 60

WordList = Annotated[str, Text(0, MOST * (LONGEST + 2))]
"""As much as stands in the field where as many words as may be are as long as they may be."""


@command("alert", "order_words", open_to=OpenTo.MANAGERS, action=True)
async def order_words(
    ask: Ask,
    draft: Name,
    filled: Switch | None = None,
    words: WordList | None = None,
    all_words: WordList | None = None,
    without_words: WordList | None = None,
) -> Reply:
    """A form; sent off (`filled`), its words stand in the draft."""
    say, kept = catalogue(ask.language), await draft_of(ask, draft)
    if not filled:
        fields = tuple(
            Field(
                name.replace("_", "-"),
                say.text(f"customise.field.{name}"),
                help=say.text("customise.words_help"),
                chosen=(", ".join(kept["order"].get(name, ())),),
            )
            for name in FORM_FIELDS
        )
        values = (("draft", draft), ("filled", "yes"))
        title, send = say.text("customise.words"), say.text("window.send")
        return Reply(form=Form(title, "order_words", fields, values, send, say.language))
    order = {name: value for name, value in kept["order"].items() if name not in FORM_FIELDS}
    for name, text in zip(FORM_FIELDS, (words, all_words, without_words), strict=True):
        if listed := listed_words(text or ""):
            order[name] = listed
    kept["order"] = order
    await keep(ask, draft, kept)
    return Reply.of(what_card(ask, draft, kept), replace=True)


def listed_words(text: str) -> list[str]:
    """Words and phrases between commas, each once."""
    parts = (part.strip()[:LONGEST] for part in text.replace("，", ",").replace("、", ",").replace(";", ",").split(","))
    return list(dict.fromkeys(part for part in parts if part))[:MOST]
