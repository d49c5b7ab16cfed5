"""E-mail, telephone and SDK addresses."""

import pytest

from contacts.personbound import email_kind, find, foreign_domain, is_sdk_address, phone_kind


@pytest.mark.parametrize(
    "number", ["063-14 30 00", "08-452 70 00", "0771-41 64 16", "+46 63 14 30 00", "+46 (0)63-14 30 00", "020-78 11 00"]
)
def test_switchboards_and_service_numbers_are_fixed(number):
    assert phone_kind(number).kind == "fixed"


@pytest.mark.parametrize(
    "number", ["070-174 06 05", "0701740605", "+46701740605", "0046 70 174 06 05", "073-123 45 67", "076 123 45 67"]
)
def test_mobiles_are_mobiles_however_they_are_written(number):
    assert phone_kind(number).kind == "mobile"


@pytest.mark.parametrize("number", ["112", "1177", "11414", "3000"])
def test_numbers_that_only_work_inside_are_short(number):
    assert phone_kind(number).kind == "short"


@pytest.mark.parametrize(
    "number", ["", "12", "växeln", "070-12", "0000000000", "063-14 30 00 063-14 30 00", "99999999999999999999"]
)
def test_other_things_are_no_numbers(number):
    assert phone_kind(number).kind == "invalid"


@pytest.mark.parametrize(
    "text",
    ["dnr 2023-001234", "KS 2023/00123", "den 2023-03-15", "lagen (2009:47)", "org.nr 212000-2528", "831 27 Östersund"],
)
def test_dates_and_references_are_no_telephone_numbers(text):
    assert find(text) == []


def test_two_numbers_after_each_other_are_two():
    assert [each.text for each in find("063-14 30 00 070-174 06 05")] == ["063-14 30 00", "070-174 06 05"]


@pytest.mark.parametrize(
    ("address", "own", "foreign"),
    [
        ("a@ostersund.se", "ostersund.se", False),
        ("a@edu.ostersund.se", "ostersund.se", False),
        ("A@OSTERSUND.SE", "ostersund.se", False),
        ("a@notostersund.se", "ostersund.se", True),
        ("a@gmail.com", "ostersund.se", True),
        ("a@ostersund.se", "@ostersund.se", False),
        ("a@ostersund.se", "", False),
        ("växel", "ostersund.se", False),
    ],
)
def test_a_domain_is_foreign_unless_it_is_the_partys_own_or_below_it(address, own, foreign):
    assert foreign_domain(address, own) is foreign


def test_a_number_of_many_groups_is_found_whole_and_one_group_too():
    text = "Växel: +46 63 14 30 00, mobil 0701740605."
    assert [(each.text, each.kind.value) for each in find(text)] == [
        ("+46 63 14 30 00", "phone_fixed"),
        ("0701740605", "phone_mobile"),
    ]


def test_display_forms_of_an_address_are_understood():
    assert email_kind("<Anna.Lindqvist@Ostersund.se>").kind == "personal"
    assert email_kind("mailto:registrator@ostersund.se").kind == "function"


def test_the_letters_of_the_address_may_be_swedish():
    assert email_kind("åsa.åkerlund@ostersund.se").kind == "personal"
    assert email_kind("försörjningsstöd@ostersund.se").kind == "function"


def test_the_reason_is_told_in_swedish():
    assert email_kind("anna.lindqvist@ostersund.se").reason == "Adressen är förnamn och efternamn"
    assert email_kind("noreply@ostersund.se").reason == "Ingen läser svar till adressen"


@pytest.mark.parametrize(
    ("address", "right"),
    [
        ("0203:ostersund.arbetsmarknad", True),
        ("arbetsmarknad@sdk.ostersund.se", True),
        ("anna.lindqvist@sdk.ostersund.se", False),
        ("två ord", False),
        ("", False),
    ],
)
def test_an_sdk_address_is_one_word_and_no_persons_mailbox(address, right):
    assert is_sdk_address(address) is right
