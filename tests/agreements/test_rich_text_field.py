"""The rich text field of forms: an editor's markup, a plain textarea's text, and what is shown again."""

from __future__ import annotations

import re

import pytest
from django import forms
from django.core.exceptions import ValidationError

from agreements.widgets import TOOLS, RichTextField


class TextForm(forms.Form):
    text = RichTextField(label="Text")


def shown(value: str) -> str:
    return str(TextForm(initial={"text": value})["text"])


def textarea(html: str) -> str:
    return re.search(r"<textarea[^>]*>\n?(.*?)</textarea>", html, re.DOTALL)[1]


def test_markup_from_the_editor_is_cleaned():
    assert RichTextField().clean("<p onclick=x>Hej<script>1</script></p>") == "<p>Hej</p>"


def test_text_from_a_plain_textarea_becomes_paragraphs():
    assert RichTextField().clean("Ett\r\n\r\nTvå < tre") == "<p>Ett</p><p>Två &lt; tre</p>"


@pytest.mark.parametrize("empty", ["", "<p></p>", "<p>&nbsp;</p>", "\u200b", "<ul><li></li></ul>", "<img src=x>"])
def test_a_text_with_nothing_to_read_does_not_fill_a_required_field(empty):
    with pytest.raises(ValidationError):
        RichTextField().clean(empty)


def test_a_plain_textarea_shows_paragraphs_without_tags_and_they_come_back_the_same():
    text = textarea(shown("<p>Ett</p><p>Två &amp; tre</p>"))
    assert text == "Ett\n\nTvå &amp; tre"
    assert RichTextField().clean(text.replace("&amp;", "&")) == "<p>Ett</p><p>Två &amp; tre</p>"


def test_the_editor_gets_cleaned_markup_even_when_the_database_holds_worse():
    html = shown('<p>Ett</p><img src=x onerror="alert(1)">')
    assert "<template data-editor-content><p>Ett</p></template>" in html
    assert "onerror" not in html


def test_a_textarea_cannot_be_closed_from_within():
    html = shown("<p><strong>x</strong>&lt;/textarea&gt;&lt;script&gt;</p>")
    assert html.count("</textarea>") == 1
    assert "<script>" not in html


def test_every_tool_has_a_swedish_name_and_its_keys():
    html = shown("")
    for command, _, label, keys, _ in TOOLS:
        assert f'data-command="{command}" aria-label="{label}" aria-keyshortcuts="{keys}"' in html


def test_only_the_first_tool_is_a_stop_for_the_keyboard():
    assert shown("").count('tabindex="-1"') == len(TOOLS) - 1
