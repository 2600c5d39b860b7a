"""A real browser: Debian's Chromium, driven by Playwright, on a board that really serves. `make browser` installs both;
without them these tests are skipped and say so."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
             "--disable-component-update", "--disable-sync"]  # fmt: skip


@pytest.fixture
async def chromium() -> AsyncIterator[Any]:
    """A browser for one test."""
    if not CHROMIUM.is_file():
        pytest.skip("there is no /usr/bin/chromium; `make browser` installs it")
    driver = pytest.importorskip("playwright.async_api", reason="there is no Playwright; `make browser` installs it")
    async with driver.async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield browser
        await browser.close()


SIZES = {"phone": {"width": 390, "height": 844}, "desktop": {"width": 1280, "height": 900}}


@pytest.fixture(params=[(size, scheme) for size in SIZES for scheme in ("light", "dark")], ids="-".join)
async def page(chromium, board, request) -> AsyncIterator[Any]:
    """A page of the board at phone and desktop width, light and dark. What goes wrong in it fails the test."""
    size, scheme = request.param
    context = await chromium.new_context(
        base_url=board.address, viewport=SIZES[size], color_scheme=scheme, locale="en-GB", has_touch=size == "phone"
    )
    opened = await context.new_page()
    wrong: list[str] = []
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    yield opened
    await context.close()
    assert not wrong, wrong
