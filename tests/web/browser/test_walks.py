"""Walks through the board as a person takes them, at phone and desktop width, light and dark."""

from __future__ import annotations

import pytest

from tests.web.conftest import TOKEN
from tests.web.test_desk import EVENT

PAGES = ("/", "/chips", "/chips/H20", "/status/H20/CN?on=2025-05-20", "/stories", "/ledger", "/promises", "/upcoming",
         "/corrections", "/about", "/desk/enter")  # fmt: skip


async def test_from_the_matrix_to_a_status_of_the_past_and_its_citation(page):
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


async def test_the_keyboard_alone_reaches_an_answer(page):
    await page.goto("/")
    await page.keyboard.press("Tab")
    assert await page.evaluate("document.activeElement.className") == "skip"
    await page.locator("a.cell").first.focus()
    await page.keyboard.press("Enter")
    await page.locator("dialog#detail").wait_for(state="visible")
    await page.keyboard.press("Escape")
    await page.locator("dialog#detail").wait_for(state="hidden")


async def test_a_chart_is_drawn_under_the_strict_policy(page):
    await page.goto("/chips/H20")
    await page.locator(".drawing svg").first.wait_for(timeout=60_000)
    assert await page.locator(".drawing svg text").count() > 20


async def test_no_page_is_wider_than_the_window(page):
    for path in PAGES:
        await page.goto(path)
        wide = await page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0, f"{path} is {wide} pixels too wide"


async def test_axe_finds_no_serious_issue(page):
    axe = pytest.importorskip("axe_playwright_python.async_playwright")
    for path in PAGES:
        await page.goto(path)
        found = (await axe.Axe().run(page)).response["violations"]
        serious = [f"{each['id']}: {each['nodes'][0]['html'][:160]}" for each in found
                   if each["impact"] in ("serious", "critical")]  # fmt: skip
        assert not serious, f"{path}: {serious}"


async def test_the_desk_from_the_door_to_a_changed_status(page):
    await page.goto("/desk")
    await page.fill("input[name=token]", TOKEN)
    await page.click("button.primary")
    await page.wait_for_url("**/desk")
    await page.goto("/desk/sources")
    await page.click("summary")
    await page.fill("textarea[name=table]", '[[source]]\nid = "mine"\nkind = "feed"\nurl = "https://mine.example/f"\n')
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
