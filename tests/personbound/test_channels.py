"""E-mail, telephone and SDK addresses."""

import pytest

from contacts.personbound import email_kind, find, foreign_domain, is_sdk_address, phone_kind
from contacts.personbound.channels import find_phones


@pytest.mark.parametrize(
    "number", ["063-14 30 00", "08-452 70 00", "0771-41 64 16", "+46 63 14 30 00", "+46 (0)63-14 30 00", "020-78 11 00"]
)
def test_switchboards_and_service_numbers_are_fixed(number):
    assert phone_kind(number).kind == "fixed"


@pytest.mark.parametrize(
    "number",
    [
        "070-174 06 05",
        "0701740605",
        "+46701740605",
        "0046 70 174 06 05",
        "+46 (0)70-174 06 05",
        "073-123 45 67",
        "076 123 45 67",
    ],
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
        ("a@ostersund.se", " www.Ostersund.se. ", False),
        ("a@ostersund.se.", "ostersund.se", False),
        ("<a@ostersund.se>", "ostersund.se", False),
        ("<a@gmail.com>", "ostersund.se", True),
        ("a@b@ostersund.se", "ostersund.se", False),
        ("a@xerxes.se", "xerxe.se", True),
        ("a@", "ostersund.se", False),
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


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("063-14 30 00 08-452 70 00 070-174 06 05", ["063-14 30 00", "08-452 70 00", "070-174 06 05"]),
        ("+46 (0)63-14 30 00", ["+46 (0)63-14 30 00"]),
        ("+46 63 14 30 00", ["+46 63 14 30 00"]),
        ("063/14 30 00", ["063/14 30 00"]),
        ("063\u00a014\u00a030\u00a000", ["063\u00a014\u00a030\u00a000"]),
        ("063–14 30 00", ["063–14 30 00"]),
        ("08-12 34 56", ["08-12 34 56"]),
        ("tel.063-14 30 00", []),
        ("063-14 30 00x", []),
        ("063-14 30 00, 3", ["063-14 30 00"]),
        ("x063-14 30 00", []),
        ("1063-14 30 00", []),
    ],
)
def test_a_number_is_found_from_its_first_digit_to_its_last(text, found):
    assert [each.text for each in find(text)] == found
    assert [text[start:end] for start, end, _ in find_phones(text)] == found


def test_a_number_found_in_a_text_is_sure_and_has_a_reason():
    fixed, mobile = find("063-14 30 00, 070-174 06 05")
    assert (fixed.confidence, fixed.reason) == ("strong", "Fast nummer eller växel")
    assert (mobile.confidence, mobile.reason) == ("strong", "Mobilnummer, följer den som har telefonen")


@pytest.mark.parametrize(
    ("number", "kind", "reason"),
    [
        ("112", "short", "Kortnummer eller anknytning, går inte att ringa utifrån"),
        ("116117", "short", "Kortnummer eller anknytning, går inte att ringa utifrån"),
        ("12", "invalid", "Inte ett giltigt telefonnummer"),
        ("0123", "invalid", "Inte ett giltigt telefonnummer"),
        ("+47 22 00 00 00", "fixed", "Fast nummer eller växel"),
        ("+47 412 34 567", "mobile", "Mobilnummer, följer den som har telefonen"),
        ("0746-12 34 56", "mobile", "Mobilnummer, följer den som har telefonen"),
    ],
)
def test_the_kind_of_a_number_comes_with_its_reason(number, kind, reason):
    assert (phone_kind(number).kind, phone_kind(number).reason) == (kind, reason)


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


def test_an_address_found_in_a_text_has_the_confidence_and_the_reason_of_its_kind():
    sure, likely = find("anna.lindqvist@mora.se abcd@mora.se")
    assert (sure.confidence, sure.reason) == ("strong", "Adressen är förnamn och efternamn")
    assert (likely.confidence, likely.reason) == ("weak", "Adressen är initialer")


def test_an_address_is_found_from_the_first_character_of_the_text():
    assert [(each.start, each.end) for each in find("a.berg@mora.se")] == [(0, 14)]


def test_the_part_before_the_at_sign_has_sixty_four_characters_at_most():
    assert find(f"{'a' * 64}@mora.se")[0].start == 0
    assert find(f"{'a' * 65}@mora.se")[0].start == 1


def test_numbers_far_apart_are_each_found_once():
    text = f"Växel 063-14 30 00.{' ord' * 20} Mobil 070-174 06 05."
    assert [text[start:end] for start, end, _ in find_phones(text)] == ["063-14 30 00", "070-174 06 05"]


def test_every_address_of_a_text_is_found_also_the_first_and_those_between():
    text = "a.berg@mora.se, @, b.ek@x.se och registrator@mora.se (c.lund@orsa.se)"
    assert [each.text for each in find(text)] == [
        "a.berg@mora.se",
        "b.ek@x.se",
        "registrator@mora.se",
        "c.lund@orsa.se",
    ]


@pytest.mark.parametrize("number", ["1-1-2", "11 77", "0 1 2", "1 2"])
def test_only_the_digits_of_a_short_number_are_counted(number):
    assert phone_kind(number).kind == ("short" if number[0] == "1" and len(number) > 3 else "invalid")
