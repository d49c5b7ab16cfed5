"""The whole main job in a real browser, with a real worker: from the template to a PDF and a dot on the map."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import pikepdf
import pypdf
import pytest
from playwright.sync_api import Page, expect

from agreements.models import Version
from contacts.models import User
from tests import factories
from tests.cast import PASSWORD, Cast
from tests.processes import running_worker

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]

NAMED = "Kontakta Anna Lindqvist på anna.lindqvist@ostersund.se."
WORKER_PATIENCE = 30_000  # ms; the flag is due within 5 s, and a PDF soon after, on a machine that does nothing else


@pytest.fixture
def worker(transactional_db: None, tmp_path: Path) -> Any:
    with running_worker(tmp_path / "worker.log") as process:
        yield process


def log_in(page: Page, user: User) -> None:
    page.goto("/logga-in/")
    page.get_by_label("E-post").fill(user.email)
    page.get_by_label("Lösenord").fill(PASSWORD)
    page.get_by_role("button", name="Logga in").click()
    expect(page.get_by_role("heading", name="Mitt arbete")).to_be_visible()


def rewrite(page: Page, label: str, text: str) -> None:
    """Replace what stands in a rich text field, once its editor has come."""
    expect(page.locator("[data-editor]:not([data-ready])")).to_have_count(0)
    page.get_by_role("textbox", name=label).click()
    page.keyboard.press("Control+a")
    page.keyboard.type(text)


def add_contact_point(page: Page, cast: Cast) -> None:
    page.get_by_role("link", name="Min organisation").click()
    page.get_by_role("link", name="Lägg till den första kontaktytan").click()
    page.get_by_role("combobox", name="Funktion", exact=True).select_option(label="Arbetsmarknadschef")
    page.get_by_label("Funktionsbrevlåda").fill("arbetsmarknad@ostersund.se")
    page.get_by_role("button", name="Spara kontaktytan").click()
    expect(page.get_by_text("arbetsmarknad@ostersund.se").first).to_be_visible()


def start_agreement(page: Page) -> Version:
    page.goto("/mitt-arbete/")
    page.get_by_role("link", name="Starta en överenskommelse", exact=True).click()
    page.get_by_role("button", name="Starta").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Östersunds kommun")
    return Version.objects.latest("pk")


def name_a_person_and_mend_it(page: Page, version: Version) -> None:
    """Step 3: within seconds the words are marked, with the reason and the mend; mending closes the flag by itself."""
    address = f"/overenskommelser/{version.pk}/avsnitt/background/"
    page.goto(address)
    rewrite(page, "Lokalt läge", NAMED)
    page.get_by_role("button", name="Spara", exact=True).click()
    flags = page.locator("#flaggor")
    expect(flags).to_contain_text("Anna Lindqvist", timeout=WORKER_PATIENCE)
    expect(flags).to_contain_text("Skriv funktionen i stället för namnet")
    page.goto(f"/overenskommelser/{version.pk}/")
    expect(page.locator("mark", has_text="Anna Lindqvist")).to_be_visible()
    page.goto(address)
    rewrite(page, "Lokalt läge", "Kontakta arbetsmarknadschefen.")
    page.get_by_role("button", name="Spara", exact=True).click()
    expect(page.locator("#flaggor")).to_contain_text("inte hittat något", timeout=WORKER_PATIENCE)
    page.goto(f"/overenskommelser/{version.pk}/historik/")
    expect(page.get_by_role("main")).to_contain_text("Anna Lindqvist")


def sign(page: Page, version: Version, reference: str) -> None:
    page.goto(f"/overenskommelser/{version.pk}/")
    page.get_by_role("link", name=re.compile("Läs och underteckna")).click()
    page.get_by_label("Delegationsbeslut").check()
    page.get_by_label("Beslutets beteckning").fill(reference)
    page.get_by_label("Beslutsdatum").fill("2026-01-15")
    page.get_by_label("Jag har läst hela texten ovanför").check()
    page.get_by_role("button", name="Underteckna", exact=True).click()
    page.get_by_label("Lösenord").fill(PASSWORD)
    page.get_by_role("button", name="Bekräfta", exact=True).click()
    page.get_by_role("button", name="Underteckna", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Överenskommelse mellan")


def open_pdf(page: Page, version: Version) -> None:
    """Step 5: the archive copy is PDF/A-3a, tagged, with embedded fonts, and says what was signed."""
    page.goto(f"/overenskommelser/{version.pk}/")
    link = page.get_by_role("link", name="Arkivexemplar")
    expect(link).to_be_visible(timeout=WORKER_PATIENCE)
    with page.expect_download() as waiting:
        link.click()
    content = Path(waiting.value.path()).read_bytes()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        metadata = pdf.open_metadata()
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "A")
        assert pdf.Root.MarkInfo.Marked
        assert "/StructTreeRoot" in pdf.Root
    text = "".join(part.extract_text() for part in pypdf.PdfReader(io.BytesIO(content)).pages)
    assert "Östersunds kommun" in text
    assert version.text_hash in re.sub(r"\s", "", text)
    assert "UTKAST" not in text


def test_an_agreement_goes_from_the_template_to_a_signed_pdf_and_a_dot_on_the_map(
    cast: Cast, worker: Any, new_context: Any, complaints: list[str]
):
    kommun, af, skr, outsider = (new_context().new_page() for _ in range(4))

    log_in(kommun, cast.coordinator)
    add_contact_point(kommun, cast)
    version = start_agreement(kommun)
    name_a_person_and_mend_it(kommun, version)

    factories.fill(version, cast)
    kommun.goto(f"/overenskommelser/{version.pk}/foresla/")
    kommun.get_by_role("button", name=re.compile("Föreslå")).click()

    log_in(af, cast.af_coordinator)
    af.goto(f"/overenskommelser/{version.pk}/skicka-tillbaka/")
    af.get_by_label("Skäl").fill("Målen behöver ett utgångsläge.")
    af.get_by_role("button", name="Skicka tillbaka").click()
    kommun.goto("/mitt-arbete/")
    expect(kommun.get_by_role("main")).to_contain_text("Målen behöver ett utgångsläge.")
    kommun.goto(f"/overenskommelser/{version.pk}/foresla/")
    kommun.get_by_role("button", name=re.compile("Föreslå")).click()
    af.goto(f"/overenskommelser/{version.pk}/godta/")
    af.get_by_role("button", name="Godta texten").click()

    for signatory, reference in ((cast.signatory, "AMN § 27"), (cast.af_signatory, "Af 4.2")):
        page = new_context().new_page()
        log_in(page, signatory)
        sign(page, version, reference)
    version.refresh_from_db()
    assert version.state == "in_force"
    open_pdf(kommun, version)

    log_in(skr, cast.officer)
    skr.goto("/nationellt/")
    expect(skr.locator("svg a", has_text="Östersund")).to_have_count(1)
    skr.goto("/nationellt/kommuner/?status=signed")
    expect(skr.get_by_role("main")).to_contain_text("Östersund")
    skr.goto("/nationellt/kommuner/?status=signed&on=2023-03-15")
    expect(skr.get_by_role("main")).not_to_contain_text("Östersund")

    log_in(outsider, cast.outsider)
    for address in ("", "historik/", "avsnitt/goals/", "pdf/archive/", "foresla/", "flaggor/"):
        assert outsider.goto(f"/overenskommelser/{version.pk}/{address}").status == 404
    left_while_asking = ("htmx:sendAbort", "htmx:afterRequest")  # a page that polls for its flags was left
    assert [words for words in complaints if not words.startswith(left_while_asking)] == []
