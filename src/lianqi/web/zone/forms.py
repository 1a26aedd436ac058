"""One form for each kind of zone data: they check shape; the rules live in the actions."""

from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from lianqi.accounts.models import Unit
from lianqi.demands.enums import Decider, Rating, ScoreName
from lianqi.demands.models import MOST_DAYS, MOST_PERCENT, MOST_TIMES, DemandCategory, ScoreFormula
from lianqi.engines.calendar import ClockKind
from lianqi.web.steps import places
from lianqi.work.enums import Level, Urgency

CLOCK_KINDS = {
    ClockKind.WORKING_DAYS: _("working days"),
    ClockKind.CALENDAR_DAYS: _("calendar days"),
    ClockKind.WORKING_HOURS: _("working hours"),
    ClockKind.FIXED_HOURS: _("hours round the clock"),
}
SMALL = 32767  # what the database holds as a position


def date_input() -> forms.DateInput:
    return forms.DateInput({"type": "date"}, format="%Y-%m-%d")


class UnitField(forms.ModelChoiceField[Unit]):
    """A unit in use, in tree order, and the one that is chosen already."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Unit.objects.none(), empty_label="—", **kwargs)

    def offer(self, present: Unit | None) -> None:
        """Fill the choices when the form is made."""
        units = Unit.objects.active()
        if present is not None:
            units = units | Unit.objects.filter(pk=present.pk)
        self.queryset = units.order_by("path", "pk")


class ZoneForm(forms.Form):
    """What all kinds have in common; without `row` something is added."""

    later: tuple[str, ...] = ("is_active",)  # stated only when something is changed
    once: tuple[str, ...] = ()  # stated only when something is added

    def __init__(self, data: Any = None, *, row: Model | None = None) -> None:
        super().__init__(data)
        for name in self.later if row is None else self.once:
            self.fields.pop(name, None)
        if row is not None:
            self.initial = self.stated(row)
        for name, field in self.fields.items():
            if isinstance(field, UnitField):
                field.offer(self.initial.get(name))

    def stated(self, row: Model) -> dict[str, Any]:
        """What the row says now, by the names of the fields."""
        return {name: getattr(row, name) for name in self.fields}


class GridForm(ZoneForm):
    code = forms.CharField(
        label=_("Code"), max_length=20, help_text=_("as it stands in spreadsheets")
    )
    name = forms.CharField(label=_("Name"), max_length=80)
    unit = UnitField(label=_("Responsible unit"))
    is_active = forms.BooleanField(label=_("In use"), required=False)


class ParkForm(ZoneForm):
    name = forms.CharField(label=_("Name"), max_length=80)
    address = forms.CharField(label=_("Address"), required=False, max_length=200)
    is_active = forms.BooleanField(label=_("In use"), required=False)


class PointForm(ZoneForm):
    name = forms.CharField(label=_("Name"), max_length=80)
    district = forms.CharField(label=_("street or town"), required=False, max_length=60)
    address = forms.CharField(label=_("Address"), max_length=200)
    latitude = forms.FloatField(
        label=_("Latitude"), min_value=-85, max_value=85, help_text=_("degrees, WGS 84")
    )
    longitude = forms.FloatField(
        label=_("Longitude"), min_value=-180, max_value=180, help_text=_("degrees, WGS 84")
    )
    hours = forms.CharField(label=_("Opening hours"), required=False, max_length=120)
    phone = forms.CharField(label=_("Telephone"), required=False, max_length=40)
    unit = UnitField(label=_("Unit"), required=False)
    is_active = forms.BooleanField(label=_("In use"), required=False)


class ChainForm(ZoneForm):
    name = forms.CharField(label=_("Name"), max_length=80)
    office = UnitField(label=_("Chain office"), required=False)
    is_active = forms.BooleanField(label=_("In use"), required=False)


class KeyListForm(ZoneForm):
    name = forms.CharField(label=_("Name"), max_length=80)
    issued_by = forms.CharField(label=_("Issued by"), required=False, max_length=80)
    is_active = forms.BooleanField(label=_("In use"), required=False)


class CategoryForm(ZoneForm):
    once = ("code",)
    code = forms.SlugField(
        label=_("Code"), max_length=30, help_text=_("for programs; it never changes afterwards")
    )
    name_zh = forms.CharField(label=_("Chinese name"), max_length=40)
    name_en = forms.CharField(label=_("English name"), max_length=60)
    parent = forms.ModelChoiceField(
        DemandCategory.objects.order_by("position", "pk"),
        label=_("Under the heading"),
        required=False,
        empty_label="—",
    )
    lead_unit = UnitField(label=_("Lead unit"), required=False)
    usual_urgency = forms.ChoiceField(
        label=_("Usual urgency"),
        choices=Urgency.choices,
        help_text=_("as long as nobody of the zone judges otherwise"),
    )
    position = forms.IntegerField(
        label=_("Position"),
        min_value=0,
        max_value=SMALL,
        initial=0,
        help_text=_("the smallest number comes first"),
    )
    is_active = forms.BooleanField(label=_("In use"), required=False)

    def clean_usual_urgency(self) -> Urgency:
        return Urgency(self.cleaned_data["usual_urgency"])


class TipsForm(ZoneForm):
    allows_anonymous = forms.BooleanField(label=_("anonymous tips allowed"), required=False)


class RungForm(ZoneForm):
    once = ("place",)
    place = forms.ChoiceField(label=_("Step"))
    share = forms.IntegerField(
        label=_("Told after (per cent of the time)"),
        min_value=1,
        help_text=_("100 is the due time itself"),
    )
    level = forms.TypedChoiceField(
        label=_("Who is told"), choices=Level.choices, coerce=lambda value: Level(int(value))
    )

    def __init__(self, data: Any = None, *, row: Model | None = None) -> None:
        super().__init__(data, row=row)
        if isinstance(place := self.fields.get("place"), forms.ChoiceField):
            place.choices = places()

    def stated(self, row: Model) -> dict[str, Any]:
        said = super().stated(row)
        return said | {"share": int(said["share"] * 100)}

    def clean_share(self) -> Decimal:
        return Decimal(self.cleaned_data["share"]) / 100


class ClockForm(ZoneForm):
    kind = forms.ChoiceField(
        label=_("Unit"), choices=[(kind.value, label) for kind, label in CLOCK_KINDS.items()]
    )
    amount = forms.IntegerField(label=_("Time limit"), min_value=1)
    amber_share = forms.IntegerField(
        label=_("Due soon after (per cent of the time)"), min_value=1, max_value=100
    )

    def stated(self, row: Model) -> dict[str, Any]:
        said = super().stated(row)
        return said | {"amber_share": int(said["amber_share"] * 100)}

    def clean_kind(self) -> ClockKind:
        return ClockKind(self.cleaned_data["kind"])

    def clean_amber_share(self) -> Decimal:
        return Decimal(self.cleaned_data["amber_share"]) / 100


class RatingReasonForm(ZoneForm):
    once = ("code",)
    code = forms.SlugField(
        label=_("Code"), max_length=30, help_text=_("for programs; it never changes afterwards")
    )
    name_zh = forms.CharField(label=_("Chinese name"), max_length=40)
    name_en = forms.CharField(label=_("English name"), max_length=60)
    steps = forms.TypedMultipleChoiceField(
        label=_("Ratings it goes with"),
        choices=Rating.choices,
        coerce=Rating,
        widget=forms.CheckboxSelectMultiple,
    )
    position = forms.IntegerField(
        label=_("Position"),
        min_value=0,
        max_value=SMALL,
        initial=0,
        help_text=_("the smallest number comes first"),
    )
    is_active = forms.BooleanField(label=_("In use"), required=False)


class ClosingForm(ZoneForm):
    once = ("category",)
    category = forms.ModelChoiceField(DemandCategory.objects.none(), label=_("Category"))
    silent_days = forms.IntegerField(
        label=_("Closed by silence after (days)"),
        min_value=1,
        max_value=MOST_DAYS,
        initial=7,
        help_text=_("counted from the answer"),
    )
    reopen_days = forms.IntegerField(
        label=_("Can be reopened for (days)"),
        min_value=1,
        max_value=MOST_DAYS,
        initial=15,
        help_text=_("counted from the day of the answer"),
    )
    rating_days = forms.IntegerField(
        label=_("Can be rated for (days)"),
        min_value=1,
        max_value=MOST_DAYS,
        initial=15,
        help_text=_("counted from the day of the closing or of the follow-up"),
    )
    callback_percent = forms.IntegerField(
        label=_("Share that is called back (%)"),
        min_value=0,
        max_value=100,
        initial=10,
        help_text=_("of those closed without a complaint; all others are called anyway"),
    )

    def __init__(self, data: Any = None, *, row: Model | None = None) -> None:
        super().__init__(data, row=row)
        if (category := self.fields.get("category")) is not None:
            assert isinstance(category, forms.ModelChoiceField)
            category.queryset = DemandCategory.objects.in_use()


class PercentField(forms.DecimalField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=0, max_value=100, max_digits=5, decimal_places=2, **kwargs)


class FormulaForm(ZoneForm):
    """A version of the three-rate formula; it begins as the latest one."""

    response = PercentField(label=_("Weight of the response rate (%)"))
    satisfaction = PercentField(label=_("Weight of the satisfaction rate (%)"))
    resolution = PercentField(
        label=_("Weight of the resolution rate (%)"), help_text=_("The three add up to 100.")
    )
    basic = PercentField(
        label=_("Basically satisfied counts as (%)"), help_text=_("of somebody satisfied")
    )
    valid_from = forms.DateField(
        label=_("Valid from"), widget=date_input(), help_text=_("today or a later day")
    )
    source = forms.CharField(label=_("Source"), max_length=200, help_text=_("who decided it, when"))

    def __init__(self, data: Any = None, *, row: Model | None = None) -> None:
        super().__init__(data, row=row)
        if (latest := ScoreFormula.objects.versions_of(ScoreName.THREE_RATES).first()) is not None:
            weights = {term.name: 100 * term.weight for term in latest.formula.terms}
            self.initial = weights | {"basic": 100 * latest.share_of("basic")}


class GroundForm(ZoneForm):
    once = ("code",)
    code = forms.SlugField(
        label=_("Code"), max_length=30, help_text=_("for programs; it never changes afterwards")
    )
    name_zh = forms.CharField(label=_("Chinese name"), max_length=60)
    name_en = forms.CharField(label=_("English name"), max_length=80)
    turn_zh = forms.CharField(label=_("Where to turn, in Chinese"), max_length=200)
    turn_en = forms.CharField(label=_("Where to turn, in English"), max_length=200)
    position = forms.IntegerField(
        label=_("Position"),
        min_value=0,
        max_value=SMALL,
        initial=0,
        help_text=_("the smallest number comes first"),
    )
    is_active = forms.BooleanField(label=_("In use"), required=False)


class HandlingForm(ZoneForm):
    once = ("category",)
    category = forms.ModelChoiceField(DemandCategory.objects.none(), label=_("Category"))
    most_extensions = forms.IntegerField(
        label=_("Extensions at most"),
        min_value=0,
        max_value=MOST_TIMES,
        initial=1,
        help_text=_("per answer; 0 is never"),
    )
    extension_percent = forms.IntegerField(
        label=_("Each at most (per cent of the time limit)"),
        min_value=1,
        max_value=MOST_PERCENT,
        initial=100,
    )
    extension_decider = forms.ChoiceField(label=_("Decided by"), choices=Decider.choices)
    counts_late = forms.BooleanField(
        label=_("A late decision counts"),
        required=False,
        help_text=_(
            "What was asked for in time may still be given after the time has run out; otherwise "
            "the request lapses."
        ),
    )
    leader_signs = forms.BooleanField(
        label=_("A leader signs too"),
        required=False,
        help_text=_("beside the head, where a demand cannot be solved"),
    )
    appeal_days = forms.IntegerField(
        label=_("Appeal within (days)"), min_value=1, max_value=MOST_DAYS, initial=10
    )
    represented_days = forms.IntegerField(
        label=_("Objection to a filing by others within (days)"),
        min_value=1,
        max_value=MOST_DAYS,
        initial=10,
    )

    def __init__(self, data: Any = None, *, row: Model | None = None) -> None:
        super().__init__(data, row=row)
        if (category := self.fields.get("category")) is not None:
            assert isinstance(category, forms.ModelChoiceField)
            category.queryset = DemandCategory.objects.in_use()


class ProgrammeForm(ZoneForm):
    name = forms.CharField(label=_("Name"), max_length=80)
    triage_unit = UnitField(label=_("Sorting unit"), help_text=_("It decides about every need."))
    starts_on = forms.DateField(label=_("First day"), widget=date_input())
    until_on = forms.DateField(
        label=_("Last day of collecting"), required=False, widget=date_input()
    )
    target_on = forms.DateField(
        label=_("Target day"),
        required=False,
        widget=date_input(),
        help_text=_("Until then all valid needs shall be solved."),
    )
    enterprises_over = forms.IntegerField(
        label=_("Enterprises, more than"),
        required=False,
        min_value=1,
        max_value=10_000_000,
        help_text=_("Only where the exact number is not known; coverage is then an upper bound."),
    )
