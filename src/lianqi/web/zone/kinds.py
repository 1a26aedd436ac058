"""What kinds of zone data there are: who may keep them, how they are listed, which act writes."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import F, Model, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lianqi.accounts.models import User
from lianqi.demands.actions import (
    allow_tips,
    change_category,
    change_closing_rule,
    change_ground,
    change_handling_rule,
    change_rating_reason,
    create_category,
    create_closing_rule,
    create_formula_version,
    create_ground,
    create_handling_rule,
    create_rating_reason,
)
from lianqi.demands.enums import Rating, ScoreName, ScoreTerm
from lianqi.demands.models import (
    ClosingRule,
    DemandCategory,
    Ground,
    HandlingRule,
    RatingReason,
    ScoreFormula,
)
from lianqi.needs.actions import change_programme, create_programme
from lianqi.needs.models import Programme
from lianqi.register.actions import (
    change_chain,
    change_grid,
    change_key_list,
    change_park,
    change_service_point,
    create_chain,
    create_grid,
    create_key_list,
    create_park,
    create_service_point,
)
from lianqi.register.models import Chain, Grid, KeyList, Park, ServicePoint
from lianqi.web.amounts import AMOUNTS
from lianqi.web.steps import place_in_words
from lianqi.web.zone.forms import (
    CategoryForm,
    ChainForm,
    ClockForm,
    ClosingForm,
    FormulaForm,
    GridForm,
    GroundForm,
    HandlingForm,
    KeyListForm,
    ParkForm,
    PointForm,
    ProgrammeForm,
    RatingReasonForm,
    RungForm,
    TipsForm,
    ZoneForm,
)
from lianqi.work.actions import change_clock_rule, change_rung, create_rung, remove_rung
from lianqi.work.enums import Urgency
from lianqi.work.models import ClockRule, EscalationRule

Words = str | Promise
Column = tuple[Words, Callable[[Any], object]]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of zone data.

    Without `create` its rows come with the program; without `change` they are versions, which stay.
    """

    label: Words
    adding: Words
    permission: str
    rows: Callable[[], QuerySet[Any]]
    name: Callable[[Any], str]
    columns: tuple[Column, ...]
    form: type[ZoneForm]
    change: Callable[..., Model] | None = None
    create: Callable[..., Model] | None = None
    note: Words = ""
    remove: Callable[..., object] | None = None


def _clock_name(rule: ClockRule) -> str:
    known = rule.priority in Urgency.values
    priority = Urgency(rule.priority).label if known else rule.priority
    return f"{place_in_words(rule.subject_kind, rule.step)} · {priority}"


def _clock_length(rule: ClockRule) -> str:
    return str(AMOUNTS[rule.kind]) % {"count": rule.amount}


def _steps(reason: RatingReason) -> str:
    known = [str(Rating(step).label) for step in reason.steps if step in Rating.values]
    return " / ".join(known)


def _percent(share: Decimal) -> str:
    return f"{(share * 100).normalize():f}%"


def _weights(version: ScoreFormula) -> str:
    return " · ".join(
        f"{ScoreTerm(term.name).label} {_percent(term.weight)}" for term in version.formula.terms
    )


def _create_formula(
    *,
    valid_from: dt.date,
    basic: Decimal,
    source: str,
    by: User,
    at: dt.datetime,
    **weights: Decimal,
) -> ScoreFormula:
    """The form asks for per cent."""
    return create_formula_version(
        ScoreName.THREE_RATES,
        weights={name: share / 100 for name, share in weights.items()},
        counts={"basic": basic / 100},
        valid_from=valid_from,
        source=source,
        by=by,
        at=at,
    )


def _create_rung(place: str, **values: Any) -> EscalationRule:
    kind, _colon, step = place.partition(":")
    return create_rung(subject_kind=kind, step=step, **values)


