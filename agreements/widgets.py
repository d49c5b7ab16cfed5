"""The rich text field: a word-processor-like editor in the browser, a plain textarea without JavaScript."""

from __future__ import annotations

from typing import Any

from django import forms

from agreements.html import clean_html, editable, from_plain, has_markup

TOOLS = (
    # command, icon, Swedish label, keyboard shortcut as aria-keyshortcuts, shortcut as read by people
    ("bold", "bold", "Fetstil", "Control+B", "Ctrl+B"),
    ("italic", "italic", "Kursiv", "Control+I", "Ctrl+I"),
    ("heading", "heading", "Rubrik", "Control+Alt+3", "Ctrl+Alt+3"),
    ("bulletList", "bullets", "Punktlista", "Control+Shift+8", "Ctrl+Skift+8"),
    ("orderedList", "numbers", "Numrerad lista", "Control+Shift+7", "Ctrl+Skift+7"),
    ("undo", "undo", "Ångra", "Control+Z", "Ctrl+Z"),
    ("redo", "redo", "Gör om", "Control+Y", "Ctrl+Y"),
)


class RichTextWidget(forms.Textarea):
    """Renders the textarea, the cleaned content for the editor and its toolbar. static/js/editor.js does the rest."""

    template_name = "widgets/rich_text.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"rows": 8, **(attrs or {})})

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        content = clean_html(str(value or ""))
        context = super().get_context(name, editable(content), attrs)
        context["widget"] |= {"content": content, "tools": TOOLS}
        return context


class RichTextField(forms.CharField):
    """Cleaned HTML. Text posted without any markup becomes paragraphs."""

    widget = RichTextWidget

    def to_python(self, value: Any) -> str:
        raw = super().to_python(value) or ""
        return clean_html(raw if has_markup(raw) else from_plain(raw))
