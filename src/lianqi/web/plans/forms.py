"""Forms of service plans: they check shape; the rules live in the actions."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from lianqi.accounts.enums import Role, UnitKind
from lianqi.accounts.models import RoleAssignment, Unit, User
from lianqi.demands.models import Demand
from lianqi.plans.enums import TOLD_WAYS
from lianqi.plans.models import ServicePlan
from lianqi.register.models import Enterprise
from lianqi.register.queries import with_merged_ids
from lianqi.web.demands.forms import date_input, text_area

MOST_DEMANDS = 50
REVIEW_HELP = _("The officer looks at the whole plan on this day.")


class PersonField(forms.ModelChoiceField[User]):
    """Somebody of the zone, told apart by the unit."""

    def label_from_instance(self, obj: User) -> str:
        return f"{obj} · {obj.unit}" if obj.unit else str(obj)


def people_holding(*roles: Role) -> "QuerySet[User]":
    """Whoever may be named today; a zone has some hundreds of them."""
    held = RoleAssignment.objects.current().filter(role__in=roles)
    people = User.people.filter(is_active=True, pk__in=held.values("user_id"))
    return people.select_related("unit").order_by("unit__path", "pk")


def lasting_units() -> "QuerySet[Unit]":
    return Unit.objects.for_choice().exclude(kind=UnitKind.TASK_FORCE)


def officers() -> "QuerySet[User]":
    return people_holding(Role.HANDLER, Role.DEPARTMENT_HEAD, Role.LIAISON_OFFICER)


def unit_field() -> "forms.ModelChoiceField[Unit]":
    return forms.ModelChoiceField(
        lasting_units(), label=_("Responsible unit"), empty_label=_("Please choose")
    )


def officer_field() -> PersonField:
    return PersonField(
        User.people.none(),
        label=_("Responsible officer"),
        required=False,
        empty_label=_("Not named yet"),
        help_text=_("Whom the enterprise turns to: of the unit, or the liaison officer."),
    )


def choose_from(form: forms.Form, name: str, rows: "QuerySet[Any]") -> None:
    """Let a field choose from these rows, asked for when the form is made."""
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = rows


class PlanForm(forms.Form):
    """A form about one plan. `values` is what its action wants to know."""

    def __init__(self, *args: Any, plan: ServicePlan, user: User, **kwargs: Any) -> None:
        kwargs.setdefault("initial", self.initial_of(plan))
        super().__init__(*args, **kwargs)
        self.prepare(plan, user)

    def initial_of(self, plan: ServicePlan) -> dict[str, Any]:
        """What the plan says now."""
        return {name: getattr(plan, name) for name in self.base_fields if hasattr(plan, name)}

    def prepare(self, plan: ServicePlan, user: User) -> None:
        """What depends on the plan and on whoever fills the form in."""

    def values(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class BeginForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=100)
    aim = forms.CharField(label=_("Aim"), required=False, max_length=1000, widget=text_area(2))
    diagnosis = forms.CharField(
        label=_("Diagnosis"),
        required=False,
        max_length=5000,
        widget=text_area(6),
        help_text=_(
            "Situation and difficulties; the enterprise reads it. What it should not read belongs "
            "into the internal notes."
        ),
    )
    unit = unit_field()
    officer = officer_field()
    review_on = forms.DateField(
        label=_("Review on"), required=False, widget=date_input(), help_text=REVIEW_HELP
    )
    demands = forms.ModelMultipleChoiceField(
        Demand.objects.none(),
        label=_("Demands"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, user: User, enterprise: Enterprise, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_from(self, "officer", officers())
        choose_from(self, "demands", demands_of(enterprise, user))
        if not self.fields["demands"].queryset.exists():  # type: ignore[attr-defined]  # set above
            del self.fields["demands"]

    def values(self) -> dict[str, Any]:
        return {"demands": (), **self.cleaned_data}


def demands_of(enterprise: Enterprise, user: User) -> "QuerySet[Demand]":
    """The newest demands of an enterprise that the person may open, its merged entries' too."""
    seen = Demand.objects.visible_to(user).filter(enterprise_id__in=with_merged_ids(enterprise))
    newest = seen.order_by("-pk").values("pk")[:MOST_DEMANDS]
    return Demand.objects.filter(pk__in=newest).order_by("-pk")


