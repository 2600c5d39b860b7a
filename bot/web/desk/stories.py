"""The room of the stories: joining, splitting, taking back, and what readers reported as mistakes."""

from __future__ import annotations

from collections.abc import Mapping

from bot.cards.correction import CAUSES
from bot.cards.headline import headline
from bot.pipeline.ledger.law import law_from
from bot.pipeline.operators import decisions
from bot.pipeline.reading import retrieval
from bot.store import reports
from bot.store.engine import Connection
from bot.web.desk.rooms import SHOWN, WHO, Done, act, number_in, room
from bot.web.pages import Content
from bot.web.view import View

BACK = "/desk/stories"
STORIES = 30


@room(BACK, "desk/stories.html")
async def stories(view: View) -> Content:
    """The newest stories with their documents, and the reports that wait."""
    now = view.services.clock.now()

    def read(conn: Connection) -> dict[str, object]:
        told = retrieval.recent(conn, now, retrieval.Wanted(archive=False), STORIES)
        waits = reports.waiting(conn, SHOWN)
        more = reports.count(conn) - len(waits)
        return {"told": [(story, headline(view.say, story)) for story in told], "reports": waits, "more": more}

    shown = await view.services.store.read(read)
    return Content(view.text("board.desk.room.stories"), {}, {**shown, "causes": CAUSES})


@act("/desk/stories/merge")
async def merge(view: View, form: Mapping[str, str]) -> Done:
    """Join two stories."""
    into, away = form.get("into", "").strip(), form.get("away", "").strip()
    now, law = view.services.clock.now(), law_from(view.knowledge)
    await view.services.store.write(lambda conn: decisions.merge(conn, into, away, now, WHO, law))
    view.services.wake()
    return Done(BACK, "merged", {"story": into})


@act("/desk/stories/split")
async def split(view: View, form: Mapping[str, str]) -> Done:
    """Split a document off a story."""
    story, url = form.get("story", "").strip(), form.get("url", "").strip()
    now, law = view.services.clock.now(), law_from(view.knowledge)
    await view.services.store.write(lambda conn: decisions.split(conn, story, url, now, WHO, law))
    view.services.wake()
    return Done(BACK, "split", {"story": story})


@act("/desk/stories/retract")
async def retract(view: View, form: Mapping[str, str]) -> Done:
    """Take a story back, as loud as it was told."""
    story, cause = form.get("story", "").strip(), form.get("cause", "")
    now, law = view.services.clock.now(), law_from(view.knowledge)
    await view.services.store.write(lambda conn: decisions.retract(conn, story, cause, now, WHO, law))
    view.services.wake()
    return Done(BACK, "retracted", {"story": story})


@act("/desk/stories/dismiss")
async def dismiss(view: View, form: Mapping[str, str]) -> Done:
    """A reported story was right."""
    number = number_in(form)
    now = view.services.clock.now()
    await view.services.store.write(lambda conn: decisions.dismiss(conn, number, now, WHO))
    return Done(BACK, "dismissed", {"story": str(number)})
