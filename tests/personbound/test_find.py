"""Names, addresses and numbers in running text."""

import pytest

from contacts.personbound import Confidence, Kind, find
from contacts.personbound.names import is_bare_name
from tests.personbound.scoring import labelled
from tests.sentences import is_written_well


def names(text):
    return [finding.text for finding in find(text) if finding.kind == Kind.PERSON_NAME]


def kinds(text):
    return [(finding.text, finding.kind.value) for finding in find(text)]


MUST_NOT_FIRE = [
    "Lilla Edet", "Upplands Väsby", "Karl Johans gata", "Dag Hammarskjölds väg", "Enhetschef Nord", "Komvux Mora",
    "Region Nord", "Socialtjänsten Öst", "Sankt Görans sjukhus", "Astrid Lindgrens barnsjukhus", "Västra Götaland",
    "Svenska Kyrkan", "Östra Göinge", "Malung-Sälen", "Arbetsförmedlingen Syd", "Januari", "Stora Torget",
    "Sven Eriksonsgymnasiet", "Olof Palmes gata 9", "Offentlighets- och sekretesslagen", "Lunds kommun",
    "Enhetschef Lund",
]  # fmt: skip


@pytest.mark.parametrize("text", MUST_NOT_FIRE)
def test_places_organisations_and_roles_are_no_persons(text):
    assert names(text) == []
    assert names(f"Avtalet gäller {text} från och med mars.") == []


@pytest.mark.parametrize(
    "name",
    [
        "Anna Lindqvist", "Eva-Lena Backlund", "Carl von Linné", "Sten af Geijerstam", "C-G Bergström", "J.K. Rowling",
        "Luiz Inácio Lula da Silva", "Recep Tayyip Erdoğan", "Xi Jinping", "Nils-Ánte Kuhmunen", "Päivi Ylitalo",
        "Łukasz Wójcik", "Mohammed Al-Khalidi", "Per Lund", "George W. Bush", "Bashar al-Assad", "Angela Merkel",
    ],
)  # fmt: skip
def test_a_full_name_is_found_whole(name):
    assert names(f"Vi träffade {name} i går.") == [name]


def test_the_genitive_s_belongs_to_the_span():
    assert names("Det är Anna Lindqvists ansvar.") == ["Anna Lindqvists"]


def test_a_title_is_not_part_of_the_name():
    assert names("Enhetschef Karin Öberg svarar.") == ["Karin Öberg"]


@pytest.mark.parametrize(("text", "name"), [("enhetschef Lindqvist", "Lindqvist"), ("handläggare Anna", "Anna")])
def test_a_single_name_counts_after_a_title(text, name):
    assert names(f"Ring {text} före mötet.") == [name]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Kontaktperson är Ingrid.", "Ingrid"),
        ("Enhetschef: Anna", "Anna"),
        ("Avtalssamordnare Per svarar.", "Per"),
        ("Kontakta Anna-Karin på komvux.", "Anna-Karin"),
        ("Kontaktperson kommunen: Anna Berg, AF: Erik Sten", "Anna Berg"),
    ],
)
def test_the_holder_of_a_role_is_found_by_a_single_name(text, name):
    assert name in names(text)


@pytest.mark.parametrize("text", ["Kontakta Komvux", "Rektor Maria Skogs Gymnasium", "Kontakta Nora kommun"])
def test_roles_and_calls_before_units_are_no_names(text):
    assert names(text) == []


def test_a_single_name_without_a_title_does_not_count():
    assert names("Anna ringde till Karlsson.") == []


def test_first_names_in_a_list_of_contacts_are_found():
    assert names("Kontaktpersoner: Anna, Erik och Maria.") == ["Anna", "Erik", "Maria"]


def test_names_in_capitals_are_found_but_not_headings():
    assert names("KONTAKT: ANNA LINDQVIST, ÖSTERSUNDS KOMMUN") == ["ANNA LINDQVIST"]


def test_a_name_in_lower_case_is_found_beside_its_address():
    assert names("tuva grankvistare, tuva.grankvistare@ostersund.se") == ["tuva grankvistare"]
    assert names("tuva grankvistare, registrator@ostersund.se") == []
    assert names("anna lindqvist, anna.lindqvist@ostersund.se") == ["anna lindqvist"]
    assert names("mvh erik karlsson") == ["erik karlsson"]


