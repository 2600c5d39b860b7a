"""What `chipwatch doctor` finds: each bad finding says what to do."""

import dataclasses

import pytest

from bot.cli.examination import examine
from bot.settings import Secret, load


@pytest.fixture
def findings(tmp_path, monkeypatch):
    """All findings of settings with some changes, by check."""

    async def found(**changed):
        settings = load(None, {"CHIPWATCH_STORE__URL": f"sqlite:///{tmp_path}/none.db"})
        for table, values in changed.items():
            settings = dataclasses.replace(settings, **{table: dataclasses.replace(getattr(settings, table), **values)})
        monkeypatch.setattr("bot.cli.setup.settings_of", lambda config: settings)
        return {finding.check: finding for finding in await examine(None)}

    return found


async def test_a_board_for_others_must_know_its_names(findings):
    assert (await findings())["web"].ok
    assert (await findings(web={"host": "0.0.0.0", "hosts": ("board.example",)}))["web"].ok
    bare = (await findings(web={"host": "0.0.0.0"}))["web"]
    assert not bare.ok
    assert "web.hosts" in bare.remedy


async def test_a_token_that_could_be_guessed_is_found_and_never_shown(findings):
    assert (await findings(desk={"token": Secret("x" * 40)}))["desk"].ok
    short = (await findings(desk={"token": Secret("letmein")}))["desk"]
    assert not short.ok
    assert "letmein" not in short.detail + short.remedy


async def test_every_bad_finding_has_a_remedy(findings):
    found = await findings(web={"host": "0.0.0.0"}, desk={"token": Secret("short")})
    assert all(each.remedy for each in found.values() if not each.ok)
