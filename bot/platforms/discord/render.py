"""Cards as Components V2. Every limit of the platform is held here, once, whatever a card brings.

A card is one container in its tone's colour: marks and headline, the lines, a table as a block of code, the picture,
the small print, buttons and lists. Several cards share a message as long as they fit.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from unicodedata import east_asian_width

from bot.cards.card import Button, Card, Option, Picture, Select, Style, Table, Tone
from bot.cards.cutting import clean, graphemes
from bot.locale.catalogue import catalogue
from bot.logs import logger
from bot.platforms.discord.markup import address, code_block, escaped, fit, markdown

Pack = Callable[[str, Sequence[tuple[str, str]]], str]
"""What a button or list carries: the action and its values as at most 100 characters."""
Body = dict[str, Any]

V2 = 1 << 15
EPHEMERAL = 1 << 6
TEXT_LIMIT = 4000
"""Code points over all text displays of a message."""
COMPONENT_LIMIT = 40
"""Of all kinds together, those inside others too. How many rows of controls there are is not limited any more."""
ROW, OPTIONS = 5, 25
LABEL_LIMIT, CUSTOM_ID_LIMIT, OPTION_LIMIT, PLACEHOLDER_LIMIT, ALT_LIMIT = 80, 100, 100, 150, 1024
HEAD_LIMIT, FOOT_LIMIT, LINE_LIMIT, TABLE_LIMIT = 900, 1600, 1500, 1500
MORE_ROOM = 60
_LIST = 3
PICTURE = "picture.png"

COLOURS = {
    Tone.LAW: 0xC0392B,
    Tone.SAID: 0xE0A100,
    Tone.RUMOUR: 0x8E44AD,
    Tone.CORRECTION: 0xE74C3C,
    Tone.ANSWER: 0x1F8A9E,
    Tone.NOTICE: 0x2C6FBB,
}
OF = "!"
"""Between a list's name, which its choice goes by, and what it carries."""
NOBODY: Body = {"parse": []}
"""Nobody is mentioned, whatever the text says."""


@dataclass(frozen=True, slots=True)
class Message:
    """What goes to the platform: a body, and files by name."""

    body: Body
    files: tuple[tuple[str, bytes], ...] = ()


@dataclass(slots=True)
class _Room:
    """What is left of a message's limits, and the ids that stand in it."""

    text: int = TEXT_LIMIT
    components: int = COMPONENT_LIMIT
    ids: set[str] = field(default_factory=set)


def mentioning(role: str) -> Body:
    """The one role that a channel's order names may be mentioned, and nothing else."""
    return {"parse": [], "roles": [role]} if role else dict(NOBODY)


def marker(key: str) -> int:
    """A delivery's key as a component's number: by it a message is found again after a crash."""
    return zlib.crc32(key.encode()) & 0x3FFFFFFF | 0x40000000


def message_of(
    card: Card, pack: Pack, *, key: str = "", mention: str = "", pictures: bool = True, private: bool = False
) -> Message:
    """One card as one message. `key` marks it for `find`; `mention` is a role to call; without `pictures` a picture is
    only linked; `private` is for the asker alone."""
    return _message([card], pack, key=key, mention=mention, pictures=pictures, private=private)


def messages_of(cards: Sequence[Card], pack: Pack, *, private: bool = False) -> list[Message]:
    """Several cards as few messages, in order. A card that does not fit, or brings a picture, begins a new one."""
    heaps: list[list[Card]] = []
    text, components = 0, 0
    for card in cards:
        alone = _Room()
        _container(card, pack, alone, "", pictures=True)
        text += TEXT_LIMIT - alone.text
        components += COMPONENT_LIMIT - alone.components
        if not heaps or text > TEXT_LIMIT or components > COMPONENT_LIMIT or card.picture is not None:
            heaps.append([])
            text, components = TEXT_LIMIT - alone.text, COMPONENT_LIMIT - alone.components
        heaps[-1].append(card)
    return [_message(heap, pack, private=private) for heap in heaps]


def plain_message(card: Card, url: str | None, *, key: str = "", mention: str = "", private: bool = False) -> Message:
    """What is sent where the platform refuses the card: its headline and a link, nothing that could be wrong."""
    text = escaped(clean(card.fallback, 600)) or "…"
    link = address(url)
    body: Body = {
        "flags": V2 | (EPHEMERAL if private else 0),
        "components": [{"type": 10, "content": text[:1500] + (f"\n{link}" if link else "")}],
        "allowed_mentions": mentioning(mention),
    }
    if key:
        body["components"][0]["id"] = marker(key)
    if mention:
        body["components"].append({"type": 10, "content": f"<@&{mention}>"})
    return Message(body)


def with_files(message: Message, files: Sequence[tuple[str, bytes]]) -> Message:
    """The message with files to download under it."""
    body = message.body | {
        "components": list(message.body["components"]),
        "attachments": list(message.body["attachments"]),
    }
    for name, _ in files:
        body["attachments"].append({"id": str(len(body["attachments"])), "filename": name})
        body["components"].append({"type": 13, "file": {"url": f"attachment://{name}"}})
    return Message(body, (*message.files, *files))


