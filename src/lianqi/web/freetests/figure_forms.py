"""What orders and figures can be narrowed by."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lianqi.accounts.models import User
from lianqi.freetests.enums import LabOrderStatus
from lianqi.freetests.models import Institute, LabOrderQuerySet
from lianqi.web.demands.forms import choosing, date_input


class PeriodFilter(forms.Form):
    """Days of the order, both included. Empty fields narrow nothing."""

    first = forms.DateField(label=_("Ordered from"), required=False, widget=date_input())
    last = forms.DateField(label=_("Ordered until"), required=False, widget=date_input())

    def narrow(self, orders: LabOrderQuerySet) -> LabOrderQuerySet:
        """The orders that match what was filled in correctly."""
        self.full_clean()
        given = self.cleaned_data
        return orders.placed_between(given.get("first"), given.get("last"))

    def chosen(self) -> dict[str, str]:
        """What was filtered by, for the audit trail."""
        return {name: str(value) for name, value in self.cleaned_data.items() if value}


class OrderFilter(PeriodFilter):
    institute = forms.ModelChoiceField(
        Institute.objects.none(),
        label=_("Institute"),
        required=False,
        empty_label=_("All"),
        widget=choosing(),
    )
    status = forms.ChoiceField(
        label=_("Status"),
        required=False,
        choices=[("", _("All")), *LabOrderStatus.choices],
        widget=choosing(),
    )
    field_order = ("institute", "status", "first", "last")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["institute"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Institute.objects.visible_to(user).order_by("name")
        if not user.is_zone_staff:
            del self.fields["institute"]

    def narrow(self, orders: LabOrderQuerySet) -> LabOrderQuerySet:
        found = super().narrow(orders)
        for name in ("institute", "status"):
            if value := self.cleaned_data.get(name):
                found = found.filter(**{name: value})
        return found
