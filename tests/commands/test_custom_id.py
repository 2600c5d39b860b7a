import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands.custom_id import LONGEST, fits, pack, unpack

VALUES = st.dictionaries(st.sampled_from(["chip", "destination", "date", "end-user"]), st.text(max_size=12), max_size=2)


@given(VALUES)
def test_what_is_packed_comes_out_again(values):
    if not fits("status", values.items()):
        with pytest.raises(ValueError, match="does not fit"):
            pack("status", values)
        return
    packed = pack("status", values)
    assert len(packed) <= LONGEST
    assert unpack(packed) == ("status", values)


@given(st.text(max_size=200))
def test_foreign_strings_are_refused(text):
    assert unpack(text) is None


@pytest.mark.parametrize(
    "change",
    [
        lambda packed: packed.replace("H20", "H200"),
        lambda packed: packed.replace("cw:status", "cw:help"),
        lambda packed: packed[:-1],
        lambda packed: packed + "0",
        lambda packed: "x" + packed,
        lambda packed: packed.replace("#", "&from=CN#"),
    ],
)
def test_a_changed_one_is_refused(change):
    packed = pack("status", {"chip": "H20", "destination": "CN"})
    assert unpack(packed) is not None
    assert unpack(change(packed)) is None


def test_an_action_that_does_not_exist_is_refused():
    assert unpack(pack("no_such_thing", {})) is None
    assert unpack(pack("status", {"no_such_value": "1"})) is None


def test_letters_of_all_scripts_count_once():
    assert fits("status", [("end-user", "字" * 60)])
    assert not fits("status", [("end-user", "字" * 90)])
