"""Whose mailbox it is, by the part before the @: what is told to the reader, and how sure the check is of it."""

import pytest

from contacts.personbound import email_kind
from tests.personbound.labelled import read_addresses
from tests.personbound.scoring import HERE
from tests.sentences import is_written_well

NAME = "Adressen är förnamn och efternamn"
WORK = "Adressen är uppkallad efter en funktion"
PLACE = "Adressen är uppkallad efter en plats eller verksamhet"

SURE = [
    ("anna.lindqvist", NAME), ("anna_lindqvist", NAME), ("anna-lindqvist", NAME), ("anna.lindqvist2", NAME),
    ("anna.lindqvist+komvux", NAME), ("max.nord", NAME), ("per.lund", NAME), ("anna.von.essen", NAME),
    ("anna.m.berg", NAME), ("anna.eva.berg", NAME), ("karin.oberg.komvux", NAME), ("anna.zzyzx", NAME),
    ("anna", "Adressen är ett förnamn"), ("asa", "Adressen är ett förnamn"), ("2anna", "Adressen är ett förnamn"),
    ("lindqvist", "Adressen är ett efternamn"), ("grankvist", "Adressen är ett efternamn"),
    ("a.lindqvist", "Adressen är initial och efternamn"), ("xy.berg", "Adressen är initial och efternamn"),
    ("k.nygrankvist", "Adressen är initial och efternamn"),
    ("lindqvist.anna", "Adressen är efternamn och förnamn"),
    ("asn001", "Adressen är ett personligt användar-id"), ("x1234", "Adressen är ett personligt användar-id"),
]  # fmt: skip
LIKELY = [
    ("12345", "Siffror i stället för funktion, troligen ett användar-id"),
    ("4711.12", "Siffror i stället för funktion, troligen ett användar-id"),
    ("abcd", "Adressen är initialer"), ("anbe", "Adressen är initialer"),
    ("annab", "Adressen är ett förnamn och en initial"), ("annabe", "Adressen är ett förnamn och en initial"),
    ("annlin", "Adressen är början på för- och efternamn"), ("perlin", "Adressen är början på för- och efternamn"),
    ("erikzuma", "Adressen är för- och efternamn i ett ord"), ("aekman", "Adressen är för- och efternamn i ett ord"),
    ("zzyzx.qwert", "Adressen har formen förnamn.efternamn"),
    ("abc.lindqvist", "Adressen har formen förnamn.efternamn"),
    ("komvux.anna.lindqvist", "Adressen bär ett personnamn bredvid funktionens namn"),
]  # fmt: skip
FUNCTIONS = [
    ("socialtjansten", WORK, "strong"), ("barnomsorg", WORK, "strong"), ("komvux.karin", WORK, "strong"),
    ("komvux.mora", WORK, "strong"), ("region.nord", WORK, "strong"), ("team.anna", WORK, "strong"),
    ("sala.komvux", WORK, "strong"), ("info+anna", WORK, "strong"), ("vara.nord", WORK, "strong"),
    ("malmo", PLACE, "strong"), ("stora.torget", PLACE, "strong"), ("zzyzx.mora", PLACE, "strong"),
    ("alla.zzyzx", PLACE, "strong"), ("jobbet", PLACE, "strong"),
    ("hallbarhet", "Adressen är ett vanligt ord", "weak"), ("ledarskap", "Adressen är ett vanligt ord", "weak"),
    ("vattenliv", "Adressen är ett vanligt ord", "weak"), ("forsoningen", "Adressen är ett vanligt ord", "weak"),
    ("zzyrtling", "Adressen är ett vanligt ord", "weak"), ("zzyrthet", "Adressen är ett vanligt ord", "weak"),
    ("zzyhet", "Adressen innehåller inget personnamn", "weak"),
    ("zzyzzy", "Adressen innehåller inget personnamn", "weak"),
]  # fmt: skip


@pytest.mark.parametrize(("local", "reason"), SURE)
def test_a_name_or_a_user_id_is_surely_a_persons(local, reason):
    judged = email_kind(f"{local}@kommunen.se")
    assert (judged.kind, judged.reason, judged.confidence) == ("personal", reason, "strong")


@pytest.mark.parametrize(("local", "reason"), LIKELY)
def test_what_looks_like_a_name_is_likely_a_persons(local, reason):
    judged = email_kind(f"{local}@kommunen.se")
    assert (judged.kind, judged.reason, judged.confidence) == ("personal", reason, "weak")


@pytest.mark.parametrize(("local", "reason", "confidence"), FUNCTIONS)
def test_a_task_a_unit_or_a_place_is_a_functions(local, reason, confidence):
    judged = email_kind(f"{local}@kommunen.se")
    assert (judged.kind, judged.reason, judged.confidence) == ("function", reason, confidence)


def test_a_mailbox_named_as_its_domain_is_a_functions():
    assert email_kind("lindqvist@lindqvist.se").reason == PLACE
    assert email_kind("lindqvist@mail.lindqvist.se").kind == "personal"


def test_every_address_is_judged_with_a_reason_that_can_be_shown():
    reasons = {email_kind(address).reason for address, _ in read_addresses(HERE / "emails.txt")}
    assert [reason for reason in reasons if not is_written_well(reason)] == []


@pytest.mark.parametrize("address", ["anna..berg@mora.se", "anna.berg.@mora.se", "anna berg@mora.se", "anna"])
def test_what_has_not_the_form_of_an_address_is_none(address):
    assert email_kind(address).kind == "invalid"


@pytest.mark.parametrize("local", ["no-reply", "no_reply", "noreply", "do.not.reply", "ej.svar", "bounces"])
def test_a_mailbox_that_nobody_reads_is_told(local):
    judged = email_kind(f"{local}@kommunen.se")
    assert (judged.kind, judged.confidence) == ("no_reply", "strong")
