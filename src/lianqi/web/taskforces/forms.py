"""Forms of task forces: they check shape; the rules live in the actions."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from lianqi.accounts.enums import UnitKind
from lianqi.accounts.models import Unit, User
from lianqi.demands.models import DemandCategory
from lianqi.taskforces.enums import ForceStatus, UnitPart
from lianqi.taskforces.models import TaskForce, TaskForceQuerySet
from lianqi.web.demands.forms import choosing, text_area

LONGEST = 2000


def _units() -> Any:
    return Unit.objects.for_choice().exclude(kind=UnitKind.TASK_FORCE)


class ForceFilter(forms.Form):
    """What the list of task forces can be narrowed by. Empty fields narrow nothing."""

    status = forms.ChoiceField(
        label=_("Status"),
        required=False,
        choices=[("", _("All")), *ForceStatus.choices],
        widget=choosing(),
    )

    def narrow(self, forces: TaskForceQuerySet) -> TaskForceQuerySet:
        """The forces that match what was filled in correctly."""
        self.full_clean()
        chosen = {name: value for name, value in self.cleaned_data.items() if value}
        return forces.filter(**chosen)


class FormForm(forms.Form):
    """What makes a task force; its people are named on its board."""

    name = forms.CharField(label=_("Name"), max_length=100)
    order = forms.CharField(
        label=_("Formed by order"),
        max_length=120,
        help_text=_("The letter or the minutes that formed it, with its number."),
    )
    purpose = forms.CharField(
        label=_("What it is for"), required=False, max_length=LONGEST, widget=text_area(3)
    )
    lead_unit = forms.ModelChoiceField(
        _units(),
        label=_("Lead unit"),
        empty_label=_("Please choose"),
        help_text=_(
            "Its head is the head of the task force; it takes over what is open at the end."
        ),
    )
    member_units = forms.ModelMultipleChoiceField(
        _units(),
        label=_("Member units"),
        required=False,
        widget=forms.SelectMultiple({"size": "6"}),
    )
    categories = forms.ModelMultipleChoiceField(
        DemandCategory.objects.filter(is_active=True).order_by("position", "pk"),
        label=_("Problem types"),
        widget=forms.SelectMultiple({"size": "8"}),
        help_text=_("While the task force is open, demands of these categories go to it first."),
    )


class PersonField(forms.ModelChoiceField[User]):
    """People with the unit they work for: two of one name are told apart by it."""

    def label_from_instance(self, obj: User) -> str:
        return f"{obj}（{obj.unit}）"


class JoinForm(forms.Form):
    person = PersonField(User.people.none(), label=_("Person"), empty_label=_("Please choose"))

    def __init__(self, *args: Any, force: TaskForce, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = [force.lead_unit_id, *(unit.pk for unit in force.member_units)]
        inside = force.members.present().values("person")
        people = User.people.filter(is_active=True, unit__in=units).exclude(pk__in=inside)
        field = self.fields["person"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = people.select_related("unit").order_by("unit_id", "pk")


class LeaveForm(forms.Form):
    person = forms.ModelChoiceField(
        User.people.none(), label=_("Person"), empty_label=_("Please choose")
    )

    def __init__(self, *args: Any, force: TaskForce, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["person"]
        assert isinstance(field, forms.ModelChoiceField)
        # Everybody who ever was one: whoever was taken out meanwhile is refused in words.
        field.queryset = User.people.filter(pk__in=force.members.values("person")).order_by("pk")


def _order_field() -> forms.CharField:
    return forms.CharField(
        label=_("By order"),
        max_length=120,
        help_text=_("The letter or the minutes that decided it, with its number."),
    )


def _choice(form: forms.Form, name: str, rows: QuerySet[Any]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = rows


class ChangeLeadForm(forms.Form):
    lead_unit = forms.ModelChoiceField(
        _units(),
        label=_("New lead unit"),
        empty_label=_("Please choose"),
        help_text=_("The unit that led until now stays as a member unit."),
    )
    order = _order_field()

    def __init__(self, *args: Any, force: TaskForce, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choice(self, "lead_unit", _units().exclude(pk=force.lead_unit_id))


class ChangeUnitsForm(forms.Form):
    added = forms.ModelMultipleChoiceField(
        _units(),
        label=_("Units that join"),
        required=False,
        widget=forms.SelectMultiple({"size": "6"}),
    )
    removed = forms.ModelMultipleChoiceField(
        Unit.objects.none(),
        label=_("Units that leave"),
        required=False,
        widget=forms.SelectMultiple({"size": "4"}),
        help_text=_("The people they sent are released."),
    )
    order = _order_field()

    def __init__(self, *args: Any, force: TaskForce, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Whatever ever belonged to it: what was taken out meanwhile is refused in words.
        ever = Unit.objects.filter(pk__in=force.units.filter(part=UnitPart.MEMBER).values("unit"))
        inside = force.member_units
        _choice(self, "added", _units().exclude(pk=force.lead_unit_id))
        _choice(self, "removed", ever if self.is_bound else inside)
        if not self.is_bound:
            _choice(
                self,
                "added",
                _units().exclude(pk=force.lead_unit_id).exclude(pk__in=inside.values("pk")),
            )


class ChangeTypesForm(forms.Form):
    added = forms.ModelMultipleChoiceField(
        DemandCategory.objects.filter(is_active=True).order_by("position", "pk"),
        label=_("Problem types to take on"),
        required=False,
        widget=forms.SelectMultiple({"size": "6"}),
    )
    removed = forms.ModelMultipleChoiceField(
        DemandCategory.objects.none(),
        label=_("Problem types to give up"),
        required=False,
        widget=forms.SelectMultiple({"size": "4"}),
        help_text=_("What the task force has already stays with it."),
    )
    order = _order_field()

    def __init__(self, *args: Any, force: TaskForce, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        every = DemandCategory.objects.order_by("position", "pk")
        taken = force.categories
        # Whatever may have been changed meanwhile is still understood, and refused in words.
        _choice(self, "removed", every if self.is_bound else taken)
        if not self.is_bound:
            _choice(self, "added", every.filter(is_active=True).exclude(pk__in=taken.values("pk")))


class CloseForm(forms.Form):
    reason = forms.CharField(
        label=_("Why it is closed"),
        max_length=LONGEST,
        widget=text_area(3),
        help_text=_("Its open demands go to the lead unit, with their time limits."),
    )

    def __init__(self, *args: Any, force: TaskForce, **kwargs: Any) -> None:  # noqa: ARG002  # as its siblings
        super().__init__(*args, **kwargs)
