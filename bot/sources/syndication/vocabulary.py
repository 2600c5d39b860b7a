"""What the elements of RSS, RDF, Atom and their extensions mean to us."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element

RSS = (
    "",
    "http://purl.org/rss/1.0/",
    "http://purl.org/net/rss1.1#",
    "http://my.netscape.com/rdf/simple/0.9/",
    "http://channel.netscape.com/rdf/simple/0.9/",
    "http://backend.userland.com/rss",
    "http://backend.userland.com/rss2",
    "http://backend.userland.com/rss091",
    "http://backend.userland.com/rss092",
    "http://blogs.law.harvard.edu/tech/rss",
)
ATOM = ("http://www.w3.org/2005/Atom", "http://purl.org/atom/ns#", "http://www.w3.org/2005/atom")
_DC = ("http://purl.org/dc/elements/1.1/", "http://purl.org/dc/elements/1.0/")
_DCTERMS = "http://purl.org/dc/terms/"
_SY = "http://purl.org/rss/1.0/modules/syndication/"

_RSS_ROLES = {
    "title": "title", "link": "link", "guid": "id", "id": "id", "description": "description", "summary": "summary",
    "content": "content", "pubdate": "published", "published": "published", "date": "dc_date", "updated": "updated",
    "modified": "updated", "author": "author", "category": "category", "source": "source", "language": "language",
    "ttl": "ttl", "item": "item", "entry": "item", "channel": "channel",
}  # fmt: skip
_ATOM_ROLES = {
    "id": "id", "title": "title", "link": "alink", "summary": "summary", "subtitle": "", "content": "content",
    "published": "published", "issued": "issued", "created": "created", "updated": "updated", "modified": "updated",
    "author": "author", "category": "category", "entry": "item", "source": "atom_source",
}  # fmt: skip
_OTHER_ROLES = {
    **{f"{{{ns}}}{name}": f"dc_{name}" for ns in _DC for name in ("title", "date", "creator", "subject", "language")},
    **{f"{{{ns}}}description": "dc_description" for ns in _DC},
    **{f"{{{_DCTERMS}}}{name}": name for name in ("issued", "created")},
    f"{{{_DCTERMS}}}modified": "updated",
    "{http://purl.org/rss/1.0/modules/content/}encoded": "encoded",
    "{http://search.yahoo.com/mrss/}title": "media_title",
    "{http://search.yahoo.com/mrss/}description": "media_description",
    "{http://search.yahoo.com/mrss/}group": "media_group",
    "{http://www.itunes.com/dtds/podcast-1.0.dtd}summary": "itunes_summary",
    "{http://rssnamespace.org/feedburner/ext/1.0}origLink": "origin",
    "{http://www.w3.org/1999/xhtml}body": "content",
    "{http://www.w3.org/1999/xhtml}div": "content",
    f"{{{_SY}}}updatePeriod": "period",
    f"{{{_SY}}}updateFrequency": "frequency",
}


class Vocabulary:
    """What the elements of one document mean. The root's own namespace counts as the format's, whatever its name."""

    def __init__(self, root: _Element) -> None:
        namespace, local = split(str(root.tag))
        self.kind = local.lower()
        self.atom = self.kind in ("feed", "entry")
        self._own = namespace
        self._roles: dict[str, str] = {}

    def role(self, tag: object) -> str:
        """The role of an element's tag; empty where it has none for us."""
        if not isinstance(tag, str):
            return ""  # an entity reference that nobody declared
        role = self._roles.get(tag)
        if role is None:
            role = self._role(tag)
            if len(self._roles) < 1000:
                self._roles[tag] = role
        return role

    def _role(self, tag: str) -> str:
        namespace, local = split(tag)
        if namespace in ATOM or (self.atom and namespace in ("", self._own)):
            return _ATOM_ROLES.get(local.lower(), "")
        if namespace in RSS or namespace == self._own:
            return _RSS_ROLES.get(local.lower(), "")
        return _OTHER_ROLES.get(tag, "")


def split(tag: str) -> tuple[str, str]:
    """The namespace and the local name of a tag; no namespace where it has none."""
    namespace, brace, local = tag.rpartition("}")
    return (namespace[1:], local) if brace else ("", local)
