"""A story by its id, or by words of its title, for commands that speak of one; and the names that stories use."""

from __future__ import annotations

from bot.commands.ask import Ask
from bot.errors import UserError
from bot.knowledge.library import Knowledge
from bot.model import Op, Revision
from bot.pipeline.ledger.law import law_from
from bot.pipeline.reading import retrieval
from bot.store.engine import Connection
from bot.store.revisions import Issued


async def latest(ask: Ask, story: str) -> Issued:
    """The newest revision of a story with what stands beside it; one that was never told (the ledger's) as it would be.
    `story` is an id, or words of a title that only one has.

    Raises UserError `errors.unknown_story`.
    """

    def read(conn: Connection) -> Issued | None:
        near = retrieval.titled(conn, story, 2)
        for id_ in (story, near[0][0] if len(near) == 1 else ""):
            whole = retrieval.one(conn, id_) if id_ else None
            told = retrieval.latest(conn, id_) or (retrieval.latest(conn, whole.id) if whole else None)
            if told is not None:
                return told
            if whole is not None:
                law = law_from(ask.knowledge)(whole.facts, whole.began_at)
                return Issued(Revision(whole, 1, Op.POST, whole.began_at), [dict(record) for record in law], [])
        return None

    found = await ask.store.read(read)
    if found is None:
        raise UserError("errors.unknown_story", story=story)
    return found


def chip_names(knowledge: Knowledge, chip: str | None) -> frozenset[str]:
    """The names under which stories may speak of a chip; their labels use the shorter ones (MI308 for MI308X)."""
    if chip is None:
        return frozenset()
    names = set(knowledge.chips.find(chip).names_in_events)
    return frozenset(names | {name[:-1] for name in names if name.endswith("X") and name[:-1][-1:].isdigit()})
