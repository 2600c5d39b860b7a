"""2 and 3 December 2024 as a recording, in words of our own: the Entity List additions, the memory rule, the new
foreign-direct-product rules, China's answer, and what everybody wrote about them. Facts: 89 FR 96830, 89 FR 96790."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from xml.sax.saxutils import escape

OFFICIAL = {"bis": "Bureau of Industry and Security", "mofcom": "Ministry of Commerce (China)"}
COMPANIES = {"nvidia-newsroom": "Nvidia", "samsung-newsroom": "Samsung"}
PRESS = ("wire-one", "wire-two", "daily-chip", "export-weekly", "asia-tech")
FIRMS = ("law-firm-a", "law-firm-b", "law-firm-c")

ACTS = [
    (
        "2024-12-02T13:45",
        "bis",
        "Commerce adds 140 entities to the Entity List over China's advanced chip making",
        "Final rule, in force today: 140 additions, among them tool makers and fabs that serve AI chips.",
    ),
    (
        "2024-12-02T13:45",
        "bis",
        "Commerce controls high-bandwidth memory: new ECCN 3A090.c, exports to China need a licence",
        "Interim final rule: HBM for AI chips is controlled; compliance from 31 December 2024.",
    ),
    (
        "2024-12-02T13:50",
        "bis",
        "Commerce issues two new foreign direct product rules for chip-making equipment to China",
        "Interim final rule: foreign-made semiconductor manufacturing equipment needs a US export licence.",
    ),
    (
        "2024-12-03T09:10",
        "mofcom",
        "China bans exports of gallium, germanium and antimony to the United States",
        "Announcement 46 of 2024: dual-use items to US military users are prohibited; effective at once.",
    ),
]
REPORTS = [
    "US adds 140 Chinese companies to the Entity List in new chip export crackdown",
    "US curbs exports of high-bandwidth memory for AI chips to China",
    "Washington extends foreign direct product rule to chip tools bound for China",
    "Biden administration tightens AI chip export controls on China a third time",
    "Samsung HBM sales to China hit by new US export licence rule",
    "Chinese chip stocks fall after US Entity List additions",
    "Dutch and Japanese tool makers exempt from new US chip export rule to China",
    "China's chip makers stockpiled ahead of US export controls on HBM",
]
ANSWERS = [
    "China bans gallium and germanium exports to US in answer to chip curbs",
    "China halts exports of antimony to the United States after chip export controls",
    "Chinese industry groups call US chips no longer safe after export controls",
]
MEMOS = [
    "What the December 2024 export control package on AI chips and HBM means: a client memo",
    "Analysis: the new foreign direct product rules for chip tools explained",
    "Five questions on the HBM controls and ECCN 3A090.c: our analysis",
    "Opinion: will the Entity List additions slow China's AI chips?",
]


def items() -> list[tuple[datetime, str, str, str]]:
    """(when it appeared, source, title, summary), dozens of them over the two days."""
    found = [(_at(at), source, title, lead) for at, source, title, lead in ACTS]
    start = _at("2024-12-02T14:05")
    for n, title in enumerate(REPORTS * 3):
        found.append(
            (start + timedelta(minutes=23 * n), PRESS[n % len(PRESS)], title, "Report on the rules of 2 December.")
        )
    start = _at("2024-12-03T09:20")
    for n, title in enumerate(ANSWERS * 3):
        found.append(
            (start + timedelta(minutes=31 * n), PRESS[n % len(PRESS)], title, "Report on Beijing's announcement.")
        )
    start = _at("2024-12-02T17:00")
    for n, title in enumerate(MEMOS * 8):
        found.append((start + timedelta(minutes=41 * n), FIRMS[n % len(FIRMS)], title, "For our clients."))
    found.append(
        (
            _at("2024-12-02T15:00"),
            "nvidia-newsroom",
            "Nvidia comments on the new US export rule for AI chips",
            "A statement.",
        )
    )
    found.append(
        (
            _at("2024-12-02T23:00"),
            "samsung-newsroom",
            "Samsung reviews the US export rule on HBM to China",
            "A statement.",
        )
    )
    return sorted(found, key=lambda item: (item[0], item[1], item[2]))


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def write(folder: Path) -> Path:
    """The recording as files: every source is read empty of news once, then whenever it has something new."""
    bodies = folder / "bodies"
    bodies.mkdir(parents=True)
    names = [*OFFICIAL, *COMPANIES, *PRESS, *FIRMS]
    tables = []
    for name in names:
        trust = "official" if name in OFFICIAL else "company" if name in COMPANIES else "press"
        shown = {**OFFICIAL, **COMPANIES}.get(name, name.replace("-", " ").title())
        tables.append(
            f'[[source]]\nid = "{name}"\nname = "{shown}"\nkind = "feed"\nurl = "https://{name}.example/feed"\n'
            f'language = "en"\ntrust = "{trust}"\n'
        )
    (folder / "sources.toml").write_text("\n".join(tables))
    told: dict[str, list[str]] = {name: [] for name in names}
    lines = [_answer(bodies, _at("2024-12-02T06:00"), name, told[name], 0) for name in names]
    for n, (at, source, title, lead) in enumerate(items(), 1):
        told[source].insert(
            0,
            f"<item><guid>{source}-{n}</guid><title>{escape(title)}</title><link>https://{source}.example/{n}</link>"
            f"<pubDate>{format_datetime(at)}</pubDate><description>{escape(lead)}</description></item>",
        )
        lines.append(_answer(bodies, at + timedelta(seconds=n % 50), source, told[source], n))
    lines.sort(key=lambda line: str(line["at"]))
    (folder / "index.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    return folder


def _answer(bodies: Path, at: datetime, source: str, told: list[str], n: int) -> dict[str, object]:
    old = (
        f"<item><guid>{source}-old</guid><title>Chip fair opens</title><link>https://{source}.example/old</link></item>"
    )
    body = f'<rss version="2.0"><channel><title>{source}</title>{"".join(told)}{old}</channel></rss>'
    (bodies / f"{source}.{n}").write_text(body)
    headers = {"Content-Type": "application/rss+xml; charset=utf-8"}
    url = f"https://{source}.example/feed"
    return {"at": at.isoformat(), "url": url, "status": 200, "headers": headers, "body": f"bodies/{source}.{n}"}
