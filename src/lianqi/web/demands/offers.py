"""Which acts a page offers: the permission table's answers, each with its form and its words."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from lianqi.accounts.models import User
from lianqi.demands.actions import reopen_until
from lianqi.demands.enums import DemandStatus
from lianqi.demands.models import Demand
from lianqi.demands.queries import Suggestion, periods_of, suggestions
from lianqi.web.demands.acting import Act
from lianqi.web.demands.behalf_forms import EndForm
from lianqi.web.demands.behalf_offers import (
    REPRESENTATION_VERBS,
    is_in_time,
    representation_preset,
)
from lianqi.web.demands.forms import (
    ActForm,
    AnswerForm,
    DispatchForm,
    MoveCategoryForm,
    NoteForm,
    WithdrawForm,
)
from lianqi.web.demands.handling_acts import HANDLING, intro_of, may_handle, next_act
from lianqi.web.demands.joint_forms import (
    AddAssistanceForm,
    AskTransferForm,
    ContributeForm,
    RefuseTransferForm,
    RemoveAssistanceForm,
    TransferForm,
)
from lianqi.web.demands.joint_offers import JOINT_VERBS, joint_preset, may_join, narrow_units
from lianqi.web.demands.merging_forms import MergeForm, UnmergeForm
from lianqi.web.demands.merging_offers import MERGE_VERBS, merge_preset, riders_in_words
from lianqi.web.demands.objection_forms import NamingForm, ObjectForm, OverruleForm
from lianqi.web.demands.objection_offers import (
    OBJECTION_VERBS,
    objection_preset,
)
from lianqi.web.demands.phone_forms import HeardForm, NotSolvedForm
from lianqi.web.demands.rating_forms import RatingForm, RemedyContactForm, RemedyForm
from lianqi.web.demands.rating_offers import RATING_VERBS, may_rate
from lianqi.web.demands.steering_acts import STEERING, may_steer, narrow_people, steering_preset
from lianqi.web.demands.tip_forms import TipsterForm
from lianqi.web.demands.unsolvable_acts import (
    UNSOLVABLE,
    is_a_closed_way,
    may_call_unsolvable,
    unsolvable_preset,
)
from lianqi.work.models import WorkItem

ACTS: Mapping[str, Act] = {
    "accept": Act(
        ActForm,
        gettext_lazy("Accept"),
        gettext_lazy("Accept the demand"),
        gettext_lazy("Accepted. The answering clock runs."),
        "check",
    ),
    "dispatch": Act(
        DispatchForm,
        gettext_lazy("Dispatch"),
        gettext_lazy("Dispatch"),
        gettext_lazy("Dispatched. The unit was told."),
        "send",
    ),
    "recall": Act(
        WithdrawForm,
        gettext_lazy("Take back"),
        gettext_lazy("Take the demand back"),
        gettext_lazy("Taken back. It waits for dispatch; the task force was told."),
        "arrow-back-up",
        "default",
    ),
    "uphold": Act(
        NamingForm,
        gettext_lazy("Uphold the objection"),
        gettext_lazy("Uphold and dispatch"),
        gettext_lazy("Upheld. The other unit was told."),
        "send",
    ),
    "overrule": Act(
        OverruleForm,
        gettext_lazy("Do not uphold"),
        gettext_lazy("Do not uphold the objection"),
        gettext_lazy("Not upheld. The unit has to accept."),
        "x",
        "default",
    ),
    "arbitrate": Act(
        NamingForm,
        gettext_lazy("Arbitrate"),
        gettext_lazy("Decide for good"),
        gettext_lazy("Decided. The units were told."),
        "check",
    ),
    "answer": Act(
        AnswerForm,
        gettext_lazy("Answer"),
        gettext_lazy("Send the answer"),
        gettext_lazy("Answered. The enterprise was asked to confirm."),
        "message-circle",
    ),
    "confirm": Act(
        RatingForm,
        gettext_lazy("Is it solved?"),
        gettext_lazy("Confirm and rate"),
        gettext_lazy("Closed. Thank you for the rating."),
        "thumb-up",
    ),
    "dispute": Act(
        NoteForm,
        gettext_lazy("Not solved"),
        gettext_lazy("No, send it back to the unit"),
        gettext_lazy("Sent back to the unit, with a new clock."),
        "thumb-down",
        "default",
    ),
    "confirm_by_phone": Act(
        HeardForm,
        gettext_lazy("What does the caller say?"),
        gettext_lazy("Close with the caller's word"),
        gettext_lazy("Closed as the caller said."),
        "phone",
    ),
    "dispute_by_phone": Act(
        NotSolvedForm,
        gettext_lazy("Not solved, says the caller"),
        gettext_lazy("Send it back to the unit"),
        gettext_lazy("Sent back to the unit, with a new clock."),
        "thumb-down",
        "default",
    ),
    "reopen": Act(
        NoteForm,
        gettext_lazy("Reopen"),
        gettext_lazy("Reopen"),
        gettext_lazy("Reopened. The unit has it again."),
        "refresh",
        "default",
    ),
    "move_category": Act(
        MoveCategoryForm,
        gettext_lazy("Another category"),
        gettext_lazy("Move to this category"),
        gettext_lazy("Moved. The open steps have the time limits that hold there."),
        "transfer",
        "default",
    ),
    "object": Act(
        ObjectForm,
        gettext_lazy("Object"),
        gettext_lazy("Object to the dispatch"),
        gettext_lazy("Objected. The time to accept stands until it is decided."),
        "arrow-back-up",
        "default",
    ),
    **HANDLING,
    **STEERING,
    **UNSOLVABLE,
    "write_to_tipster": Act(
        TipsterForm,
        gettext_lazy("Write to the tipster"),
        gettext_lazy("Send"),
        gettext_lazy("Sent. It is read by whoever comes back with the code."),
        "message-circle",
        "default",
    ),
    "contribute": Act(
        ContributeForm,
        gettext_lazy("Contribute"),
        gettext_lazy("Send to the leading unit"),
        gettext_lazy("Sent to the leading unit."),
        "message-circle",
    ),
    "refuse_transfer": Act(
        RefuseTransferForm,
        gettext_lazy("Refuse the transfer"),
        gettext_lazy("Refuse the transfer"),
        gettext_lazy("Refused. The unit was told."),
        "x",
        "default",
    ),
    "transfer": Act(
        TransferForm,
        gettext_lazy("Transfer"),
        gettext_lazy("Transfer to this unit"),
        gettext_lazy("Transferred. The time for the answer runs on."),
        "transfer",
        "default",
    ),
    "add_assistance": Act(
        AddAssistanceForm,
        gettext_lazy("Ask a unit to assist"),
        gettext_lazy("Ask this unit"),
        gettext_lazy("Asked. The unit was told."),
        "users",
        "default",
    ),
    "remove_assistance": Act(
        RemoveAssistanceForm,
        gettext_lazy("Take a request to assist back"),
        gettext_lazy("Take it back"),
        gettext_lazy("Taken back."),
        "x",
        "default",
    ),
    "ask_transfer": Act(
        AskTransferForm,
        gettext_lazy("Ask for a transfer"),
        gettext_lazy("Ask the dispatcher"),
        gettext_lazy("Asked. The dispatcher decides."),
        "transfer",
        "default",
    ),
    "merge": Act(
        MergeForm,
        pgettext_lazy("demands", "Merge"),
        gettext_lazy("Merge into that demand"),
        gettext_lazy("Merged. The enterprise was told."),
        "git-merge",
        "default",
    ),
    "unmerge": Act(
        UnmergeForm,
        gettext_lazy("Undo the merge"),
        gettext_lazy("Handle it on its own again"),
        gettext_lazy("It waits for dispatch again. The enterprise was told."),
        "arrow-back-up",
        "default",
    ),
    "end_representation": Act(
        EndForm,
        gettext_lazy("Object to the filing by others"),
        gettext_lazy("Object"),
        gettext_lazy("Objected. Whoever filed it does not see the demand any more."),
        "arrow-back-up",
        "default",
    ),
    "withdraw": Act(
        WithdrawForm,
        gettext_lazy("Withdraw"),
        gettext_lazy("Withdraw the demand"),
        gettext_lazy("Withdrawn."),
        "x",
        "danger",
    ),
    "contact_remedy": Act(
        RemedyContactForm,
        gettext_lazy("Follow up: contact the enterprise"),
        gettext_lazy("Note the contact"),
        gettext_lazy("The contact was noted."),
        "phone",
    ),
    "finish_remedy": Act(
        RemedyForm,
        gettext_lazy("Follow up: what was done"),
        gettext_lazy("Finish the follow-up"),
        gettext_lazy("Finished. The enterprise was asked to rate once more."),
        "check",
    ),
    "rate": Act(
        RatingForm,
        gettext_lazy("Rate"),
        gettext_lazy("Send the rating"),
        gettext_lazy("Thank you for the rating."),
        "star",
    ),
    "rate_again": Act(
        RatingForm,
        gettext_lazy("Rate once more"),
        gettext_lazy("Send the rating"),
        gettext_lazy("Thank you for the rating."),
        "star",
    ),
}


# What is unfolded when it comes first: it is what the page is opened for.
COME_NEXT = RATING_VERBS | {
    "accept",
    "answer",
    "confirm",
    "reply",
    "close_unreplied",
    "uphold",
    "arbitrate",
    "contribute",
    "decide_extension",
    "sign_unsolvable",
    "decide_appeal",
}
PRESETS = (
    dict.fromkeys(OBJECTION_VERBS, objection_preset)
    | dict.fromkeys(JOINT_VERBS, joint_preset)
    | dict.fromkeys(UNSOLVABLE, unsolvable_preset)
    | dict.fromkeys(REPRESENTATION_VERBS, representation_preset)
)
WARNINGS: Mapping[str, Promise] = {
    "recall": gettext_lazy("It went to the task force by itself and is not accepted yet."),
    "withdraw": gettext_lazy("The demand ends and counts in no figure."),
}


@dataclass(frozen=True, slots=True)
class Offer:
    """One act as the page shows it. `is_open`: unfolded, because it is what comes next."""

    verb: str
    act: Act
    form: forms.Form
    intro: str
    url_name: str
    is_open: bool
    proposals: list[Suggestion] = field(default_factory=list)


def offers(
    demand: Demand,
    item: WorkItem | None,
    *,
    user: User,
    at: dt.datetime,
    owed: Iterable[WorkItem] = (),
    bound: ActForm | None = None,
    bound_verb: str = "",
    nearest: str = "",
    riding: int = 0,
) -> list[Offer]:
    """Exactly the acts that the permission table allows `user` now, the likeliest first.

    Args:
        demand: The demand, with category, enterprise and unit loaded.
        item: Its open work item.
        user: Whoever looks.
        at: Now; the window of reopening depends on it.
        owed: All its work items; the act that is due first stands first, unfolded.
        bound: The form that was just refused, with what was typed.
        bound_verb: Its act.
        nearest: The number of the demand it may be merged into.
        riding: How many merged demands get its answer.
    """
    verbs = [verb for verb in ACTS if may(verb, demand, item, user=user, at=at, owed=owed)]
    verbs.sort(key=lambda verb: not _comes_next(verb, demand))
    if due := next_act(owed, verbs):
        verbs = [due, *(verb for verb in verbs if verb != due)]
    found = []
    for position, verb in enumerate(verbs):
        proposals = suggestions(demand, on=timezone.localdate(at)) if verb == "dispatch" else []
        if verb in MERGE_VERBS:
            initial, intro = merge_preset(verb, demand, nearest)
        elif verb == "answer":
            initial, intro = {}, riders_in_words(riding)
        elif verb in PRESETS:
            initial, intro = PRESETS[verb](verb, demand)
        elif verb in STEERING:
            initial, intro = steering_preset(verb, demand, item)
        else:
            initial, intro = _preset(verb, demand, proposals)
        form = (
            bound if bound and verb == bound_verb else ACTS[verb].form(verb=verb, initial=initial)
        )
        narrow_units(form, verb, demand)
        narrow_people(form, verb, demand)
        is_next = position == 0 and (verb == due or _comes_next(verb, demand))
        found.append(
            Offer(
                verb,
                ACTS[verb],
                form,
                intro,
                f"demands:{verb}",
                is_next or form.is_bound,
                proposals,
            )
        )
    return found


def may(
    verb: str,
    demand: Demand,
    item: WorkItem | None,
    *,
    user: User,
    at: dt.datetime,
    owed: Iterable[WorkItem] = (),
) -> bool:
    """Whether `user` can do this to the demand now: the tables of demands and of work items."""
    if verb == "object" or verb in JOINT_VERBS:
        return may_join(verb, demand, user=user, at=at, owed=owed)
    if verb in RATING_VERBS:
        return may_rate(verb, demand, user=user, at=at)
    if verb in UNSOLVABLE:
        return may_call_unsolvable(verb, demand, user=user, at=at)
    if verb in STEERING or verb in HANDLING:
        judge = may_steer if verb in STEERING else may_handle
        return judge(verb, demand, item, user=user, at=at)
    if not user.has_perm(f"demands.{verb}", demand) or is_a_closed_way(verb, demand):
        return False
    windows = {"reopen": _in_window, "end_representation": is_in_time}
    return verb not in windows or windows[verb](demand, at)


def last_day_to_reopen(demand: Demand) -> dt.date | None:
    return reopen_until(demand, window_days=periods_of(demand.category_id).reopen_days)


def _in_window(demand: Demand, at: dt.datetime) -> bool:
    last_day = last_day_to_reopen(demand)
    return last_day is not None and timezone.localdate(at) <= last_day


def _comes_next(verb: str, demand: Demand) -> bool:
    if verb == "dispatch":
        return demand.status == DemandStatus.SUBMITTED
    return verb in COME_NEXT


def _preset(
    verb: str, demand: Demand, proposals: list[Suggestion]
) -> tuple[dict[str, object], str]:
    """What the form holds at first, and the sentence above it."""
    if verb == "dispatch":
        initial, words = _suggested(proposals)
        return {"urgency": demand.urgency, **initial}, words
    if verb == "move_category":
        return {"category": demand.category_id}, _(
            "The same category again moves the demand to what holds for it today."
        )
    if verb == "reopen":
        until = date_format(last, "Y-m-d") if (last := last_day_to_reopen(demand)) else ""
        return {}, _("You can reopen this demand until %(day)s.") % {"day": until}
    if verb == "confirm":
        return {}, _(
            "If we hear nothing within %(days)d days of the answer, the demand is closed without a "
            "rating."
        ) % {"days": periods_of(demand.category_id).silent_days}
    if verb in WARNINGS:
        return {}, str(WARNINGS[verb])
    return {}, intro_of(verb)


def _suggested(proposals: list[Suggestion]) -> tuple[dict[str, object], str]:
    if not proposals:
        return {}, _("No unit can be suggested: neither the category nor the industry names one.")
    return {"unit": proposals[0].unit.pk}, ""
