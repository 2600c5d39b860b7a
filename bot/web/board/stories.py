"""The stories: the list with its filters and search, and a page for each with its documents and how trust rose."""

from __future__ import annotations

from functools import partial
from typing import Any, NamedTuple

from aiohttp import web
from markupsafe import Markup

from bot.cards.alert import alert_card
from bot.cards.correction import Correction, correction_card
from bot.cards.headline import headline, plain_headline
from bot.cards.law import LawLine
from bot.cards.quotation import safe_url, title_of
from bot.cards.story_line import headline_now
from bot.cards.sureness import marks
from bot.clock import iso
from bot.locale.rich import plain
from bot.model import Kind, Member, Op, Revision, Severity, Story
from bot.pipeline.ledger.law import law_from
from bot.pipeline.reading import retrieval
from bot.store import corrections
from bot.web.kept import LASTING, This
from bot.web.markup import rich_markup
from bot.web.pages import LANG, Content, Takes, page
from bot.web.view import View

SHOWN = 40
BESIDE = 8
TAKES = (
    Takes("q", "text", "words that the titles have"),
    Takes("chip", "text", "only stories about this chip"),
    Takes("to", "text", "only stories about this destination"),
    Takes("kind", "text", "only stories of this kind", tuple(Kind)),
    Takes("severity", "text", "this severity or a higher one", tuple(Severity)),
    Takes("archive", "text", "`no` leaves out what the ledger brings", ("yes", "no")),
    LANG,
)


@page("/stories", "stories.html", takes=TAKES)
async def stories(view: View) -> Content:
    """What happened, the newest first, with filters and a search."""
    found = await view.services.store.read(partial(_found, view=view, limit=SHOWN))
    return Content(
        title=view.text("board.stories.title"),
        data={"stories": [row(view, story) for story in found]},
        shown={"kinds": list(Kind), "severities": list(Severity), "most": SHOWN},
    )


def found_for(view: View, limit: int) -> partial[list[Story]]:
    """A unit of work that reads the stories that a query asks for."""
    return partial(_found, view=view, limit=limit)


def _found(conn: Any, *, view: View, limit: int) -> list[Story]:
    wanted = _wanted(view)
    now = view.services.clock.now()
    if not view.asked("q"):
        return retrieval.recent(conn, now, wanted, limit)
    told = retrieval.search(conn, view.asked("q").split(), now, limit * 5)
    return [story for story in told if wanted.fits(story)][:limit]


def _wanted(view: View) -> retrieval.Wanted:
    chip, to, kind, severity = (view.asked(name) for name in ("chip", "to", "kind", "severity"))
    return retrieval.Wanted(
        chips=(view.knowledge.chips.find(chip).name,) if chip else (),
        destinations=(view.knowledge.countries.find(to).code,) if to else (),
        kinds=(Kind(kind),) if kind in tuple(Kind) else (),
        severity=Severity(severity) if severity in tuple(Severity) else Severity.LOW,
        archive=view.asked("archive") != "no",
    )


async def rows_about(view: View, *, chip: str) -> list[dict[str, Any]]:
    """The newest stories about a chip, as rows of a list."""
    wanted = retrieval.Wanted(chips=(chip,))
    now = view.services.clock.now()
    told = await view.services.store.read(lambda conn: retrieval.recent(conn, now, wanted, BESIDE))
    return [row(view, story) for story in told]


@page("/stories/{story}", "story.html", takes=(LANG,))
async def story(view: View) -> Content:
    """One story: what it says, or the correction where we took it back, the law beside it, its documents in order."""
    wanted = view.part("story")
    told, taken_back = await view.services.store.read(partial(_as_it_stands, wanted=wanted))
    if told is None:
        raise web.HTTPNotFound
    law = [LawLine.of(record) for record in law_from(view.knowledge)(told.facts, told.grew_at)]
    if taken_back:
        card = correction_card(_correction(taken_back, plain_headline(view.say, told, law)), law, view.language)
    else:
        card = alert_card(Revision(told, 1, Op.POST, told.grew_at), law, view.language)
    members = sorted(told.members, key=lambda member: (member.joined_at, -member.trust.rank))
    return Content(
        title=headline_now(view.say, told, law),
        data={
            **row(view, told),
            "facts": {
                "chips": list(told.facts.chips),
                "companies": list(told.facts.companies),
                "origin": list(told.facts.origin),
                "destinations": list(told.facts.destinations),
                "kind": told.facts.kind.value,
                "direction": told.facts.direction.value,
                "severity": told.facts.severity.value,
                "stage": told.facts.stage.value if told.facts.stage else None,
                "trust": told.facts.trust.value,
            },
            "documents_in_order": [_member(view, member, members[:at]) for at, member in enumerate(members)],
            "taken_back_at": iso(taken_back.at) if taken_back else None,
        },
        shown={"card": card},
    )


def _as_it_stands(conn: Any, *, wanted: str) -> tuple[Story | None, corrections.CorrectionRow | None]:
    """A story, or the one that it went into, and the correction of the one that is shown."""
    told = retrieval.one(conn, wanted)
    return told, corrections.of_story(conn, told.id) if told is not None else None


def _correction(row: corrections.CorrectionRow, said: str) -> Correction:
    return Correction(said, row.cause, row.shown_from, row.at, row.channels, row.reported_by_member, row.number)


class Words(NamedTuple):
    """A story in a line, and the marks above it: as text for machines, and styled for pages."""

    headline: str
    headline_now: str
    marks: str
    styled_headline: Markup
    styled_marks: Markup


def words_of(view: View, story: Story) -> Words:
    """A story's words in the reader's language, put together once for each story as it stands."""

    def put() -> Words:
        title, above = headline(view.say, story), marks(view.say, story)
        return Words(plain(title), headline_now(view.say, story), plain(above), rich_markup(title), rich_markup(above))

    return LASTING.answer(("words", This(story), view.language), put)


def row(view: View, story: Story) -> dict[str, Any]:
    """A story as a row of a list; its headline and marks as text for machines, styled for the page."""
    words = words_of(view, story)
    return {
        "id": story.id,
        "headline": words.headline if view.json else words.styled_headline,
        "marks": words.marks if view.json else words.styled_marks,
        "began": iso(story.began_at) if view.json else story.began_at,
        "grew": iso(story.grew_at) if view.json else story.grew_at,
        "documents": len(story.members),
        "url": safe_url(story.head.url),
        "archive": story.archive,
        "retracted": story.retracted,
    }


def _member(view: View, member: Member, earlier: list[Member]) -> dict[str, Any]:
    title, language = (member.title, member.language) if view.json else title_of(view.say, member)
    return {
        "title": title,
        "url": safe_url(member.url),
        "source": member.source_name,
        "language": language,
        "trust": member.trust.value,
        "published": iso(member.published),
        "joined": iso(member.joined_at) if view.json else member.joined_at,
        "rise": bool(earlier) and member.trust.rank > max(other.trust.rank for other in earlier),
    }
