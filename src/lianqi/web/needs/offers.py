"""Which acts a page offers: the permission table's answers, each with its form and its words."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianqi.accounts.models import User
from lianqi.needs.actions import (
    claim_need,
    confirm_need,
    dispute_need,
    give_up_need,
    hand_back_need,
    pay_need,
    reconsider_need,
    record_money,
    report_progress,
    resume_need,
    solve_need,
)
from lianqi.needs.models import Need
from lianqi.web.needs.forms import (
    ActForm,
    GroundsForm,
    MoneyForm,
    NoteForm,
    ProgressForm,
    SolveForm,
    WordForm,
)


@dataclass(frozen=True, slots=True)
class Act:
    """An act on a need: the action with the fields of its form, and what is said."""

    action: Callable[..., Any]
    form: type[ActForm]
    title: str | Promise
    button: str | Promise
    done: str | Promise
    icon: str
    tone: str = "primary"


ACTS: Mapping[str, Act] = {
    "progress": Act(
        report_progress,
        ProgressForm,
        gettext_lazy("Report progress"),
        gettext_lazy("Report progress"),
        gettext_lazy("Reported. The clock of the next report runs."),
        "message-circle",
    ),
    "solve": Act(
        solve_need,
        SolveForm,
        gettext_lazy("Solved"),
        gettext_lazy("Report as solved"),
        gettext_lazy("Solved. The enterprise was asked to confirm."),
        "check",
    ),
    "confirm": Act(
        confirm_need,
        WordForm,
        gettext_lazy("Is it solved?"),
        gettext_lazy("Yes, it is solved"),
        gettext_lazy("Confirmed. Thank you."),
        "thumb-up",
    ),
    "dispute": Act(
        dispute_need,
        NoteForm,
        gettext_lazy("Not solved"),
        gettext_lazy("No, send it back to the unit"),
        gettext_lazy("Sent back to the unit, which owes a report."),
        "thumb-down",
        "default",
    ),
    "claim": Act(
        claim_need,
        WordForm,
        gettext_lazy("Claim the payment"),
        gettext_lazy("Claim the payment"),
        gettext_lazy("Claimed. The responsible unit was told."),
        "building-bank",
        "default",
    ),
    "pay": Act(
        pay_need,
        WordForm,
        gettext_lazy("Paid out"),
        gettext_lazy("Note the payment"),
        gettext_lazy("Noted. The enterprise was told."),
        "building-bank",
    ),
    "money": Act(
        record_money,
        MoneyForm,
        gettext_lazy("Money"),
        gettext_lazy("Note the amount"),
        gettext_lazy("The amount was noted."),
        "building-bank",
        "default",
    ),
    "resume": Act(
        resume_need,
        NoteForm,
        gettext_lazy("Take it up again"),
        gettext_lazy("Take it up again"),
        gettext_lazy("Taken up again. A report is owed."),
        "refresh",
        "default",
    ),
    "give_up": Act(
        give_up_need,
        GroundsForm,
        gettext_lazy("Cannot be solved"),
        gettext_lazy("Report as not solvable"),
        gettext_lazy("Reported. The enterprise was told."),
        "circle-x",
        "default",
    ),
    "hand_back": Act(
        hand_back_need,
        NoteForm,
        gettext_lazy("Another unit is responsible"),
        gettext_lazy("Hand back to triage"),
        gettext_lazy("Handed back to triage."),
        "arrow-back-up",
        "default",
    ),
    "reconsider": Act(
        reconsider_need,
        NoteForm,
        gettext_lazy("Reconsider"),
        gettext_lazy("Back to triage"),
        gettext_lazy("Back to triage."),
        "refresh",
        "default",
    ),
}
PERMISSIONS = {"money": "needs.record_money"}
NEXT = frozenset({"progress", "confirm", "pay"})  # unfolded, because they are what comes next


@dataclass(frozen=True, slots=True)
class Offer:
    """One act as the page shows it. `is_open`: unfolded."""

    verb: str
    act: Act
    form: ActForm
    intro: str
    is_open: bool


def offers(
    need: Need, *, user: User, bound: ActForm | None = None, bound_verb: str = ""
) -> list[Offer]:
    """Exactly the acts that the permission table allows `user` now, the likeliest first."""
    found = []
    for verb, act in ACTS.items():
        if not user.has_perm(PERMISSIONS.get(verb, f"needs.{verb}"), need):
            continue
        is_bound = bound is not None and verb == bound_verb
        form = bound if bound and is_bound else act.form(verb=verb, initial=_initial(verb))
        found.append(Offer(verb, act, form, _intro(verb), verb in NEXT or is_bound))
    return found


def _initial(verb: str) -> dict[str, Any]:
    return {"on": timezone.localdate()} if verb == "money" else {}


def _intro(verb: str) -> str:
    if verb == "claim":
        return _("By claiming what the policy promises you also confirm that the need is solved.")
    if verb == "give_up":
        return _("The need stays valid and counts as not solved.")
    return ""
