"""Forms of conversions: they check shape; the rules live in the actions."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from lianqi.accounts.models import User
from lianqi.conversions.enums import ConversionStatus, Measure, StepStatus
from lianqi.conversions.models import ChainStep, Conversion, ConversionQuerySet, ConversionTemplate
from lianqi.demands.models import Demand
from lianqi.register.models import Enterprise
from lianqi.taskforces.enums import ForceStatus
from lianqi.taskforces.models import TaskForce
from lianqi.web.demands.forms import ManyFilesField, choosing, text_area
from lianqi.work.queries import people_on_the_desk

LONGEST = 2000


class ConversionFilter(forms.Form):
    """What the list can be narrowed by. Empty fields narrow nothing."""

    status = forms.ChoiceField(
        label=_("Status"),
        required=False,
        choices=[("", _("All")), *ConversionStatus.choices],
        widget=choosing(),
    )
    force = forms.ModelChoiceField(
        TaskForce.objects.none(),
        label=_("Task force"),
        required=False,
        empty_label=_("All"),
        widget=choosing(),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["force"]
        assert isinstance(field, forms.ModelChoiceField)
        forces = TaskForce.objects.visible_to(user).select_related("unit")
        field.queryset = forces.order_by("-pk")
        if not user.is_zone_staff:
            del self.fields["force"]

    def narrow(self, conversions: ConversionQuerySet) -> ConversionQuerySet:
        """The conversions that match what was filled in correctly."""
        self.full_clean()
        chosen = {name: value for name, value in self.cleaned_data.items() if value}
        return conversions.filter(**chosen)


class BeginForm(forms.Form):
    """What makes a conversion. The enterprise and demands are named by code and number."""

    code = forms.CharField(
        label=_("Unified social credit code"),
        max_length=18,
        help_text=_("Of the enterprise; it stands on its page in the register."),
    )
    template = forms.ModelChoiceField(
        ConversionTemplate.objects.in_use(), label=_("Checklist"), empty_label=None
    )
    product = forms.CharField(label=_("Product"), max_length=60)
    need = forms.CharField(
        label=_("What is short, and for whom"), max_length=1000, widget=text_area(3)
    )
    capability = forms.CharField(
        label=_("Why this enterprise can make it"),
        required=False,
        max_length=1000,
        widget=text_area(3),
        help_text=_("Equipment, premises, people, material."),
    )
    demand = forms.CharField(
        label=_("Number of its demand"),
        required=False,
        max_length=20,
        help_text=_("If the enterprise asked for it, or asked a technical question."),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._user = user

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        firms = Enterprise.objects.visible_to(self._user).living()
        enterprise = firms.filter(code=given.get("code", "").strip().upper()).first()
        if enterprise is None and "code" in given:
            self.add_error("code", _("The register has no enterprise with this code."))
        given["enterprise"] = enterprise
        given["demands"] = []
        if number := given.get("demand", "").strip().upper():
            demand = Demand.objects.visible_to(self._user).filter(number=number).first()
            if demand is None:
                self.add_error("demand", _("You see no demand with this number."))
            else:
                given["demands"] = [demand]
        return given

    def values(self) -> dict[str, Any]:
        """What `begin_conversion` wants to know."""
        names = ("enterprise", "template", "product", "need", "capability", "demands")
        return {name: self.cleaned_data[name] for name in names}


def files_field(*, required: bool = False) -> ManyFilesField:
    """Files that belong to a step."""
    return ManyFilesField(
        label=_("Files as evidence"),
        required=required,
        help_text=_("Up to 10 files: documents, spreadsheets, pictures."),
    )


class ConversionForm(forms.Form):
    """An act on one conversion."""

    def __init__(self, *args: Any, conversion: Conversion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.conversion = conversion
        self.prepare(conversion)

    def prepare(self, conversion: Conversion) -> None:
        """What depends on the conversion."""

    def choose_step(self, steps: "QuerySet[ChainStep]") -> None:
        """Let `position` be one of these steps, each by its name."""
        field = self.fields["position"]
        assert isinstance(field, forms.ChoiceField)
        rows = steps.select_related("template_step")
        field.choices = [(each.position, str(each)) for each in rows]


class StepForm(ConversionForm):
    """An act on the step that somebody saw under way, so that a late one is told so."""

    position = forms.IntegerField(widget=forms.HiddenInput())

    def prepare(self, conversion: Conversion) -> None:
        if conversion.step is not None:
            self.initial["position"] = conversion.step.position


class ReportForm(StepForm):
    text = forms.CharField(label=_("How it stands"), max_length=LONGEST, widget=text_area(4))
    papers = files_field()


class SettleForm(StepForm):
    evidence = forms.CharField(label=_("Evidence"), max_length=LONGEST, widget=text_area(3))
    figure = forms.IntegerField(min_value=1, required=False)
    figure_unit = forms.CharField(label=_("Unit of the capacity"), max_length=20, required=False)
    papers = files_field()

    def prepare(self, conversion: Conversion) -> None:
        super().prepare(conversion)
        step = conversion.step.template_step if conversion.step else None
        if step is not None:
            self.fields["evidence"].help_text = _("Such as %(evidence)s.") % {
                "evidence": step.evidence
            }
        if step is None or not step.measure:
            del self.fields["figure"], self.fields["figure_unit"]
            return
        self.fields["figure"].label = Measure(step.measure).label
        if step.measure == Measure.LINES:
            del self.fields["figure_unit"]


class SkipForm(StepForm):
    reason = forms.CharField(label=_("Reason"), max_length=1000, widget=text_area(2))


class GoBackForm(ConversionForm):
    position = forms.TypedChoiceField(label=_("Begin once more with"), coerce=int)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=1000,
        widget=text_area(2),
        help_text=_("The enterprise reads it."),
    )

    def prepare(self, conversion: Conversion) -> None:
        steps = conversion.steps.order_by("-position")
        # Whatever may have been settled meanwhile is still understood, and refused in words.
        self.choose_step(steps if self.is_bound else steps.filter(status=StepStatus.DONE))


class AttachForm(ConversionForm):
    """Files for a step that began; what came too late for its settling, for example."""

    position = forms.TypedChoiceField(label=_("Step"), coerce=int)
    papers = files_field(required=True)

    def prepare(self, conversion: Conversion) -> None:
        steps = conversion.steps.order_by("-position")
        begun = steps.filter(status__in=[StepStatus.CURRENT, StepStatus.DONE])
        # As above: what went back meanwhile is still understood, and refused in words.
        self.choose_step(steps if self.is_bound else begun)


class OwnForm(ConversionForm):
    position = forms.TypedChoiceField(label=_("Step"), coerce=int)
    owner = forms.ModelChoiceField(
        User.people.none(), label=_("Owner"), empty_label=_("Please choose")
    )

    def prepare(self, conversion: Conversion) -> None:
        ahead = conversion.steps.filter(status__in=[StepStatus.WAITING, StepStatus.CURRENT])
        self.choose_step(ahead.order_by("position"))
        owner = self.fields["owner"]
        assert isinstance(owner, forms.ModelChoiceField)
        owner.queryset = _possible_owners(conversion)


def _possible_owners(conversion: Conversion) -> Any:
    force = conversion.force
    if force.status == ForceStatus.CLOSED:
        people = [each.pk for each in people_on_the_desk(conversion.unit)]
        return User.people.filter(pk__in=people).order_by("pk")
    return User.people.filter(pk__in=force.members.present().values("person")).order_by("pk")


class LinkForm(ConversionForm):
    number = forms.CharField(label=_("Number of the demand"), max_length=20)

    def clean_number(self) -> Demand:
        number = self.cleaned_data["number"].strip().upper()
        found = Demand.objects.filter(number=number, enterprise=self.conversion.enterprise)
        if (demand := found.first()) is None:
            raise forms.ValidationError(_("The enterprise has no demand with this number."))
        return demand


class EndForm(ConversionForm):
    reason = forms.CharField(
        label=_("Why it ends"),
        max_length=1000,
        widget=text_area(3),
        help_text=_("The enterprise reads it."),
    )
