"""Forms of the measures of a plan: they check shape; the rules live in the actions."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianqi.accounts.enums import Role
from lianqi.accounts.models import Unit, User
from lianqi.plans.enums import MeasureKind, MeasureStatus, PlanStatus, Verdict
from lianqi.plans.flow import RESULTS
from lianqi.plans.models import Measure, ServicePlan
from lianqi.plans.queries import usual_due_day
from lianqi.web.demands.forms import date_input, text_area
from lianqi.web.plans.forms import (
    PersonField,
    PlanForm,
    choose_from,
    lasting_units,
    people_holding,
)

READ_BY_ENTERPRISE = _("The enterprise reads it.")
RESULT_CHOICES = [(status.value, status.label) for status in map(MeasureStatus, RESULTS)]


def what_field() -> forms.CharField:
    return forms.CharField(
        label=_("What is done"), max_length=500, widget=text_area(2), help_text=READ_BY_ENTERPRISE
    )


def owner_field() -> "forms.ModelChoiceField[Unit]":
    return forms.ModelChoiceField(
        lasting_units(), label=_("Owning unit"), empty_label=_("Please choose")
    )


def person_field() -> PersonField:
    return PersonField(
        User.people.none(),
        label=_("Person"),
        required=False,
        empty_label=_("The desk of the unit"),
        help_text=_("Somebody of the owner's unit."),
    )


def reason_field() -> forms.CharField:
    return forms.CharField(
        label=_("Reason"), max_length=1000, widget=text_area(2), help_text=READ_BY_ENTERPRISE
    )


def owners() -> Any:
    return people_holding(Role.HANDLER, Role.DEPARTMENT_HEAD)


class AddMeasureForm(PlanForm):
    what = what_field()
    kind = forms.ChoiceField(label=_("Kind"), choices=MeasureKind.choices)
    unit = owner_field()
    person = person_field()
    due_on = forms.DateField(
        label=_("Due on"), widget=date_input(), help_text=_("A working day after today.")
    )
    reason = reason_field()

    def initial_of(self, plan: ServicePlan) -> dict[str, Any]:
        return {"unit": plan.unit, "due_on": usual_due_day(at=timezone.now())}

    def prepare(self, plan: ServicePlan, user: User) -> None:  # noqa: ARG002  # as its siblings
        choose_from(self, "person", owners())
        if plan.status == PlanStatus.DRAFT:
            del self.fields["reason"]


class MeasureForm(forms.Form):
    """A form about one measure. `values` is what its action wants to know."""

    def __init__(self, *args: Any, measure: Measure, **kwargs: Any) -> None:
        kwargs.setdefault("initial", self.initial_of(measure))
        super().__init__(*args, **kwargs)
        self.prepare(measure)

    def initial_of(self, measure: Measure) -> dict[str, Any]:  # noqa: ARG002  # its children look
        return {}

    def prepare(self, measure: Measure) -> None:
        """What depends on the measure."""

    def values(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class ChangeMeasureForm(MeasureForm):
    what = what_field()
    kind = forms.ChoiceField(label=_("Kind"), choices=MeasureKind.choices)
    unit = owner_field()
    person = person_field()
    due_on = forms.DateField(
        label=_("Due on"), widget=date_input(), help_text=_("A working day after today.")
    )
    reason = reason_field()

    def initial_of(self, measure: Measure) -> dict[str, Any]:
        return {
            "what": measure.what,
            "kind": measure.kind,
            "unit": measure.unit,
            "person": measure.person,
            "due_on": measure.due_on,
        }

    def prepare(self, measure: Measure) -> None:
        choose_from(self, "person", owners())
        # Of what was agreed the day is moved with an act of its own, and everything has a reason.
        is_draft = measure.plan.status == PlanStatus.DRAFT
        del self.fields["reason" if is_draft else "due_on"]


class PlaceForm(MeasureForm):
    position = forms.IntegerField(label=_("Place"), min_value=1)

    def initial_of(self, measure: Measure) -> dict[str, Any]:
        return {"position": measure.position}


class DropForm(MeasureForm):
    """Nothing to fill in."""


class PostponeForm(MeasureForm):
    due_on = forms.DateField(
        label=_("New day"), widget=date_input(), help_text=_("A later working day.")
    )
    reason = reason_field()


class ProgressForm(MeasureForm):
    text = forms.CharField(
        label=_("How it stands"),
        max_length=2000,
        widget=text_area(3),
        help_text=READ_BY_ENTERPRISE,
    )


class SettleForm(MeasureForm):
    result = forms.TypedChoiceField(
        label=_("Result"),
        choices=RESULT_CHOICES,
        coerce=MeasureStatus,
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label=_("What was achieved"),
        max_length=2000,
        widget=text_area(4),
        help_text=_(
            "Of what was not done, the reason. The enterprise reads it and says whether it agrees."
        ),
    )


class ResumeForm(MeasureForm):
    due_on = forms.DateField(
        label=_("New day"), widget=date_input(), help_text=_("A working day after today.")
    )
    reason = reason_field()


class JudgeForm(MeasureForm):
    verdict = forms.TypedChoiceField(
        label=_("Do you agree with the result?"),
        choices=[
            (Verdict.CONFIRMED.value, _("Yes, so it is")),
            (Verdict.DOUBTED.value, _("No, I doubt it")),
        ],
        coerce=Verdict,
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label=_("What is not right"),
        required=False,
        max_length=2000,
        widget=text_area(3),
        help_text=_("Needed only if you doubt it."),
    )
