"""Settings: the layers, where each value came from, and what a mistake says."""

import subprocess
import sys
import tomllib
from collections.abc import Callable
from dataclasses import FrozenInstanceError
from pathlib import Path
from typing import Literal, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import ConfigError
from bot.settings import Settings, default_config_dir, effective, load, secret_values, sources_dir
from bot.settings.places import line_of, places
from bot.settings.reference import example, page
from bot.settings.tables import SETTINGS, TOPICS

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def config(tmp_path: Path) -> Callable[[str | bytes], Path]:
    """Writes chipwatch.toml and gives its folder."""

    def write(text: str | bytes) -> Path:
        data = text.encode() if isinstance(text, str) else text
        (tmp_path / "chipwatch.toml").write_bytes(data)
        return tmp_path

    return write


def names() -> list[str]:
    return [row.name for row in effective(Settings())]


# The layers


def test_the_defaults_hold_where_nothing_is_set(tmp_path):
    settings = load(tmp_path, {})
    assert settings == Settings()
    assert settings.store.url == "sqlite:///var/chipwatch.db"
    assert settings.web.host == "127.0.0.1"
    assert settings.fetch.max_bytes == 8 * 1024 * 1024
    assert {row.origin for row in effective(settings)} == {"default"}


def test_the_environment_goes_before_the_file_and_the_file_before_the_default(config):
    folder = config("[fetch]\ndeadline = 10\npace = 2.5\n")
    settings = load(folder, {"CHIPWATCH_FETCH__PACE": "3", "HOME": "/", "CHIPWATCHER": "no variable of ours"})
    assert (settings.fetch.deadline, settings.fetch.pace, settings.fetch.per_host) == (10.0, 3.0, 2)
    assert settings.origin("fetch.deadline") == f"{folder / 'chipwatch.toml'}:2"
    assert settings.origin("fetch.pace") == "CHIPWATCH_FETCH__PACE"
    assert settings.origin("fetch.per_host") == "default"


def test_a_list_is_json_in_the_environment(tmp_path):
    settings = load(tmp_path, {"CHIPWATCH_FETCH__ALLOW_PRIVATE": '["127.0.0.1", "10.0.0.0/8"]'})
    assert settings.fetch.allow_private == ("127.0.0.1", "10.0.0.0/8")


def test_a_table_is_json_in_the_environment_and_single_settings_go_before_it(tmp_path):
    environ = {"CHIPWATCH_FETCH": '{"deadline": 5, "pace": 2}', "CHIPWATCH_FETCH__PACE": "3"}
    settings = load(tmp_path, environ)
    assert (settings.fetch.deadline, settings.fetch.pace) == (5, 3)
    assert settings.origin("fetch.deadline") == "CHIPWATCH_FETCH"


def test_a_variable_may_name_a_file(tmp_path):
    (tmp_path / "secret").write_text("xyz-1\n")
    settings = load(tmp_path, {"CHIPWATCH_DISCORD__TOKEN_FILE": str(tmp_path / "secret")})
    assert settings.discord.token.reveal() == "xyz-1"
    assert settings.origin("discord.token") == "CHIPWATCH_DISCORD__TOKEN_FILE"


def test_secrets_are_hidden_wherever_settings_are_shown(tmp_path):
    settings = load(tmp_path, {"CHIPWATCH_SLACK__BOT_TOKEN": "xoxb-very-secret"})
    assert "very-secret" not in repr(settings) + str(effective(settings))
    assert secret_values(settings) == ["xoxb-very-secret"]
    assert not settings.discord.token


def test_settings_cannot_be_changed():
    with pytest.raises(FrozenInstanceError):
        Settings().fetch.deadline = 1.0  # type: ignore[misc]


