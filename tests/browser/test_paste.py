"""Paste from Word, Outlook and Google Docs as they really write it: tidy text, and not a word lost."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from agreements.html import clean_html
from contacts.models import User
from tests.browser.test_editor import PASTE

pytestmark = pytest.mark.django_db(transaction=True)

WORD_HEAD = """<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:w="urn:schemas-microsoft-com:office:word">
<head><meta name=Generator content="Microsoft Word 15"><!--[if gte mso 9]><xml><o:OfficeDocumentSettings>
<o:AllowPNG/></o:OfficeDocumentSettings></xml><![endif]--><style><!-- p.MsoNormal {margin:0cm;} --></style></head>
<body lang=SV><!--StartFragment-->"""
LIST = (
    WORD_HEAD
    + """
<p class=MsoListParagraphCxSpFirst style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span
style='font-family:Symbol;mso-fareast-font-family:Symbol'><span style='mso-list:Ignore'>·<span style='font:7.0pt
"Times New Roman"'>&nbsp;&nbsp;&nbsp;&nbsp; </span></span></span><![endif]>Unga utan arbete<o:p></o:p></p>
<p class=MsoListParagraphCxSpMiddle style='margin-left:72.0pt;text-indent:-18.0pt;mso-list:l0 level2 lfo1'><![if
!supportLists]><span style='font-family:"Courier New"'><span style='mso-list:Ignore'>o<span style='font:7.0pt
"Times New Roman"'>&nbsp;&nbsp; </span></span></span><![endif]>under 25 år<o:p></o:p></p>
<p class=MsoListParagraphCxSpLast style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span
style='font-family:Symbol'><span style='mso-list:Ignore'>·<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;
</span></span></span><![endif]>Nyanlända<o:p></o:p></p>
<p class=MsoListParagraphCxSpFirst style='text-indent:-18.0pt;mso-list:l1 level1 lfo2'><![if !supportLists]><span
style='mso-list:Ignore'>1.<span style='font:7.0pt
"Times New Roman"'>&nbsp;&nbsp; </span></span><![endif]>
Kartläggning</p>
<p class=MsoListParagraphCxSpLast style='text-indent:-18.0pt;mso-list:l1 level1 lfo2'><![if !supportLists]><span
style='mso-list:Ignore'>2.<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp; </span></span><![endif]>
Uppföljning</p>
<!--EndFragment--></body></html>"""
)
TABLE = (
    WORD_HEAD
    + """
<p class=MsoNormal>Före<o:p></o:p></p><table class=MsoTableGrid border=1 style='mso-yfti-tbllook:1184'><tr
style='mso-yfti-irow:0'><td width=201 valign=top><p class=MsoNormal><b>Nivå</b><o:p></o:p></p></td><td><p
class=MsoNormal><b>Forum</b></p></td></tr><tr><td><p class=MsoNormal>Strategisk</p></td><td><p
class=MsoNormal>Styrgrupp</p></td></tr></table><p class=MsoNormal>Efter</p><!--EndFragment--></body></html>"""
)
OUTLOOK = """<html><body><div class="WordSection1"><p class="MsoNormal"><span
style="font-size:11pt;color:#1F497D">Hej,<o:p>
</o:p></span></p><p class="MsoNormal"><span style="mso-fareast-language:SV">Vi möts <b>varje</b> m&aring;nad.<o:p></o:p>
</span></p><p class="MsoNormal"><a
href="https://www.example.se/avtal"><span>Avtalet</span></a></p></div></body></html>"""
DOCS = """<meta charset='utf-8'><b style="font-weight:normal;" id="docs-internal-guid-1"><h2 dir="ltr"><span
style="font-weight:400">Samverkan</span></h2><p dir="ltr"><span style="font-weight:700">Varje</span><span
style="font-style:italic"> månad</span></p><ul><li dir="ltr" aria-level="1"><p dir="ltr"
role="presentation"><span>Ett</span>
</p></li><ul><li dir="ltr" aria-level="2"><p dir="ltr"><span>Ett a</span></p></li></ul><li dir="ltr"><p
dir="ltr"><span>Två</span></p></li></ul><br></b>"""


@pytest.fixture
def pasted(visit: Any, transactional_db: None):
    user = User.objects.create_user("siv@kommun.example", "en lång hemlig mening 42", name="Siv Ordnare")
    page: Page = visit("/stilguide/", user=user)
    expect(page.locator("[data-editor][data-ready]")).to_have_count(1, timeout=15_000)

    def pasted(markup: str) -> str:
        surface = page.get_by_role("textbox", name="Lokal text")
        page.locator("[data-editor]").evaluate("root => root.editor.commands.setContent('')")
        surface.evaluate(PASTE, markup)
        return clean_html(page.locator("#id_text").input_value())

    return pasted


def test_lists_of_word_become_lists_also_nested_and_numbered(pasted):
    assert pasted(LIST) == (
        "<ul><li><p>Unga utan arbete</p><ul><li><p>under 25 år</p></li></ul></li><li><p>Nyanlända</p></li></ul>"
        "<ol><li><p>Kartläggning</p></li><li><p>Uppföljning</p></li></ol>"
    )


def test_a_table_of_word_becomes_paragraphs_in_order_and_loses_no_word(pasted):
    text = pasted(TABLE)

    places = [text.find(word) for word in ("Före", "Nivå", "Forum", "Strategisk", "Styrgrupp", "Efter")]
    assert -1 not in places
    assert places == sorted(places)
    assert "table" not in text


def test_mail_from_outlook_is_plain_paragraphs(pasted):
    text = pasted(OUTLOOK)

    assert "<p>Vi möts <strong>varje</strong> månad.</p>" in text
    assert "Avtalet" in text
    assert "Mso" not in text


def test_a_text_from_google_docs_keeps_headings_emphasis_and_lists(pasted):
    text = pasted(DOCS)

    assert text.startswith("<h3>Samverkan</h3><p><strong>Varje</strong><em> månad</em></p>")
    assert "<li><p>Ett</p>" in text
    assert "<li><p>Ett a</p></li>" in text
    assert "<li><p>Två</p></li>" in text
