"""A template shown as the agreement it would become, printed by a worker, and compared clause by clause."""

from __future__ import annotations

import io

import pytest
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from agreements.actions import printing, template_drafts
from agreements.content import tidy
from agreements.fields import gaps
from agreements.models import PrintedCopy, TemplateVersion
from agreements.national.specimen import example
from tests.agreements.forms import words_of
from tests.agreements.templates import rewrite, second
from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(client: Client, cast: Cast) -> Client:
    client.force_login(cast.officer)
    return client


def test_the_example_fills_every_field_with_what_may_stand_there(reference: None) -> None:
    for section in TemplateVersion.objects.get(number=1).sections.all():
        content = example(section.fields)
        assert tidy(section.fields, content) == content, section.key
        assert list(gaps(section.fields, content)) == [], section.key


def test_it_is_seen_empty_and_with_examples(officer: Client) -> None:
    empty = words_of(officer.get("/mall/1/forhandsvisning/"))
    filled = words_of(officer.get("/mall/1/forhandsvisning/?innehall=exempel"))

    assert "Fylls i lokalt: rader med kolumner. Kolumner: " in empty
    assert "Exempeltext: Lokalt läge." in filled
    assert "Exempels kommun" in empty
    assert officer.get("/mall/1/forhandsvisning/?innehall=annat").status_code == 404


def test_a_worker_prints_the_draft_and_the_page_hands_it_out(officer: Client, cast: Cast) -> None:
    draft = template_drafts.start_draft(by=cast.officer)
    rewrite(cast.officer, draft, "purpose", locked="<p>Ett alldeles nytt syfte.</p>")

    ordered = officer.post("/mall/2/pdf/exempel/bestall/", follow=True)
    assert "Provtryck, med exempel är beställt" in words_of(ordered)
    copy = printing.make_next(now=timezone.now())
    assert copy is not None
    answer = officer.get("/mall/2/pdf/exempel/")

    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(b"".join(answer))).pages)
    assert "Ett alldeles nytt syfte." in " ".join(text.split())
    assert "Mall 2, exempel" in " ".join(text.split())
    assert "PDF av utkastet är skapad" in words_of(officer.get("/mall/2/"))


def test_the_same_text_is_printed_once_and_a_changed_one_anew(officer: Client, cast: Cast) -> None:
    draft = template_drafts.start_draft(by=cast.officer)
    for _ in range(2):
        officer.post("/mall/2/pdf/tom/bestall/")
    rewrite(cast.officer, draft, "purpose", locked="<p>Ändrat.</p>")
    officer.post("/mall/2/pdf/tom/bestall/")

    assert PrintedCopy.objects.filter(template=draft).count() == 2


def test_a_discarded_draft_takes_its_orders_with_it(officer: Client, cast: Cast) -> None:
    template_drafts.start_draft(by=cast.officer)
    officer.post("/mall/2/pdf/tom/bestall/")

    officer.post("/mall/2/kasta/")

    assert not PrintedCopy.objects.exists()


def test_two_versions_are_compared_clause_by_clause(client: Client, cast: Cast) -> None:
    new = {"label": "Vägar vidare", "kind": "text", "required": True}

    def change(draft: TemplateVersion) -> None:
        before = draft.sections.get(key="deviations").locked
        rewrite(cast.officer, draft, "deviations", locked=before + "<p>Detta är tillagt.</p>")
        rewrite(cast.officer, draft, "employers", fields=lambda fields: [*fields, new])

    second(cast.officer, change)
    client.force_login(cast.outsider)

    told = client.get("/mall/2/jamfor/1/")

    assert "2 avsnitt ändrade, 1 rad tillagd" in words_of(told)
    assert "Detta är tillagt." in words_of(told)
    assert "Vägar vidare" in words_of(told)


def test_the_comparison_asks_the_same_few_questions_however_much_differs(
    officer: Client, cast: Cast, django_assert_max_num_queries: object
) -> None:
    second(cast.officer)

    with django_assert_max_num_queries(9):  # type: ignore[operator]
        officer.get("/mall/2/jamfor/1/")
