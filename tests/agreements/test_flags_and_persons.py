"""A flag outlives the one it is about: it never quotes a holder's own address or number."""

from agreements.flags import CheckedContact, check
from contacts.personbound import ContactFacts


def test_a_flag_on_a_contact_point_does_not_quote_its_holder():
    facts = ContactFacts(
        function="Arbetsmarknadschef",
        in_catalogue=True,
        holder_names=("Karin Dahlberg",),
        holder_emails=("karin.dahlberg@ostersund.se",),
        holder_phones=("070-123 45 67",),
    )

    (found,) = check([], [CheckedContact(1, "Arbetsmarknadschef", "Östersunds kommun", facts)]).found

    assert found.rule == "mixed_contact"
    assert "dahlberg" not in f"{found.reason} {found.mend}".lower()
    assert "070" not in found.reason