KINDS: Mapping[str, Kind] = {
    "grids": Kind(
        label=_("Grids"),
        adding=_("Add a grid"),
        permission="register.manage_zone_data",
        rows=lambda: Grid.objects.select_related("unit").order_by("code"),
        name=str,
        columns=(
            (_("Code"), lambda grid: grid.code),
            (_("Responsible unit"), lambda grid: grid.unit),
        ),
        form=GridForm,
        change=change_grid,
        create=create_grid,
    ),
    "parks": Kind(
        label=_("Parks"),
        adding=_("Add a park"),
        permission="register.manage_zone_data",
        rows=lambda: Park.objects.order_by("name"),
        name=str,
        columns=((_("Address"), lambda park: park.address),),
        form=ParkForm,
        change=change_park,
        create=create_park,
    ),
    "points": Kind(
        label=_("Service points"),
        adding=_("Add a service point"),
        permission="register.manage_zone_data",
        rows=lambda: ServicePoint.objects.order_by("pk"),
        name=lambda point: point.name,
        columns=(
            (_("Address"), lambda point: point.address or "—"),
            (_("Opening hours"), lambda point: point.hours or "—"),
        ),
        form=PointForm,
        change=change_service_point,
        create=create_service_point,
    ),
    "chains": Kind(
        label=_("Industry chains"),
        adding=_("Add an industry chain"),
        permission="register.manage_zone_data",
        rows=lambda: Chain.objects.select_related("office").order_by("name"),
        name=str,
        columns=((_("Chain office"), lambda chain: chain.office or "—"),),
        form=ChainForm,
        change=change_chain,
        create=create_chain,
        note=_("The layer is written where an enterprise is placed in a chain."),
    ),
    "lists": Kind(
        label=_("Key-enterprise lists"),
        adding=_("Add a key-enterprise list"),
        permission="register.manage_zone_data",
        rows=lambda: KeyList.objects.order_by("name"),
        name=str,
        columns=((_("Issued by"), lambda key_list: key_list.issued_by),),
        form=KeyListForm,
        change=change_key_list,
        create=create_key_list,
    ),
    "categories": Kind(
        label=_("Demand categories"),
        adding=_("Add a demand category"),
        permission="demands.manage_categories",
        rows=lambda: DemandCategory.objects.select_related("lead_unit").order_by("position", "pk"),
        name=str,
        columns=(
            (_("Code"), lambda category: category.code),
            (_("Lead unit"), lambda category: category.lead_unit or "—"),
            (_("Usual urgency"), lambda category: category.get_usual_urgency_display()),
            (_("Position"), lambda category: category.position),
        ),
        form=CategoryForm,
        change=change_category,
        create=create_category,
        note=_("Demands that were filed keep their unit and their clock."),
    ),
    "tips": Kind(
        label=_("Anonymous tips"),
        adding="",
        permission="demands.manage_categories",
        rows=DemandCategory.objects.in_use,
        name=str,
        columns=(
            (
                _("Anonymous tips"),
                lambda category: _("allowed") if category.allows_anonymous else _("not allowed"),
            ),
        ),
        form=TipsForm,
        change=allow_tips,
        note=_("In which categories somebody may write on a public page without giving a name."),
    ),
    "closing": Kind(
        label=_("After an answer"),
        adding=_("Add a rule for one category"),
        permission="demands.manage_categories",
        rows=lambda: ClosingRule.objects.select_related("category").order_by(
            F("category__position").asc(nulls_first=True), "pk"
        ),
        name=str,
        columns=(
            (_("Closed by silence after (days)"), lambda rule: rule.silent_days),
            (_("Can be reopened for (days)"), lambda rule: rule.reopen_days),
            (_("Can be rated for (days)"), lambda rule: rule.rating_days),
            (_("Share that is called back (%)"), lambda rule: rule.callback_percent),
        ),
        form=ClosingForm,
        change=change_closing_rule,
        create=create_closing_rule,
        note=_(
            "A category without a rule of its own follows the one for all others. A changed rule "
            "holds at once, for demands that are answered already too."
        ),
    ),
    "handling": Kind(
        label=_("Handling"),
        adding=_("Add a rule for one category"),
        permission="demands.manage_categories",
        rows=lambda: HandlingRule.objects.select_related("category").order_by(
            F("category__position").asc(nulls_first=True), "pk"
        ),
        name=str,
        columns=(
            (_("Extensions at most"), lambda rule: rule.most_extensions),
            (_("Each at most (per cent of the time limit)"), lambda rule: rule.extension_percent),
            (_("Decided by"), lambda rule: rule.get_extension_decider_display()),
            (_("A late decision counts"), lambda rule: _("yes") if rule.counts_late else _("no")),
            (_("A leader signs too"), lambda rule: _("yes") if rule.leader_signs else _("no")),
            (_("Appeal within (days)"), lambda rule: rule.appeal_days),
            (
                _("Objection to a filing by others within (days)"),
                lambda rule: rule.represented_days,
            ),
        ),
        form=HandlingForm,
        change=change_handling_rule,
        create=create_handling_rule,
        note=_(
            "A category without a rule of its own follows the one for all others. What was asked "
            "for already is decided by the rule it was asked under."
        ),
    ),
    "grounds": Kind(
        label=_("Grounds for not solving"),
        adding=_("Add a ground"),
        permission="demands.manage_categories",
        rows=lambda: Ground.objects.order_by("position", "pk"),
        name=str,
        columns=(
            (_("Code"), lambda ground: ground.code),
            (_("Where to turn instead"), lambda ground: ground.where_to_turn),
            (_("Position"), lambda ground: ground.position),
        ),
        form=GroundForm,
        change=change_ground,
        create=create_ground,
        note=_("Demands that were told so already show the new words too."),
    ),
    "reasons": Kind(
        label=_("Rating reasons"),
        adding=_("Add a rating reason"),
        permission="demands.manage_categories",
        rows=lambda: RatingReason.objects.order_by("position", "pk"),
        name=str,
        columns=(
            (_("Code"), lambda reason: reason.code),
            (_("Ratings it goes with"), _steps),
            (_("Position"), lambda reason: reason.position),
        ),
        form=RatingReasonForm,
        change=change_rating_reason,
        create=create_rating_reason,
        note=_("Ratings that were given keep their reasons."),
    ),
    "formulas": Kind(
        label=_("Formulas of scores"),
        adding=_("Add a version"),
        permission="demands.manage_categories",
        rows=lambda: ScoreFormula.objects.order_by("name", "-valid_from"),
        name=lambda version: version.get_name_display(),
        columns=(
            (_("valid from"), lambda version: f"{version.valid_from}"),
            (_("Weights"), _weights),
            (_("Basically satisfied counts as"), lambda row: _percent(row.share_of("basic"))),
            (_("source"), lambda version: version.source or "—"),
        ),
        form=FormulaForm,
        create=_create_formula,
        note=_(
            "A version is never changed. The figures of a period follow the version in force on "
            "its last day, so that those of past periods stay what they were."
        ),
    ),
    "programmes": Kind(
        label=_("Programmes of policy needs"),
        adding=_("Add a programme"),
        permission="needs.manage",
        rows=lambda: Programme.objects.select_related("triage_unit").order_by("-starts_on", "-pk"),
        name=str,
        columns=(
            (_("Sorting unit"), lambda programme: programme.triage_unit),
            (_("First day"), lambda programme: programme.starts_on),
            (_("Last day of collecting"), lambda programme: programme.until_on or "—"),
            (_("Target day"), lambda programme: programme.target_on or "—"),
        ),
        form=ProgrammeForm,
        change=change_programme,
        create=create_programme,
        note=_(
            "While a programme is under way, the unit that is responsible for a grid reports the "
            "policy needs of its enterprises within the time limit. Of several the latest counts."
        ),
    ),
    "clocks": Kind(
        label=_("Time limits"),
        adding="",
        permission="work.manage_clocks",
        rows=lambda: ClockRule.objects.filter(rule_set__isnull=True).order_by(
            "subject_kind", "priority", "pk"
        ),
        name=_clock_name,
        columns=(
            (_("Time limit"), _clock_length),
            (_("Due soon after"), lambda rule: f"{rule.amber_share * 100:.0f}%"),
        ),
        form=ClockForm,
        change=change_clock_rule,
        note=_(
            "A changed time limit holds for steps that begin from now on. Steps that are open keep "
            "the time limit they were given."
        ),
    ),
    "ladder": Kind(
        label=_("Reminders and escalation"),
        adding=_("Add a reminder"),
        permission="work.manage_clocks",
        rows=lambda: EscalationRule.objects.order_by("subject_kind", "step", "share", "level"),
        name=lambda rung: place_in_words(rung.subject_kind, rung.step),
        columns=(
            (_("Told after"), lambda rung: f"{rung.share * 100:.0f}%"),
            (_("Who is told"), lambda rung: rung.get_level_display()),
        ),
        form=RungForm,
        change=change_rung,
        create=_create_rung,
        remove=remove_rung,
        note=_(
            "Who is told when which share of a time limit has run; whoever is away is replaced by "
            "the stand-in. A change holds for open steps too; nobody is told twice."
        ),
    ),
}  # fmt: skip
