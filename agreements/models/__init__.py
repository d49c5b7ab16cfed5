from agreements.models.agreement import Agreement, AgreementContact, Party, Section, Version
from agreements.models.archive import ArchiveCheck, ArchiveOrder, ArchiveRow
from agreements.models.attachment import AttachedFile, Attachment
from agreements.models.bulk import BulkRow, BulkRun
from agreements.models.calendar_feed import CalendarFeed
from agreements.models.chased import ChasedFlag
from agreements.models.check_run import CheckBatch, CheckRun
from agreements.models.comment import Comment, Mention, Thread, ToldEvent, internal_subject
from agreements.models.elsewhere import ClaimedSignature, SignedFile, Voucher
from agreements.models.flag import Flag, VerdictPeriod
from agreements.models.follow_up import FollowUp
from agreements.models.national_template import TemplateSection, TemplateVersion
from agreements.models.notice import Notice
from agreements.models.printed import PrintedCopy
from agreements.models.progress import ActionProgress, MeasuredValue
from agreements.models.review import LastLook, SectionReview
from agreements.models.rule_set import RuleSet
from agreements.models.saved_view import SavedView
from agreements.models.seal import Seal, SealWarning
from agreements.models.search import SearchDocument
from agreements.models.signature import AskedToSign, OpenedText, Signature, signature_of
from agreements.models.upgrade import UpgradePoint

__all__ = [
    "ActionProgress",
    "Agreement",
    "AgreementContact",
    "ArchiveCheck",
    "ArchiveOrder",
    "ArchiveRow",
    "AskedToSign",
    "AttachedFile",
    "Attachment",
    "BulkRow",
    "BulkRun",
    "CalendarFeed",
    "ChasedFlag",
    "CheckBatch",
    "CheckRun",
    "ClaimedSignature",
    "Comment",
    "Flag",
    "FollowUp",
    "LastLook",
    "MeasuredValue",
    "Mention",
    "Notice",
    "OpenedText",
    "Party",
    "PrintedCopy",
    "RuleSet",
    "SavedView",
    "Seal",
    "SealWarning",
    "SearchDocument",
    "Section",
    "SectionReview",
    "Signature",
    "SignedFile",
    "TemplateSection",
    "TemplateVersion",
    "Thread",
    "ToldEvent",
    "UpgradePoint",
    "VerdictPeriod",
    "Version",
    "Voucher",
    "internal_subject",
    "signature_of",
]
