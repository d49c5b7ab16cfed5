"""The verdict on a contact point: combinations whose answer follows from how they were made, and single cases."""

import re
from itertools import product
from typing import Any

import pytest

from contacts.personbound import ContactFacts, Verdict, assess, summarise
from tests.sentences import is_sentence

FUNCTIONS = {  # function text -> (is there a function?, does it carry a name?)
    "Arbetsmarknadschef": (True, False),
    "Enhetschef Nord": (True, False),
    "Rektor Komvux Mora": (True, False),
    "Handläggare försörjningsstöd": (True, False),
    "Arbetsmarknadschef Anna Lindqvist": (True, True),
    "Anna Lindqvist, enhetschef": (True, True),
    "Anna Lindqvist": (False, True),
    "": (False, False),
}
MAILBOXES = {  # mailbox -> lasting, personal or unusable
    "": "",
    "arbetsmarknad@ostersund.se": "lasting",
    "anna.lindqvist@ostersund.se": "personal",
    "asn001@ostersund.se": "personal",
    "noreply@ostersund.se": "unusable",
    "arbetsmarknad(a)ostersund.se": "unusable",
}
PHONES = {"": "", "063-14 30 00": "lasting", "070-174 06 05": "personal", "3000": "unusable"}
Other = tuple[dict[str, Any], str]
OTHERS: list[Other] = [
    ({}, ""),
    ({"sdk_address": "0203:ostersund.arbetsmarknad"}, "lasting"),
    ({"holder_names": ("Anna Lindqvist",)}, ""),
    ({"holder_names": ("Anna Lindqvist",), "holder_emails": ("anna.lindqvist@ostersund.se",)}, "personal"),
]
CASES = list(product(FUNCTIONS, MAILBOXES, PHONES, OTHERS))


def wanted(function: str, mailbox: str, phone: str, other: Other) -> Verdict:
    facts, channel = other
    has_function, has_name = FUNCTIONS[function]
    ways = {MAILBOXES[mailbox], PHONES[phone], channel} - {"", "unusable"}
    person = has_name or "holder_names" in facts
    if not ways:
        return Verdict.UNREACHABLE
    if not has_function:
        return Verdict.PERSON_BOUND if person or "lasting" not in ways else Verdict.FUNCTION_BOUND
    return Verdict.FUNCTION_BOUND if "lasting" in ways and not has_name else Verdict.MIXED


def test_the_combinations_are_many_and_all_verdicts_are_among_them():
    assert len(CASES) >= 200
    assert {wanted(*case) for case in CASES} == set(Verdict)


def test_at_least_98_of_100_combinations_get_the_right_verdict():
    wrong = []
    for function, mailbox, phone, other in CASES:
        facts = ContactFacts(function=function, mailbox=mailbox, phone=phone, **other[0])
        verdict = assess(facts).verdict
        if verdict != wanted(function, mailbox, phone, other):
            wrong.append((facts, verdict))
    assert len(wrong) <= 0.02 * len(CASES), wrong[:5]


def codes(assessment):
    return [reason.code for reason in assessment.reasons]


def test_a_function_with_a_function_mailbox_is_function_bound():
    result = assess(
        ContactFacts(function="Arbetsmarknadschef", in_catalogue=True, mailbox="arbetsmarknad@ostersund.se")
    )
    assert (result.verdict, result.mend, codes(result)) == (Verdict.FUNCTION_BOUND, None, ["mailbox_function"])


def test_a_mobile_alone_does_not_survive_a_change_of_staff():
    result = assess(ContactFacts(function="Arbetsmarknadschef", in_catalogue=True, phone="070-174 06 05"))
    assert result.verdict == Verdict.MIXED
    assert codes(result) == ["phone_mobile", "no_lasting_channel"]
    assert result.mend.code == "add_mailbox"


def test_the_mend_names_a_mailbox_in_the_partys_own_domain():
    facts = ContactFacts(function="Rektor komvux", mailbox="anna.lindqvist@ostersund.se", own_domain="ostersund.se")
    assert assess(facts).mend.sentence == "Lägg till en funktionsbrevlåda, till exempel komvux@ostersund.se."


