"""Attaching a file, and saying what it is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from agreements.actions.attaching import LONG_TITLE, NO_TITLE, tidy_title
from agreements.inspecting.kinds import LARGEST, SUFFIXES, WORDS, Reason
from agreements.models import Attachment, TemplateSection
from contacts.errors import Refused

ACCEPTED = ",".join(suffix for suffixes in SUFFIXES.values() for suffix in suffixes)
WHOLE_AGREEMENT = "Hela överenskommelsen"


class AttachmentForm(forms.Form):
    """What the file is, and what it belongs to."""

    use_required_attribute = False
    title = forms.CharField(
        label="Rubrik",
        max_length=150,
        help_text="Vad filen är, till exempel Kartläggning av målgruppen 2026. Skriv inga namn på personer.",
        error_messages={"required": NO_TITLE, "max_length": LONG_TITLE},
    )
    section_key = forms.ChoiceField(
        label="Hör till", required=False, error_messages={"invalid_choice": "Välj ett av avsnitten i listan."}
    )

    def __init__(self, data: QueryDict | None, sections: Iterable[TemplateSection], **more: Any) -> None:
        super().__init__(data, label_suffix="", **more)
        choices = [(section.key, f"{section.number} {section.title}") for section in sections]
        self.fields["section_key"].choices = [("", WHOLE_AGREEMENT), *choices]  # type: ignore[attr-defined]  # above

    def clean_title(self) -> str:
        try:
            return tidy_title(self.cleaned_data["title"])
        except Refused as refusal:
            raise forms.ValidationError(str(refusal)) from None


class UploadForm(AttachmentForm):
    """A new file."""

    upload = forms.FileField(
        label="Fil",
        allow_empty_file=True,
        max_length=None,
        help_text="PDF, Word, Excel, PNG eller JPEG, högst 25 MB.",
        widget=forms.FileInput(
            {"accept": ACCEPTED, "data-largest": LARGEST, "data-too-large": WORDS[Reason.TOO_LARGE]}
        ),
        error_messages={
            "required": "Välj en fil.",
            "invalid": "Filen kom inte fram. Välj den igen.",
            "missing": "Filen kom inte fram. Välj den igen.",
        },
    )
    field_order = ("upload", "title", "section_key")

    def __init__(
        self,
        data: QueryDict | None,
        files: MultiValueDict[str, UploadedFile] | None,
        sections: Iterable[TemplateSection],
    ) -> None:
        super().__init__(data, sections, files=files)


def form_of(attachment: Attachment, data: QueryDict | None, sections: Iterable[TemplateSection]) -> AttachmentForm:
    initial = {"title": attachment.title, "section_key": attachment.section_key}
    return AttachmentForm(data, sections, initial=initial)
