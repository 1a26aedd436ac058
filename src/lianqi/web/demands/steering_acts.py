"""More time, another urgency, another handler: when the page offers them, and in which words."""

import datetime as dt
from collections.abc import Mapping

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianqi.accounts.models import User
from lianqi.demands.enums import Decider, DemandStatus, Step
from lianqi.demands.flow import UNANSWERED
from lianqi.demands.models import Demand, ExtensionRequest
from lianqi.demands.queries import extension_limit, handling_rule_of
from lianqi.web.amounts import amount_in_words
from lianqi.web.demands.acting import Act
from lianqi.web.demands.steering_forms import (
    DecideExtensionForm,
    ExtendForm,
    HandlerForm,
    UrgencyForm,
)
from lianqi.work.models import WorkItem
from lianqi.work.queries import people_on_the_desk

STEERING: Mapping[str, Act] = {
    "decide_extension": Act(
        DecideExtensionForm,
        gettext_lazy("Decide on more time"),
        gettext_lazy("Decide"),
        gettext_lazy("Decided. Whoever asked was told."),
        "calendar",
    ),
    "ask_extension": Act(
        ExtendForm,
        gettext_lazy("Ask for more time"),
        gettext_lazy("Ask for more time"),
        gettext_lazy("Asked. The clock runs on until it is decided."),
        "calendar",
        "default",
    ),
    "change_urgency": Act(
        UrgencyForm,
        gettext_lazy("Another urgency"),
        gettext_lazy("Change the urgency"),
        gettext_lazy("Changed. The open steps have the time limits of this urgency."),
        "alert-triangle",
        "default",
    ),
    "reassign": Act(
        HandlerForm,
        gettext_lazy("Another handler"),
        gettext_lazy("Give it to this person"),
        gettext_lazy("Given. The clocks run on."),
        "user",
        "default",
    ),
}
_IN_PROGRESS = frozenset({DemandStatus.IN_PROGRESS})
_STATUSES = dict.fromkeys(STEERING, _IN_PROGRESS) | {"change_urgency": UNANSWERED}


def may_steer(
    verb: str, demand: Demand, item: WorkItem | None, *, user: User, at: dt.datetime
) -> bool:
    """The conditions of the actions in `demands.actions.extending` and `.steering`."""
    if demand.status not in _STATUSES[verb] or not user.has_perm(f"demands.{verb}", demand):
        return False
    if verb == "decide_extension":
        request = ExtensionRequest.objects.of(demand).undecided().first()
        return request is not None and request.asked_by_id != user.pk
    if verb == "ask_extension":
        return item is not None and _may_be_extended(demand, item, at)
    return True


def _may_be_extended(demand: Demand, item: WorkItem, at: dt.datetime) -> bool:
    if item.step != Step.ANSWER or (item.due_at is not None and at > item.due_at):
        return False
    limit = extension_limit(item, handling_rule_of(demand.category_id))
    return limit.left > 0 and not ExtensionRequest.objects.of(demand).undecided().exists()


def steering_preset(
    verb: str, demand: Demand, item: WorkItem | None
) -> tuple[dict[str, object], str]:
    """What the form holds at first, and the sentence above it."""
    if verb == "ask_extension" and item is not None:
        return {}, _extension_terms(demand, item)
    if verb == "decide_extension":
        return {}, _asked(demand)
    if verb == "change_urgency":
        return {"urgency": demand.urgency}, _(
            "Each open step gets the time of this urgency, counted from when the step began. A "
            "step whose time has run out keeps its clock."
        )
    return {}, ""


def narrow_people(form: forms.Form, verb: str, demand: Demand) -> None:
    """Offer as handlers the people of the unit, without the one who has the demand."""
    if verb != "reassign" or demand.unit is None:
        return
    field = form.fields["person"]
    assert isinstance(field, forms.ModelChoiceField)
    people = [each.pk for each in people_on_the_desk(demand.unit) if each.pk != demand.handler_id]
    field.queryset = User.objects.filter(pk__in=people).order_by("name", "pk")


def _extension_terms(demand: Demand, item: WorkItem) -> str:
    rule = handling_rule_of(demand.category_id)
    limit = extension_limit(item, rule)
    named = {
        "longest": amount_in_words(item.clock_kind, limit.longest),
        "left": limit.left,
        "most": limit.most,
        "decider": Decider(rule.extension_decider).label,
    }
    terms = _(
        "At most %(longest)s, %(left)d of %(most)d times left. Decided by: %(decider)s. The clock "
        "runs on meanwhile."
    )
    late = (
        _("What is asked for in time still counts if the decision comes after the due time.")
        if rule.counts_late
        else _("Without a decision before the due time the request lapses.")
    )
    return _("%(sentence)s %(further)s") % {"sentence": terms % named, "further": late}


def _asked(demand: Demand) -> str:
    undecided = ExtensionRequest.objects.of(demand).undecided().select_related("item", "asked_by")
    request = undecided.first()
    if request is None:
        return ""
    return _("%(person)s asks for %(more)s more: %(reason)s") % {
        "person": request.asked_by,
        "more": amount_in_words(request.item.clock_kind, request.amount),
        "reason": request.reason,
    }