def test_names_in_a_list_without_commas_are_separate():
    assert names("Anna Berglund Erik Stenman") == ["Anna Berglund", "Erik Stenman"]
    assert names("Kommunchef Christer Engström Ekonom Jenny Eriksson") == ["Christer Engström", "Jenny Eriksson"]


def test_the_owner_of_a_club_or_company_is_no_part_of_the_name():
    assert names("Barcelonas Lionel Messi och Moderaternas Anna Kinberg Batra") == [
        "Lionel Messi",
        "Anna Kinberg Batra",
    ]


def test_what_is_named_after_a_person_is_no_person():
    assert names("Olof Palme-mordet, Karin Bloms Café och Anna Lindhs minnesfond") == []


def test_both_names_in_the_lists_give_strong_confidence():
    strong, weak = find("Anna Lindqvist")[0], find("kvinnan Anna Zzyqqe")[0]
    assert strong.confidence == Confidence.STRONG
    assert weak.text == "Anna Zzyqqe"
    assert strong.reason == "Förnamn och efternamn ur namnlistorna"


def test_every_kind_of_contact_data_is_told_apart():
    text = "Anna Lindqvist, anna.lindqvist@ostersund.se, 070-174 06 05, komvux@ostersund.se, 063-14 30 00, 850101-1236"
    assert kinds(text) == [
        ("Anna Lindqvist", "person_name"),
        ("anna.lindqvist@ostersund.se", "email_personal"),
        ("070-174 06 05", "phone_mobile"),
        ("komvux@ostersund.se", "email_function"),
        ("063-14 30 00", "phone_fixed"),
        ("850101-1236", "personnummer"),
    ]


def test_offsets_count_characters_also_after_letters_outside_the_basic_plane():
    finding = find("🙂🙂 Anna Lindqvist")[0]
    assert (finding.start, finding.end) == (3, 17)


def test_names_of_several_lines_do_not_run_together():
    assert names("Anna Lindqvist\nErik Karlsson") == ["Anna Lindqvist", "Erik Karlsson"]


def test_an_address_at_the_end_of_a_sentence_leaves_the_full_stop():
    assert kinds("Skriv till registrator@ostersund.se.") == [("registrator@ostersund.se", "email_function")]


def test_an_empty_text_has_no_findings():
    assert find("") == []


def told(text):
    return [(each.text, each.confidence.value, each.reason) for each in find(text) if each.kind == Kind.PERSON_NAME]


PAIR = "Förnamn och efternamn ur namnlistorna"
AROUND = "Ord som skrivs som ett namn, i ett sammanhang där namn står"
LISTED = "Ord som skrivs som ett namn, i en uppräkning av namn"
OWNER = "Samma namn som i e-postadressen intill"


@pytest.mark.parametrize(
    ("text", "name", "confidence", "reason"),
    [
        ("Vi mötte Anna Lindqvist.", "Anna Lindqvist", "strong", PAIR),
        ("Vi mötte J. Lindqvist.", "J. Lindqvist", "weak", "Initial och efternamn"),
        ("Vi mötte A.B. Lindqvist.", "A.B. Lindqvist", "strong", "Initial och efternamn"),
        ("kvinnan Anna Zzyqqe", "Anna Zzyqqe", "strong", "Förnamn följt av ett ord som kan vara efternamn"),
        ("Vi mötte enhetschef Zzyqqe Xyqqen.", "Zzyqqe Xyqqen", "weak", AROUND),
        ("Vi mötte Zzyqqe Lindqvist (S).", "Zzyqqe Lindqvist", "strong", AROUND),
        ("Kontakta Anna på komvux.", "Anna", "weak", "Namn efter kontakta"),
        ("Kontaktpersoner: Tuva", "Tuva", "strong", "Namn efter kontaktpersoner:"),
        ("Ring enhetschef Lindqvist.", "Lindqvist", "strong", "Namn efter titeln enhetschef"),
        ("Ring enhetschef Annas bok.", "Annas", "weak", "Namn efter titeln enhetschef"),
        ("Rektor heter Anna", "Anna", "strong", "Namn efter titeln rektor"),
        ("mvh erik karlsson", "erik karlsson", "weak", "För- och efternamn med små bokstäver"),
        ("tuva grankvistare, tuva.grankvistare@mora.se", "tuva grankvistare", "strong", OWNER),
        ("tuva m grankvistare, tuva.grankvistare@mora.se", "tuva m grankvistare", "strong", OWNER),
        ("tuva.grankvistare@mora.se tuva grankvistare", "tuva grankvistare", "strong", OWNER),
    ],
)
def test_a_name_comes_with_the_reason_and_how_sure_it_is(text, name, confidence, reason):
    assert told(text) == [(name, confidence, reason)]