# What a mistake says


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("[fetch]\n\ndeadlin = 10\n", 3, "did you mean fetch.deadline?"),
        ("# a\n[fetsh]\ndeadline = 10\n", 2, "did you mean [fetch]?"),
        ("[poll]\ndeadline = 10\n", 2, "did you mean fetch.deadline?"),
        ("deadline = 10\n", 1, "did you mean deadline in [fetch]?"),
        ("[web]\nxyzzy = 10\n", 2, "there are web.host, web.port"),
        ("fetch.deadline = 5\nfetch.paces = 1\n", 2, "did you mean fetch.pace?"),
        ('fetch = { deadline = 5, "paces" = 1 }\n', 1, "did you mean fetch.pace?"),
        ("web = 3\n", 1, "web is a table"),
        ("[[web]]\nport = 3\n", 1, "web is a table"),
        ("[fetch]\ndeadline = 0\n", 2, "fetch.deadline must be more than 0, not 0"),
        ('[fetch]\ndeadline = "30"\n', 2, "fetch.deadline must be a number, not '30'"),
        ("[fetch]\nper_host = true\n", 2, "fetch.per_host must be a whole number, not True"),
        ("[fetch]\ndeadline = inf\n", 2, "fetch.deadline must be a number, not inf"),
        ('[fetch]\nallow_private = [\n  "10.0.0.0/8",\n  "localhost",\n]\n', 2, "'localhost' is neither"),
        ('[bot]\nlanguage = "fr"\n', 2, "bot.language must be one of en, de, zh, not 'fr'"),
        ("[web]\nport = 8642\nport = 1\n", 3, "is no TOML"),
        ('[web]\nhost = "127', 2, "is no TOML"),
        ('[web]\r\n\r\nhost = """\r\nx"""\r\nprot = 1\r\n', 5, "did you mean web.port?"),
    ],
)
def test_a_mistake_in_the_file_is_named_with_its_line(config, text, line, said):
    folder = config(text)
    with pytest.raises(ConfigError) as caught:
        load(folder, {})
    assert said in str(caught.value)
    assert str(caught.value).startswith(f"{folder / 'chipwatch.toml'}:{line}: ")


def test_a_file_that_is_not_utf_8_is_named_with_its_line(config):
    with pytest.raises(ConfigError, match=r"chipwatch\.toml:2: is not UTF-8"):
        load(config(b"[bot]\n# gr\xfc\xdfe\n"), {})


def test_a_file_with_a_byte_order_mark_is_read(config):
    assert load(config(b"\xef\xbb\xbf[web]\nport = 1\n"), {}).web.port == 1


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("CHIPWATCH_FETCH__DEADLIN", "5", "did you mean CHIPWATCH_FETCH__DEADLINE?"),
        ("CHIPWATCH_FETCH_DEADLINE", "5", "did you mean CHIPWATCH_FETCH__DEADLINE?"),
        ("CHIPWATCH_QJXKV_ZZQJ", "5", "chipwatch config show"),
        ("CHIPWATCH_FETCH__DEADLINE", "soon", "CHIPWATCH_FETCH__DEADLINE: fetch.deadline must be a number, not 'soon'"),
        (
            "CHIPWATCH_FETCH__PER_HOST",
            "1.5",
            "CHIPWATCH_FETCH__PER_HOST: fetch.per_host must be a whole number, not '1.5'",
        ),
        ("CHIPWATCH_FETCH__ALLOW_PRIVATE", "127.0.0.1", "write it as JSON"),
        ("CHIPWATCH_FETCH__ALLOW_PRIVATE", '{"a": 1}', "write it as JSON"),
        ("CHIPWATCH_DISCORD__TOKEN_FILE", "/nowhere/token", "/nowhere/token: cannot be read"),
        ("CHIPWATCH_FETCH", "5", "is a table"),
        ("CHIPWATCH_FETCH", '{"deadlin": 5}', "did you mean fetch.deadline?"),
        ("CHIPWATCH_FETCH", '{"deadline": -5}', "CHIPWATCH_FETCH: fetch.deadline must be more than 0, not -5"),
        ("CHIPWATCH_NOWHERE_FILE", "/etc/hostname", "there is no such setting"),
    ],
)
def test_a_mistake_in_the_environment_names_the_variable(tmp_path, variable, value, said):
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, {variable: value})
    assert said in str(caught.value)


def test_a_wrong_value_in_the_environment_is_not_blamed_on_the_file(config):
    folder = config("[web]\nport = 1\n")
    with pytest.raises(ConfigError, match=r"^CHIPWATCH_WEB__PORT: "):
        load(folder, {"CHIPWATCH_WEB__PORT": "99999"})


def test_a_value_and_its_file_are_not_both_given(tmp_path):
    both = {"CHIPWATCH_DESK__TOKEN": "a", "CHIPWATCH_DESK__TOKEN_FILE": "b"}
    with pytest.raises(ConfigError, match="keep one of them"):
        load(tmp_path, both)


def test_a_configuration_folder_must_be_there(tmp_path):
    with pytest.raises(ConfigError, match="is no folder"):
        load(tmp_path / "missing", {})


# Where the configuration lies


def test_a_folder_config_of_somebody_else_is_left_alone(tmp_path, monkeypatch):
    (tmp_path / "config").mkdir()
    monkeypatch.chdir(tmp_path)
    assert default_config_dir() == ROOT / "config"
    (tmp_path / "config" / "chipwatch.toml").write_text("[web]\nport = 7\n")
    assert default_config_dir() == Path("config")
    assert load(None, {}).web.port == 7


def test_a_configuration_without_sources_gets_the_curated_ones(tmp_path):
    assert sources_dir(tmp_path) == ROOT / "config" / "sources"
    (tmp_path / "sources").mkdir()
    assert sources_dir(tmp_path) == tmp_path / "sources"


