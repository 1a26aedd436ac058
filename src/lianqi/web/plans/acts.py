"""What can be done about a plan and its measures, and how the buttons say it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lianqi.accounts.models import User
from lianqi.plans import actions
from lianqi.plans.models import Measure, ServicePlan
from lianqi.web.plans import forms as plan_forms
from lianqi.web.plans import measure_forms


@dataclass(frozen=True, slots=True)
class Act:
    """One act. `permission`: where it is not that of its own name; `intro`: said above a form."""

    action: Callable[..., object]
    form: type[Any]
    label: Promise
    done: Promise
    icon: str
    tone: str = "default"
    permission: str = ""
    intro: Promise | str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """An act as the page shows it. `is_open`: unfolded, because it is what comes next."""

    verb: str
    act: Act
    form: forms.Form
    url: str
    is_open: bool


PLAN_ACTS: Mapping[str, Act] = {
    "agree": Act(
        actions.agree_to_plan, plan_forms.AgreeForm, _("Agree to the plan"),
        _("Agreed. The unit was told."), "check", "primary",
        intro=_("You agree to the aim, the measures and the days as they stand on this page."),
    ),
    "send_back": Act(
        actions.send_back_plan, plan_forms.SendBackForm, _("Send it back with wishes"),
        _("Sent back. The unit was told what you would like different."), "arrow-back-up",
    ),
    "propose": Act(
        actions.propose_plan, plan_forms.ProposeForm, _("Propose to the enterprise"),
        _("Proposed. The enterprise was told."), "send", "primary",
        intro=_("The enterprise reads title, aim, diagnosis and measures as they stand now."),
    ),
    "record_agreement": Act(
        actions.record_agreement, plan_forms.RecordAgreementForm, _("Write down the agreement"),
        _("Written down. The enterprise was told."), "clipboard-check",
        intro=_("For an enterprise that agreed by telephone, in a meeting or by letter."),
    ),
    "start": Act(
        actions.start_plan, plan_forms.StartForm, _("Start the plan"),
        _("Started. Every owner has the measures in the inbox."), "arrow-right", "primary",
        intro=_("Every measure becomes a task of its owner until its day."),
    ),
    "complete": Act(
        actions.complete_plan, plan_forms.CompleteForm, _("Complete the plan"),
        _("Completed. The enterprise was told."), "circle-check",
    ),
    "add_measure": Act(
        actions.add_measure, measure_forms.AddMeasureForm, _("Add a measure"), _("Added."), "plus",
    ),
    "review": Act(
        actions.review_plan, plan_forms.ReviewForm, _("Review the plan"),
        _("Reviewed. The enterprise was told."), "eye",
    ),
    "write": Act(
        actions.write_plan, plan_forms.WriteForm, _("Change the draft"), _("Saved."), "edit",
    ),
    "take_back": Act(
        actions.take_back_plan, plan_forms.TakeBackForm, _("Take it back to change it"),
        _("Taken back. The enterprise was told."), "arrow-back-up",
    ),
    "link": Act(
        actions.link_demand, plan_forms.LinkForm, _("Link a demand"), _("Linked."), "link",
    ),
    "unlink": Act(
        actions.unlink_demand, plan_forms.UnlinkForm, _("Take a demand out"), _("Taken out."), "x",
        permission="plans.link",
    ),
    "note": Act(
        actions.note_plan, plan_forms.NoteForm, _("Write an internal note"), _("Noted."), "lock",
    ),
    "entrust": Act(
        actions.entrust_plan, plan_forms.EntrustForm, _("Change unit or officer"),
        _("Changed. They were told."), "transfer",
    ),
    "end": Act(
        actions.end_plan, plan_forms.EndForm, _("End the plan early"),
        _("Ended. The enterprise and the owners were told."), "x", "danger",
    ),
}  # fmt: skip

MEASURE_ACTS: Mapping[str, Act] = {
    "judge": Act(
        actions.judge_measure, measure_forms.JudgeForm, _("Say what you think of the result"),
        _("Thank you. The unit was told."), "message-circle", "primary",
    ),
    "settle": Act(
        actions.settle_measure, measure_forms.SettleForm, _("State the result"),
        _("The result is stated. The enterprise was told."), "check", "primary",
    ),
    "progress": Act(
        actions.report_progress, measure_forms.ProgressForm, _("Report progress"),
        _("Reported."), "message-plus",
    ),
    "restate": Act(
        actions.restate_measure, measure_forms.SettleForm, _("State the result once more"),
        _("The result is stated. The enterprise was told."), "refresh",
        intro=_("As an answer to a doubt, or to put a mistake right. It may be judged again."),
    ),
    "postpone": Act(
        actions.postpone_measure, measure_forms.PostponeForm, _("Move to a later day"),
        _("Moved. The enterprise was told."), "calendar",
        intro=_("Possible only before the day has passed."),
    ),
    "resume": Act(
        actions.resume_measure, measure_forms.ResumeForm, _("Take it up again"),
        _("Taken up again. Owner and enterprise were told."), "arrow-back-up",
    ),
    "change": Act(
        actions.change_measure, measure_forms.ChangeMeasureForm, _("Change the measure"),
        _("Changed."), "edit",
    ),
    "place": Act(
        actions.place_measure, measure_forms.PlaceForm, _("Put it in another place"),
        _("Placed."), "transfer", permission="plans.change_measure",
    ),
    "drop": Act(
        actions.drop_measure, measure_forms.DropForm, _("Take it out of the draft"),
        _("Taken out."), "trash", "danger",
    ),
}  # fmt: skip


def plan_offers(
    plan: ServicePlan, user: User, *, bound: Any = None, bound_verb: str = ""
) -> list[Offer]:
    """The acts this person may do about the plan now, what comes next unfolded."""
    verbs = [
        verb
        for verb, act in PLAN_ACTS.items()
        if user.has_perm(act.permission or f"plans.{verb}", plan)
        and not (verb == "unlink" and not plan.demands.exists())
    ]
    return [
        Offer(
            verb,
            PLAN_ACTS[verb],
            bound if bound is not None and verb == bound_verb
            else PLAN_ACTS[verb].form(plan=plan, user=user),
            f"/plans/{plan.pk}/{verb}/",
            verb == bound_verb or _comes_next(verb, PLAN_ACTS, verbs),
        )
        for verb in verbs
    ]  # fmt: skip


def measure_offers(
    measure: Measure, user: User, *, bound: Any = None, bound_verb: str = ""
) -> list[Offer]:
    """The acts this person may do about a measure now."""
    verbs = [
        verb
        for verb, act in MEASURE_ACTS.items()
        if user.has_perm(act.permission or f"plans.{verb}_measure", measure)
        and not (verb == "judge" and measure.verdict)
    ]
    return [
        Offer(
            verb,
            MEASURE_ACTS[verb],
            bound if bound is not None and verb == bound_verb
            else MEASURE_ACTS[verb].form(measure=measure),
            f"{measure.get_absolute_url()}{verb}/",
            verb == bound_verb or _comes_next(verb, MEASURE_ACTS, verbs),
        )
        for verb in verbs
    ]  # fmt: skip


def _comes_next(verb: str, acts: Mapping[str, Act], verbs: Iterable[str]) -> bool:
    return acts[verb].tone == "primary" and verb in verbs
