from io import StringIO

import pytest
from django.core.management import call_command
from django.db.models import Count

from municipalities import reference
from municipalities.actions import load_reference_data
from municipalities.models import County, Municipality, Organisation, ReferenceRevision

pytestmark = pytest.mark.django_db


@pytest.fixture
def loaded():
    return load_reference_data()


def test_the_command_prints_what_stands_in_the_tables():
    output = StringIO()

    call_command("load_reference_data", stdout=output)

    assert output.getvalue() == (
        "290 municipalities, 21 counties, 9 groups, 6 AF regions, 290 shapes (618 rows written)\n"
    )


def test_loading_again_writes_nothing(loaded):
    assert load_reference_data().written == 0
    assert load_reference_data(overwrite=True).written == 0
    assert ReferenceRevision.objects.count() == 1


def test_loading_again_asks_few_questions(loaded, django_assert_max_num_queries):
    with django_assert_max_num_queries(20):
        load_reference_data()


def test_every_region_belongs_to_the_employment_service_and_prints_its_whole_name(loaded):
    regions = Organisation.objects.filter(kind="af_region", side="af", parent__kind="af").order_by("sort_key")

    assert [region.name.removeprefix("Arbetsförmedlingen, region ") for region in regions] == [
        "Mitt",
        "Nord",
        "Stockholm Gotland",
        "Syd",
        "Väst",
        "Öst",
    ]
    assert [region.short_name for region in regions][-1] == "Öst"


def test_the_county_code_begins_the_municipality_code(loaded):
    rows = Municipality.objects.values_list("code", "county_id")

    assert [row for row in rows if row[0][:2] != row[1]] == []


def test_the_counties_hold_as_many_municipalities_as_they_should(loaded):
    sizes = dict(County.objects.annotate(size=Count("municipalities")).values_list("name", "size"))

    assert (sizes["Västra Götalands län"], sizes["Gotlands län"], sum(sizes.values())) == (49, 1, 290)


def test_a_municipality_carries_what_the_files_say(loaded):
    ostersund = Municipality.objects.select_related("organisation", "county__af_region").get(code="2380")

    assert ostersund.organisation.name == "Östersunds kommun"
    assert ostersund.organisation.short_name == "Östersund"
    assert ostersund.organisation.mail_domain == "ostersund.se"
    assert ostersund.county.af_region.short_name == "Nord"


def test_every_name_is_its_short_name_in_the_genitive():
    rows = reference.municipalities()

    wrong = [row.name for row in rows if row.name != f"{genitive(row.short_name)} kommun"]

    assert wrong == []
    names = {row.name for row in rows}
    assert {"Kalix kommun", "Överkalix kommun", "Borås kommun", "Hagfors kommun", "Hallstahammars kommun"} <= names


def genitive(name: str) -> str:
    """Swedish place names: nothing is added to s, x and z, and by custom nothing to a vowel. Falun has its own."""
    if name == "Falun":
        return "Falu"
    return name if name[-1] in "sxzaeiouyåäöé" else f"{name}s"


def test_loading_again_mends_a_name_that_the_files_had_wrong(loaded):
    kalix = Organisation.objects.filter(municipality__code="2514")
    kalix.update(name="Kalixs kommun")

    assert load_reference_data().written == 1
    assert kalix.get().name == "Kalix kommun"
    assert load_reference_data().written == 0


def test_a_name_changed_by_an_administrator_stays(loaded):
    Organisation.objects.filter(municipality__code="1280").update(name="Malmö stad")

    load_reference_data()

    assert Municipality.objects.get(code="1280").organisation.name == "Malmö stad"


def test_overwrite_brings_a_name_back_but_erases_nothing(loaded):
    changed = Organisation.objects.filter(municipality__code="1280")
    changed.update(name="Malmö stad", org_number="212000-1124")

    written = load_reference_data(overwrite=True).written

    assert written == 1
    assert changed.values_list("name", "org_number").get() == ("Malmö kommun", "212000-1124")


def test_a_renamed_region_is_not_made_a_second_time(loaded):
    Organisation.objects.filter(short_name="Nord").update(name="Arbetsförmedlingen, region Norr")

    load_reference_data()

    assert Organisation.objects.filter(kind="af_region").count() == 6


def test_a_change_leaves_a_revision(loaded):
    Municipality.objects.get(code="2380").shape.delete()

    load_reference_data()

    assert ReferenceRevision.objects.count() == 2
