"""The catalogue of the open data, judged by shapes written from DCAT-AP-SE, and the same facts for search engines."""

import json
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from pyshacl import validate
from rdflib import Graph, URIRef
from rdflib.compare import isomorphic
from rdflib.namespace import DCAT, DCTERMS, RDF

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore:(Dataset|ConjunctiveGraph).* is deprecated:DeprecationWarning"),  # pySHACL
]
SHAPES = Path(__file__).parent / "shapes" / "dcat_ap_se.ttl"
READ_AS = {"rdf": "xml", "ttl": "turtle", "jsonld": "json-ld"}
MEDIA_TYPES = {"rdf": "application/rdf+xml", "ttl": "text/turtle", "jsonld": "application/ld+json"}


@pytest.fixture(autouse=True)
def _a_mailbox(settings):
    settings.OPEN_DATA_CONTACT = "oppnadata@portalen.example"


def fetched(client, form):
    answer = client.get(f"/oppna-data/katalog.{form}")
    assert answer["Content-Type"] == f"{MEDIA_TYPES[form]}; charset=utf-8"
    return Graph().parse(data=answer.content.decode(), format=READ_AS[form])


def complaints(graph):
    conforms, _, words = validate(graph, shacl_graph=str(SHAPES), shacl_graph_format="turtle")
    return "" if conforms else words


@pytest.mark.parametrize("form", READ_AS)
def test_each_form_of_the_catalogue_conforms_to_the_shapes(client, form):
    assert complaints(fetched(client, form)) == ""


def test_the_forms_say_the_same(client):
    first, *others = (fetched(client, form) for form in READ_AS)

    assert len(first) > 80
    assert all(isomorphic(first, other) for other in others)


@pytest.mark.parametrize(
    "missing",
    [DCTERMS.publisher, DCTERMS.license, DCTERMS.description, DCAT.contactPoint, DCTERMS.temporal, DCAT.downloadURL],
)
def test_the_shapes_see_what_is_missing(client, missing):
    graph = fetched(client, "ttl")
    graph.remove((None, missing, None))

    assert str(missing) in complaints(graph) or missing.fragment in complaints(graph)


def test_without_a_mailbox_the_shapes_ask_for_it(client, settings):
    settings.OPEN_DATA_CONTACT = ""

    assert "hasEmail" in complaints(fetched(client, "ttl"))


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("text/turtle", "text/turtle"),
        ("application/ld+json;q=0.9, text/turtle;q=0.2", "application/ld+json"),
        ("application/rdf+xml", "application/rdf+xml"),
        ("text/html,*/*;q=0.8", "application/rdf+xml"),
        ("image/png", "application/rdf+xml"),
    ],
)
def test_the_form_follows_what_is_accepted(client, accept, media_type):
    answer = client.get("/oppna-data/katalog", headers={"Accept": accept})

    assert answer["Content-Type"].startswith(media_type)
    assert "Accept" in answer["Vary"].split(", ")


def test_everything_that_can_be_downloaded_is_there(client):
    graph = fetched(client, "ttl")

    addresses = [urlsplit(str(address)) for address in graph.objects(None, DCAT.downloadURL)]
    answers = {address.path: client.get(address.path) for address in addresses}
    for answer in answers.values():
        b"".join(answer)
    assert {(path, answer.status_code) for path, answer in answers.items()} == {(path, 200) for path in answers}
    assert len(answers) == 4


def test_the_datasets_are_told_to_search_engines_as_in_the_catalogue(client):
    graph = fetched(client, "ttl")
    page = client.get("/oppna-data/").content.decode()

    blocks = [json.loads(text) for text in re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)]
    datasets = set(graph.subjects(RDF.type, DCAT.Dataset))
    assert {URIRef(block["@id"]) for block in blocks} == datasets
    for block in blocks:
        files = {
            str(graph.value(of, DCAT.downloadURL)) for of in graph.objects(URIRef(block["@id"]), DCAT.distribution)
        }
        assert {file["contentUrl"] for file in block["distribution"]} == files
        assert block["license"] == "http://creativecommons.org/publicdomain/zero/1.0/"
