"""Who may change what, as Slack and the settings have it at the moment."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.clock import SetClock
from bot.platforms.slack.api import Api, OneToken
from bot.platforms.slack.people import People
from tests.fakes.slack import Channel, User


@pytest.fixture
async def clock():
    return SetClock(datetime(2026, 7, 1, tzinfo=UTC))


@pytest.fixture
async def made(fake, clock):
    fake.world.add(
        Channel("C1", creator="U3"), User("U1"), User("UA", admin=True), User("UO", owner=True), User("U2"), User("U3"),
        User("UF", locale="fr-FR"),
    )  # fmt: skip
    fake.world.groups["S0A"] = ["U2"]
    api = Api(OneToken("xoxb-1"), clock, fake.api)

    def people(**settings):
        return People(api, clock, language="de", **settings)

    yield people
    await api.close()


@pytest.mark.parametrize(
    ("user", "settings", "manages"),
    [
        ("U1", {}, False), ("UA", {}, True), ("UO", {}, True), ("U2", {}, False), ("U3", {}, False),
        ("U2", {"managers_group": "S0A"}, True), ("U1", {"managers_group": "S0A"}, False),
        ("U1", {"managers_group": "S0X"}, False), ("U3", {"creators": True}, True), ("U1", {"creators": True}, False),
    ],
)  # fmt: skip
async def test_admins_owners_a_group_and_creators_manage(made, user, settings, manages):
    assert (await made(**settings).person("T1", user, "C1")).manages is manages


@pytest.mark.parametrize(("user", "role", "roles"), [("U2", "S0A", ("S0A",)), ("U1", "S0A", ()), ("U2", "S0X", ())])
async def test_the_group_that_a_workspace_lets_manage_is_among_its_members_roles(made, user, role, roles):
    found = await made().person("T1", user, "C1", role=role)
    assert (found.roles, found.manages) == (roles, False)  # whether the role manages is for the settings to say


async def test_operators_are_named_by_person_or_by_workspace_and_person(made):
    assert (await made(operators=("U1",)).person("T1", "U1", "C1")).operates
    assert (await made(operators=("T1/U1",)).person("T1", "U1", "C1")).operates
    assert not (await made(operators=("T2/U1",)).person("T1", "U1", "C1")).operates


async def test_a_right_that_was_taken_away_is_noticed_within_minutes(made, fake, clock):
    people = made()
    assert (await people.person("T1", "UA", "C1")).manages
    fake.world.users["UA"].admin = False
    clock.set(clock.now() + timedelta(minutes=11))
    assert not (await people.person("T1", "UA", "C1")).manages


async def test_a_failure_is_not_remembered(made, fake):
    people = made()
    fake.world.plan("users.info", 503)
    assert (await people.profile("T1", "UA")).language == "de"
    assert (await people.profile("T1", "UA")).administers
    assert (await people.profile("T1", "UF")).language == "en"
