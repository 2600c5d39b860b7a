"""An event that is recorded changes the answers, is told with what flips, and stands in the log and the evidence."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa

from bot.errors import UserError
from bot.knowledge.ledger import load_ledger
from bot.model import Direction, Kind, Severity, Stage, Trust
from bot.pipeline.ledger.archive import archived
from bot.pipeline.ledger.entering import record, reject
from bot.pipeline.ledger.librarian import Librarian
from bot.store import audit, evidence, revisions, schema
from bot.store import ledger as recorded_ledger
from tests.commands.conftest import NOW
from tests.letters import EVENT

LEDGER = load_ledger()


async def test_what_flips_is_told_where_it_is_wanted_and_stands_in_the_log_and_in_the_evidence(one_desk):
    await one_desk.subscribe("malaysia", destinations=["MY"])
    await one_desk.subscribe("china", destinations=["CN"])
    librarian = Librarian()
    ((event, (consequences, *_)),) = await record(one_desk.store, librarian, EVENT, NOW, "olga")
    rows = sa.select(schema.deliveries.c.story, schema.subscriptions.c.channel, schema.deliveries.c.op)
    rows = rows.join(schema.subscriptions, schema.subscriptions.c.id == schema.deliveries.c.subscription)
    told = await one_desk.store.read(lambda conn: [tuple(row) for row in conn.execute(rows.order_by(sa.text("2")))])
    assert [(channel, op) for _, channel, op in told] == [("china", "post"), ("console", "post")]
    issued = await one_desk.store.read(lambda conn: revisions.issued(conn, told[0][0], 1))
    assert issued.flips == [group.json() for group in consequences.groups] != []
    story = issued.revision.story
    assert (story.began_at, story.grew_at, story.head.title) == (NOW, NOW, "A letter bars the H20")
    facts = story.facts
    assert ("H20" in facts.chips, "CN" in facts.destinations) == (True, True)
    assert (facts.kind, facts.direction, facts.stage) == (Kind.RULE, Direction.RESTRICTS, Stage.IN_FORCE)
    assert (facts.severity, facts.trust) == (Severity.CRITICAL, Trust.OFFICIAL)
    (line,) = await one_desk.store.read(audit.lines)
    assert (line["who"], line["at"], line["action"], line["subject"]) == ("olga", NOW, "ledger.add", event.id)
    assert line["before"] is None
    assert "Made for a test" in line["after"]
    ledger = librarian.knowledge.ledger
    in_use = await one_desk.store.read(evidence.ledger_in_use)
    assert in_use == {"version": ledger.version, "digest": ledger.digest, "as_of": ledger.as_of.isoformat()}
    assert ledger.digest != LEDGER.digest  # both were taken up at this moment


async def test_a_draft_is_rejected_once(one_desk):
    await one_desk.store.write(lambda conn: recorded_ledger.draft(conn, "d", EVENT, "wire", "k", NOW))
    await one_desk.store.write(lambda conn: reject(conn, "d", NOW, "olga"))
    (line,) = await one_desk.store.read(audit.lines)
    assert (line["who"], line["at"], line["action"], line["subject"]) == ("olga", NOW, "ledger.reject", "d")
    with pytest.raises(UserError, match="no_draft"):
        await one_desk.store.write(lambda conn: reject(conn, "d", NOW, "olga"))


def test_an_event_of_the_ledger_is_weighed_as_what_it_is():
    events = {event.id: event for event in LEDGER.events}
    rumour = archived(events["2025-04-18-rtx-5090d-stop"]).facts
    assert (rumour.kind, rumour.trust, rumour.severity, rumour.stage) == (Kind.RUMOUR, Trust.RUMOUR, Severity.LOW, None)
    case = events["2025-12-08-operation-gatekeeper"]
    assert archived(case).facts.kind is Kind.ENFORCEMENT
    assert archived(replace(case, origin=())).facts.kind is Kind.ENFORCEMENT
    assert archived(replace(case, origin=("CN",))).facts.kind is Kind.FOREIGN_MEASURE
    chip = replace(events["2025-04-18-rtx-5090d-stop"], chips=("H20",))
    assert archived(chip).facts.severity is Severity.LOW
