"""Words of service plans (一企一策)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class PlanStatus(TextChoices):
    DRAFT = "draft", pgettext_lazy("service plan", "Being drawn up")
    PROPOSED = "proposed", pgettext_lazy("service plan", "Waiting for the enterprise")
    AGREED = "agreed", pgettext_lazy("service plan", "Agreed")
    UNDER_WAY = "under_way", pgettext_lazy("service plan", "Under way")
    COMPLETED = "completed", pgettext_lazy("service plan", "Completed")
    ENDED = "ended", pgettext_lazy("service plan", "Ended early")


class MeasureStatus(TextChoices):
    """A measure is planned until the plan starts; then its owner owes it."""

    PLANNED = "planned", pgettext_lazy("measure", "Planned")
    OPEN = "open", pgettext_lazy("measure", "Under way")
    DONE = "done", pgettext_lazy("measure", "Done")
    PARTLY = "partly", pgettext_lazy("measure", "Done in part")
    NOT_POSSIBLE = "not_possible", pgettext_lazy("measure", "Not possible")
    CALLED_OFF = "called_off", pgettext_lazy("measure", "Called off")


class MeasureKind(TextChoices):
    POLICY = "policy", pgettext_lazy("measure", "Policy")
    FUNDING = "funding", pgettext_lazy("measure", "Funding")
    TALENT = "talent", pgettext_lazy("measure", "Talent")
    SPACE = "space", pgettext_lazy("measure", "Space and land")
    MARKET = "market", pgettext_lazy("measure", "Market")
    TECHNOLOGY = "technology", pgettext_lazy("measure", "Technology")
    APPROVAL = "approval", pgettext_lazy("measure", "Approval")
    OTHER = "other", pgettext_lazy("measure", "Other")


class Verdict(TextChoices):
    """What the enterprise says of a result."""

    CONFIRMED = "confirmed", pgettext_lazy("measure", "Confirmed by the enterprise")
    DOUBTED = "doubted", pgettext_lazy("measure", "Doubted by the enterprise")


class Reply(TextChoices):
    """What became of a proposal."""

    AGREED = "agreed", pgettext_lazy("service plan", "Agreed")
    SENT_BACK = "sent_back", pgettext_lazy("service plan", "Sent back with wishes")
    TAKEN_BACK = "taken_back", pgettext_lazy("service plan", "Taken back by the zone")
    LAPSED = "lapsed", pgettext_lazy("service plan", "The plan ended")


class AgreedBy(TextChoices):
    """How the enterprise agreed."""

    ACCOUNT = "account", _("On the platform")
    TELEPHONE = "telephone", _("Telephone")
    MEETING = "meeting", _("In a meeting")
    LETTER = "letter", _("By letter")


# What an officer may write down for the enterprise; its own people agree on the platform.
TOLD_WAYS = [(each.value, each.label) for each in AgreedBy if each != "account"]


class EntryKind(TextChoices):
    """What a line of the story of a measure tells."""

    PROGRESS = "progress", pgettext_lazy("measure", "Progress")
    CHANGED = "changed", pgettext_lazy("measure", "Changed")
    POSTPONED = "postponed", pgettext_lazy("measure", "Moved to a later day")
    RESULT = "result", pgettext_lazy("measure", "Result")
    CONFIRMED = "confirmed", pgettext_lazy("measure", "Confirmed by the enterprise")
    DOUBTED = "doubted", pgettext_lazy("measure", "Doubted by the enterprise")
    RESUMED = "resumed", pgettext_lazy("measure", "Taken up again")


class PlanStep(TextChoices):
    """What a plan makes somebody owe."""

    DRAW_UP = "draw_up_plan", _("Draw up the service plan")
    AGREE = "agree_plan", _("Get the enterprise's agreement")
    START = "start_plan", _("Start the service plan")
    REVIEW = "review_plan", _("Review the service plan")


class MeasureStep(TextChoices):
    CARRY_OUT = "carry_out_measure", _("Measure of a service plan")
