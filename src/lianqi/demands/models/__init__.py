"""Demands (诉求), their categories, and the running totals behind the closing rate."""

from lianqi.demands.models.assistances import Assistance, AssistanceQuerySet
from lianqi.demands.models.bulk import (
    BulkDispatch,
    BulkDispatchQuerySet,
    BulkRow,
    BulkRowQuerySet,
)
from lianqi.demands.models.callbacks import (
    CLAIMED_SOLVED,
    COUNTED,
    MOST_CALLS,
    CallAttempt,
    Callback,
    CallbackDraw,
    CallbackQuerySet,
)
from lianqi.demands.models.categories import (
    DEEPEST,
    CategoryVersion,
    CategoryVersionQuerySet,
    DemandCategory,
    DemandCategoryQuerySet,
    EvidenceKind,
)
from lianqi.demands.models.classes import (
    CaseClass,
    CaseClassQuerySet,
    CaseLink,
    ClusterMember,
    DemandCluster,
)
from lianqi.demands.models.closing import MOST_DAYS, ClosingRule, Periods
from lianqi.demands.models.contact_people import (
    MOST_CONTACTS,
    ContactGiven,
    ContactPerson,
    ContactPersonQuerySet,
)
from lianqi.demands.models.contacts import ContactAttempt, ContactAttemptQuerySet
from lianqi.demands.models.demands import (
    EVERYTHING_READERS,
    UNCOUNTED,
    Demand,
    DemandQuerySet,
    search_columns,
)
from lianqi.demands.models.duties import DutyRule, DutyRuleQuerySet
from lianqi.demands.models.evidence import DemandEvidence
from lianqi.demands.models.extensions import ExtensionRequest, ExtensionRequestQuerySet
from lianqi.demands.models.formulas import ScoreFormula, ScoreFormulaQuerySet
from lianqi.demands.models.handling_rules import MOST_PERCENT, MOST_TIMES, HandlingRule
from lianqi.demands.models.imports import DemandImport, ImportedDemand
from lianqi.demands.models.learning import Classifier, ClassifierQuerySet
from lianqi.demands.models.mails import IncomingMail, IncomingMailQuerySet
from lianqi.demands.models.monthly import FIGURE_READERS, MonthlyReport, MonthlyReportQuerySet
from lianqi.demands.models.notes import InternalNote, InternalNoteQuerySet
from lianqi.demands.models.objections import ARBITRATED, Objection, ObjectionQuerySet
from lianqi.demands.models.parked import ParkedCall, ParkedCallQuerySet
from lianqi.demands.models.phone import PhoneConfirmation
from lianqi.demands.models.questions import Question, QuestionQuerySet
from lianqi.demands.models.ratings import (
    DemandRating,
    RatingReason,
    RatingReasonQuerySet,
    Remedy,
    RemedyQuerySet,
)
from lianqi.demands.models.repeats import Repeat
from lianqi.demands.models.reports import Report, ReportQuerySet
from lianqi.demands.models.representations import Representation, RepresentationQuerySet
from lianqi.demands.models.similar import DemandMark, MarkBackfill
from lianqi.demands.models.statistics import (
    BASE,
    PART,
    DemandStatistic,
    DemandStatisticQuerySet,
    cases,
    stages,
)
from lianqi.demands.models.tallies import DemandTally
from lianqi.demands.models.tips import Tip, TipMessage, secret_digest, secret_of
from lianqi.demands.models.transfers import TransferRequest, TransferRequestQuerySet
from lianqi.demands.models.unsolvable import (
    Appeal,
    AppealQuerySet,
    Ground,
    GroundQuerySet,
    Unsolvable,
    UnsolvableQuerySet,
)

__all__ = [
    "ARBITRATED",
    "BASE",
    "CLAIMED_SOLVED",
    "COUNTED",
    "DEEPEST",
    "EVERYTHING_READERS",
    "FIGURE_READERS",
    "MOST_CALLS",
    "MOST_CONTACTS",
    "MOST_DAYS",
    "MOST_PERCENT",
    "MOST_TIMES",
    "PART",
    "UNCOUNTED",
    "Appeal",
    "AppealQuerySet",
    "Assistance",
    "AssistanceQuerySet",
    "BulkDispatch",
    "BulkDispatchQuerySet",
    "BulkRow",
    "BulkRowQuerySet",
    "CallAttempt",
    "Callback",
    "CallbackDraw",
    "CallbackQuerySet",
    "CaseClass",
    "CaseClassQuerySet",
    "CaseLink",
    "CategoryVersion",
    "CategoryVersionQuerySet",
    "Classifier",
    "ClassifierQuerySet",
    "ClosingRule",
    "ClusterMember",
    "ContactAttempt",
    "ContactAttemptQuerySet",
    "ContactGiven",
    "ContactPerson",
    "ContactPersonQuerySet",
    "Demand",
    "DemandCategory",
    "DemandCategoryQuerySet",
    "DemandCluster",
    "DemandEvidence",
    "DemandImport",
    "DemandMark",
    "DemandQuerySet",
    "DemandRating",
    "DemandStatistic",
    "DemandStatisticQuerySet",
    "DemandTally",
    "DutyRule",
    "DutyRuleQuerySet",
    "EvidenceKind",
    "ExtensionRequest",
    "ExtensionRequestQuerySet",
    "Ground",
    "GroundQuerySet",
    "HandlingRule",
    "ImportedDemand",
    "IncomingMail",
    "IncomingMailQuerySet",
    "InternalNote",
    "InternalNoteQuerySet",
    "MarkBackfill",
    "MonthlyReport",
    "MonthlyReportQuerySet",
    "Objection",
    "ObjectionQuerySet",
    "ParkedCall",
    "ParkedCallQuerySet",
    "Periods",
    "PhoneConfirmation",
    "Question",
    "QuestionQuerySet",
    "RatingReason",
    "RatingReasonQuerySet",
    "Remedy",
    "RemedyQuerySet",
    "Repeat",
    "Report",
    "ReportQuerySet",
    "Representation",
    "RepresentationQuerySet",
    "ScoreFormula",
    "ScoreFormulaQuerySet",
    "Tip",
    "TipMessage",
    "TransferRequest",
    "TransferRequestQuerySet",
    "Unsolvable",
    "UnsolvableQuerySet",
    "cases",
    "search_columns",
    "secret_digest",
    "secret_of",
    "stages",
]
