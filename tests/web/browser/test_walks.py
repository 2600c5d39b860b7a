"""Walks through the board as a person takes them, each at phone and desktop width, light and dark."""

from __future__ import annotations

import pytest

from bot.web import trial
from tests.letters import EVENT
from tests.web.conftest import TOKEN

PAGES = ("/", "/chips", "/chips/H20", "/status/H20/CN?on=2025-05-20", "/stories", "/ledger", "/rules", "/redlines",
         "/promises", "/upcoming", "/corrections", "/record", "/about", "/try?say=H20+CN", "/desk/enter")  # fmt: skip
ROOMS = ("/desk", "/desk/sources", "/desk/held", "/desk/stories", "/desk/drafts", "/desk/subscriptions",
         "/desk/deliveries", "/desk/audit", "/desk/settings")  # fmt: skip


async def test_from_the_matrix_to_a_status_of_the_past_and_its_citation(windows):
    async for page in windows.each():
        await page.goto("/")
        await page.fill("input[name=on]", "2025-05-20")
        await page.dispatch_event("input[name=on]", "change")
        await page.wait_for_url("**/?on=2025-05-20*")
        await page.click("a.cell[href='/status/H20/CN?on=2025-05-20']")
        dialog = page.locator("dialog#detail")
        await dialog.wait_for(state="visible")
        assert "review policy unpublished" in await dialog.inner_text()
        await dialog.locator(".body > a").click()
        await page.wait_for_url("**/status/H20/CN?on=2025-05-20")
        link = page.locator("ul.cited a").first
        assert (await link.get_attribute("href") or "").startswith("https://www.sec.gov/")


async def test_from_trying_a_command_to_the_alerts_of_a_week(windows, monkeypatch):
    monkeypatch.setattr(trial, "PAUSE_S", 0.01)
    async for page in windows.each():
        await page.goto("/try")
        await page.fill("input[name=say]", "/chip H200 Singapore buyer:China")
        await page.click("form[action='/try'] button")
        assert "denial presumed" in await page.inner_text("section.chat >> nth=0")
        await page.select_option("select[name=preset]", "newsroom")
        await page.click("form[data-week] button")
        await page.locator("#week .card >> text=licences promised, none issued").first.wait_for()
        await page.locator("#week .reply").first.wait_for()
        await page.locator("form[data-week][data-done]").wait_for()
        posts = await page.locator("#week > div").count()
        await page.select_option("select[name=preset]", "law_only")
        await page.click("form[data-week] button")
        await page.locator("form[data-week][data-done]").wait_for()
        assert 0 < await page.locator("#week > div").count() < posts


@pytest.mark.parametrize(("size", "scheme"), [("phone", "dark"), ("desktop", "light")])
async def test_the_desk_from_the_door_to_a_changed_status(windows, size, scheme):
    async with windows.open(size, scheme) as page:
        await page.goto("/desk")
        await page.fill("input[name=token]", TOKEN)
        await page.click("button.primary")
        await page.wait_for_url("**/desk")
        await page.goto("/desk/sources")
        await page.click("summary")
        table = '[[source]]\nid = "mine"\nkind = "feed"\nurl = "https://mine.example/f"\n'
        await page.fill("textarea[name=table]", table)
        await page.click("form[action='/desk/sources/add'] button")
        await page.locator("text=mine was added").wait_for()
        await page.click("tr:has-text('mine') button:has-text('Pause')")
        await page.locator("text=mine is paused").wait_for()
        await page.goto("/desk/drafts")
        await page.click("summary")
        await page.locator("textarea[name=event]").last.fill(EVENT)
        await page.click("form[action='/desk/drafts/record'] button >> nth=-1")
        await page.locator("text=2026-11-20-h20-rule is recorded").wait_for()
        await page.goto("/status/H20/CN")
        assert "denial presumed" in await page.inner_text("main")


async def test_the_keyboard_alone_reaches_an_answer(windows):
    async with windows.open("desktop", "light") as page:
        await page.goto("/")
        await page.keyboard.press("Tab")
        assert await page.evaluate("document.activeElement.className") == "skip"
        await page.locator("a.cell").first.focus()
        await page.keyboard.press("Enter")
        await page.locator("dialog#detail").wait_for(state="visible")
        await page.keyboard.press("Escape")
        await page.locator("dialog#detail").wait_for(state="hidden")
        assert "cell" in await page.evaluate("document.activeElement.className"), "the focus comes back"


async def test_a_chart_is_drawn_under_the_strict_policy(windows):
    async with windows.open("phone", "dark") as page:
        await page.goto("/chips/H20")
        await page.locator(".drawing svg").first.wait_for(timeout=60_000)
        assert await page.locator(".drawing svg text").count() > 20


@pytest.mark.parametrize(("size", "scheme"), [("phone", "dark"), ("desktop", "light")])
async def test_no_page_is_wider_than_the_window_and_axe_finds_no_serious_issue(windows, size, scheme):
    axe = pytest.importorskip("axe_playwright_python.async_playwright")
    async with windows.open(size, scheme) as page:
        await page.goto("/desk/enter")
        await page.fill("input[name=token]", TOKEN)
        await page.click("button.primary")
        await page.wait_for_url("**/desk")
        for path in (*PAGES, *ROOMS):
            await page.goto(path, wait_until="domcontentloaded")
            wide = await page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            assert wide <= 0, f"{path} is {wide} pixels too wide"
            found = (await axe.Axe().run(page)).response["violations"]
            serious = [f"{each['id']}: {each['nodes'][0]['html'][:160]}" for each in found
                       if each["impact"] in ("serious", "critical")]  # fmt: skip
            assert not serious, f"{path}: {serious}"