@pytest.mark.parametrize("link", [", ", " och ", " samt ", " & ", " med ", " mot ", " före "])
def test_what_almost_is_a_name_is_one_beside_a_name(link):
    assert ("Zzyqqe Xyqqen", "weak", LISTED) in told(f"Anna Berg{link}Zzyqqe Xyqqen.")
    assert ("Zzyqqe Xyqqen", "weak", LISTED) in told(f"Där Zzyqqe Xyqqen{link}Anna Berg.")


def test_what_almost_is_a_name_is_one_at_the_end_of_a_longer_list_too():
    text = "Där Zzyqqe Xyqqen, Bxyqqe Xaqqen och Anna Berg, Cxyqqe Xbqqen och Dxyqqe Xcqqen"
    assert names(text) == ["Zzyqqe Xyqqen", "Bxyqqe Xaqqen", "Anna Berg", "Cxyqqe Xbqqen", "Dxyqqe Xcqqen"]


@pytest.mark.parametrize(
    "text",
    ["Zzyqqe Xyqqen", "Anna Berg. Zzyqqe Xyqqen", "Anna Berg är Zzyqqe Xyqqen", "ett avtal, Zzyqqe Xyqqen",
     "Zzyqqe Xyqqen om Anna Berg", "enhetschef Lindqvist, Zzyqqe Xyqqen"],
)  # fmt: skip
def test_what_almost_is_a_name_is_none_elsewhere(text):
    assert "Zzyqqe Xyqqen" not in names(text)


@pytest.mark.parametrize(
    "text",
    [
        "Kontakta Zzyqqe på komvux.", "Kontakta Annas kollega.", "Kontaktperson: Anna-vägen", "Kontaktperson: Anna@x",
        "Kontaktperson: Mora", "Kontaktperson: Anna gymnasium", "mvh erik zzyqqe", "mvh zzyqqe karlsson",
        "mvh max nord", "mvh erik skog", "mvh erik karlsson@x", "med erik karlsson", "M/S Birger Jarl",
        "enhetschef Anna-mötet", "Anna Lindqvist-mötet", "utan anna lindqvist, eva.lindqvist@mora.se",
        "tuva berg grankvistare extra, tuva.xyzzy@mora.se", "Avtal: Anna",
    ],
)  # fmt: skip
def test_near_a_name_but_none(text):
    assert names(text) == []


def test_the_list_of_contacts_may_hold_full_names_and_go_on():
    assert names("Kontaktpersoner: Anna Berg, Erik; Eva / Tuva samt Per-Erik") == [
        "Anna Berg", "Erik", "Eva", "Tuva", "Per-Erik",
    ]  # fmt: skip


def test_the_name_of_the_owner_stands_within_a_line_of_the_address():
    address = "tuva.grankvistare@mora.se"
    assert names(f"tuva grankvistare{' ' * 63}{address}") == ["tuva grankvistare"]
    assert names(f"tuva grankvistare{' ' * 64}{address}") == []
    assert names(f"{address}{' ' * 63}tuva grankvistare") == ["tuva grankvistare"]
    assert names(f"{address}{' ' * 64}tuva grankvistare") == []


@pytest.mark.parametrize(
    "text",
    ['Förr hette den "Anna Zzyqqe" i registret', "boken ”Karin Zzyqqe” kom", "M/S Birger Jarl lade till"],
)
def test_what_stands_in_quotation_marks_is_rather_a_work(text):
    assert names(text) == []


def test_every_finding_of_the_labelled_set_can_be_shown_to_a_reader():
    found = [each for sentence in labelled() for each in find(sentence.text)]
    assert [each for each in found if not is_written_well(each.reason)] == []
    assert {each.confidence for each in found} == set(Confidence)
    assert all(isinstance(each.confidence, Confidence) and isinstance(each.kind, Kind) for each in found)