# The lines of a TOML text


TRICKY = '''\
title = "x # [no.table]"
[a."b.c".d]  # comment = 1
e = [ 1, [2, {f = 1}], # note
  "]" ]
"g h".'i' = { j = 1, k.l = { m = """
[not.a.table]
n = 1
""" }, o = [ { p = 1 }, {p = 2} ] }
q = 1979-05-27T07:32:00Z
[[r]]
s = 1
[[r]]
s = 2
[r.t]
u = \'\'\'
'' v = 1
\'\'\'
[[r.w]]
x = +1.5e3
'''


def test_places_finds_every_key_of_a_tricky_text():
    assert tomllib.loads(TRICKY)
    found = places(TRICKY)
    b = ("a", "b.c", "d")
    expected = {
        ("title",): 1,
        ("a",): 2,
        b: 2,
        (*b, "e"): 3,
        (*b, "g h", "i"): 5,
        (*b, "g h", "i", "j"): 5,
        (*b, "g h", "i", "k", "l", "m"): 5,
        (*b, "g h", "i", "o"): 8,
        (*b, "q"): 9,
        ("r", 0): 10,
        ("r", 0, "s"): 11,
        ("r", 1): 12,
        ("r", 1, "s"): 13,
        ("r", 1, "t", "u"): 15,
        ("r", 1, "w", 0, "x"): 19,
    }
    assert {path: found.get(path) for path in expected} == expected
    assert not any("n" in path or "v" in path or "not" in path for path in found)


def test_line_of_falls_back_to_the_table_around():
    found = places("[a]\nb = 1\n")
    assert line_of(found, ("a", "missing")) == 1
    assert line_of(found, ("z",)) is None


@given(st.text(alphabet=st.sampled_from("ab.[]{}=,\"' \n#\\1"), max_size=60))
def test_places_ends_on_any_text_and_knows_every_table_and_key_of_a_valid_one(text):
    found = places(text)
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    for path in paths(tables):
        assert path in found, (text, path, found)


def paths(table, root=()):
    for key, value in table.items():
        yield (*root, key)
        if isinstance(value, dict):
            yield from paths(value, (*root, key))


# The reference


def test_every_setting_stands_in_the_reference_page():
    text = (ROOT / "docs/settings.md").read_text(encoding="utf-8")
    missing = [n for n in names() if f"| `{n}` |" not in text]
    assert missing == [], "run `make reference`"


def test_the_reference_page_and_the_example_file_are_what_make_reference_writes():
    assert (ROOT / "docs/settings.md").read_text(encoding="utf-8") == page()
    assert (ROOT / "config/chipwatch.toml").read_text(encoding="utf-8") == example()


def test_every_setting_has_a_right_default_and_one_line_of_help():
    for table, settings in SETTINGS.items():
        assert TOPICS[table].__doc__
        for setting in settings.values():
            assert setting.secret or setting.accept(setting.default) == setting.default
            assert "\n" not in setting.help
            assert setting.help.endswith("."), setting.name


def test_the_value_of_a_secret_is_not_repeated_in_a_mistake(config):
    with pytest.raises(ConfigError) as caught:
        load(config("[desk]\ntoken = 12345678\n"), {})
    assert str(caught.value).endswith(":2: desk.token must be a text")


def test_choices_are_the_types():
    for table, topic in TOPICS.items():
        hints = get_type_hints(topic)
        for setting in SETTINGS[table].values():
            allowed = get_args(hints[setting.key]) if get_origin(hints[setting.key]) is Literal else ()
            assert setting.choices == allowed, setting.name


def test_the_example_file_sets_nothing_and_uncommented_it_sets_the_defaults(config):
    assert not any(tomllib.loads(example()).values())
    lines = [
        line.removeprefix("#") if line[:1] == "#" and line[1:2] != " " else line for line in example().splitlines()
    ]
    settings = load(config("\n".join(lines)), {})
    assert settings == Settings()
    assert "default" not in {row.origin for row in effective(settings)}


def test_no_setting_can_be_mistaken_for_a_file_variable():
    assert not [n for n in names() if n.endswith("_file")]


def test_settings_import_no_room_and_no_heavy_library():
    code = (
        "import bot.settings, sys;"
        "heavy = {'pydantic', 'sqlalchemy', 'alembic', 'aiohttp', 'discord', 'slack_bolt', 'apscheduler', 'lxml'};"
        "print(sorted(heavy & set(sys.modules)), sorted(m for m in sys.modules if m.startswith('bot.')))"
    )
    out = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert out.startswith("[] ")
    assert "bot.errors" in out
    assert not {"bot.store", "bot.sources", "bot.fetch", "bot.settings.reference"} & set(out.replace("'", " ").split())
