"""The open pages in a real browser: on a small screen, without a login, and the map within somebody else's page."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from playwright.sync_api import expect

from nationwide import actions
from tests.cast import Cast
from tests.nationwide.rows import PAST, agreement, country

pytestmark = pytest.mark.django_db(transaction=True)
PAGES = ("/tackning/", "/tackning/?lan=23", "/tackning/?embed=1", "/tackning/9900-prov-00/", "/oppna-data/")
WITHIN = """<!doctype html><html lang="sv"><title>Annan</title><link rel="icon" href="data:,">
<iframe id="karta" src="{}" width="320" height="600"></iframe>"""


def test_the_open_pages_break_no_rule_fit_a_small_screen_and_set_no_cookie(visit, axe, cast: Cast):
    agreement(*country(3), start=PAST, verdict="mixed")
    actions.disclose(by=cast.officer, measure="level")
    page = visit("/tackning/", width=320)
    for address in PAGES:
        page.goto(address)
        page.evaluate("document.querySelectorAll('details').forEach(e => { e.open = !e.matches('.menu') })")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, address
        axe(page)
    assert page.context.cookies() == []


@pytest.fixture
def another_site(live_server) -> Iterator[str]:
    """A site of somebody else, on another origin, with our map in a page of its own."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(WITHIN.format(f"{live_server.url}/tackning/?embed=1").encode())

        def log_message(self, *args: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def test_the_map_stands_within_another_site_and_leads_out_of_it(visit, another_site: str, transactional_db: None):
    agreement(*country(1), start=PAST)
    page = visit(another_site)

    frame = page.frame_locator("#karta")
    expect(frame.get_by_text("1 av 1 kommuner har en gällande överenskommelse.")).to_be_visible()
    frame.get_by_text("Kartan som tabell").press("Enter")
    with page.context.expect_page() as opened:
        frame.get_by_role("link", name="Prov 00 kommun", exact=True).click()
    expect(opened.value).to_have_url(re.compile("/tackning/9900-prov-00/$"))


def test_the_chosen_appearance_holds_on_a_page_that_is_the_same_to_all(visit, transactional_db: None):
    country(1)
    page = visit("/tackning/")
    page.get_by_text("Utseende", exact=True).first.click()
    page.get_by_label("Mörkt").check()

    page.get_by_role("navigation", name="Öppna sidor").get_by_role("link", name="Öppna data").click()

    expect(page.locator("html")).to_have_attribute("data-color-scheme", "dark")
