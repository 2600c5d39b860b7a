"""What a command gives back: cards, a form to fill in, files; and whether everybody may see it."""

from __future__ import annotations

from dataclasses import dataclass

from bot.cards.card import Card, Form, Rich


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with an answer."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer. `private` overrides the declaration's own word; `form` opens a window instead of a message, which
    platforms allow only as the first and immediate answer; `replace` puts the card in the place of the message whose
    button was pressed; `too_large` says how to come by files that the platform finds too large."""

    cards: tuple[Card, ...] = ()
    form: Form | None = None
    files: tuple[Attachment, ...] = ()
    private: bool | None = None
    replace: bool = False
    too_large: Rich = ()

    @classmethod
    def of(cls, *cards: Card, private: bool | None = None, replace: bool = False) -> Reply:
        """An answer of cards alone."""
        return cls(cards, private=private, replace=replace)
