from agreements.models.agreement import Agreement, AgreementContact, Party, Section, Signature, Version
from agreements.models.attachment import AttachedFile, Attachment
from agreements.models.chased import ChasedFlag
from agreements.models.check_run import CheckBatch, CheckRun
from agreements.models.flag import Flag, VerdictPeriod
from agreements.models.follow_up import FollowUp
from agreements.models.national_template import TemplateSection, TemplateVersion
from agreements.models.printed import PrintedCopy
from agreements.models.rule_set import RuleSet
from agreements.models.search import SearchDocument

__all__ = [
    "Agreement",
    "AgreementContact",
    "AttachedFile",
    "Attachment",
    "ChasedFlag",
    "CheckBatch",
    "CheckRun",
    "Flag",
    "FollowUp",
    "Party",
    "PrintedCopy",
    "RuleSet",
    "SearchDocument",
    "Section",
    "Signature",
    "TemplateSection",
    "TemplateVersion",
    "VerdictPeriod",
    "Version",
]
