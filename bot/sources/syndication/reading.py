"""From the text of an answer to the feed in it, whatever its format and however well-formed it is."""

from __future__ import annotations

from bot.errors import SourceError
from bot.sources.syndication import json_feed, repair, xml_reader
from bot.sources.syndication.entry import Syndicate
from bot.sources.syndication.prolog import FEED_ROOTS, Root, refuse_entities, root_of


def syndicate_of(text: str) -> Syndicate | None:
    """The feed in a text, or None where the text is no feed.

    Well-formed XML and JSON are read strictly; what is not well-formed is mended and read again; what still is not goes
    to feedparser in a process of its own. Raises SourceError: `entity_declaration`, `too_deep`, `empty_document`
    (nothing there, or a damaged feed in which nothing is found), `cut_short`, `not_well_formed`, `parse_timeout`.
    """
    start = text.lstrip("\ufeff \t\r\n\x00")
    if not start:
        raise SourceError("empty_document", "the answer is empty")
    if start[0] in "{[":
        return json_feed.read(start)
    root = root_of(text)
    if root is None:
        if start.startswith("<!--"):
            raise SourceError("empty_document", "the answer holds nothing but a comment")
        return None
    if not root.after_junk:
        try:
            return xml_reader.read(xml_reader.parse(text[root.start :].rstrip("\x00 \t\r\n")))
        except xml_reader.MalformedError:
            pass
    return _damaged(text, root) if root.local in FEED_ROOTS else None


def _damaged(text: str, root: Root) -> Syndicate:
    refuse_entities(text[: root.start])
    mended = repair.mended(text, root)
    try:
        feed = xml_reader.read(xml_reader.parse(mended.text))
    except xml_reader.MalformedError:
        if repair.nests_too_deep(mended.text):
            raise SourceError("too_deep", "elements nest more than 256 deep") from None
        from bot.sources.syndication import lenient

        feed = lenient.read(mended.text, one_id_one_entry=root.local == "feed")
    if feed is None or not feed.entries:
        raise SourceError("empty_document", "the feed is damaged and no entry was found in it")
    feed.partial = mended.cut
    if "mended" not in feed.warnings:
        feed.warnings.append("mended")
    return feed
