"""“Cannot be solved” and the appeal: when the page offers the acts, and in which words."""

import datetime as dt
from collections.abc import Mapping

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianqi.accounts.models import User
from lianqi.demands.enums import Closure, DemandStatus
from lianqi.demands.models import Appeal, Demand, Unsolvable
from lianqi.demands.queries import handling_rule_of
from lianqi.web.demands.acting import Act
from lianqi.web.demands.unsolvable_forms import (
    AppealByPhoneForm,
    AppealForm,
    DecideAppealForm,
    SignForm,
    UnsolvableForm,
)

UNSOLVABLE: Mapping[str, Act] = {
    "sign_unsolvable": Act(
        SignForm,
        gettext_lazy("Sign “cannot be solved”"),
        gettext_lazy("Decide"),
        gettext_lazy("Decided. Whoever it concerns was told."),
        "edit",
    ),
    "propose_unsolvable": Act(
        UnsolvableForm,
        gettext_lazy("Cannot be solved"),
        gettext_lazy("Propose it for signature"),
        gettext_lazy("Proposed. The clock runs on until it is signed."),
        "circle-x",
        "default",
    ),
    "appeal": Act(
        AppealForm,
        gettext_lazy("Appeal"),
        gettext_lazy("Appeal against the decision"),
        gettext_lazy("Sent. Somebody who did not sign decides."),
        "arrow-back-up",
        "default",
    ),
    "appeal_by_phone": Act(
        AppealByPhoneForm,
        gettext_lazy("The caller appeals"),
        gettext_lazy("Write the appeal down"),
        gettext_lazy("Sent. Somebody who did not sign decides."),
        "phone",
        "default",
    ),
    "decide_appeal": Act(
        DecideAppealForm,
        gettext_lazy("Decide the appeal"),
        gettext_lazy("Decide the appeal"),
        gettext_lazy("Decided. The enterprise was told."),
        "check",
    ),
}
# Ways back that are closed while it holds that a demand cannot be solved.
CLOSED_WAYS = frozenset({"dispute", "dispute_by_phone", "reopen"})


_PERMISSIONS = {
    "propose_unsolvable": "demands.propose_unsolvable",
    "sign_unsolvable": "demands.declare",
    "appeal": "demands.appeal",
    "appeal_by_phone": "demands.appeal_by_phone",
    "decide_appeal": "demands.dismiss",
}


def may_call_unsolvable(verb: str, demand: Demand, *, user: User, at: dt.datetime) -> bool:
    """The conditions of the actions in `demands.actions.unsolvable` and `.appeals`."""
    if not user.has_perm(_PERMISSIONS[verb], demand):
        return False
    if verb in {"propose_unsolvable", "sign_unsolvable"}:
        if demand.status != DemandStatus.IN_PROGRESS:
            return False
        proposed = Unsolvable.objects.of(demand).proposed().first()
        if proposed is None or verb == "propose_unsolvable":
            return proposed is None and verb == "propose_unsolvable"
        return proposed.proposed_by_id != user.pk
    held = Unsolvable.objects.of(demand).in_force().first()
    if held is None or verb == "decide_appeal":
        return held is not None and user.pk not in held.signers
    return _may_appeal(held, demand, at)


def _may_appeal(held: Unsolvable, demand: Demand, at: dt.datetime) -> bool:
    was_heard = bool(demand.rating) or demand.closure == Closure.BY_PHONE
    was_heard = was_heard or Appeal.objects.filter(unsolvable=held).exists()
    return not was_heard and held.can_be_appealed(timezone.localdate(at))


def is_a_closed_way(verb: str, demand: Demand) -> bool:
    return verb in CLOSED_WAYS and Unsolvable.objects.of(demand).in_force().exists()


def unsolvable_preset(verb: str, demand: Demand) -> tuple[dict[str, object], str]:
    """What the form holds at first, and the sentence above it."""
    if verb == "propose_unsolvable":
        rule = handling_rule_of(demand.category_id)
        signed = (
            _("The head of the unit signs, then a leader.")
            if rule.leader_signs
            else _("The head of the unit signs.")
        )
        told = _(
            "The enterprise then reads ground, basis and explanation, and can appeal for %(days)d "
            "days."
        ) % {"days": rule.appeal_days}
        return {}, _("%(sentence)s %(further)s") % {"sentence": signed, "further": told}
    if verb in {"appeal", "appeal_by_phone"}:
        held = Unsolvable.objects.of(demand).in_force().first()
        until = date_format(held.appeal_until, "Y-m-d") if held and held.appeal_until else ""
        if verb == "appeal_by_phone":
            words = _("The caller can appeal until %(day)s, once. The decision is final.")
        else:
            words = _("You can appeal until %(day)s, once. The decision is final.")
        return {}, words % {"day": until}
    if verb == "decide_appeal":
        return {}, _("Your decision is final. If it stands, the demand is closed as not solved.")
    return {}, ""


def told_unsolvable(demand: Demand, reader: User) -> list[Unsolvable]:
    """What the reader may know of it, with its appeal."""
    rows = Unsolvable.objects.visible_to(reader).of(demand)
    return list(
        rows.select_related("ground", "unit", "proposed_by", "head", "leader", "appeal__decided_by")
    )
