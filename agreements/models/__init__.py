from agreements.models.agreement import Agreement, AgreementContact, Party, Section, Signature, Version
from agreements.models.flag import Flag, VerdictPeriod
from agreements.models.national_template import TemplateSection, TemplateVersion
from agreements.models.printed import PrintedCopy

__all__ = [
    "Agreement",
    "AgreementContact",
    "Flag",
    "Party",
    "PrintedCopy",
    "Section",
    "Signature",
    "TemplateSection",
    "TemplateVersion",
    "VerdictPeriod",
    "Version",
]
