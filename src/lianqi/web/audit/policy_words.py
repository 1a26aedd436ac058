"""What events of the policy library are called."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

POLICIES: Mapping[str, str | Promise] = {
    "policies.added": _("Policy entered"),
    "policies.changed": _("Policy changed"),
    "policies.discarded": _("Draft of a policy thrown away"),
    "policies.version_begun": _("Next version of a policy begun"),
    "policies.aspects_added": _("Aspects of a policy added"),
    "policies.aspect_changed": _("Aspect of a policy changed"),
    "policies.aspect_dropped": _("Aspect of a policy removed"),
    "policies.articles_added": _("Articles of a policy added"),
    "policies.article_changed": _("Article of a policy changed"),
    "policies.article_dropped": _("Article of a policy removed"),
    "policies.measures_added": _("Policy measures added"),
    "policies.measure_changed": _("Policy measure changed"),
    "policies.measure_dropped": _("Policy measure removed"),
    "policies.broken_down": _("Policy broken down"),
    "policies.reopened": _("Policy broken down anew"),
    "policies.duties_assigned": _("Duties of articles given"),
    "policies.responsible_set": _("Responsible units of an article named"),
    "policies.overlap_flagged": _("Overlapping duties flagged"),
    "policies.overlap_settled": _("Overlapping duties settled"),
    "policies.duties_completed": _("Duties of a policy complete"),
    "policies.published": _("Policy published"),
    "policies.replaced": _("Policy replaced by a newer version"),
    "policies.abolished": _("Policy abolished"),
    "policies.note_written": _("Interpretation of a policy written"),
    "policies.note_changed": _("Interpretation of a policy changed"),
    "policies.note_published": _("Interpretation of a policy published"),
    "policies.note_taken_back": _("Interpretation of a policy taken back"),
    "policies.outcome_told": _("What a policy came to, told"),
    "policies.outcome_withdrawn": _("What a policy came to, withdrawn"),
    "policies.question_asked": _("Question about a policy asked"),
    "policies.question_answered": _("Question about a policy answered"),
    "policies.clock_rules_loaded": _("Clock rules of the policy library loaded"),
}
