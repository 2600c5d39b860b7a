"""Any web page: its readable text, block by block, and the documents (PDF) that it links."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from pydantic import field_validator

from bot.clock import Moment, iso
from bot.errors import SourceError
from bot.fetch.exchange import Answer, Request
from bot.model import Document
from bot.redline import HunkKind, redline_of_paragraphs
from bot.redline.pages import html_paragraphs
from bot.redline.record import hunks_record
from bot.redline.tables import TableRow
from bot.sources.base import Reading, Source, Told
from bot.sources.canonical import canonical_link
from bot.sources.challenge import refuse_challenge
from bot.sources.kinds.feed import absolute, language_of
from bot.sources.page_ignore import Ignored, day_in
from bot.sources.plain_text import cut, summary_of, title_of

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

LONGEST_TEXT = 400_000
"""Characters of a page that are kept and compared."""
LONGEST_BLOCK = 4000
MOST_LINKS = 500
DEEPEST = 60
QUOTED = 200
"""Characters of what is new that stand behind the page's title."""
MOST_TOLD = 20
"""Blocks of a redline that are kept beside a change."""
_UNAVAILABLE = re.compile(
    r"temporarily unavailable|under(?:going)? maintenance|service unavailable|file unavailable|try again later"
    r"|wartungsarbeiten|系统维护|暂时无法访问",
    re.IGNORECASE,
)
NEXT_TO_NOTHING = 120
SHORT = 1200
"""Characters of text below which a page may be a guard's and not the publisher's: only then its words are suspected."""


