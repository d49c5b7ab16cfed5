"""The check that tells a function from a person. Pure functions over plain data; reads no database and no clock.

>>> from contacts.personbound import find
>>> [finding.text for finding in find("Kontakta Anna Lindqvist på arbetsmarknadsenheten.")]
['Anna Lindqvist']
"""

from .channels import EmailKind, PhoneKind, email_kind, foreign_domain, is_sdk_address, phone_kind
from .edition import edition
from .findings import Confidence, Finding, Kind
from .identity_numbers import find_identity_numbers
from .names import is_bare_name
from .text import find
from .verdict import Assessment, ContactFacts, Point, Summary, Verdict, assess, summarise

__all__ = [
    "Assessment",
    "Confidence",
    "ContactFacts",
    "EmailKind",
    "Finding",
    "Kind",
    "PhoneKind",
    "Point",
    "Summary",
    "Verdict",
    "assess",
    "edition",
    "email_kind",
    "find",
    "find_identity_numbers",
    "foreign_domain",
    "is_bare_name",
    "is_sdk_address",
    "phone_kind",
    "summarise",
]
