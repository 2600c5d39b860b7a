"""Cards as Block Kit: every limit is kept here, measured on the escaped text and cut before it is escaped.

The limits are Slack's (docs: Block Kit reference, chat.postMessage): 50 blocks, 3000 characters a text, 150 a header,
75 a label, 2000 a value or alternative text, 100 options, one table of 100 rows and 20 columns, and about 13,000
characters over all blocks, which no page names (bolt-js #2509).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.cards.card import Button, Card, Picture, Rich, Select, Table
from bot.locale.catalogue import catalogue
from bot.locale.rich import Span, Style, plain
from bot.platforms.slack.call import Call, packed
from bot.platforms.slack.mrkdwn import length, literal, mrkdwn, plain_text, safe_link, visible

Block = dict[str, Any]

MOST_BLOCKS = 50
TEXT_LIMIT = 3000
HEADER_LIMIT = 150
LABEL_LIMIT = 75
ALT_LIMIT = 2000
URL_LIMIT = 3000
BUDGET = 9000
"""Characters of text in all lines and the footer together: with labels and table it stays below what Slack takes."""
TABLE_BUDGET = 3000
MOST_ROWS = 100
MOST_COLUMNS = 20
MOST_BUTTONS = 25
MOST_SELECTS = 8
MOST_OPTIONS = 100
FALLBACK_LIMIT = 3000


def message(card: Card, *, picture: str | None = None, mention: str = "") -> Block:
    """A card as the payload of chat.postMessage or of a response: blocks, fallback text, and no unfurling.

    `picture` is the id of an uploaded file; without it a picture that has only bytes is told in words. `mention` is the
    id of a user group (S...) or a person (U...) to call, `here` or `channel`.
    """
    made = list(blocks(card, picture=picture))
    call = mention_of(mention)
    if call:
        made.insert(0, section(call))
    text = f"{call} {fallback(card)}".strip() if call else fallback(card)
    return {"text": text, "blocks": made[:MOST_BLOCKS], "unfurl_links": False, "unfurl_media": False}


def bare(card: Card, link: str | None = None) -> Block:
    """The least that a message can be: the headline and a link, without blocks. For when Slack refuses the rest."""
    address = safe_link(link or first_link(card))
    text = fallback(card) + (f"\n<{address}>" if address else "")
    return {"text": text, "blocks": [], "unfurl_links": False, "unfurl_media": False}


def without_picture(payload: Mapping[str, Any]) -> list[Block]:
    """The payload without its uploaded picture; nothing where it has none."""
    kept = [block for block in payload["blocks"] if "slack_file" not in block]
    return [{**payload, "blocks": kept}] if len(kept) < len(payload["blocks"]) else []


def fallback(card: Card) -> str:
    """The card as one line for notifications and screen readers; never empty."""
    return mrkdwn((Span(card.fallback),), FALLBACK_LIMIT) or "Chipwatch"


def first_link(card: Card) -> str | None:
    """The first address that a card has."""
    spans = (span for line in (card.title, *card.lines, *card.footer) for span in line)
    return next((span.url for span in spans if span.url), None) or next((b.url for b in card.buttons if b.url), None)


def mention_of(target: str) -> str:
    """The call of a user group, a person or everybody; empty for what is none of Slack's ids."""
    if target in ("here", "channel", "everyone"):
        return f"<!{target}>"
    if not target.isalnum() or not target.isascii():
        return ""
    return f"<!subteam^{target}>" if target[0] == "S" else f"<@{target}>" if target[0] in "UW" else ""


