"""Words of rule packs and of verdicts."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class PackStatus(TextChoices):
    DRAFT = "draft", pgettext_lazy("rule pack", "Draft")
    PUBLISHED = "published", pgettext_lazy("rule pack", "Published")
    WITHDRAWN = "withdrawn", pgettext_lazy("rule pack", "Withdrawn")


class Group(TextChoices):
    """How near an enterprise is to a measure, in the order in which people read it."""

    MET = "met", pgettext_lazy("verdict", "Conditions met")
    ONE_MISSING = "one_missing", _("One answer missing")
    NEARLY = "nearly", _("Nearly: one condition not met")
    OPEN = "open", _("Several answers missing")
    NOT_NOW = "not_now", pgettext_lazy("verdict", "Not now")
    NOT_APPLICABLE = "not_applicable", _("Not meant for this enterprise")


class Unused(TextChoices):
    """Why a figure of the register is not used by rules."""

    UNIT = "unit", _("its unit is not the one the rule needs")
    INEXACT = "inexact", _("it is not exact")
    PERIOD = "period", _("its period is of another length")
    VALUE = "value", _("the fact cannot have this value")
    NAME = "name", _("rules do not know this name")
    KIND = "kind", _("it is of another kind than the fact")
    WORD = "word", _("the fact does not know this word")
    FIELD = "field", _("an entry of the list has no such field")
    KEPT = "kept", _("the register keeps this in a place of its own")
