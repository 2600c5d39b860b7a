"""A card says where the goods go as the document says it: from the words of a headline to those of the alert."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.cards.alert import alert_card
from bot.cards.card import plain
from bot.cards.names import place_name
from bot.locale.catalogue import LANGUAGES, catalogue
from bot.model import Trust
from bot.pipeline.assess import assess_text
from tests.cards.stories import member, revision, story

TITLES = {
    "en": "US bans {chip} exports to {place}",
    "de": "USA genehmigen {chip}-Lieferungen nach {place}",
    "zh": "美国禁止向{place}出口{chip}",
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("written", sorted(TITLES))
@pytest.mark.parametrize(
    "code", ["MY", "TH", "SG", "VN", "ID", "BR", "MX", "EG", "PK", "AM", "KW", "OM", "DE", "GE", "ZA"]
)
def test_an_alert_names_the_place_and_the_chip_of_the_headline(language, written, code):
    title = TITLES[written].format(chip="MI325X", place=place_name(catalogue(written), code))
    judged = assess_text(title, trust=Trust.OFFICIAL)
    head = replace(member("Register", title, trust=Trust.OFFICIAL), language=written)
    card = alert_card(revision(story(judged, head)), (), language)
    say = catalogue(language)
    headline = plain(card.title)
    assert place_name(say, code) in headline
    assert "MI325X" in headline
    assert place_name(say, "CN") not in headline


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_state_that_acts_is_not_told_as_where_the_goods_go(language):
    title = "Malaysia requires permits for exports of Nvidia H200 chips"
    card = alert_card(revision(story(assess_text(title), member("Wire", title))), (), language)
    say = catalogue(language)
    assert place_name(say, "MY") in plain(card.title)
    assert place_name(say, "CN") not in plain(card.title)
    assert say.text("headline.form.to", what="", places=place_name(say, "MY")).strip() not in plain(card.title)