def test_a_name_in_the_functions_text_is_told_and_can_be_taken_out():
    result = assess(ContactFacts(function="Enhetschef Karin Öberg", mailbox="arbetsmarknad@ostersund.se"))
    assert result.verdict == Verdict.MIXED
    assert result.mend.sentence == "Ta bort Karin Öberg ur funktionens text och skriv namnet som innehavare."


def test_a_name_instead_of_a_function_is_person_bound_even_with_a_switchboard():
    result = assess(ContactFacts(function="Karin Öberg", phone="063-14 30 00"))
    assert result.verdict == Verdict.PERSON_BOUND
    assert result.mend.code == "state_function"


def test_a_given_name_alone_is_no_function():
    assert assess(ContactFacts(function="Anna", mailbox="anna@ostersund.se")).verdict == Verdict.PERSON_BOUND


def test_a_bounce_makes_the_point_unreachable_whatever_else_it_has():
    facts = ContactFacts(
        function="Arbetsmarknadschef", mailbox="arbetsmarknad@ostersund.se", phone="063-14 30 00", bounced=True
    )
    result = assess(facts)
    assert result.verdict == Verdict.UNREACHABLE
    assert (codes(result)[0], result.mend.code) == ("bounced", "correct_address")


def test_a_function_without_any_channel_is_unreachable():
    result = assess(ContactFacts(function="Arbetsmarknadschef", holder_names=("Karin Öberg",)))
    assert result.verdict == Verdict.UNREACHABLE
    assert "no_channel" in codes(result)


def test_the_functions_mailbox_is_personal_when_it_is_the_holders_own():
    facts = ContactFacts(function="Registrator", mailbox="reg@ostersund.se", holder_emails=("REG@ostersund.se",))
    assert assess(facts).verdict == Verdict.MIXED


def test_the_functions_number_is_personal_when_it_is_the_holders_own():
    facts = ContactFacts(function="Registrator", phone="063-14 30 00", holder_phones=("+46 63 14 30 00",))
    assert assess(facts).verdict == Verdict.MIXED


def test_a_function_outside_the_shared_list_is_told():
    assert "own_function" in codes(assess(ContactFacts(function="Samverkansansvarig", phone="063-14 30 00")))
    assert "own_function" not in codes(assess(ContactFacts(function="Rektor", in_catalogue=True, phone="063-14 30 00")))


def test_the_mend_for_a_person_without_function_asks_for_both():
    result = assess(ContactFacts(holder_names=("Karin Öberg",), mailbox="karin.oberg@mora.se"))
    assert result.mend.code == "function_and_mailbox"
    assert result.mend.sentence.endswith("till exempel arbetsmarknad@mora.se.")


def test_the_mend_for_a_function_without_channels_asks_for_a_mailbox():
    assert assess(ContactFacts(function="Registrator", own_domain="mora.se")).mend.sentence == (
        "Lägg till en funktionsbrevlåda, till exempel registrator@mora.se."
    )


def test_the_mend_for_a_bare_mailbox_asks_for_the_function():
    result = assess(ContactFacts(mailbox="registrator@mora.se"))
    assert (result.verdict, result.mend.code) == (Verdict.FUNCTION_BOUND, "state_function")


def test_a_name_and_no_lasting_channel_asks_for_the_mailbox_first():
    assert assess(ContactFacts(function="Rektor Karin Öberg", phone="070-174 06 05")).mend.code == "add_mailbox"


def test_unusable_channels_are_told_by_code():
    facts = ContactFacts(function="Rektor", mailbox="fel", phone="3000", sdk_address="två ord", holder_phones=("3000",))
    assert {"mailbox_invalid", "phone_unusable", "sdk_invalid", "no_channel"} <= set(codes(assess(facts)))
    assert "mailbox_no_reply" in codes(assess(ContactFacts(function="Rektor", mailbox="noreply@mora.se")))


def test_the_holders_number_and_address_are_told_as_personal():
    facts = ContactFacts(function="Rektor", holder_emails=("anna.berg@mora.se",), holder_phones=("070-174 06 05",))
    assert codes(assess(facts))[1:3] == ["holder_email", "holder_phone"]


def test_a_lasting_channel_leaves_no_warning_about_the_change_of_staff():
    assert "no_lasting_channel" not in codes(assess(ContactFacts(function="Rektor", phone="063-14 30 00")))


