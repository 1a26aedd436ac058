"""Refusals of task forces: what, why, what now."""

from django.utils.translation import gettext_lazy as _

from lianqi.shared.errors import Refusal


class ForceMoveNotPossible(Refusal):
    code = "task_force_move_not_possible"
    message = _(
        "Task force %(number)s is now “%(status)s”; this step is no longer possible. Somebody else "
        "may have acted meanwhile: reload the page to see the present state."
    )


class ForceNameMissing(Refusal):
    code = "task_force_name_missing"
    message = _("A task force needs a name by which units and enterprises know it. Enter it.")


class ForceOrderMissing(Refusal):
    code = "task_force_order_missing"
    message = _(
        "A task force acts by order. Name the letter or the minutes that formed it, so that it can "
        "be looked up."
    )


class ForceTakesNothing(Refusal):
    code = "task_force_takes_nothing"
    message = _(
        "A task force without problem types would get no demands. Choose at least one category."
    )


class LeadUnitNotPossible(Refusal):
    code = "task_force_lead_not_possible"
    message = _(
        "%(unit)s cannot lead a task force: it is closed, or a task force itself. Choose a unit "
        "that takes over its demands in the end."
    )


class UnitJoinsNoForce(Refusal):
    code = "task_force_unit_not_possible"
    message = _(
        "%(unit)s cannot belong to a task force: it is closed, or a task force itself. Choose "
        "another unit."
    )


class CategoryTaken(Refusal):
    code = "task_force_category_taken"
    message = _(
        "“%(category)s” goes to %(unit)s already. Choose another category, or close that task "
        "force first."
    )


class NotOfAMemberUnit(Refusal):
    code = "task_force_person_not_possible"
    message = _(
        "%(person)s works for none of the units of this task force: %(units)s. Choose one of their "
        "people."
    )


class IsMemberAlready(Refusal):
    code = "task_force_is_member"
    message = _("%(person)s is a member of this task force since %(since)s.")


class IsNoMember(Refusal):
    code = "task_force_is_no_member"
    message = _("%(person)s is no member of this task force any more. Reload the page.")


class MemberHasMatters(Refusal):
    code = "task_force_member_has_matters"
    message = _(
        "%(person)s still has %(count)s open matters of this task force. Give them to another "
        "member first; nobody would have them otherwise."
    )


class CloseReasonMissing(Refusal):
    code = "task_force_reason_missing"
    message = _("Write why the task force is closed: its members and the lead unit are told.")


class NothingChanges(Refusal):
    code = "task_force_nothing_changes"
    message = _(
        "Nothing would change: task force %(number)s is so already. Somebody else may have changed "
        "it meanwhile: reload the page."
    )


class MatterStaysWithNobody(Refusal):
    code = "task_force_keeps_a_type"
    message = _(
        "Task force %(number)s would take no problem type any more. Leave it one, or close it: its "
        "demands then go to the lead unit."
    )


class MemberUnitHasMatters(Refusal):
    code = "task_force_unit_has_matters"
    message = _(
        "People of %(unit)s still have %(count)s open matters of this task force. Give them to "
        "another member first."
    )
