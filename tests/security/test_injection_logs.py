"""What strangers write into the log stays one line and one value."""

from __future__ import annotations

import json
import logging

import pytest
import structlog

from bot import logs

NASTY = 'x\n2026-01-01T00:00:00Z [error    ] forged\r\n{"event": "forged"}\x1b[2J\x1b]8;;http://e\x07\u202e\x9b1m\u2028'


@pytest.fixture
def written(capsys):
    """Sets the log up in a form, lets it speak, and gives what was written."""
    root = logging.getLogger()
    handlers, before = list(root.handlers), structlog.get_config()

    def write(form, *words):
        logs.configure("debug", form, logs.Scrubber(("hush-hush",)))
        for speak in words:
            speak()
        return capsys.readouterr().err

    yield write
    root.handlers[:] = handlers
    structlog.configure(**before)


def speaking(**facts):
    return lambda: logs.logger("test").warning("page_failed", **facts)


def failing():
    try:
        raise ValueError(NASTY)
    except ValueError:
        logs.logger("test").exception("bug", path=NASTY)


def library():
    try:
        raise ValueError(NASTY)
    except ValueError:
        logging.getLogger("aiohttp.server").exception("Error handling request %s", NASTY)


@pytest.mark.parametrize("form", ["console", "json"])
def test_no_value_drives_a_terminal(written, form):
    said = written(form, speaking(path=NASTY, inner=[{"a": NASTY}], error=ValueError(NASTY)), failing, library)
    assert "forged" in said
    assert not set(said) & set("\x1b\x07\u202e\x9b\u2028\r\x00")


@pytest.mark.parametrize("form", ["console", "json"])
def test_no_value_begins_a_line_of_its_own(written, form):
    said = written(form, speaking(path=NASTY, inner=[NASTY], error=ValueError(NASTY)), failing, library)
    for line in said.splitlines():
        assert not line.startswith(("2026-01-01", '{"event": "forged'))


def test_every_line_for_machines_is_one_object_with_its_own_event(written):
    said = written("json", speaking(path=NASTY, level="critical", timestamp="never"), failing, library)
    lines = [json.loads(line) for line in said.splitlines()]
    assert [line["event"] for line in lines] == ["page_failed", "bug", "library"]
    assert lines[0]["level"] == "warning"
    assert lines[0]["timestamp"] != "never"


def test_what_the_command_line_says_drives_no_terminal(capsys):
    from bot.cli.output import remark, table, tell

    tell(NASTY)
    remark(NASTY)
    table(("a",), [(NASTY,)], NASTY)
    both = capsys.readouterr()
    assert not set(both.out + both.err) & set("\x1b\x07\x9b\r")
