"""`chipwatch assess`: JSON Lines of strangers, and what of them no output can hold."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from bot.cli.commands import app

TITLES = (
    "US bans Nvidia H20 exports to China",
    "USA verbieten Export von Nvidia H20 nach China",
    "美国禁止向中国出口英伟达H20芯片",
)


@pytest.mark.parametrize("options", [[], ["--stories"], ["--json"], ["--stories", "--json"]], ids=" ".join)
@pytest.mark.parametrize("field", ["id", "title", "lead", "outlet", "url"])
def test_half_a_surrogate_pair_is_replaced_wherever_it_stands(tmp_path, field, options):
    items = [{"id": str(n), "title": title, "url": "https://wire.example/a"} for n, title in enumerate(TITLES)]
    for item in items:
        item[field] = f"{item.get(field, '')}\ud800"
    file = tmp_path / "items.jsonl"
    file.write_text("".join(json.dumps(item) + "\n" for item in items))
    done = CliRunner().invoke(app, ["assess", *options, str(file)])
    assert (done.exit_code, done.exception) == (0, None)
    if "--json" in options:
        told = [json.loads(line) for line in done.stdout.splitlines()]
        assert [line["id"] for line in told] == [f"{n}{'?' * (field == 'id')}" for n in range(len(items))]
        assert all(line["relevant"] and ("--stories" in options) == ("story" in line) for line in told)


@pytest.mark.parametrize("options", [[], ["--stories"], ["--json"], ["--stories", "--json"]], ids=" ".join)
def test_a_line_that_is_no_item_is_named_and_the_others_lose_nothing(tmp_path, options):
    lines = [json.dumps({"id": str(n), "title": title}) for n, title in enumerate(TITLES)]
    file = tmp_path / "items.jsonl"
    file.write_text("\n".join([lines[0], "{not json", lines[1], '{"id": "x"}', lines[2]]) + "\n")
    done = CliRunner().invoke(app, ["assess", *options, str(file)])
    assert done.exit_code == 2
    assert f"{file}:2: is no item" in done.stderr
    assert f"{file}:4: is no item" in done.stderr
    if "--json" in options:
        assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == ["0", "1", "2"]
    else:
        assert "H20" in done.stdout
