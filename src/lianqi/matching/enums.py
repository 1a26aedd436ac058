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
    OPEN = "open", pgettext_lazy("verdict", "Not settled yet")
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


NEAR = (Group.MET, Group.ONE_MISSING, Group.NEARLY)
"""The groups that are kept: whoever is in none of them is not listed."""


class RunKind(TextChoices):
    """Which measures a run looks at."""

    ALL = "all", _("All measures in force")
    PACK = "pack", _("One rule pack")
    PREVIEW = "preview", _("Preview of a draft")


class RunStatus(TextChoices):
    WAITING = "waiting", pgettext_lazy("matching run", "Waiting")
    RUNNING = "running", pgettext_lazy("matching run", "Running")
    DONE = "done", pgettext_lazy("matching run", "Done")
    CANCELLED = "cancelled", pgettext_lazy("matching run", "Cancelled")
    FAILED = "failed", pgettext_lazy("matching run", "Failed")


class RunFailure(TextChoices):
    """Why a run ended before its end."""

    PACK_CHANGED = "pack_changed", _("The pack was changed meanwhile. Start the run again.")
    UNEXPECTED = (
        "unexpected",
        _(
            "Something unexpected happened. What was matched so far stays; start the run again. "
            "If it fails again, ask whoever operates the platform to look into the log."
        ),
    )


class Impact(TextChoices):
    """What another version means for an enterprise that meets a measure in one of them."""

    GAINS = "gains", _("Newly entitled")
    LOSES = "loses", _("No longer entitled")
    MORE = "more", _("Gets more")
    LESS = "less", _("Gets less")
    SAME = "same", _("As before")
