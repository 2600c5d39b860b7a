"""The presets as channels get them."""

import pytest

from bot.delivery.order import Order
from bot.delivery.presets import PRESETS, preset_of


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_is_an_order_and_is_known_again_until_something_is_changed(name):
    stored = dict(PRESETS[name])
    assert Order.of(stored).growth == stored["growth"]
    assert preset_of(stored) == name
    assert preset_of(stored | {"chips": ["H20"]}) is None
    assert preset_of({}) is None