def first_link(card: Card) -> str | None:
    """The first address that a card names."""
    spans = (span for line in (card.title, *card.lines, *card.footer) for span in line)
    links = [span.url for span in spans if address(span.url)] + [b.url for b in card.buttons if address(b.url)]
    return links[0] if links else None


def _message(
    cards: Sequence[Card], pack: Pack, *, key: str = "", mention: str = "", pictures: bool = True, private: bool = False
) -> Message:
    room = _Room()
    top: list[Body] = []
    if mention:
        called = f"<@&{mention}>"
        top.append({"type": 10, "content": called})
        room.text -= len(called)
        room.components -= 1
    files: list[tuple[str, bytes]] = []
    for card in cards:
        container, png = _container(card, pack, room, PICTURE if not files else "", pictures=pictures)
        top.append(container)
        if png is not None:
            files.append((PICTURE, png))
    if key:
        top[-1]["id"] = marker(key)
    flags = V2 | (EPHEMERAL if private else 0)
    body: Body = {"flags": flags, "components": top, "allowed_mentions": mentioning(mention), "attachments": []}
    for number, (name, _) in enumerate(files):
        body["attachments"].append({"id": str(number), "filename": name})
    return Message(body, tuple(files))


def _container(card: Card, pack: Pack, room: _Room, name: str, *, pictures: bool) -> tuple[Body, bytes | None]:
    """A card's container, taking what it needs from `room`; and the picture's bytes where it goes as a file."""
    room.components -= 1
    actions = _actions(card, pack, room, spared=_words_of(card))
    parts: list[Body] = [_text(_head(card, min(HEAD_LIMIT, room.text)), room)]
    foot = _foot(card, max(0, min(FOOT_LIMIT, room.text)))
    table = _table(card.table, min(TABLE_LIMIT, room.text - len(foot))) if card.table else ""
    lines = _lines(card, room.text - len(foot) - len(table))
    picture, png = _picture(card.picture, name, room) if pictures else (None, None)
    parts += [_text(text, room) for text in (lines, table) if text and room.components > 0]
    if picture is not None:
        parts.append(picture)
    elif (linked := _linked(card)) and len(linked) <= room.text - len(foot) and room.components > 0:
        parts.append(_text(linked, room))
    if foot and room.components > 0:
        parts.append(_text(foot, room))
    return {"type": 17, "accent_color": COLOURS[card.tone], "components": parts + actions}, png


def _words_of(card: Card) -> int:
    """How many components the card needs beside its controls: head, lines, table, picture with its item, foot."""
    return 1 + bool(card.lines) + (card.table is not None) + 2 * (card.picture is not None) + bool(card.footer)


def _text(content: str, room: _Room) -> Body:
    room.text -= len(content)
    room.components -= 1
    return {"type": 10, "content": content}


def _head(card: Card, limit: int) -> str:
    """The marks in small print, and the headline."""
    marks = markdown(card.marks, limit // 3)
    words = tuple(replace(span, style=Style.PLAIN) if span.style is Style.BOLD else span for span in card.title)
    title = markdown(words, limit - len(marks) - 10)  # a heading is bold by itself
    shown = [f"-# {marks}"] if marks.strip() else []
    return "\n".join([*shown, f"### {title}" if title.strip() else "…"])


def _lines(card: Card, limit: int) -> str:
    """The lines that fit, and how many do not."""
    kept: list[str] = []
    left = limit
    written = [text for line in card.lines if (text := markdown(line, LINE_LIMIT)).strip()]
    for number, text in enumerate(written):
        last = number + 1 == len(written)
        if len(text) + 1 > left - (0 if last else MORE_ROOM):
            more = catalogue(card.language).text("discord.more_lines", n=len(written) - number)
            if len(more) + 1 <= left:
                kept.append(more)
            break
        kept.append(text)
        left -= len(text) + 1
    return "\n".join(kept)


def _foot(card: Card, limit: int) -> str:
    """The small print. A line that has no room with its addresses stands without them: its words are what counts."""
    kept: list[str] = []
    left = limit
    for line in card.footer:
        bare = tuple(replace(span, url=None) for span in line)
        for words in (line, bare):
            text = f"-# {markdown(words, LINE_LIMIT)}\n"
            if len(text) > 4 and len(text) <= left:
                kept.append(text)
                left -= len(text)
                break
    return "".join(kept).removesuffix("\n")


def _table(table: Table, limit: int) -> str:
    """Rows in columns of equal width; those that do not fit are counted below."""
    rows = [tuple(clean(cell, 40) for cell in row) for row in (table.header, *table.rows)]
    widths = [max(map(_columns, column)) for column in zip(*rows, strict=False)]
    lines = ["  ".join(_padded(cell, w) for cell, w in zip(row, widths, strict=False)).rstrip() for row in rows]
    kept, left = 0, limit - MORE_ROOM
    while kept < len(lines) and left > len(lines[kept]) + 1:
        left -= len(lines[kept]) + 1
        kept += 1
    block = code_block("\n".join(lines[:kept]), limit - 12) if kept else ""
    return block + (f"\n+{len(lines) - kept}" if block and kept < len(lines) else "")


def _columns(text: str) -> int:
    """How wide a text stands in a block of code: East Asian characters take two columns."""
    return sum(2 if east_asian_width(cluster[0]) in "WF" else 1 for cluster in graphemes(text))


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _columns(text))


