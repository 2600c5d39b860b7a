"""The strict reader: RSS 0.9x to 2.0, RDF and Atom out of well-formed XML, by lxml."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import TYPE_CHECKING

from bot.clock import Moment
from bot.errors import SourceError
from bot.sources.plain_text import BLOCKS, SILENT, looks_like_markup, summary_of, title_of
from bot.sources.syndication.dates import moment_from
from bot.sources.syndication.entry import Entry, Syndicate, ttl_of
from bot.sources.syndication.vocabulary import ATOM, RSS, Vocabulary, split

if TYPE_CHECKING:
    from lxml.etree import _Element

TOO_DEEP = 114
"""libxml2's XML_ERR_RESOURCE_LIMIT: nesting beyond 256, or a text node beyond ten million bytes."""

XML = "{http://www.w3.org/XML/1998/namespace}"
_RDF_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
_RDF_RESOURCE = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}resource"
_PAGE_TYPES = ("text/html", "application/xhtml+xml")
_SUMMARIES = ("description", "summary", "content", "encoded", "itunes_summary", "dc_description", "media_description")
_LINK_CHOICE = ("related", "via", "self")
MOST_CATEGORIES = 30

Got = dict[str, "_Element"]


class MalformedError(Exception):
    """The text is not well-formed XML; it may be mended or left to the lenient reader."""


def parse(text: str) -> _Element:
    """The root element of a text that begins with it. Raises MalformedError, or SourceError `too_deep`.

    No entity, DTD or address is ever resolved: what stands before the root was cut off by the caller.
    """
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        return etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError as error:
        if error.code == TOO_DEEP and "depth" in str(error.msg):
            raise SourceError("too_deep", "elements nest more than 256 deep") from error
        raise MalformedError(str(error)) from error


def read(root: _Element) -> Syndicate | None:
    """The feed under a root element, or None where it is none."""
    vocabulary = Vocabulary(root)
    if vocabulary.kind == "feed":
        return _read_feed(root, root, vocabulary)
    if vocabulary.kind in ("rss", "rdf", "channel"):
        channel = root if vocabulary.kind == "channel" else next(_having(root, vocabulary, "channel"), root)
        return _read_feed(root, channel, vocabulary)
    if vocabulary.kind == "entry" and split(str(root.tag))[0] in ATOM:  # RFC 5023: an entry may come alone
        return Syndicate(entries=[_entry(root, vocabulary, ())], one_id_one_entry=True)
    wrapped = _wrapped_feed(root)
    return None if wrapped is None else read(wrapped)


def _wrapped_feed(root: _Element) -> _Element | None:
    """A feed inside another document (an XHTML page, an envelope), near its beginning."""
    for element in islice(root.iter(), 1, 200):
        namespace, local = split(element.tag) if isinstance(element.tag, str) else ("", "")
        if (local == "feed" and namespace in ATOM) or (local == "rss" and namespace in RSS):
            return element
    return None


def _read_feed(root: _Element, channel: _Element, vocabulary: Vocabulary) -> Syndicate:
    got: Got = {}
    links: list[_Element] = []
    items: list[_Element] = []
    role_of = vocabulary.role
    for child in channel:
        role = role_of(child.tag)
        if role == "item":
            items.append(child)
        elif role == "alink":
            links.append(child)
        elif role and role not in got:
            got[role] = child
    if channel is not root:
        items.extend(_having(root, vocabulary, "item"))
    if not items:
        items = [element for element in root.iter() if role_of(element.tag) == "item" and element is not root]
    root_bases = _bases(channel, *(() if channel is root else (root,)))
    feed = Syndicate(
        link=_text(got.get("link")) or _chosen_link(links),
        bases=root_bases,
        language=_feed_language(root, channel, got),
        ttl=ttl_of(*(_text(got.get(role)) for role in ("ttl", "period", "frequency"))),
        one_id_one_entry=vocabulary.atom,
    )
    feed.entries = [_entry(item, vocabulary, root_bases) for item in items]
    return feed


def _feed_language(root: _Element, channel: _Element, got: Got) -> str:
    stated = _text(got.get("language")) or _text(got.get("dc_language"))
    return stated or channel.get(XML + "lang") or root.get(XML + "lang") or ""


def _entry(item: _Element, vocabulary: Vocabulary, outer: tuple[str, ...]) -> Entry:
    got: Got = {}
    links: list[_Element] = []
    categories: list[str] = []
    role_of = vocabulary.role
    for child in item:
        role = role_of(child.tag)
        if not role:
            continue
        if role == "alink":
            links.append(child)
        elif role in ("category", "dc_subject"):
            name = child.get("term") or child.text
            if name and len(categories) < MOST_CATEGORIES:
                categories.append(title_of(name, markup=False))
        elif role not in got or (got[role].text is None and not len(got[role])):
            got[role] = child
    find = got.get
    published = _first_moment(got, "published", "issued", "created")
    stamped = _first_moment(got, "dc_date")
    entry = Entry(
        id=_text(find("id")) or item.get(_RDF_ABOUT) or "",
        link=_link(item, got, links),
        origin=_text(find("origin")),
        title=_title(got, vocabulary),
        summary=_summary(got, vocabulary),
        published=published or stamped,
        updated=_first_moment(got, "updated") or (stamped if published is not None and stamped != published else None),
        language=item.get(XML + "lang") or _text(find("dc_language")) or _text(find("language")),
        author=_author(got),
        outlet=title_of(_text(find("source")), markup=False) if "source" in got else "",
        categories=tuple(categories),
    )
    entry.bases = (*_bases(*links[:1], item), *outer) if entry.link and ":" not in entry.link[:12] else ()
    return entry


