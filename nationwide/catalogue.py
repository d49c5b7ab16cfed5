"""The open data as a DCAT-AP-SE catalogue, which the national data portal fetches: a graph, written in three forms."""

from __future__ import annotations

import datetime
from typing import Final

from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF, XSD, Namespace

from nationwide.datasets import DATASETS, KEYWORDS, PUBLISHER, PUBLISHER_HOME, VOCABULARY, Dataset, File
from nationwide.open_data import LICENCE
from nationwide.rules import EARLIEST

VCARD: Final = Namespace("http://www.w3.org/2006/vcard/ns#")
ADMS: Final = Namespace("http://www.w3.org/ns/adms#")
WRITTEN_AS: Final = {"rdf": "pretty-xml", "ttl": "turtle", "jsonld": "json-ld"}
TITLE: Final = {"sv": "Öppna data från Överenskommelseportalen", "en": "Open data from the agreement portal"}
ABOUT: Final = {
    "sv": "Hur överenskommelserna mellan Sveriges kommuner och Arbetsförmedlingen täcker landet, "
    "dag för dag sedan 2022.",
    "en": "How the agreements between Sweden's municipalities and the Public Employment Service cover the country, "
    "day by day since 2022.",
}
SWEDEN: Final = "http://publications.europa.eu/resource/authority/country/SWE"
SWEDISH: Final = f"{VOCABULARY}/language/SWE"


def write(form: str, *, home: str, contact: str, today: datetime.date) -> str:
    """The catalogue in one of its forms. home: the absolute address of the page about the data."""
    return graph_of(home=home, contact=contact, today=today).serialize(format=WRITTEN_AS[form])


def graph_of(*, home: str, contact: str, today: datetime.date) -> Graph:
    """contact: the function mailbox that answers for the data; without one the page about it is the way."""
    graph = Graph()
    for prefix, namespace in {"dcat": DCAT, "dcterms": DCTERMS, "foaf": FOAF, "vcard": VCARD, "adms": ADMS}.items():
        graph.bind(prefix, namespace)
    catalogue, publisher, answers = (URIRef(f"{home}katalog#{name}") for name in ("katalog", "utgivare", "kontakt"))
    graph.add((catalogue, RDF.type, DCAT.Catalog))
    _say(graph, catalogue, TITLE, ABOUT)
    graph.add((catalogue, DCTERMS.publisher, publisher))
    graph.add((catalogue, DCTERMS.license, URIRef(LICENCE)))
    graph.add((catalogue, DCTERMS.language, URIRef(SWEDISH)))
    graph.add((catalogue, FOAF.homepage, URIRef(home)))
    _add_publisher(graph, publisher)
    _add_contact(graph, answers, home, contact)
    for dataset in DATASETS:
        graph.add((catalogue, DCAT.dataset, _add_dataset(graph, dataset, publisher, answers, home, today)))
    return graph


def _say(graph: Graph, of: URIRef, title: dict[str, str], about: dict[str, str]) -> None:
    for language in ("sv", "en"):
        graph.add((of, DCTERMS.title, Literal(title[language], lang=language)))
        graph.add((of, DCTERMS.description, Literal(about[language], lang=language)))


def _add_publisher(graph: Graph, publisher: URIRef) -> None:
    graph.add((publisher, RDF.type, FOAF.Organization))
    graph.add((publisher, RDF.type, FOAF.Agent))
    graph.add((publisher, FOAF.name, Literal(PUBLISHER, lang="sv")))
    graph.add((publisher, FOAF.homepage, URIRef(PUBLISHER_HOME)))


def _add_contact(graph: Graph, answers: URIRef, home: str, contact: str) -> None:
    graph.add((answers, RDF.type, VCARD.Organization))
    graph.add((answers, VCARD.fn, Literal(f"Överenskommelseportalen, {PUBLISHER}", lang="sv")))
    graph.add((answers, VCARD.hasURL, URIRef(home)))
    if contact:
        graph.add((answers, VCARD.hasEmail, URIRef(f"mailto:{contact}")))


def _add_dataset(
    graph: Graph, dataset: Dataset, publisher: URIRef, answers: URIRef, home: str, today: datetime.date
) -> URIRef:
    of = URIRef(f"{home}#{dataset.key}")
    graph.add((of, RDF.type, DCAT.Dataset))
    _say(graph, of, dataset.title, dataset.about)
    graph.add((of, DCTERMS.identifier, Literal(str(of))))
    graph.add((of, DCTERMS.publisher, publisher))
    graph.add((of, DCAT.contactPoint, answers))
    graph.add((of, DCAT.landingPage, URIRef(home)))
    for theme in ("GOVE", "SOCI"):
        graph.add((of, DCAT.theme, URIRef(f"{VOCABULARY}/data-theme/{theme}")))
    for language, words in KEYWORDS.items():
        for word in words:
            graph.add((of, DCAT.keyword, Literal(word, lang=language)))
    graph.add((of, DCTERMS.language, URIRef(SWEDISH)))
    graph.add((of, DCTERMS.spatial, URIRef(SWEDEN)))
    graph.add((of, DCTERMS.accessRights, URIRef(f"{VOCABULARY}/access-right/PUBLIC")))
    graph.add((of, DCTERMS.accrualPeriodicity, URIRef(f"{VOCABULARY}/frequency/DAILY")))
    _add_period(graph, of, today)
    for file in dataset.files:
        graph.add((of, DCAT.distribution, _add_file(graph, file, home)))
    return of


def _add_period(graph: Graph, of: URIRef, today: datetime.date) -> None:
    period = URIRef(f"{of}-tid")
    graph.add((of, DCTERMS.temporal, period))
    graph.add((period, RDF.type, DCTERMS.PeriodOfTime))
    graph.add((period, DCAT.startDate, Literal(EARLIEST, datatype=XSD.date)))
    graph.add((period, DCAT.endDate, Literal(today, datatype=XSD.date)))


def _add_file(graph: Graph, file: File, home: str) -> URIRef:
    of = URIRef(f"{home}#{file.path}")
    graph.add((of, RDF.type, DCAT.Distribution))
    for language in ("sv", "en"):
        graph.add((of, DCTERMS.title, Literal(file.title[language], lang=language)))
    graph.add((of, DCAT.accessURL, URIRef(home)))
    graph.add((of, DCAT.downloadURL, URIRef(f"{home}{file.path}")))
    graph.add((of, DCAT.mediaType, URIRef(f"https://www.iana.org/assignments/media-types/{file.media_type}")))
    graph.add((of, DCTERMS["format"], Literal(file.media_type)))
    graph.add((of, DCTERMS.license, URIRef(LICENCE)))
    graph.add((of, ADMS.status, URIRef(f"{VOCABULARY}/distribution-status/COMPLETED")))
    return of