def _picture(picture: Picture | None, name: str, room: _Room) -> tuple[Body | None, bytes | None]:
    """A gallery of one picture: the file that goes with the message, or one on the web."""
    if picture is None or room.components < 2:
        return None, None
    png = picture.png if name else None
    url = f"attachment://{name}" if png is not None else address(picture.url)
    if url is None:
        return None, None
    item: Body = {"media": {"url": url}}
    if alt := fit(picture.alt, ALT_LIMIT):
        item["description"] = alt
    room.components -= 2  # the gallery and its item
    return {"type": 12, "items": [item]}, png


def _linked(card: Card) -> str:
    """A picture that is only linked: its words, which say the same."""
    if card.picture is None:
        return ""
    words = escaped(fit(card.picture.alt, 300))
    url = address(card.picture.url)
    return f"[{words}]({url})" if words and url else words


def _actions(card: Card, pack: Pack, room: _Room, spared: int) -> list[Body]:
    """Lists, then buttons, in rows. Buttons have the first claim on the room, since they say what becomes of what the
    lists hold; `spared` components stay free. An address that is too long for a button is left out."""
    lists = [made for each in card.selects if (made := _select(each, pack, room.ids, card.language)) is not None]
    buttons = [made for each in card.buttons if (made := _button(each, pack, room.ids)) is not None]
    rows = [buttons[at : at + ROW] for at in range(0, len(buttons), ROW)]
    left_out: list[Body] = []
    kept: list[list[Body]] = []
    for row in (*rows, *([each] for each in lists)):
        if room.components - len(row) - 1 < spared:
            left_out += row
            continue
        room.components -= len(row) + 1
        kept.append(row)
    if left_out:
        tell_left_out([str(each.get("label") or each.get("placeholder") or each["type"]) for each in left_out])
    return [{"type": 1, "components": row} for row in sorted(kept, key=lambda row: row[0]["type"] != _LIST)]


def tell_left_out(labels: Sequence[str]) -> None:
    """A card has more controls than a message holds: a mistake of ours, which must not pass unseen."""
    logger("discord").error("controls_left_out", labels=list(labels))


def _button(button: Button, pack: Pack, ids: set[str]) -> Body | None:
    made: Body = {"type": 2, "label": fit(button.label, LABEL_LIMIT) or "…"}
    if button.url is not None:
        url = address(button.url)
        return {**made, "style": 5, "url": url} if url else None
    custom_id = _fresh(pack, button.action, button.values, ids)
    return {**made, "style": 2, "custom_id": custom_id} if custom_id else None


def _select(select: Select, pack: Pack, ids: set[str], language: str) -> Body | None:
    options = options_of(select.options, select.chosen, select.most)
    if select.most == 1 and select.label.strip():  # a closed list shows its choice in place of what it is for
        for each in options:
            if each.get("default"):
                both = catalogue(language).text("discord.chosen", field=select.label, choice=each["label"])
                each["label"] = fit(both, OPTION_LIMIT)
    custom_id = _fresh(pack, select.action, select.values, ids, f"{select.name}{OF}") if options else ""
    if not custom_id:
        return None
    made: Body = {
        "type": _LIST,
        "custom_id": custom_id,
        "options": options,
        "min_values": 0 if select.most > 1 else 1,
        "max_values": max(1, min(select.most, len(options))),
    }
    if label := fit(select.label, PLACEHOLDER_LIMIT):
        made["placeholder"] = label
    return made


def options_of(options: Iterable[Option], chosen: Sequence[str], most: int) -> list[Body]:
    """The choices of a list: 25 at most, each value once, and not more of them chosen than may be."""
    found: dict[str, Body] = {}
    left = most
    for option in options:
        value = option.value[:OPTION_LIMIT]
        if not value.strip() or value in found or len(found) == OPTIONS:
            continue
        made: Body = {"value": value, "label": fit(option.label, OPTION_LIMIT) or fit(value, OPTION_LIMIT) or "…"}
        if words := fit(option.help, OPTION_LIMIT):
            made["description"] = words
        if option.value in chosen and left > 0:
            made["default"] = True
            left -= 1
        found[value] = made
    return list(found.values())


def _fresh(pack: Pack, action: str, values: Sequence[tuple[str, str]], ids: set[str], before: str = "") -> str:
    """The id of something to press; empty where it stands in the message already or cannot be carried."""
    try:
        custom_id = before + pack(action, values)
    except ValueError:
        custom_id = ""
    if not custom_id or len(custom_id) > CUSTOM_ID_LIMIT:
        tell_left_out([action])
        return ""
    if custom_id in ids:
        return ""
    ids.add(custom_id)
    return custom_id
