"""Takes the README's pictures from a running demo portal: make run, then make pictures in another terminal.

The dashboard and the editor are photographed in headless Chromium; the PDF's first page is drawn by pdftoppm.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

PICTURES = Path(__file__).parent / "pictures"
SIZE = {"width": 1280, "height": 860}
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", default="http://127.0.0.1:8000", help="where the demo portal answers")
    options = parser.parse_args()
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None or shutil.which("pdftoppm") is None:
        sys.exit("Chromium and pdftoppm (poppler-utils) are needed: apt-get install chromium poppler-utils")
    PICTURES.mkdir(exist_ok=True)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        photograph_dashboard(browser, options.url)
        photograph_work(browser, options.url)
        photograph_signing(browser, options.url)
        browser.close()
    return 0


def log_in(browser: Browser, url: str, role: str) -> Page:
    """A page of the demo user whose row on the login page names the role."""
    page = browser.new_context(viewport=SIZE, locale="sv-SE").new_page()  # type: ignore[arg-type]  # TypedDict
    page.goto(f"{url}/logga-in/")
    page.locator("li", has_text=role).first.get_by_role("button", name="Fyll i").click()
    page.get_by_role("button", name="Logga in", exact=True).click()
    page.wait_for_url("**/mitt-arbete/")
    return page


def photograph_dashboard(browser: Browser, url: str) -> None:
    page = log_in(browser, url, "Handläggare, SKR")
    page.goto(f"{url}/nationellt/")
    page.screenshot(path=PICTURES / "dashboard.png")


def draw_pdf(page: Page) -> None:
    """The first page of the archive copy, ordered if the agreement has none."""
    order = page.locator("#exemplar form button")
    if order.count():
        order.first.click()
    link = page.get_by_role("link", name="Arkivexemplar")
    link.wait_for(timeout=60_000)
    with page.expect_download() as waiting, tempfile.TemporaryDirectory() as folder:
        link.click()
        source = Path(folder) / "copy.pdf"
        waiting.value.save_as(source)
        target = PICTURES / "pdf"
        subprocess.run(  # noqa: S603 - our own file and arguments
            [shutil.which("pdftoppm") or "", "-png", "-r", "75", "-f", "1", "-singlefile", source, target], check=True
        )
        draw_code(source)
        photograph_verified(page, source)


def draw_code(source: Path) -> None:
    """The foot of the third page, with its code and square."""
    command = [shutil.which("pdftoppm") or "", "-png", "-r", "110", "-f", "3", "-singlefile"]
    place = ["-x", "70", "-y", "1130", "-W", "780", "-H", "130"]
    subprocess.run([*command, *place, source, PICTURES / "code"], check=True)  # noqa: S603 - our own arguments


def photograph_verified(page: Page, source: Path) -> None:
    page.goto(f"{page.url.partition('/overenskommelser')[0]}/verifiera/")
    page.get_by_label("PDF, högst 25 MB").set_input_files(source)
    page.get_by_role("button", name="Kontrollera filen").click()
    page.get_by_role("heading", name="Exemplaret är äkta och oförändrat").wait_for()
    page.screenshot(path=PICTURES / "verified.png")


def photograph_work(browser: Browser, url: str) -> None:
    page = log_in(browser, url, "Samordnare, Arbetsförmedlingen")
    page.goto(f"{url}/overenskommelser/?status=draft")
    open_first(page)
    page.goto(f"{page.url}avsnitt/background/")
    editor = page.locator("[data-editor][data-ready]").first
    editor.wait_for()
    editor.evaluate("element => element.scrollIntoView({block: 'center'})")
    page.screenshot(path=PICTURES / "editor.png")
    page.goto(f"{url}/overenskommelser/?status=in_force")
    open_first(page)
    draw_pdf(page)


def photograph_signing(browser: Browser, url: str) -> None:
    """The end of the page where an accepted text is signed."""
    page = log_in(browser, url, "Undertecknare, Arbetsförmedlingen")
    page.goto(f"{url}/overenskommelser/?status=accepted")
    open_first(page)
    page.get_by_role("link", name=re.compile("Läs och underteckna")).first.click()
    page.locator("#underteckna").screenshot(path=PICTURES / "signing.png")


def open_first(page: Page) -> None:
    """Open the first agreement of a list."""
    page.locator("main table a[href^='/overenskommelser/']").first.click()
    page.wait_for_url(re.compile(r"/overenskommelser/\d+/$"))


if __name__ == "__main__":
    raise SystemExit(main())
