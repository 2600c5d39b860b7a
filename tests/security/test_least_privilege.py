"""Nothing has more rights than it uses: the container, the service, the platforms' grants, the files that are made."""

import json
import os
import re
import shutil
import stat
import subprocess
from pathlib import Path

import pytest
import yaml

from bot.platforms.console.journal import Journal
from bot.platforms.discord.rights import INVITATION, NEEDED, invitation
from bot.platforms.slack.manifest import SCOPES, manifest
from bot.settings.tables import SlackSettings
from bot.store import copies
from bot.store.engine import Store
from tests.fakes.slack.world import NEEDS
from tests.platforms.slack.test_manifest import PUBLIC
from tests.test_deploy import UNIT, service
from tests.test_dockerfile import last, steps

ROOT = Path(__file__).resolve().parents[2]
DANGEROUS = {"Administrator": 3, "Manage Guild": 5, "Manage Roles": 28, "Manage Messages": 13, "Manage Webhooks": 29,
             "Mention Everyone": 17, "Manage Channels": 4, "Kick": 1, "Ban": 2}  # fmt: skip


def test_it_does_not_run_as_root():
    user = last("USER")
    assert user.split(":")[0] not in ("root", "0")
    words = [step.word for step in steps() if step.stage == max(s.stage for s in steps())]
    assert words.index("USER") < words.index("ENTRYPOINT")


def test_the_unit_writes_only_where_its_store_is_and_may_still_draw():
    lines = dict(service())
    assert lines["ProtectSystem"] == "strict"
    assert lines["NoNewPrivileges"] == "yes"
    assert lines["CapabilityBoundingSet"] == ""
    assert lines["WorkingDirectory"] == f"/var/lib/{lines['StateDirectory']}"
    assert "MemoryDenyWriteExecute" not in lines  # what draws the pictures compiles as it runs
    assert lines["RestartPreventExitStatus"] == "2"  # wrong settings


def test_nothing_in_it_reads_what_people_write():
    wanted = " ".join([*SCOPES, *manifest(PUBLIC)["settings"]["event_subscriptions"]["bot_events"]])
    assert "history" not in wanted
    assert "message" not in wanted


def test_scopes_are_those_that_are_used():
    for settings in (SlackSettings(), PUBLIC):
        assert manifest(settings)["oauth_config"]["scopes"]["bot"] == sorted(SCOPES)
    assert set(NEEDS.values()) - set(SCOPES) == {"channels:history"}


def test_the_image_needs_no_shell_and_installs_nothing_as_it_runs():
    for word in ("ENTRYPOINT", "CMD"):
        assert isinstance(json.loads(last(word)), list), "run directly, not through a shell"
    final = max(step.stage for step in steps())
    runs = " ".join(step.rest for step in steps() if step.stage == final and step.word == "RUN")
    assert "pip" not in runs
    assert "apt" not in runs
    assert "nologin" in runs


def test_compose_takes_every_right_away():
    bot = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))["services"]["chipwatch"]
    assert bot["cap_drop"] == ["ALL"]
    assert bot["read_only"] is True
    assert bot["security_opt"] == ["no-new-privileges:true"]
    assert not {"privileged", "cap_add", "network_mode", "pid", "devices"} & bot.keys()
    assert all(port.startswith("127.0.0.1:") for port in bot["ports"])


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed")
def test_systemd_calls_the_unit_safe():
    done = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--no-pager", str(UNIT)],
        capture_output=True,
        text=True,
        check=False,
    )
    found = re.search(r"exposure level for \S+: ([\d.]+)", done.stdout)
    assert found, done.stdout + done.stderr
    assert float(found[1]) < 2.0, done.stdout


def test_discord_is_asked_for_seven_rights_and_none_that_rules_others():
    assert len(NEEDED) == 7
    assert f"permissions={INVITATION}&" in invitation("1")
    assert f"{INVITATION:b}".count("1") == 7
    assert [name for name, bit in DANGEROUS.items() if INVITATION & 1 << bit] == []


def rights(path):
    return stat.S_IMODE(path.stat().st_mode)


async def test_what_is_written_down_is_its_owner_s_alone(tmp_path):
    """The store with its log files, a copy, a store put back, the journal: whatever the process would let others do."""
    before = os.umask(0o000)
    try:
        url = f"sqlite:///{tmp_path}/store.db"
        store = await Store.open(url)
        made = [path for path in tmp_path.iterdir() if path.name.startswith("store.db")]
        assert len(made) >= 2, "the store and its log"
        copies.backup(url, tmp_path / "copy.db")
        await store.close()
        (tmp_path / "copy.db").chmod(0o644)  # as it comes back from elsewhere
        copies.restore(url, tmp_path / "copy.db")
        Journal(tmp_path / "said.jsonl").append({"channel": "c", "key": "k", "message": "m"})
        made += [tmp_path / "store.db", tmp_path / "said.jsonl"]
        assert {path.name: oct(rights(path)) for path in made if path.exists() and rights(path) & 0o077} == {}
    finally:
        os.umask(before)


def test_a_copy_is_closed_and_takes_no_file_s_place(tmp_path):
    import asyncio

    from bot.errors import StoreError

    url = f"sqlite:///{tmp_path}/store.db"
    asyncio.run(_made(url))
    (tmp_path / "elsewhere").write_text("theirs")
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StoreError, match="exists"):
        copies.backup(url, tmp_path / "link")
    assert (tmp_path / "elsewhere").read_text() == "theirs"
    copies.backup(url, tmp_path / "copy.db")
    assert rights(tmp_path / "copy.db") == 0o600


async def _made(url):
    await (await Store.open(url)).close()


def test_a_file_s_name_is_no_order_to_the_database(tmp_path):
    """`?mode=rwc` in a name is a part of the name."""
    import asyncio

    from bot.errors import StoreError

    url = f"sqlite:///{tmp_path}/store.db"
    asyncio.run(_made(url))
    name = tmp_path / "a.db?mode=rwc#x %41"
    copies.backup(url, name)
    with pytest.raises(StoreError):
        copies.restore(url, tmp_path / "b.db?mode=rwc")
    assert copies.restore(url, name) is not None
    assert not (tmp_path / "a.db").exists()
    assert not (tmp_path / "b.db").exists()
