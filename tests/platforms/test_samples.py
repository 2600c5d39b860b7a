"""The samples of how Chipwatch speaks: each is made from what is shipped, says its facts on both platforms and in both
languages, and both platforms take it."""

import re

import pytest

from bot.commands.custom_id import pack
from bot.knowledge.library import Knowledge
from bot.platforms.discord.render import message_of
from bot.platforms.slack.render import message
from tests.platforms.discord import conftest as discord
from tests.platforms.slack import conftest as slack
from tests.platforms.test_same_facts import on_discord, on_slack
from tools.gallery.cards import cards
from tools.gallery.samples import LANGUAGES, SAMPLES

discord_check, slack_check, checker = discord.check, slack.check, slack.checker
CARDS = cards(Knowledge.load())
FACTS = {
    "said": {
        "en": [
            "SAID, NOT LAW",
            "H20 → China",
            "Law:",
            "unchanged",
            "9 Apr 2025",
            "Words:",
            "Nvidia",
            "Open:",
            "Sources 3",
        ],
        "de": [
            "GESAGT, NICHT GELTENDES RECHT",
            "H20 → China",
            "Rechtslage:",
            "unverändert",
            "9. April 2025",
            "Aussage:",
            "Offen:",
            "Quellen 3",
        ],
    },
    "grown": {
        "en": ["What grew:", "15 Jul first post", "AMD", "16 Jul", "New in this story:", "MI308", "Sources 5"],
        "de": ["Was dazukam:", "15.7. erste Meldung", "AMD", "16.7.", "Neu in dieser Meldung:", "MI308", "Quellen 5"],
    },
    "law": {
        "en": [
            "LAW",
            "742.6(b)(10)(iii)",
            "presumption of denial",
            "case-by-case review",
            "21,000",
            "6,500",
            "Flips",
            "(computed)",
            "H200",
            "91 FR 1684",
            "15 Jan 2026",
        ],
        "de": [
            "GELTENDES RECHT",
            "742.6(b)(10)(iii)",
            "Ablehnungsvermutung",
            "Einzelfallprüfung",
            "21.000",
            "6.500",
            "Ändert",
            "(berechnet)",
            "H200",
            "91 FR 1684",
            "15. Januar 2026",
        ],
    },
    "list": {
        "en": [
            "Entity List",
            "+12",
            "11 China, 1 Taiwan",
            "90 FR 14046",
            "2025-05427",
            "2025-05426",
            "94 %",
            "as printed",
        ],
        "de": [
            "Entity List",
            "+12",
            "11 China, 1 Taiwan",
            "90 FR 14046",
            "2025-05427",
            "2025-05426",
            "94 %",
            "laut Bekanntmachung",
        ],
    },
    "correction": {
        "en": ["CORRECTION", "our mistake", "Withdrawn:", "RTX 4090", "17 Nov 2023", "41 channels", "Law:"],
        "de": [
            "BERICHTIGUNG",
            "unser Fehler",
            "Zurückgezogen:",
            "RTX 4090",
            "17. November 2023",
            "41 Kanälen",
            "Rechtslage:",
        ],
    },
    "malaysia": {
        "en": [
            "H200 → Malaysia, today",
            "none for chip and country alone",
            "D:5",
            "denial presumed",
            "3A090.a",
            "15,832",
            "88 FR 73458",
            "30 days' notice",
            "MITI",
            "14 Jul 2025",
            "Still to check:",
            "9 Oct 2026 (45 days old)",
            "Sources 4",
        ],
        "de": [
            "H200 → Malaysia, heute",
            "soweit es nur um Chip und Land geht",
            "D:5",
            "Ablehnungsvermutung",
            "3A090.a",
            "15.832",
            "88 FR 73458",
            "30 Tage",
            "MITI",
            "14. Juli 2025",
            "Noch zu prüfen:",
            "9. Oktober 2026 (45 Tage alt)",
            "Quellen 4",
        ],
    },
    "singapore": {
        "en": [
            "H200 → Singapore",
            "buyer owned from China",
            "denial presumed",
            "headquarters",
            "17 Nov 2023",
            "31 May 2026",
            "Still to check:",
            "affiliates rule",
            "45 days old",
        ],
        "de": [
            "H200 → Singapur",
            "chinesischer Konzernmutter",
            "Ablehnungsvermutung",
            "17. November 2023",
            "31. Mai 2026",
            "Noch zu prüfen:",
            "Affiliates Rule",
            "45 Tage alt",
        ],
    },
    "auditor": {
        "en": [
            "on 20 May 2025, as known that day",
            "review policy unpublished",
            "9 April 2025",
            "Form 8-K",
            "2,368",
            "the letter binds, not the list",
            "Learnt later, not used above",
            "8 Aug 2025",
            "nobody outside could know",
            "What this bot said on 20 May 2025: nothing",
            "2026.10.09",
            "Evidence",
        ],
        "de": [
            "am 20. Mai 2025, nach damaligem Wissen",
            "Prüfmaßstab nicht veröffentlicht",
            "Form 8-K",
            "2.368",
            "Es bindet das Schreiben, nicht die Liste",
            "Erst später bekannt, hier nicht verwendet",
            "8. August 2025",
            "2026.10.09",
        ],
    },
    "follow": {
        "en": [
            "#chip-news now gets Headlines",
            "press or better",
            "high and critical",
            "No mentions",
            "22:00-07:00 Berlin",
            "last 90 days",
            "delivered ✓",
            "mention roles ✗ (not needed)",
            "#mods",
            "/chipwatch stop",
            "/chipwatch edit",
        ],
        "de": [
            "#chip-news bekommt jetzt",
            "Schlagzeilen",
            "ab Presse",
            "Keine Erwähnungen",
            "22:00-07:00",
            "90 Tagen",
            "angekommen ✓",
            "(nicht nötig)",
            "#mods",
            "/chipwatch stop",
            "/chipwatch edit",
        ],
    },
    "pulse": {
        "en": [
            "All quiet, and I am awake.",
            "24 days ago",
            "3,418",
            "61",
            "46 of 47",
            "MITI Malaysia",
            "EAR",
            "Next dates:",
            "Unanswered:",
            "Affiliates rule",
            "13 days",
        ],
        "de": [
            "Alles ruhig, und ich bin wach.",
            "24 Tagen",
            "3.418",
            "61",
            "46 von 47",
            "MITI Malaysia",
            "EAR",
            "Nächste Termine:",
            "Unbeantwortet:",
            "13 Tagen",
        ],
    },
    "error": {"en": ["H2O is water. Did you mean H20?", "H20 → China"], "de": ["H2O ist Wasser. Meinten Sie H20?"]},
}
ALERTS = ("said", "law", "list")


