"""A flag outlives the one it is about: it never quotes a holder's own address or number."""

import datetime
from dataclasses import replace

from agreements.flags import CheckedContact, contact_findings
from contacts.personbound import ContactFacts, assess

ON = datetime.date(2026, 11, 22)


def test_a_flag_on_a_contact_point_does_not_quote_its_holder():
    facts = ContactFacts(
        function="Arbetsmarknadschef",
        in_catalogue=True,
        holder_names=("Karin Dahlberg",),
        holder_emails=("karin.dahlberg@ostersund.se",),
        holder_phones=("070-123 45 67",),
    )

    contact = CheckedContact(1, "Arbetsmarknadschef", "Östersunds kommun", facts)

    (found,) = contact_findings(replace(contact, confirmed_on=ON), assess(facts), on=ON)

    assert found.rule == "mixed_contact"
    assert "dahlberg" not in f"{found.reason} {found.mend}".lower()
    assert "070" not in found.reason