class Page(Source, kind="page"):
    """A web page. `select` is the CSS selector of what is watched (empty: what is readable), `entries` one for the
    entries of a list, each of which becomes a document of its own; `ignore` what does not count as a change: `dates`,
    `counters`, a CSS selector of elements, or a regular expression."""

    url: str
    select: str = ""
    entries: str = ""
    ignore: tuple[str, ...] = ()

    @field_validator("select", "entries")
    @classmethod
    def _a_selector(cls, selector: str) -> str:
        if selector:
            from selectolax.lexbor import LexborHTMLParser

            try:
                LexborHTMLParser("<p>").css(selector)
            except Exception as error:  # the library has no error of its own for this
                raise ValueError(f"{selector!r} is no CSS selector ({error})") from None
        return selector

    @field_validator("ignore")
    @classmethod
    def _rules(cls, ignore: tuple[str, ...]) -> tuple[str, ...]:
        Ignored.of(ignore)
        return ignore

    @cached_property
    def _ignored(self) -> Ignored:
        return Ignored.of(self.ignore)

    def requests(self) -> Iterator[Request]:
        yield Request(self.url, max_bytes=self.max_bytes)

    def read(self, answer: Answer) -> Reading:
        """The page as one document with its blocks in `details`, or its entries; and the documents it links.

        Raises SourceError `challenge` (a page for robots, consent or people), `not_a_page`, `nothing_selected` (the
        selector finds nothing: the page was rebuilt), `empty_page`.
        """
        from selectolax.lexbor import LexborHTMLParser

        refuse_challenge(answer)
        text = _markup_of(answer)
        tree = LexborHTMLParser(text)
        for selector in self._ignored.selectors:
            for node in tree.css(selector):
                node.decompose()
        wanted = self.entries or self.select
        chosen = tree.css(wanted) if wanted else [tree.body] if tree.body is not None else []
        if not chosen:
            _refuse_stand_in(answer, text, _title(tree), _blocks([text]))
            raise SourceError("nothing_selected", f"the page has nothing that {wanted!r} selects: look at it again")
        blocks, rows = _blocks_and_rows([tree.html or ""] if not wanted else [node.html or "" for node in chosen])
        length = sum(map(len, blocks))
        if length < SHORT and not wanted:
            _refuse_stand_in(answer, text, _title(tree), blocks)
        if not blocks:
            raise SourceError("empty_page", "the page has no text; it may be drawn by scripts, which are not run")
        spoken = language_of(tree.root.attributes.get("lang") or "" if tree.root else "") or language_of(self.language)
        if self.entries:
            found = self._entries(chosen, answer.url, spoken)
        else:
            found = [self._page(tree, blocks, rows, answer, spoken)]
        documents = {document.key: document for document in reversed([*found, *self._linked(chosen, answer, spoken)])}
        return Reading(
            documents=tuple(reversed(documents.values())),
            warnings=("long_page",) if length > LONGEST_TEXT else (),
        )

    def _page(
        self, tree: LexborHTMLParser, blocks: Sequence[str], rows: int, answer: Answer, spoken: str | None
    ) -> Document:
        compared = [block for block in map(self._ignored.without, blocks) if block]
        address = self.url or answer.url
        return Document(
            source=self.id,
            key=canonical_link(address),
            title=_title(tree) or self.label,
            url=answer.url or address,
            summary=summary_of("\n".join(compared), markup=False),
            language=spoken,
            kind="page",
            details={"blocks": _capped(compared), "rows": rows},
        )

    def _entries(self, chosen: Sequence[LexborNode], base: str, spoken: str | None) -> list[Document]:
        """One document for each entry of a list that has a link; its longest link text is the title."""
        found: list[Document] = []
        for node in chosen[:MOST_LINKS]:
            links = [(link, absolute(link.attributes.get("href") or "", base)) for link in node.css("a[href]")]
            links = [(link, url) for link, url in links if url.startswith("http")]
            if not links:
                continue
            link, url = max(links, key=lambda pair: len(_words(pair[0])))
            text = " ".join(block for block in _blocks([node.html or ""]))
            title = title_of(_words(link) or text, markup=False)
            found.append(self._link_document(url, title, spoken, "entry", text, _day(node, text)))
        return found

    def _linked(self, chosen: Sequence[LexborNode], answer: Answer, spoken: str | None) -> list[Document]:
        """The documents to which the watched part links."""
        found: list[Document] = []
        for link in (link for node in chosen for link in node.css("a[href]")):
            url = absolute(link.attributes.get("href") or "", answer.url)
            if len(found) < MOST_LINKS and _is_pdf(url, link.attributes.get("type") or "") and not _is_aside(link):
                name = unquote(_path(url).rpartition("/")[2])
                title = title_of(_words(link) or name, markup=False)
                found.append(self._link_document(url, title, spoken, "PDF", "", None))
        return found

    def _link_document(
        self, url: str, title: str, spoken: str | None, kind: str, text: str, day: Moment | None
    ) -> Document:
        name = canonical_link(url)
        return Document(
            source=self.id,
            key=name,
            title=title,
            url=url,
            published=day,
            summary=summary_of(text, markup=False) if text != title else "",
            language=spoken,
            kind=kind,
            aliases=(f"link:{name}",),
        )

    def told(self, before: Document, now: Document) -> Told:
        """The blocks that are new or changed: they are judged, not the page around them. Each change of a page is a
        happening of its own.

        A page that was stored when each cell of a table was a block cannot be compared with its rows: it begins anew.
        """
        if now.kind != "page":
            return Told(now)
        if "rows" not in before.details and now.details.get("rows"):
            return Told(now, silent=True)
        change = redline_of_paragraphs(_kept(before), _kept(now))
        hunks = [hunk for hunk in change.hunks if hunk.kind is not HunkKind.MOVED]
        fresh = [hunk.new for hunk in hunks if hunk.new] or [hunk.old for hunk in hunks]
        detail: Mapping[str, object] = {
            "blocks": hunks_record(replace(change, hunks=tuple(hunks)[:MOST_TOLD]))["hunks"]
        }
        title = title_of(f"{now.title}: {cut(fresh[0], QUOTED, QUOTED // 2)}" if fresh else now.title, markup=False)
        details = {name: value for name, value in now.details.items() if name not in ("blocks", "rows")}
        return Told(
            replace(now, title=title, summary=summary_of("\n".join(fresh), markup=False), details=details),
            added=change.count(HunkKind.ADDED),
            removed=change.count(HunkKind.REMOVED),
            changed=change.count(HunkKind.CHANGED),
            detail=detail,
            seat=f"{now.key}#{_mark(hunks)}",
            silent=not hunks,
        )


