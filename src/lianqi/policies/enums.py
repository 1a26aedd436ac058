"""Words of the policy library (政策库)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class PolicyStatus(TextChoices):
    DRAFTED = "drafted", pgettext_lazy("policy", "Entered")
    BROKEN_DOWN = "broken_down", pgettext_lazy("policy", "Broken down")
    DUTIES_COMPLETE = "duties_complete", pgettext_lazy("policy", "Duties complete")
    PUBLISHED = "published", pgettext_lazy("policy", "Published")
    REVISED = "revised", pgettext_lazy("policy", "Replaced by a newer version")
    ABOLISHED = "abolished", pgettext_lazy("policy", "Abolished")


class PolicyLevel(TextChoices):
    """Who made it."""

    NATIONAL = "national", pgettext_lazy("policy level", "State")
    PROVINCIAL = "provincial", pgettext_lazy("policy level", "Province")
    MUNICIPAL = "municipal", pgettext_lazy("policy level", "City")
    ZONE = "zone", pgettext_lazy("policy level", "Zone")


class Theme(TextChoices):
    """What a policy is about; a document may have several."""

    FINANCE = "finance", pgettext_lazy("policy theme", "Finance")
    TAX = "tax", pgettext_lazy("policy theme", "Taxes and fees")
    COST = "cost", pgettext_lazy("policy theme", "Lower costs")
    WORKFORCE = "workforce", pgettext_lazy("policy theme", "Workforce")
    TALENT = "talent", pgettext_lazy("policy theme", "Talent")
    TECHNOLOGY = "technology", pgettext_lazy("policy theme", "Science and technology")
    INDUSTRY = "industry", pgettext_lazy("policy theme", "Growth of industry")
    SPACE = "space", pgettext_lazy("policy theme", "Space and premises")
    MARKET = "market", pgettext_lazy("policy theme", "Markets")
    RESTART = "restart", pgettext_lazy("policy theme", "Return to work in an emergency")
    SERVICE = "service", pgettext_lazy("policy theme", "Business environment")


class LifeStage(TextChoices):
    """In which stage of its life an enterprise is."""

    STARTING = "starting", pgettext_lazy("life stage", "Starting")
    GROWING = "growing", pgettext_lazy("life stage", "Growing")
    MATURE = "mature", pgettext_lazy("life stage", "Mature")
    CHANGING = "changing", pgettext_lazy("life stage", "Changing over")


class ArticleKind(TextChoices):
    """What an article asks of the zone."""

    PAYMENT = "payment", pgettext_lazy("article", "Pays out")
    SERVICE = "service", pgettext_lazy("article", "Service")
    PUBLICITY = "publicity", pgettext_lazy("article", "Makes known")


class Applicant(TextChoices):
    """Whom or what a measure is granted to."""

    ENTERPRISE = "enterprise", pgettext_lazy("applicant", "Enterprise")
    PROJECT = "project", pgettext_lazy("applicant", "Project")
    PERSON = "person", pgettext_lazy("applicant", "Person")
    TEAM = "team", pgettext_lazy("applicant", "Team")
    LOAN = "loan", pgettext_lazy("applicant", "Loan")
    INSTITUTION = "institution", pgettext_lazy("applicant", "Institution")


class Reader(TextChoices):
    """Who reads a policy, as far as it is counted: a kind, never a person."""

    PUBLIC = "public", pgettext_lazy("reader", "Without signing in")
    ENTERPRISE = "enterprise", pgettext_lazy("reader", "Enterprises")
    STAFF = "staff", pgettext_lazy("reader", "People of the zone")


class PolicyOrder(TextChoices):
    """In which order the library is read."""

    ENTERED = "", pgettext_lazy("policy order", "Last entered first")
    PUBLISHED = "published", pgettext_lazy("policy order", "Last published first")
    EXPIRING = "expiring", pgettext_lazy("policy order", "Expiring soon first")
    READ = "read", pgettext_lazy("policy order", "Most read first")
    TITLE = "title", pgettext_lazy("policy order", "By title")


class OverlapStep(TextChoices):
    SETTLE = "settle_overlap", _("Settle overlapping duties")


class QuestionStep(TextChoices):
    ANSWER = "answer_policy_question", _("Answer a question about a policy")