@pytest.mark.parametrize(
    ("function", "example"),
    [
        ("Dataskyddsombud", "dataskyddsombud"),
        ("Näringslivschef", "naringsliv"),
        ("Socialchef", "socialtjansten"),
        ("Annat", "arbetsmarknad"),
    ],
)
def test_the_example_of_a_mailbox_suits_the_function(function, example):
    facts = ContactFacts(function=function, phone="070-174 06 05", own_domain="mora.se")
    assert f"till exempel {example}@mora.se" in assess(facts).mend.sentence


def test_the_official_postal_address_survives_a_change_of_staff():
    assert (
        assess(ContactFacts(function="Registrator", postal_address="831 82 Östersund")).verdict
        == Verdict.FUNCTION_BOUND
    )


def test_a_persons_sdk_address_is_no_way_in():
    facts = ContactFacts(function="Registrator", sdk_address="anna.lindqvist@sdk.ostersund.se")
    assert assess(facts).verdict == Verdict.UNREACHABLE


def test_a_foreign_domain_is_a_warning_and_changes_nothing():
    facts = ContactFacts(function="Registrator", mailbox="registrator@skelleftea.se", own_domain="norsjo.se")
    result = assess(facts)
    assert result.verdict == Verdict.FUNCTION_BOUND
    assert "foreign_domain" in codes(result)


@pytest.mark.parametrize(
    ("verdicts", "whole"),
    [
        ([], Verdict.UNREACHABLE),
        ([Verdict.FUNCTION_BOUND, Verdict.FUNCTION_BOUND], Verdict.FUNCTION_BOUND),
        ([Verdict.FUNCTION_BOUND, Verdict.MIXED], Verdict.MIXED),
        ([Verdict.FUNCTION_BOUND, Verdict.MIXED, Verdict.PERSON_BOUND], Verdict.PERSON_BOUND),
        ([Verdict.FUNCTION_BOUND, Verdict.UNREACHABLE], Verdict.FUNCTION_BOUND),
        ([Verdict.UNREACHABLE, Verdict.UNREACHABLE], Verdict.UNREACHABLE),
    ],
)
def test_the_whole_is_the_worst_of_those_that_can_be_reached(verdicts, whole):
    assert summarise(verdicts).whole == whole


def test_the_summary_counts_each_verdict():
    summary = summarise(
        [Verdict.MIXED, Verdict.MIXED, Verdict.UNREACHABLE, Verdict.FUNCTION_BOUND, Verdict.PERSON_BOUND]
    )
    assert (summary.total, summary.mixed, summary.unreachable, summary.function_bound, summary.person_bound) == (
        5,
        2,
        1,
        1,
        1,
    )


def test_every_reason_and_every_mend_is_a_sentence_with_a_code():
    points = set()
    for function, mailbox, phone, other in CASES:
        for bounced in (False, True):
            facts = ContactFacts(function=function, mailbox=mailbox, phone=phone, bounced=bounced, **other[0])
            points |= {*assess(facts).reasons, assess(facts).mend} - {None}
    assert [point for point in points if not is_sentence(point.sentence) or not CODE.fullmatch(point.code)] == []


CODE = re.compile(r"[a-z]+(?:_[a-z]+)*")
WAYS = [
    ({"mailbox": "registrator@mora.se"}, "mailbox_function", "registrator@mora.se är en funktionsbrevlåda."),
    ({"mailbox": "anna.berg@mora.se"}, "mailbox_personal", "anna.berg@mora.se är en persons egen adress."),
    ({"mailbox": "fel"}, "mailbox_invalid", "fel är ingen giltig e-postadress."),
    ({"mailbox": "noreply@mora.se"}, "mailbox_no_reply", "noreply@mora.se tar inte emot svar."),
    ({"phone": "063-14 30 00"}, "phone_fixed", "063-14 30 00 är ett fast nummer."),
    (
        {"phone": "063-14 30 00", "holder_phones": ("063 143000",)},
        "phone_direct",
        "063-14 30 00 är innehavarens eget nummer.",
    ),
    (
        {"phone": "070-174 06 05"},
        "phone_mobile",
        "070-174 06 05 är ett mobilnummer och följer den som har telefonen.",
    ),
    ({"phone": "3000"}, "phone_unusable", "3000 går inte att ringa utifrån."),
    ({"sdk_address": "0203:mora.komvux"}, "sdk", "SDK-adressen hör till funktionen."),
    ({"sdk_address": "två ord"}, "sdk_invalid", "två ord är ingen giltig SDK-adress."),
    ({"postal_address": "792 80 Mora"}, "postal", "Postadressen hör till organisationen."),
    ({"holder_emails": (" eva.ek@mora.se",)}, "holder_email", "eva.ek@mora.se är innehavarens egen adress."),
    ({"holder_phones": ("070-174 06 05 ",)}, "holder_phone", "070-174 06 05 är innehavarens eget nummer."),
    (
        {"mailbox": "registrator@mora.se", "own_domain": "orsa.se"},
        "foreign_domain",
        "Adressen ligger inte under orsa.se.",
    ),
]


