"""Forms as a browser sends them: every control of the page with what it holds, in the page's order."""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import Element

import html5lib
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from agreements.models import Version

Filled = dict[str, Any]


def tree_of(response: HttpResponse) -> Element:
    parser = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("etree"), namespaceHTMLElements=False)
    return parser.parse(response.content.decode())


def ids_of(response: HttpResponse) -> set[str]:
    return {element.get("id", "") for element in tree_of(response).iter() if element.get("id")}


def words_of(response: HttpResponse) -> str:
    """What a reader sees, with single spaces."""
    return " ".join(" ".join(tree_of(response).itertext()).split())


def filled(response: HttpResponse, form_id: str) -> Filled:
    """What the form would send; templates for new rows send nothing."""
    form = next(element for element in tree_of(response).iter("form") if element.get("id") == form_id)
    hidden = {control for template in form.iter("template") for control in template.iter()}
    sent: dict[str, list[str]] = {}
    for control in form.iter():
        name = control.get("name")
        if name and control not in hidden and control.tag != "button":
            sent.setdefault(name, []).extend(_values(control))
    return {name: values[0] if len(values) == 1 else values for name, values in sent.items() if values}


def _values(control: Element) -> list[str]:
    if control.tag == "textarea":
        return [(control.text or "").removeprefix("\n")]
    if control.tag == "select":
        return [o.get("value", "") for o in control.iter("option") if o.get("selected") is not None] or [""]
    if control.get("type") in ("checkbox", "radio"):
        return [control.get("value", "on")] if control.get("checked") is not None else []
    return [control.get("value", "")]


def section_address(version: Version, key: str) -> str:
    return reverse("section_edit", args=(version.pk, key))


def section_form(client: Client, version: Version, key: str) -> Filled:
    return filled(client.get(section_address(version, key)), "avsnitt-formular")


def save(client: Client, version: Version, key: str, **changes: Any) -> HttpResponse:
    """Open a section, change some fields and save."""
    return client.post(section_address(version, key), section_form(client, version, key) | changes)
