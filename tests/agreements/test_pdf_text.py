"""What a reader finds on the pages of a printed agreement."""

from __future__ import annotations

import io
import re

import pikepdf
import pytest

from agreements import pdf
from tests.printed import copy, draft, lines, pages, proven, signed, text, whole_text


def test_every_section_is_printed_with_number_and_title():
    content = whole_text(copy("archive"))

    for section in text()["sections"]:
        assert f"{section['number']} {section['title']}" in content


def test_sections_come_in_the_order_of_the_template():
    body = " ".join(pages(copy("archive"))[2:])

    places = [body.index(f"{s['number']} {s['title']}") for s in text()["sections"] if s["key"] != "cover"]

    assert places == sorted(places)


def test_the_cover_names_parties_case_numbers_period_and_status():
    cover = pages(copy("archive"))[0]

    for fact in (
        "Östersunds kommun",
        "Arbetsförmedlingen, region Nord",
        "Diarienummer AMN 2026/118",
        "Diarienummer Af-2026/0042 1187",
        "ÖK-2026-0042",
        "1 december 2026",
        "31 december 2028",
        "6 månader",
        "Undertecknad av alla parter 22 november 2026",
        "mallversion 1",
    ):
        assert fact in cover


def test_national_text_is_named_as_such():
    document = text()
    locked = [section for section in document["sections"] if section["locked"]]

    assert whole_text(copy("archive")).count("Nationell text") == len(locked)


def test_national_clauses_are_numbered_after_their_section():
    content = lines(copy("archive"))

    assert "7.1 Parternas kontaktytor är knutna till funktioner" in content
    assert "18.6 Tvist om hur överenskommelsen" in content


def test_local_text_keeps_its_letters_lists_and_headings():
    content = lines(copy("archive"))

    assert "Gáldu đŋ på nordsamiska." in content
    assert "Läget i Åre\n• Vården söker folk\n• Även industrin" in content


def test_a_section_without_content_says_so():
    assert "Bilaga 1. Kartläggning av målgruppen Inget är angivet." in whole_text(copy("archive"))


def test_contacts_are_told_by_function_with_channels_and_deputy():
    content = whole_text(copy("archive"))

    assert "Strategisk nivå" in content
    assert "Operativ nivå" in content
    for fact in (
        "Samordnare 0",
        "arbetsmarknad@ostersund.se",
        "063-14 30 00",
        "0203:arbetsmarknad.ostersund.se",
        "Enhetschef",
    ):
        assert fact in content


def test_the_head_of_the_contact_table_is_repeated_on_every_page():
    content = pdf.render(signed(contacts=15, only=("contacts",)), variant="archive", demo=False)
    with_contacts = [page for page in pages(content) if "arbetsmarknad@ostersund.se" in page]

    assert len(with_contacts) > 3
    assert all("Part Funktion Enhet Vägar in Ersättare" in page for page in with_contacts)


def test_the_signature_page_tells_how_identity_was_proven_and_on_whose_behalf() -> None:
    page = " ".join(pdf.as_html(proven(only=("signatures",)), variant="archive", demo=False).split())

    assert "Lösenord och engångskod (nivå: två faktorer), 21 november 2026 kl. 09.30" in page
    assert "Anna Direktör, Kommundirektör. Beslut D 14, 2026-03-02" in page


def test_a_copy_made_before_that_was_kept_prints_as_it_did() -> None:
    page = pdf.as_html(signed(only=("signatures",)), variant="archive", demo=False)

    assert "Bekräftad med" not in page
    assert "På uppdrag av" not in page


def test_the_signature_page_tells_who_signed_when_and_by_what_right():
    page = next(page for page in pages(copy("archive")) if "Karl Chef" in page)

    for fact in (
        "Karl Chef, Förvaltningschef",
        "21 november 2026 kl. 09.30",
        "Eva Regionchef, Regionchef",
        "Delegationsbeslut AMN 2026/118 § 27, 14 november 2026",
        "Undertecknad i portalen",
        signed()["text_hash"],
    ):
        assert fact in page


def test_every_page_has_its_number_the_reference_and_the_beginning_of_the_hash():
    content = pages(copy("archive"))
    short = signed()["text_hash"][:16]

    for number, page in enumerate(content, start=1):
        assert f"Sida {number} av {len(content)}" in page
        assert f"SHA-256: {short}" in page
        assert "ÖK-2026-0042" in page