def _markup_of(answer: Answer) -> str:
    """The page as text. Raises SourceError `not_a_page` for a PDF, a picture, JSON and the like."""
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    start = answer.body[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith((b"%PDF", b"PK\x03\x04", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"{", b"[")) or b"\x00" in start:
        raise SourceError("not_a_page", f"the answer is no web page{f' but {kind}' if kind else ''}")
    text = answer.text()
    if "<" not in text:
        refuse_challenge(answer, text)
        raise SourceError("not_a_page", "the answer has no markup")
    return text


def _refuse_stand_in(answer: Answer, text: str, title: str, blocks: Sequence[str]) -> None:
    """Raises SourceError where a short page stands in for the publisher's: a guard's, or a notice of maintenance.

    What is seen decides; the scripts are looked at only where next to nothing is (many a page guards its forms).
    """
    seen = "\n".join((title, *blocks))
    refuse_challenge(answer, text if len(seen) < NEXT_TO_NOTHING else seen)
    if sign := _UNAVAILABLE.search(seen):
        raise SourceError("unavailable", f"the publisher says that the page is not there now ({sign[0].strip()!r})")


def _blocks(parts: Sequence[str]) -> list[str]:
    return [block[:LONGEST_BLOCK] for part in parts for block, _ in html_paragraphs(part, by_row=False)]


def _blocks_and_rows(parts: Sequence[str]) -> tuple[list[str], int]:
    """The blocks with each row of a table as one, and how many of them are rows."""
    found = [paragraph for part in parts for paragraph in html_paragraphs(part)]
    return [text[:LONGEST_BLOCK] for text, _ in found], sum(isinstance(place, TableRow) for _, place in found)


def _capped(blocks: Sequence[str]) -> list[str]:
    kept, length = [], 0
    for block in blocks:
        length += len(block)
        if length > LONGEST_TEXT:
            break
        kept.append(block)
    return kept


def _kept(document: Document) -> list[str]:
    blocks = document.details.get("blocks")
    return [block for block in blocks if isinstance(block, str)] if isinstance(blocks, list) else []


def _mark(hunks: Sequence[Any]) -> str:
    """A short name of a change that two runs give alike."""
    import hashlib

    told = "\n".join(f"{hunk.old}\t{hunk.new}" for hunk in hunks)
    return hashlib.blake2b(told.encode("utf-8", "replace"), digest_size=6).hexdigest()


def _title(tree: LexborHTMLParser) -> str:
    for selector in ("title", "h1"):
        node = tree.css_first(selector)
        if node is not None and (text := title_of(node.text(), markup=False)):
            return text
    return ""


def _words(node: LexborNode) -> str:
    return " ".join(node.text(separator=" ").split())


def _is_pdf(url: str, kind: str) -> bool:
    if not url.startswith("http"):
        return False
    return kind == "application/pdf" or _path(url).lower().endswith(".pdf")


def _path(url: str) -> str:
    """The address without query and fragment; of one that is none too, which the library would refuse to take apart."""
    return url.partition("#")[0].partition("?")[0]


def _is_aside(node: LexborNode) -> bool:
    """Whether a link belongs to the frame of the page, which is no part of its text either."""
    above, left = node.parent, DEEPEST
    while above is not None and left:
        if above.tag in ("nav", "footer"):
            return True
        above, left = above.parent, left - 1
    return False


def _day(node: LexborNode, text: str) -> Moment | None:
    """The date of an entry: that of its `time` element, else the first date in its text."""
    from bot.sources.syndication.dates import moment_from

    stamp = node.css_first("time[datetime]")
    stated = moment_from(stamp.attributes.get("datetime") or "") if stamp is not None else None
    return stated if stated is not None and iso(stated) else day_in(text)
