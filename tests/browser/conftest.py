"""A real browser on a live server: pages as a user, in light or dark, and axe on them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from threading import Thread, current_thread, main_thread
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.core.signals import request_finished, request_started
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from contacts.models import User
from tests.processes import wait_for

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # the driver's loop runs in this thread; the ORM is not in it

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
LEAN = {"resultTypes": ["violations"], "preload": False, "elementRef": False}
"""What is not asked for is not worked out: axe is most of what a page's test costs."""
RULES = {"runOnly": {"type": "tag", "values": WCAG}, **LEAN}
NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
QUIET = "--no-sandbox --disable-gpu --no-first-run --disable-background-networking --disable-component-update"

Visit = Callable[..., Page]

under_way: set[Thread] = set()
"""The live server's threads that are answering a request; the test's own client asks in the main thread."""


def begun(**_: Any) -> None:
    if current_thread() is not main_thread():
        under_way.add(current_thread())


def finished(**_: Any) -> None:
    under_way.discard(current_thread())


request_started.connect(begun)
request_finished.connect(finished)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    program = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        pytest.fail("The browser tests need Chromium: install it, or name it in CHROMIUM.", pytrace=False)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=[*QUIET.split(), "--disable-sync"])
        yield browser
        browser.close()


@pytest.fixture
def complaints() -> list[str]:
    """What the browser complained of during the test: script errors, refused sources, missing files."""
    return []


@pytest.fixture
def new_context(browser: Browser, live_server: Any, complaints: list[str]) -> Iterator[Callable[..., BrowserContext]]:
    """Opens a browser window of its own: new_context(user=…, scheme="dark", width=390, scripts=False)."""
    contexts: list[BrowserContext] = []

    def hear(message: ConsoleMessage) -> None:
        address = message.location.get("url", "")
        refused = "status of 4" in message.text and message.page is not None and address == message.page.url
        if message.type == "error" and not refused:  # a page that answers 404 or 422 is judged by its own test
            complaints.append(f"{message.text} ({address})")

    def new_context(
        user: User | None = None, scheme: str = "light", width: int = 1280, scripts: bool = True
    ) -> BrowserContext:
        context = browser.new_context(
            base_url=live_server.url,
            color_scheme=scheme,  # type: ignore[arg-type]
            java_script_enabled=scripts,
            locale="sv-SE",
            reduced_motion="reduce",
            viewport={"width": width, "height": 900},
        )
        if user is not None:
            log_in(context, user, live_server.url)
        context.on("console", hear)
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        contexts.append(context)
        return context

    yield new_context
    for context in contexts:
        context.close()
    wait_for(lambda: not under_way, 10)  # an answer that nobody waits for still reads tables, which are to be emptied


def log_in(context: BrowserContext, user: User, url: str) -> None:
    """A session of the product's own making, given to the browser as its cookie."""
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": url}])


@pytest.fixture
def visit(new_context: Callable[..., BrowserContext], complaints: list[str]) -> Iterator[Visit]:
    """visit(address, user=…, scheme=…, width=…, scripts=…) opens a page. Complaints at the end fail the test."""

    def visit(address: str, **window: Any) -> Page:
        page = new_context(**window).new_page()
        page.goto(address)
        return page

    yield visit
    assert not complaints, "\n".join(complaints)


@pytest.fixture
def axe() -> Callable[..., None]:
    """Asserts that axe finds nothing on the page as it stands: against WCAG 2.2 A and AA, or the rules given."""

    def check(page: Page, options: dict[str, Any] = RULES) -> None:
        found = Axe().run(page, options=options)
        assert found.violations_count == 0, found.generate_report()

    return check
