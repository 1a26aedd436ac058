"""Forms of supervision orders: they check shape; the rules live in the actions."""

from django import forms
from django.utils.translation import gettext_lazy as _

from lianqi.accounts.models import Unit
from lianqi.supervision.enums import OrderStatus
from lianqi.supervision.models import SupervisionOrderQuerySet
from lianqi.web.demands.forms import choosing, text_area
from lianqi.work.enums import Urgency

LONGEST = 2000


class OrderFilter(forms.Form):
    """What the list of orders can be narrowed by. Empty fields narrow nothing."""

    status = forms.ChoiceField(
        label=_("Status"),
        required=False,
        choices=[("", _("All")), *OrderStatus.choices],
        widget=choosing(),
    )
    unit = forms.ModelChoiceField(
        Unit.objects.order_by("path", "pk"),
        label=_("Unit"),
        required=False,
        empty_label=_("All"),
        widget=choosing(),
    )

    def narrow(self, orders: SupervisionOrderQuerySet) -> SupervisionOrderQuerySet:
        """The orders that match every field that was filled in correctly."""
        self.full_clean()
        chosen = {name: value for name, value in self.cleaned_data.items() if value}
        return orders.filter(**chosen)


class IssueForm(forms.Form):
    unit = forms.ModelChoiceField(
        Unit.objects.none(), label=_("Unit that has to act"), empty_label=None
    )
    text = forms.CharField(
        label=_("What the order asks"),
        max_length=LONGEST,
        widget=text_area(5),
        help_text=_("What is to be done, and what the unit is to report."),
    )
    urgency = forms.ChoiceField(label=_("Urgency"), choices=Urgency.choices)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed through
        unit = self.fields["unit"]
        assert isinstance(unit, forms.ModelChoiceField)
        unit.queryset = Unit.objects.active().order_by("path", "pk")

    def clean_urgency(self) -> Urgency:
        return Urgency(self.cleaned_data["urgency"])


class AnswerForm(forms.Form):
    answer = forms.CharField(
        label=_("Answer"),
        max_length=LONGEST,
        widget=text_area(5),
        help_text=_("What was done, what remains, and by when."),
    )


class RemarkForm(forms.Form):
    remark = forms.CharField(label=_("Remark"), max_length=LONGEST, widget=text_area(3))


class SettleForm(forms.Form):
    remark = forms.CharField(
        label=_("Remark"), required=False, max_length=LONGEST, widget=text_area(3)
    )
