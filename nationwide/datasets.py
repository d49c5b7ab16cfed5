"""What the open data is, in words: told by the page about it, by the catalogue and to search engines. Pure."""

from __future__ import annotations

import datetime
from typing import Any, Final, NamedTuple

from municipalities.reference import ASSOCIATION
from nationwide.open_data import KINDS, LICENCE
from nationwide.rules import EARLIEST

PUBLISHER: Final = ASSOCIATION["name"]
PUBLISHER_HOME: Final = "https://skr.se"
VOCABULARY: Final = "http://publications.europa.eu/resource/authority"
KEYWORDS: Final = {
    "sv": ("överenskommelse", "kommuner", "Arbetsförmedlingen", "samverkan", "arbetsmarknad"),
    "en": ("agreement", "municipalities", "public employment service", "cooperation", "labour market"),
}


class File(NamedTuple):
    """A form in which a dataset can be fetched."""

    path: str
    kind: str
    title: dict[str, str]

    @property
    def media_type(self) -> str:
        return KINDS[self.kind].partition(";")[0]


class Dataset(NamedTuple):
    key: str
    title: dict[str, str]
    about: dict[str, str]
    files: tuple[File, ...]


COVERAGE: Final = Dataset(
    "tackning",
    {
        "sv": "Täckning: överenskommelser mellan kommuner och Arbetsförmedlingen",
        "en": "Coverage: agreements between municipalities and the Swedish Public Employment Service",
    },
    {
        "sv": "En rad per kommun och dag: om den har en gällande överenskommelse med Arbetsförmedlingen, på vilken "
        "version av den nationella mallen och vilken tid. Varje dag sedan 2022 har en egen adress. "
        "Datamängden innehåller inga personuppgifter.",
        "en": "One row for each municipality and day: whether it has an agreement in force with the Public Employment "
        "Service, on which version of the national template and for what period. Every day since 2022 has an address "
        "of its own. The dataset holds no personal data.",
    },
    (
        File("tackning/senaste.csv", "csv", {"sv": "Dagens läge som CSV", "en": "Today as CSV"}),
        File("tackning/senaste.json", "json", {"sv": "Dagens läge som JSON", "en": "Today as JSON"}),
    ),
)
EVENTS: Final = Dataset(
    "handelser",
    {
        "sv": "Händelser: när kommuner fick och lämnade överenskommelser med Arbetsförmedlingen",
        "en": "Events: when municipalities entered and left agreements with the Swedish Public Employment Service",
    },
    {
        "sv": "En rad varje gång en överenskommelse har börjat eller slutat gälla för en kommun, med underskriftens "
        "dag och hur den upphörde. Hela historien i en fil. Datamängden innehåller inga personuppgifter.",
        "en": "One row each time an agreement has come into force or ceased for a municipality, with the day of the "
        "last signature and how it ended. All of the history in one file. The dataset holds no personal data.",
    },
    (
        File("handelser.csv", "csv", {"sv": "Alla händelser som CSV", "en": "All events as CSV"}),
        File("handelser.json", "json", {"sv": "Alla händelser som JSON", "en": "All events as JSON"}),
    ),
)
DATASETS: Final = (COVERAGE, EVENTS)


def for_search_engines(dataset: Dataset, home: str, today: datetime.date) -> dict[str, Any]:
    """The dataset in the words of schema.org. home: the absolute address of the page about the data."""
    return {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "@id": f"{home}#{dataset.key}",
        "name": dataset.title["sv"],
        "description": dataset.about["sv"],
        "url": home,
        "inLanguage": "sv",
        "isAccessibleForFree": True,
        "license": LICENCE,
        "keywords": list(KEYWORDS["sv"]),
        "creator": {"@type": "Organization", "name": PUBLISHER, "url": PUBLISHER_HOME},
        "temporalCoverage": f"{EARLIEST}/{today}",
        "spatialCoverage": {"@type": "Place", "name": "Sverige"},
        "distribution": [
            {"@type": "DataDownload", "encodingFormat": file.media_type, "contentUrl": f"{home}{file.path}"}
            for file in dataset.files
        ],
    }
