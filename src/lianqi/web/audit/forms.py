"""What the audit trail can be narrowed by."""

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianqi.accounts.models import User
from lianqi.audit.actions import Automat
from lianqi.audit.models import EventQuerySet
from lianqi.demands.models import Demand
from lianqi.register.models import Enterprise
from lianqi.web.audit.words import kind_choices, verb_choices
from lianqi.web.paging import as_id

ALL = [("", gettext_lazy("All"))]


def choosing() -> forms.Select:
    """A select of a filter bar: it submits by itself where there is script."""
    return forms.Select({"data-autosubmit": ""})


def date_input() -> forms.DateInput:
    return forms.DateInput({"type": "date"}, format="%Y-%m-%d")


class TrailFilter(forms.Form):
    """Empty fields narrow nothing; a field that cannot be understood shows no event at all."""

    person = forms.CharField(
        label=gettext_lazy("Name of the person"), required=False, max_length=60
    )
    verb = forms.ChoiceField(
        label=gettext_lazy("What was done"),
        required=False,
        choices=lambda: [*ALL, *verb_choices()],
        widget=choosing(),
    )
    what = forms.ChoiceField(
        label=gettext_lazy("Looks or changes"),
        required=False,
        choices=[
            *ALL,
            ("reads", gettext_lazy("only looks")),
            ("changes", gettext_lazy("only changes")),
        ],
        widget=choosing(),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind of record"),
        required=False,
        choices=lambda: [*ALL, *kind_choices()],
        widget=choosing(),
    )
    record = forms.CharField(
        label=gettext_lazy("Number, credit code or id"), required=False, max_length=40
    )
    firm = forms.CharField(
        label=gettext_lazy("Enterprise name or code"), required=False, max_length=60
    )
    first = forms.DateField(label=gettext_lazy("From"), required=False, widget=date_input())
    last = forms.DateField(
        label=gettext_lazy("Until and including"), required=False, widget=date_input()
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        first, last = given.get("first"), given.get("last")
        if first and last and last < first:
            self.add_error("last", _("The last day lies before the first."))
        if number := (given.get("record") or "").strip():
            self._find(number, given)
        return given

    def _find(self, number: str, given: dict[str, Any]) -> None:
        """Turn what people call a record into its kind and id."""
        kind = given.get("kind") or ""
        demand, firm = Demand._meta.label_lower, Enterprise._meta.label_lower
        by_name: dict[str, Any] = {
            demand: Demand.objects.filter(number=number.upper()),
            firm: Enterprise.objects.filter(code=number.upper()),
        }
        for its_kind, rows in by_name.items():
            if kind in {"", its_kind} and (pk := rows.values_list("pk", flat=True).first()):
                given["subject"] = (its_kind, pk)
                return
        pk = as_id(number)
        if pk is None:
            self.add_error("record", _("There is no demand or enterprise with this number."))
        elif kind:
            given["subject"] = (kind, pk)
        else:
            self.add_error("kind", _("An id alone is not enough: choose the kind of record."))

    def apply(self, events: EventQuerySet, *, reader: User) -> EventQuerySet:
        """The events that match."""
        if not self.is_valid():
            return events.none()
        given = self.cleaned_data
        if subject := given.get("subject"):
            events = events.filter(subject_kind=subject[0], subject_id=subject[1])
        elif given["kind"]:
            events = events.filter(subject_kind=given["kind"])
        if given["verb"]:
            events = events.filter(verb=given["verb"])
        if given["what"]:
            events = events.reads() if given["what"] == "reads" else events.changes()
        if name := given["person"].strip():
            ids = User.people.search(name).values_list("pk", flat=True)
            platform = name.casefold() == Automat().get_full_name().casefold()
            events = events.by_people(ids, or_platform=platform)
        if given["firm"]:
            firms = Enterprise.objects.visible_to(reader).search(given["firm"])
            events = events.concerning(firms.values_list("pk", flat=True))
        return events.within(_begin(given["first"]), _begin(given["last"], days_later=1))

    def chosen(self) -> dict[str, str]:
        """What was filtered by, as it was typed, for the audit trail."""
        return {name: str(self.data[name]) for name in self.fields if self.data.get(name)}


def _begin(day: dt.date | None, *, days_later: int = 0) -> dt.datetime | None:
    """Midnight of the zone at the beginning of a day, or of one after it."""
    if day is None or day == dt.date.max:
        return None
    later = day + dt.timedelta(days=days_later)
    return timezone.make_aware(dt.datetime.combine(later, dt.time.min))