def flat(text):
    """One line of words, without the marks of either platform."""
    return " ".join(re.sub(r"[*_~`]|\]\([^)]*\)|<[^<>|]*\|", "", text).split())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", list(SAMPLES))
def test_a_sample_says_its_facts_on_both_platforms(name, language):
    made = [CARDS[title][1](language) for title in SAMPLES[name]]
    for shown in (on_discord, on_slack):
        said = flat("\n".join(map(shown, made)))
        missing = [fact for fact in FACTS[name][language] if fact not in said]
        assert missing == [], f"{shown.__name__}: {said}"
        assert "no licence required" not in said.casefold()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", list(SAMPLES))
def test_a_sample_is_taken_by_both_platforms_as_one_message(name, language, discord_check, slack_check):
    for title in SAMPLES[name]:
        card = CARDS[title][1](language)
        body = message_of(card, pack).body
        assert discord_check("POST", "/channels/200/messages", body) == []
        assert len(body["components"]) == 1
        payload = message(card)
        assert slack_check({"text": payload["text"], "blocks": payload["blocks"]}) == []
        assert payload["text"].strip()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ALERTS)
def test_an_alert_has_its_marks_and_ends_with_the_menu(name, language):
    card = CARDS[SAMPLES[name][0]][1](language)
    assert card.marks
    assert card.buttons[-1].menu
    assert 2 <= len(card.buttons) <= 4
