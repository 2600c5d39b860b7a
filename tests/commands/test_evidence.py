"""The evidence: everything that was said, in one chain, checked offline; who changes a row is found."""

import io
import json
import subprocess
import sys
import zipfile
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.clock import SetClock
from bot.pipeline.reading.evidence_file import build, verify
from bot.store import documents, evidence
from tests.commands.conftest import MANAGER, NOW, words
from tests.pipeline.desk import news


async def rows(store):
    return await store.read(lambda conn: list(evidence.rows(conn)))


async def test_an_answer_is_logged_without_who_asked(desk, asking, store, services):
    await desk.typed(asking(), "H200 Malaysia")
    await desk.answer(asking(), "chip.status", {"chip": "H20", "destination": "CN", "end-user": "Secret Ltd"})
    await services.settled()
    first, second = await rows(store)
    assert (first.kind, first.subject, first.previous) == ("answer", "H200>MY", evidence.FIRST)
    assert second.previous == first.hash
    said = json.loads(first.record)["said"]
    assert said["layers"]["us_export"]["status"] == "no_licence_required"
    for secret in ("u1", "Ada", "w1", "c1", "Secret Ltd"):
        assert secret not in first.record + second.record


async def test_a_revision_is_logged_in_its_own_transaction(store, wire):
    await wire.poll(news("1"))
    (row,) = await rows(store)
    record = json.loads(row.record)
    assert (row.kind, record["op"], record["number"]) == ("revision", "post", 1)
    assert [document["key"] for document in record["documents"]] == ["1"]

    def fails(conn):
        evidence.log_answer(conn, NOW, {"chip": "a", "destination": "b"}, {})
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await store.write(fails)
    assert len(await rows(store)) == 1


async def test_a_revision_names_its_own_documents_by_source_and_key_and_in_their_order(store, wire):
    elsewhere = [replace(news(key, "Cakes for summer"), source="abroad") for key in ("1", "2")]
    await store.write(lambda conn: documents.add(conn, elsewhere, NOW, baseline=True))
    told = (await wire.poll(news("1"), news("3"))).revisions[-1]
    abroad = replace(told.story.members[0], source="abroad", key="2")
    both = replace(told, story=replace(told.story, members=(*told.story.members, abroad)))
    await store.write(lambda conn: evidence.log_revision(conn, both, []))
    record = json.loads((await rows(store))[-1].record)
    named = [(document["source"], document["key"]) for document in record["documents"]]
    assert named == [("abroad", "2"), ("wire", "1"), ("wire", "3")]  # neither abroad's 1 nor the wire's 2


async def test_the_ledger_in_use_stands_in_each_row(store, knowledge, wire):
    ledger = knowledge.ledger
    named = (ledger.version, ledger.digest, ledger.as_of.isoformat(), NOW)
    await store.write(lambda conn: evidence.use_ledger(conn, *named))
    await wire.poll(news("1"))
    assert json.loads((await rows(store))[0].record)["ledger"]["digest"] == ledger.digest


@pytest.fixture
async def file(desk, asking, services, wire):
    """A file with a revision and two answers."""
    await wire.poll(news("1"))
    services.clock = SetClock(wire.now + timedelta(hours=1))
    for line in ("H200 Malaysia", "H20 China"):
        await desk.typed(asking(), line)
        await services.settled()
    reply = await desk.answer(asking(person=MANAGER), "chipwatch.evidence")
    assert "3 rows" in words(reply)
    return reply.files[0].content


def rewritten(content: bytes, change) -> bytes:
    """The file with its log changed, and the manifest made to fit, as a forger would."""
    import hashlib

    files = unzipped(content)
    files["log.jsonl"] = change(files["log.jsonl"].decode()).encode()
    manifest = json.loads(files["manifest.json"])
    manifest["files"]["log.jsonl"] = hashlib.sha256(files["log.jsonl"]).hexdigest()
    files["manifest.json"] = json.dumps(manifest).encode()
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as folder:
        for name, data in files.items():
            folder.writestr(name, data)
    return made.getvalue()


def unzipped(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as folder:
        return {name: folder.read(name) for name in folder.namelist()}


async def test_a_file_is_sound_and_says_what_is_in_it(file):
    verdict = verify(file)
    assert (verdict.troubles, verdict.rows, verdict.documents) == ((), 3, 1)
    assert {"log.jsonl", "documents.jsonl", "ledger.toml", "manifest.json", "README.txt"} == set(unzipped(file))


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (lambda log: log.replace("no_licence_required", "embargoed"), "row 2 was changed"),
        (lambda log: "".join(log.splitlines(keepends=True)[::2]), "row 2 is missing"),
        (lambda log: "".join(log.splitlines(keepends=True)[:2]), "3 rows are promised, 2 are there"),
        (lambda log: "".join(log.splitlines(keepends=True)[1:]), "row 1 is missing"),
    ],
)
async def test_tampering_is_found_and_the_row_named(file, change, found):
    verdict = verify(rewritten(file, change))
    assert not verdict.sound
    assert any(found in trouble for trouble in verdict.troubles), verdict.troubles


@pytest.mark.parametrize("content", [b"", b"PK", b"x" * 1000])
def test_what_is_no_file_is_said(content):
    assert not verify(content).sound


async def test_a_changed_member_is_found(file):
    files = unzipped(file)
    files["ledger.toml"] += b"\n"
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as folder:
        for name, data in files.items():
            folder.writestr(name, data)
    assert verify(made.getvalue()).troubles == ("ledger.toml was changed",)


def chipwatch(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "bot", *words], capture_output=True, text=True, check=False)


async def test_the_command_line_checks_a_file_offline(file, tmp_path):
    good, bad = tmp_path / "good.zip", tmp_path / "bad.zip"
    good.write_bytes(file)
    bad.write_bytes(rewritten(file, lambda log: log.replace("no_licence_required", "embargoed")))
    done = chipwatch("verify", str(good))
    assert (done.returncode, "3 rows in one chain" in done.stdout) == (0, True)
    done = chipwatch("verify", str(bad))
    assert (done.returncode, "row 2 was changed" in done.stdout) == (1, True)
    assert chipwatch("verify", str(tmp_path / "none.zip")).returncode == 2


def test_the_invitation_asks_for_exactly_the_rights_it_needs():
    done = chipwatch("invite", "--application", "1234567890")
    assert "client_id=1234567890" in done.stdout
    assert "scope=bot+applications.commands" in done.stdout
    assert "permissions=" in done.stdout
    assert "permissions=8" not in done.stdout
    assert chipwatch("invite").returncode == 2


async def test_what_is_older_than_its_time_goes_and_the_rest_is_a_chain(store, wire, knowledge):
    for key in ("1", "2", "3"):
        await wire.poll(news(key, f"US tightens licence rules for Nvidia H{key}00 chips to China"))
    kept = await rows(store)
    assert await store.write(lambda conn: evidence.purge(conn, kept[-1].at)) == len(kept) - 1
    content = await store.read(lambda conn: build(conn, knowledge.ledger, NOW))
    assert (verify(content).rows, verify(content).troubles) == (1, ())


async def test_what_was_known_on_the_last_day_there_is_can_be_asked(desk, asking):
    said = words(await desk.typed(asking(), "H20 China known-on:9999-12-31"))
    assert "H20 → China" in said
    assert "in the log under" not in said
