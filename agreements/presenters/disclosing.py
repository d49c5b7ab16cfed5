"""What everybody may see of the country."""

from __future__ import annotations

from agreements.presenters.base import Presenter, Sections, Told
from contacts.models import Event


def _told(text: str) -> Presenter:
    def told(event: Event, sections: Sections, names: bool) -> Told:
        return text, "", []

    return told


PRESENTERS: dict[str, Presenter] = {
    "measure.disclosed": _told("Lät alla se den nationella lägsta nivån"),
    "measure.withheld": _told("Slutade visa den nationella lägsta nivån för alla"),
}