def test_the_table_of_contents_gives_the_right_pages():
    content = pages(copy("archive"))
    titles = {section["title"]: section["number"] for section in text()["sections"] if section["key"] != "cover"}

    for title, number in titles.items():
        page = int(re.search(rf"{number} {re.escape(title)}[ .]*?(\d+)", content[1]).group(1))
        assert f"{number} {title}" in content[page - 1]


def test_the_staffing_list_is_left_to_the_portal():
    assert "Bemanningslistan förs i portalen" in whole_text(copy("archive"))


@pytest.mark.parametrize("variant", ["archive", "reading", "draft"])
def test_every_page_of_a_demonstration_says_so(variant: str):
    notice = "Demodata – inte en verklig överenskommelse"
    document = draft(only=("background", "contacts")) if variant == "draft" else signed(only=("background", "contacts"))

    assert all(notice in page for page in pages(pdf.render(document, variant=variant, demo=True)))
    assert notice not in whole_text(copy(variant))


def test_every_page_of_a_draft_is_marked_as_one():
    assert all(page.count("UTKAST") >= 2 for page in pages(copy("draft")))


@pytest.mark.parametrize("variant", ["archive", "reading"])
def test_signed_copies_carry_no_mark_of_a_draft(variant: str):
    assert "UTKAST" not in whole_text(copy(variant))
    assert "Utkast" not in whole_text(copy(variant))


def test_a_draft_tells_who_is_to_sign_and_that_nobody_has():
    content = whole_text(copy("draft"))

    assert content.count("Inte undertecknad.") == 2
    assert "Utkast, inte undertecknat av alla parter" in content


def test_the_file_tells_title_parties_language_and_day_of_signing():
    with pikepdf.open(io.BytesIO(copy("archive"))) as file:
        assert str(file.docinfo["/Title"]).startswith("ÖK-2026-0042 Överenskommelse om samverkan")
        assert str(file.docinfo["/Author"]) == "Östersunds kommun, Arbetsförmedlingen, region Nord"
        assert str(file.docinfo["/CreationDate"]) == "D:20261122130000+01'00"
        assert str(file.Root.Lang) == "sv"


def test_rows_with_many_columns_are_printed_one_below_the_other():
    content = whole_text(copy("archive"))

    assert "Jobbspår inom vård och omsorg Nivå Strategisk Uppgift Första raden. Andra raden. Möten per år 4" in content


def test_columns_that_nobody_filled_in_are_left_out():
    rows = [{"id": "aaaa", "what": "Fler unga i arbete", "target": "75 av 100", "due": "2027-12-31"}]
    content = whole_text(pdf.render(signed(only=("goals",), goals={"goals": rows}), variant="reading", demo=False))

    assert "Vad ska uppnås Målvärde Ska vara nått senast" in content
    assert "Utgångsläge" not in content


def test_a_word_too_long_for_its_column_stays_on_the_page():
    rows = [{"id": "aaaa", "what": "x" * 300, "target": "75", "due": "2027-12-31", "responsible": "y" * 150}]
    content = whole_text(pdf.render(signed(only=("goals",), goals={"goals": rows}), variant="reading", demo=False))

    assert content.replace(" ", "").count("x" * 300) == 1


def test_a_text_of_fifty_thousand_letters_is_printed_whole():
    long = "<p>" + "Ordet kom fram sent. " * 2400 + "</p>"
    document = draft(only=("background",), background={"local_situation": long})

    content = whole_text(pdf.render(document, variant="draft", demo=False))

    assert content.count("Ordet") == content.count("sent.") == 2400


def test_a_long_mailbox_is_parted_at_its_sign_only(monkeypatch: pytest.MonkeyPatch):
    mailbox = "lokal.samverkan.varmland@arbetsformedlingen.se"
    document = signed(only=("contacts",))
    for group in document["text"]["sections"][0]["blocks"][0]["groups"]:
        group["contacts"][0]["mailbox"] = mailbox

    content = lines(pdf.render(document, variant="reading", demo=False))

    assert "lokal.samverkan.varmland@" in content
    assert " arbetsformedlingen.se" in content
