"""What events of rule packs are called."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MATCHING: Mapping[str, str | Promise] = {
    "matching.pack_entered": _("Rule pack entered"),
    "matching.pack_changed": _("Rule pack changed"),
    "matching.pack_revision_begun": _("Next revision of a rule pack begun"),
    "matching.pack_discarded": _("Draft of a rule pack thrown away"),
    "matching.pack_published": _("Rule pack published"),
    "matching.pack_replaced": _("Rule pack replaced by a newer revision"),
    "matching.pack_withdrawn": _("Rule pack withdrawn"),
    "matching.assessment_saved": _("Assessment of a measure saved"),
    "matching.question_answered": _("Question of a rule answered"),
    "matching.answer_withdrawn": _("Answer of a reviewer taken back"),
    "matching.national_packs_loaded": _("National rule packs loaded"),
    "matching.run_started": _("Matching run started"),
    "matching.run_finished": _("Matching run done"),
    "matching.run_failed": _("Matching run failed"),
    "matching.run_cancelled": _("Matching run cancelled"),
    "matching.telling_asked": _("Enterprises to be told of a measure"),
    "matching.telling_everybody_asked": _("All enterprises not told yet to be told of measures"),
    "matching.telling_set": _("Telling of new matches set"),
    "matching.enterprise_told": _("Enterprise told of measures"),
    "matching.matches_changed": _("Enterprise meets other measures than before"),
    "matching.matches_exported": _("List of matching enterprises downloaded"),
    "matching.settlement_exported": _("Trial settlement of a measure downloaded"),
}