def blocks(card: Card, *, picture: str | None = None, table: bool = True) -> Iterator[Block]:
    """The blocks of a card, at most 48, in reading order. `table` is False where Slack has no tables (views)."""
    language = card.language
    if marks := mrkdwn(card.marks, TEXT_LIMIT, language):
        yield context([marks])
    yield title(card.title, language)
    lines, left = within(card.lines, BUDGET, language)
    yield from sections(lines)
    if left:
        yield context([literal(catalogue(language).text("lists.more", n=left))])
    if card.table is not None:
        yield from _table(card.table, language) if table else _code_table(card.table)
    if card.picture is not None:
        yield image(card.picture, picture)
    for number, select in enumerate(card.selects[:MOST_SELECTS]):
        yield from _select(select, number)
    footer, _ = within(card.footer, BUDGET // 3, language)
    if footer:
        yield context(footer)
    yield from actions(card.buttons)


def title(words: Rich, language: str) -> Block:
    """The headline: a header where it is short and plain, else bold words."""
    text = plain(words)
    simple = all(span.url is None and not span.channel and span.style in (Style.PLAIN, Style.BOLD) for span in words)
    if simple and text.strip() and length(plain_text(text, TEXT_LIMIT)) <= HEADER_LIMIT:
        return {"type": "header", "text": label(text, HEADER_LIMIT)}
    bold = tuple(replace(span, style=Style.BOLD if span.style is Style.PLAIN else span.style) for span in words)
    return section(mrkdwn(bold, TEXT_LIMIT, language) or "…")


def within(lines: Iterable[Rich], budget: int, language: str) -> tuple[list[str], int]:
    """The lines that fit into a budget of characters, written; and how many are left out."""
    found: list[str] = []
    left = 0
    for line in lines:
        if budget <= 1:
            left += 1
            continue
        text = mrkdwn(line, min(TEXT_LIMIT, budget), language)
        if text:
            found.append(text)
            budget -= length(text) + 1
    return found, left


def sections(lines: Iterable[str]) -> Iterator[Block]:
    """Lines as few sections as they fit into."""
    text = ""
    for line in lines:
        if text and length(text) + length(line) + 1 > TEXT_LIMIT:
            yield section(text)
            text = ""
        text = f"{text}\n{line}" if text else line
    if text:
        yield section(text)


def section(text: str) -> Block:
    """A paragraph that shows whole; nothing in it is made a link by itself."""
    return {"type": "section", "expand": True, "text": written(text)}


def written(text: str) -> Block:
    """A text object of mrkdwn in which Slack finds no links, channels or people by itself."""
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def context(lines: Sequence[str]) -> Block:
    """Small print, a line an element; what is beyond the tenth joins it."""
    head, rest = list(lines[:9]), list(lines[9:])
    if rest:
        joined = "\n".join(rest)
        head.append(joined if length(joined) <= TEXT_LIMIT else rest[0])
    return {"type": "context", "elements": [written(line) for line in head]}


def label(text: str, limit: int = LABEL_LIMIT) -> Block:
    """A plain text object."""
    return {"type": "plain_text", "text": plain_text(text, limit), "emoji": False}


def image(picture: Picture, file: str | None) -> Block:
    """A picture by address or by an uploaded file; in words where there is neither."""
    alt = plain_text(picture.alt, ALT_LIMIT)
    if file:
        return {"type": "image", "slack_file": {"id": file}, "alt_text": alt}
    if picture.url and picture.url.isprintable() and picture.url.startswith("https://") and len(picture.url) <= 3000:
        return {"type": "image", "image_url": picture.url, "alt_text": alt}
    return context([mrkdwn((Span(picture.alt, Style.ITALIC),)) or "…"])


def actions(buttons: Sequence[Button]) -> Iterator[Block]:
    """Buttons in one row; an address that Slack does not take becomes a link below, or nothing."""
    elements = [made for number, button in enumerate(buttons[:MOST_BUTTONS]) if (made := _button(button, number))]
    if elements:
        yield {"type": "actions", "elements": elements}


def _button(button: Button, number: int) -> Block | None:
    made: Block = {"type": "button", "text": label(button.label)}
    if button.url is not None:
        url = button.url if button.url.isprintable() and len(button.url) <= URL_LIMIT else ""
        if not url.startswith(("https://", "http://")):
            return None
        return {**made, "action_id": f"link.{number}", "url": url}
    value = packed(Call(button.action, button.values))
    if value is None:
        return None
    return {**made, "action_id": f"press.{number}", "value": value}


def _select(select: Select, number: int) -> Iterator[Block]:
    """A list to choose from beside its label. The call travels in the action's id: a list has no value of its own."""
    call = packed(Call(select.action, select.values, select.name), 240)
    found = options(select.options)
    if call is None or not found:
        return
    chosen = [option for option in found if option["value"] in select.chosen]
    element: Block = {"placeholder": label(select.label, HEADER_LIMIT), "options": found}
    if select.most > 1:
        element |= {"type": "multi_static_select", "max_selected_items": min(select.most, len(found))}
        if chosen[: select.most]:
            element["initial_options"] = chosen[: select.most]
    else:
        element |= {"type": "static_select"} | ({"initial_option": chosen[0]} if chosen else {})
    element["action_id"] = f"pick.{number}.{call}"
    text = mrkdwn((Span(select.label),), TEXT_LIMIT) or "…"
    yield {**section(text), "accessory": element}


def options(choices: Iterable[Any]) -> list[Block]:
    """Options of a list: at most 100, each value once and at most 150 long."""
    found: dict[str, Block] = {}
    for choice in choices:
        if not choice.value or length(choice.value) > 150 or len(found) == MOST_OPTIONS:
            continue
        made: Block = {"text": label(choice.label), "value": choice.value}
        if choice.help.strip():
            made["description"] = label(choice.help)
        found.setdefault(choice.value, made)
    return list(found.values())


def _table(table: Table, language: str) -> Iterator[Block]:
    """A table block; rows beyond its limits are counted below it."""
    width = min(len(table.header), MOST_COLUMNS)
    if not width:
        return
    rows: list[list[Block]] = []
    budget = TABLE_BUDGET
    for row in (table.header, *table.rows[: MOST_ROWS - 1]):
        cells = [_cell(row[at] if at < len(row) else "") for at in range(width)]
        budget -= sum(length(cell["text"]) for cell in cells)
        if budget < 0 and rows:
            break
        rows.append(cells)
    yield {
        "type": "table",
        "rows": rows,
        "column_settings": [{"is_wrapped": True}] * width,
    }
    if left := len(table.rows) + 1 - len(rows):
        yield context([literal(catalogue(language).text("lists.more", n=left))])


def _cell(text: str) -> Block:
    words = visible(text).strip()
    return {"type": "raw_text", "text": plain_text(words, 140) if words else "–"}


def _code_table(table: Table) -> Iterator[Block]:
    """A table in views: a line a row, its cells side by side."""
    rows = [" · ".join(cell for cell in row if cell.strip()) for row in table.rows]
    lines, left = within([(Span(row),) for row in rows], TABLE_BUDGET, "en")
    yield from sections(lines)
    if left:
        yield context([f"+{left}"])