@pytest.mark.parametrize(
    "text",
    [
        "Anna", "anna lindqvist", "ANNA LINDQVIST", " Anna ", "anna\u00a0lindqvist", "A. Lindqvist", "Zuma Lindqvist",
        "Anna Maria Karin Eva Lindqvist", "O’Neill", "anna-karin", "Anna von Lindqvist", "Lindqvist Zuma",
    ],
)  # fmt: skip
def test_a_text_of_nothing_but_a_name_is_a_bare_name(text):
    assert is_bare_name(text)


@pytest.mark.parametrize(
    "text",
    [
        "", "von", "Anna Maria Karin Eva Lena Lindqvist", "Anna, Lindqvist", "Anna!", "Anna Zzyqqe", "Zzyqqe Lindqvist",
        "Komvux Anna", "Anna Chef", "A. B.", "Mora", "Lindqvist A. Anna", "Lindqvist Anna", "Zzyqqe", "Enhetschef",
    ],
)  # fmt: skip
def test_a_text_of_more_or_of_something_else_is_no_bare_name(text):
    assert not is_bare_name(text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ring ANNA LINDQVIST nu", ["ANNA LINDQVIST"]),
        ("ring Anna LINDQVIST nu", ["Anna LINDQVIST"]),
        ("ring JK Rowling nu", ["JK Rowling"]),
        ("ring Anna JK Lindqvist nu", ["Anna JK Lindqvist"]),
        ("ring AIK Lindqvist nu", []),
        ("ring SJ Anna Lindqvist nu", ["Anna Lindqvist"]),
        ("hos TV Mora nu", []),
        ("Mitt Xyzberg nu", []),
        ("ring Per Xyzberg nu", ["Per Xyzberg"]),
        ("ring Stig Xyzzy nu", ["Stig Xyzzy"]),
    ],
)
def test_capitals_are_initials_before_a_name_and_a_unit_elsewhere(text, found):
    assert names(text) == found


def test_the_list_of_contacts_stops_counting_at_some_length():
    assert len(names("Kontaktpersoner: " + "Anna, " * 40)) == 30


def test_a_name_that_few_bear_is_less_sure_after_a_heading():
    assert told("Kontaktperson: Abu") == [("Abu", "weak", "Namn efter kontaktperson:")]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Lindqvist, Anna", ["Lindqvist, Anna"]),
        ("1. Öberg, Karin\n2. Lind, Eva Maria", ["Öberg, Karin", "Lind, Eva Maria"]),
        ("Närvarande:\n- Sjöberg, Lisa M.\n- Backlund, Per-Olof (AF)", ["Sjöberg, Lisa M.", "Backlund, Per-Olof"]),
        ("Insatsen drivs i Mora, Malung och Falun.", []),
        ("Mora, Stina bor där.", []),
        ("Andersson, Karlsson, Lind", []),
        ("I Lindqvist, Anna och jag", []),
    ],
)
def test_a_name_turned_about_is_found_where_an_item_of_a_list_is_nothing_else(text, found):
    assert names(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Ansvarig för insatsen: Anna", ["Anna"]),
        ("Ansvarig för målet i kommunen: Lena och Bo.", ["Lena", "Bo"]),
        ("Hos kommunen ansvarar Karin för schemat.", ["Karin"]),
        ("Ansvarig i kommunen: Mora", []),
        ("För insatsen ansvarar Komvux Mora.", []),
        ("Mötet är i Falun. Tid: Anna ringer.", []),
    ],
)
def test_a_single_name_counts_after_whoever_is_responsible_for_something(text, found):
    assert names(text) == found


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("karin.oberg (at) mora.se", "email_personal"),
        ("karin.oberg[at]mora.se", "email_personal"),
        ("karin.oberg @ mora.se", "email_personal"),
        ("karin.oberg snabel-a mora.se", "email_personal"),
        ("registrator(at)mora.se", "email_function"),
    ],
)
def test_an_address_is_found_however_its_at_sign_is_hidden(text, kind):
    assert kinds(f"Skriv till {text} så svarar vi.") == [(text, kind)]
    assert kinds("Vi ses kl. 10.00 @ Folkets hus (a) eller snabel-a.") == []