def _link(item: _Element, got: Got, links: list[_Element]) -> str:
    """An entry's own link: RSS's `link`, Atom's alternate, a guid that is a permalink, what RDF is about."""
    element = got.get("link")
    if element is not None and (link := _text(element) or element.get("href") or element.get(_RDF_RESOURCE)):
        return link.strip()
    if links and (link := _chosen_link(links)):
        return link
    guid = got.get("id")
    if guid is not None and guid.get("isPermaLink", "true").strip().lower() != "false":
        address = _text(guid)
        if address.startswith(("http://", "https://", "/")):
            return address
    about = item.get(_RDF_ABOUT, "")
    if about.startswith(("http://", "https://")):
        return about
    content = got.get("content")
    return "" if content is None else (content.get("src") or "").strip()


def _chosen_link(links: list[_Element]) -> str:
    """Of Atom's links the first alternate one that leads to a page; else what is related; never an enclosure."""
    best, rank = "", 99
    for link in links:
        href = (link.get("href") or link.text or "").strip()
        rel = (link.get("rel") or "alternate").strip().lower().rpartition("/")[2]
        if not href:
            continue
        if rel == "alternate":
            here = 0 if (link.get("type") or "text/html").strip().lower() in _PAGE_TYPES else 1
        elif rel in _LINK_CHOICE:
            here = 2 + _LINK_CHOICE.index(rel)
        else:
            continue
        if here < rank:
            best, rank = href, here
    return best


def _title(got: Got, vocabulary: Vocabulary) -> str:
    for role in ("title", "dc_title", "media_title"):
        element = got.get(role)
        if element is not None and (title := _plain(element, vocabulary, title_of)):
            return title
    group = got.get("media_group")
    return "" if group is None else _in_group(group, "title", vocabulary, title_of)


def _summary(got: Got, vocabulary: Vocabulary) -> str:
    for role in _SUMMARIES:
        element = got.get(role)
        if element is not None and (summary := _plain(element, vocabulary, summary_of)):
            return summary
    group = got.get("media_group")
    return "" if group is None else _in_group(group, "description", vocabulary, summary_of)


def _in_group(group: _Element, name: str, vocabulary: Vocabulary, made: Callable[..., str]) -> str:
    child = group.find("{http://search.yahoo.com/mrss/}" + name)
    return "" if child is None else _plain(child, vocabulary, made)


def _plain(element: _Element, vocabulary: Vocabulary, made: Callable[..., str]) -> str:
    """An element's text as a title or summary, by its stated form; where none is stated, by its looks."""
    form = (element.get("type") or element.get("mode") or "").strip().lower()
    if len(element):
        return made(_deep_text(element), markup=False) if form != "html" else made(_deep_text(element), markup=True)
    text = element.text
    if not text:
        return ""
    if form in ("html", "text/html", "xhtml", "application/xhtml+xml", "escaped"):
        return made(text, markup=True)
    if form == "text" and vocabulary.atom:
        return made(text, markup=False)
    return made(text, markup=("<" in text or "&" in text) and looks_like_markup(text[:20_000]))


def _deep_text(element: _Element, limit: int = 20_000) -> str:
    """The text of an element that has children (XHTML, or HTML that nobody escaped): a line a block."""
    from lxml import etree

    parts: list[str] = []
    length, silent = 0, None
    for event, node in etree.iterwalk(element, events=("start", "end")):
        name = split(node.tag)[1].lower() if isinstance(node.tag, str) else ""
        if event == "start":
            if silent is None and name in SILENT and node is not element:
                silent = node
            elif silent is None:
                parts.extend(("\n" if name in BLOCKS else "", node.text or ""))
        else:
            silent = None if node is silent else silent
            if silent is None and node is not element:
                parts.extend(("\n" if name in BLOCKS else "", node.tail or ""))
        length += len(parts[-1]) if parts else 0
        if length > limit:
            break
    return "".join(parts)


def _author(got: Got) -> str:
    element = got.get("author")
    if element is not None and len(element):
        names = [child for child in element if split(str(child.tag))[1] in ("name", "email")]
        return title_of(_text(names[0]), markup=False) if names else ""
    text = _text(element) or _text(got.get("dc_creator"))
    return title_of(text, markup=looks_like_markup(text)) if text else ""


def _first_moment(got: Got, *roles: str) -> Moment | None:
    for role in roles:
        element = got.get(role)
        if element is not None and element.text and (moment := moment_from(element.text)) is not None:
            return moment
    return None


def _bases(*elements: _Element) -> tuple[str, ...]:
    """The `xml:base` of some elements, the innermost first."""
    return tuple(base for element in elements if (base := element.get(XML + "base")))


def _having(parent: _Element, vocabulary: Vocabulary, role: str) -> Iterator[_Element]:
    return (child for child in parent if vocabulary.role(child.tag) == role)


def _text(element: _Element | None) -> str:
    if element is None:
        return ""
    return (element.text or "").strip()