class WriteForm(PlanForm):
    title = forms.CharField(label=_("Title"), max_length=100)
    aim = forms.CharField(label=_("Aim"), required=False, max_length=1000, widget=text_area(2))
    diagnosis = forms.CharField(
        label=_("Diagnosis"),
        required=False,
        max_length=5000,
        widget=text_area(6),
        help_text=_("Situation and difficulties; the enterprise reads it."),
    )
    review_on = forms.DateField(
        label=_("Review on"), required=False, widget=date_input(), help_text=REVIEW_HELP
    )


class EntrustForm(PlanForm):
    unit = unit_field()
    officer = officer_field()

    def prepare(self, plan: ServicePlan, user: User) -> None:  # noqa: ARG002  # as its siblings
        choose_from(self, "officer", officers())


class LinkForm(PlanForm):
    demand = forms.ModelChoiceField(
        Demand.objects.none(), label=_("Demand"), empty_label=_("Please choose")
    )

    def prepare(self, plan: ServicePlan, user: User) -> None:
        rows = demands_of(plan.enterprise, user)
        linked = plan.demands.values("pk")
        choose_from(self, "demand", rows if self.is_bound else rows.exclude(pk__in=linked))


class UnlinkForm(PlanForm):
    demand = forms.ModelChoiceField(
        Demand.objects.none(), label=_("Demand"), empty_label=_("Please choose")
    )

    def prepare(self, plan: ServicePlan, user: User) -> None:
        linked = Demand.objects.visible_to(user).filter(pk__in=plan.demands.values("pk"))
        choose_from(self, "demand", linked.order_by("-pk"))


class NoteForm(PlanForm):
    text = forms.CharField(
        label=_("Internal note"),
        max_length=2000,
        widget=text_area(3),
        help_text=_("The enterprise never sees it."),
    )


class ProposeForm(PlanForm):
    """Nothing to fill in: the plan is put to the enterprise as it stands."""


class StartForm(PlanForm):
    """Nothing to fill in: the owners get the measures as they were agreed."""


class TakeBackForm(PlanForm):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=1000,
        widget=text_area(2),
        help_text=_("The enterprise reads it."),
    )


class RoundForm(PlanForm):
    """A reply to the proposal that somebody read, so that a newer one is not agreed to unread."""

    round_number = forms.IntegerField(widget=forms.HiddenInput())

    def initial_of(self, plan: ServicePlan) -> dict[str, Any]:
        return {"round_number": plan.proposals.count()}


class AgreeForm(RoundForm):
    """Nothing else to fill in."""


class SendBackForm(RoundForm):
    wishes = forms.CharField(
        label=_("What you would like different"), max_length=2000, widget=text_area(4)
    )


class RecordAgreementForm(PlanForm):
    person = forms.CharField(label=_("Who agreed for the enterprise"), max_length=60)
    way = forms.ChoiceField(label=_("How"), choices=TOLD_WAYS)
    agreed_on = forms.DateField(label=_("On which day"), widget=date_input())


class ReviewForm(PlanForm):
    text = forms.CharField(
        label=_("What the review found"),
        max_length=2000,
        widget=text_area(3),
        help_text=_("The enterprise reads it."),
    )
    review_on = forms.DateField(label=_("Next review on"), widget=date_input())

    def initial_of(self, plan: ServicePlan) -> dict[str, Any]:  # noqa: ARG002  # another day is meant
        return {}


class CompleteForm(PlanForm):
    outcome = forms.CharField(
        label=_("What came of it"),
        max_length=2000,
        widget=text_area(4),
        help_text=_("The enterprise reads it."),
    )


class EndForm(PlanForm):
    reason = forms.CharField(
        label=_("Why it ends early"),
        max_length=1000,
        widget=text_area(3),
        help_text=_("The enterprise and all owners read it."),
    )
