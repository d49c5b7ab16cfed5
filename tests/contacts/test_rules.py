"""What may stand in a contact point, and how typed lines are cleaned."""

import pytest

from contacts.rules import HIDDEN, IDENTITY_NUMBER, clean_line, complaints, without_names


def test_what_cannot_be_seen_is_taken_away():
    assert clean_line("Arbets\u00admarknad\x00s\u202eenhet\u200b \ufeff\x85") == "Arbetsmarknadsenhet"


def test_a_line_is_one_line_with_single_spaces():
    assert clean_line("  Enhet \t för\r\nvuxna\u2028 ") == "Enhet för vuxna"


def test_a_lone_surrogate_never_reaches_the_database():
    assert clean_line("Enhet\ud800") == "Enhet"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("mailbox", "noreply@ostersund.se"),
        ("mailbox", "svara-ej@ostersund.se"),
        ("mailbox", "arbetsmarknad@"),
        ("phone", "1234"),
        ("phone", "växeln"),
        ("sdk_address", "inte en adress"),
        ("unit", "Enheten 19811218-9876"),
        ("postal_address", "811218-9876"),
    ],
)
def test_what_cannot_be_accepted_is_complained_about_at_its_field(field: str, value: str):
    assert list(complaints({field: value})) == [field]


def test_an_identity_number_is_named_as_what_it_is():
    assert complaints({"unit": "811218-9876"}) == {"unit": IDENTITY_NUMBER}


def test_good_channels_and_personal_ones_are_accepted():
    """A personal address is flagged by the check, never refused."""
    assert complaints({"mailbox": "arbetsmarknad@ostersund.se", "phone": "063-14 30 00"}) == {}
    assert complaints({"mailbox": "anna.svensson@ostersund.se", "phone": "070-123 45 67"}) == {}


def test_names_and_personal_addresses_are_covered():
    assert without_names("Handläggare Anna Svensson") == f"Handläggare {HIDDEN}"
    assert without_names("anna.svensson@ostersund.se går till en person.") == f"{HIDDEN} går till en person."


def test_a_mobile_number_is_covered_since_it_follows_a_person():
    assert without_names("Ring 070-174 06 35 på kvällen.") == f"Ring {HIDDEN} på kvällen."


def test_functions_and_their_mailboxes_and_switchboards_are_not_covered():
    text = "Enhetschef Nord, arbetsmarknad@ostersund.se, 063-14 30 00, Lilla Edets kommun"
    assert without_names(text) == text
