"""What the lists of plans and measures can be narrowed by."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianqi.plans.enums import MeasureKind, MeasureStatus, PlanStatus
from lianqi.plans.models import Measure, MeasureQuerySet, ServicePlanQuerySet
from lianqi.register.models import Enterprise, Industry
from lianqi.web.demands.forms import choosing, date_input
from lianqi.web.plans.forms import lasting_units
from lianqi.web.register.forms import SectionField

ALL = ("", _("All"))
CURRENT = "current"

# What a measure may count as; the figures lead here.
COUNTED = (
    ("settled", pgettext_lazy("measures", "With a result")),
    ("in_time", pgettext_lazy("measures", "Done in time")),
    ("done_late", pgettext_lazy("measures", "Done late")),
    ("overdue", pgettext_lazy("measures", "Overdue")),
    ("not_possible", pgettext_lazy("measures", "Not possible")),
    ("doubted", pgettext_lazy("measures", "Doubted by the enterprise")),
    ("due", pgettext_lazy("measures", "Fallen due or settled")),
)


class UnitFilter(forms.Form):
    """A filter form that knows whether its reader works for the zone."""

    unit = forms.ModelChoiceField(
        lasting_units(), label=_("Unit"), required=False, empty_label=_("All"), widget=choosing()
    )
    staff_fields: tuple[str, ...] = ("unit",)

    def __init__(self, *args: Any, is_staff: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_staff:
            for name in self.staff_fields:
                del self.fields[name]

    def chosen(self) -> dict[str, str]:
        """What was filtered by, for the audit trail."""
        return {name: str(value) for name, value in self.cleaned_data.items() if value}


class PlanFilter(UnitFilter):
    """Empty fields narrow nothing; fields that were filled in wrongly neither."""

    status = forms.ChoiceField(
        label=_("Status"),
        required=False,
        choices=[ALL, (CURRENT, _("Not ended")), *PlanStatus.choices],
        widget=choosing(),
    )
    late = forms.BooleanField(label=_("With overdue measures"), required=False)
    section = SectionField(
        label=_("Industry"),
        required=False,
        empty_label=_("All"),
        widget=choosing(),
        queryset=Industry.objects.filter(level=1).order_by("code"),
    )
    street = forms.CharField(label=_("Street or town"), required=False, max_length=60)
    enterprise = forms.ModelChoiceField(
        Enterprise.objects.all(), required=False, widget=forms.HiddenInput()
    )
    field_order = ("status", "unit", "late", "section", "street")
    staff_fields = ("unit", "late", "section", "street", "enterprise")

    def narrow(self, plans: ServicePlanQuerySet, *, on: dt.date) -> ServicePlanQuerySet:
        self.full_clean()
        chosen = {name: value for name, value in self.cleaned_data.items() if value}
        if status := chosen.get("status"):
            plans = plans.current() if status == CURRENT else plans.filter(status=status)
        if unit := chosen.get("unit"):
            plans = plans.concerning(unit.pk)
        if chosen.get("late"):
            overdue = Measure.objects.overdue(on=on)
            plans = plans.under_way().filter(pk__in=overdue.values("plan"))
        if section := chosen.get("section"):
            firms = Enterprise.objects.of_section(section.code)
            plans = plans.filter(enterprise__in=firms.values("pk"))
        if street := chosen.get("street"):
            plans = plans.filter(enterprise__district=street)
        if enterprise := chosen.get("enterprise"):
            plans = plans.filter(enterprise=enterprise)
        return plans


class MeasureFilter(UnitFilter):
    status = forms.ChoiceField(
        label=_("Status"),
        required=False,
        choices=[ALL, *MeasureStatus.choices],
        widget=choosing(),
    )
    counted = forms.ChoiceField(
        label=_("Counted as"), required=False, choices=[ALL, *COUNTED], widget=choosing()
    )
    kind = forms.ChoiceField(
        label=_("Kind"), required=False, choices=[ALL, *MeasureKind.choices], widget=choosing()
    )
    due_from = forms.DateField(label=_("Due from"), required=False, widget=date_input())
    due_until = forms.DateField(label=_("Due until"), required=False, widget=date_input())
    field_order = ("status", "counted", "unit", "kind", "due_from", "due_until")

    def narrow(self, measures: MeasureQuerySet, *, on: dt.date) -> MeasureQuerySet:
        self.full_clean()
        chosen = {name: value for name, value in self.cleaned_data.items() if value}
        for name in ("status", "kind", "unit"):
            if name in chosen:
                measures = measures.filter(**{name: chosen[name]})
        if first := chosen.get("due_from"):
            measures = measures.filter(due_on__gte=first)
        if last := chosen.get("due_until"):
            measures = measures.filter(due_on__lte=last)
        counted = chosen.get("counted")
        return measures.counted_as(counted, on=on) if counted else measures