@pytest.mark.parametrize(("way", "code", "sentence"), WAYS)
def test_each_way_to_the_function_is_told_by_code_and_sentence(way, code, sentence):
    reasons = assess(ContactFacts(function="Rektor", in_catalogue=True, **way)).reasons
    assert (code, sentence) in {(reason.code, reason.sentence) for reason in reasons}


@pytest.mark.parametrize(
    ("function", "code", "sentence"),
    [
        ("", "no_function", "Ingen funktion är angiven."),
        ("Karin Öberg", "no_function", "Funktionens eget namn är ett personnamn."),
        ("Rektor Karin Öberg", "name_in_function", "Namnet Karin Öberg står i funktionens egen text."),
        ("Samverkansansvarig", "own_function", "Funktionen finns inte i den gemensamma listan."),
    ],
)
def test_what_is_wrong_with_the_functions_text_is_told(function, code, sentence):
    reasons = assess(ContactFacts(function=function, phone="063-14 30 00")).reasons
    assert (code, sentence) in {(reason.code, reason.sentence) for reason in reasons}


def test_two_letters_may_be_a_function_and_one_may_not():
    assert assess(ContactFacts(function="VD Karin Öberg", phone="063-14 30 00")).verdict == Verdict.MIXED
    assert assess(ContactFacts(function="V. Karin Öberg", phone="063-14 30 00")).verdict == Verdict.PERSON_BOUND


def test_two_names_in_the_functions_text_are_both_told():
    mend = assess(ContactFacts(function="Rektor Karin Öberg och Anna Berg", phone="063-14 30 00")).mend
    assert "Karin Öberg, Anna Berg" in mend.sentence


@pytest.mark.parametrize("function", ["Karin Öberg, A.", "(Karin Öberg) -", "Karin Öberg / x"])
def test_what_is_left_of_a_name_is_no_function(function):
    assert assess(ContactFacts(function=function, phone="063-14 30 00")).verdict == Verdict.PERSON_BOUND


@pytest.mark.parametrize("number", ["+46 63-14 30 00", "0046 63 143000", "063143000", "+46 (0)63 14 30 00"])
def test_the_holders_own_number_is_known_however_it_is_written(number):
    facts = ContactFacts(function="Rektor", phone="063-14 30 00", holder_phones=(number,))
    assert "phone_direct" in codes(assess(facts))


def test_a_number_that_only_ends_alike_is_another():
    facts = ContactFacts(function="Rektor", phone="063-14 30 00", holder_phones=("063-14 30 46", "08-14 30 00"))
    assert "phone_fixed" in codes(assess(facts))


@pytest.mark.parametrize(
    ("facts", "address"),
    [
        ({"own_domain": " @Mora.se "}, "arbetsmarknad@mora.se"),
        ({"holder_emails": (" Eva.Ek@Mora.se",)}, "arbetsmarknad@mora.se"),
        ({"mailbox": "fel", "holder_emails": ("fel", "eva.ek@mora.se")}, "arbetsmarknad@mora.se"),
        ({"phone": "070-174 06 05"}, "arbetsmarknad@kommunen.se"),
    ],
)
def test_the_example_is_in_the_domain_that_is_known(facts, address):
    assert assess(ContactFacts(function="Samordnare", **facts)).mend.sentence.endswith(f" {address}.")
