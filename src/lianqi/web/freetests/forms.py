"""Forms of free tests and their orders: they check shape; the rules live in the actions."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lianqi.accounts.models import User
from lianqi.conversions.models import Conversion
from lianqi.demands.models import Demand
from lianqi.freetests.actions import ItemResult
from lianqi.freetests.enums import FreeTestStatus, Verdict
from lianqi.freetests.models import (
    FreeTest,
    FreeTestQuerySet,
    Institute,
    LabOffer,
    LabOrder,
)
from lianqi.register.models import Enterprise
from lianqi.taskforces.models import TaskForce
from lianqi.web.conversions.forms import files_field
from lianqi.web.demands.forms import choosing, date_input, text_area

MOST_ITEMS = 60
"""Test items that are offered to choose from; others are typed."""


def items_of(text: str) -> list[str]:
    """Test items as one writes them: separated by commas of either width, or in lines."""
    for mark in ("，", "、", ",", "；", ";"):
        text = text.replace(mark, "\n")
    return [each.strip() for each in text.splitlines() if each.strip()]


ITEM_MAX = 40
"""Characters of the name of a test item, as its column holds them."""


class FreeTestFilter(forms.Form):
    """What the list can be narrowed by. Empty fields narrow nothing."""

    status = forms.ChoiceField(
        label=_("Status"),
        required=False,
        choices=[("", _("All")), *FreeTestStatus.choices],
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
        field.queryset = TaskForce.objects.visible_to(user).select_related("unit").order_by("-pk")
        if not user.is_zone_staff:
            del self.fields["force"]

    def narrow(self, tests: FreeTestQuerySet) -> FreeTestQuerySet:
        """The tests that match what was filled in correctly."""
        self.full_clean()
        chosen = {name: value for name, value in self.cleaned_data.items() if value}
        return tests.filter(**chosen)

    def chosen(self) -> dict[str, str]:
        """What was filtered by, for the audit trail."""
        return {name: str(value) for name, value in self.cleaned_data.items() if value}


class ItemsForm(forms.Form):
    """By which standard what is tested; items that institutes offer are chosen, others typed."""

    standard = forms.CharField(
        label=_("Standard"),
        max_length=80,
        required=False,
        help_text=_("Its number, as far as you know it."),
    )
    items = forms.MultipleChoiceField(
        label=_("Test items"), required=False, widget=forms.CheckboxSelectMultiple
    )
    other_items = forms.CharField(
        label=_("Other test items"),
        max_length=400,
        required=False,
        help_text=_("Separated by commas, at most 40 characters each."),
    )
    samples = forms.CharField(label=_("Samples at hand"), max_length=120, required=False)
    wanted_by = forms.DateField(label=_("Result wanted by"), required=False, widget=date_input())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["items"]
        assert isinstance(field, forms.MultipleChoiceField)
        offered = LabOffer.objects.standing().filter(institute__is_active=True)
        names = list(
            offered.order_by("item").values_list("item", flat=True).distinct()[:MOST_ITEMS]
        )
        # What was chosen and is no longer offered stays chosen.
        names += [each for each in self.initial.get("items", ()) if each not in names]
        field.choices = [(name, name) for name in names]

    def clean_other_items(self) -> list[str]:
        items = items_of(self.cleaned_data["other_items"])
        if any(len(item) > ITEM_MAX for item in items):
            raise forms.ValidationError(_("An item has more than 40 characters. Shorten its name."))
        return items

    def wanted(self) -> list[str]:
        given = self.cleaned_data
        return [*given.get("items", []), *given.get("other_items", [])]


class ForceField(forms.ModelChoiceField[TaskForce]):
    """A task force by its name; an enterprise knows no numbers of them."""

    def label_from_instance(self, obj: TaskForce) -> str:
        return str(obj.unit)


class StateForm(ItemsForm):
    """What is to be tested. Enterprise, conversion and demand are named by code and numbers."""

    force = ForceField(
        TaskForce.objects.none(), label=_("Task force"), empty_label=_("Please choose")
    )
    code = forms.CharField(
        label=_("Unified social credit code"),
        max_length=18,
        help_text=_("Of the enterprise; it stands on its page in the register."),
    )
    product = forms.CharField(label=_("Product"), max_length=60)
    question = forms.CharField(
        label=_("What is to be found out"),
        max_length=1000,
        required=False,
        widget=text_area(3),
        help_text=_("If you do not know standard or items, ask here; the task force settles them."),
    )
    conversion = forms.CharField(label=_("Number of the conversion"), max_length=20, required=False)
    demand = forms.CharField(label=_("Number of the demand"), max_length=20, required=False)
    field_order = (
        "force", "code", "product", "question", "standard", "items", "other_items", "samples",
        "wanted_by", "conversion", "demand",
    )  # fmt: skip

    def __init__(self, *args: Any, user: User, forces: list[TaskForce], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._user = user
        field = self.fields["force"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = TaskForce.objects.filter(pk__in=[each.pk for each in forces])

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        firms = Enterprise.objects.visible_to(self._user).living()
        enterprise = firms.filter(code=given.get("code", "").strip().upper()).first()
        if enterprise is None and "code" in given:
            self.add_error("code", _("The register has no enterprise with this code."))
        given["enterprise"] = enterprise
        given["conversion"] = self._numbered(
            "conversion", Conversion.objects.visible_to(self._user), given
        )
        given["demand"] = self._numbered("demand", Demand.objects.visible_to(self._user), given)
        return given

    def _numbered(self, name: str, rows: Any, given: dict[str, Any]) -> Any:
        number = str(given.get(name) or "").strip().upper()
        if not number:
            return None
        if (found := rows.filter(number=number).first()) is None:
            self.add_error(name, _("You see no record with this number."))
        return found

    def values(self) -> dict[str, Any]:
        """What `state_test` wants to know."""
        names = (
            "enterprise", "force", "product", "question", "standard", "samples", "wanted_by",
            "conversion", "demand",
        )  # fmt: skip
        return {name: self.cleaned_data[name] for name in names} | {"items": self.wanted()}


class WishForm(forms.Form):
    """An act on what is to be tested: the fields hold what the test says of them now."""

    def __init__(self, *args: Any, test: FreeTest, **kwargs: Any) -> None:
        known = {name: getattr(test, name) for name in self.base_fields if hasattr(test, name)}
        super().__init__(*args, **{"initial": known, **kwargs})

    def values(self) -> dict[str, Any]:
        """What the action wants to know."""
        return dict(self.cleaned_data)


class SpecifyForm(WishForm, ItemsForm):
    def values(self) -> dict[str, Any]:
        """What `specify_test` wants to know."""
        names = ("standard", "samples", "wanted_by")
        return {name: self.cleaned_data[name] for name in names} | {"items": self.wanted()}


class ReasonForm(WishForm):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=1000,
        widget=text_area(2),
        help_text=_("Everybody who takes part reads it."),
    )


class OffersField(forms.ModelMultipleChoiceField[LabOffer]):
    """Tests on offer, each with what it costs elsewhere."""

    def label_from_instance(self, obj: LabOffer) -> str:
        return str(_("%(offer)s, normally %(price)s yuan") % {"offer": obj, "price": obj.price})


class PlaceForm(forms.Form):
    """Which items of one institute are ordered."""

    institute = forms.ModelChoiceField(Institute.objects.all(), widget=forms.HiddenInput())
    offers = OffersField(
        LabOffer.objects.all(),
        label=_("Items to order"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, *args: Any, shown: list[LabOffer] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["offers"]
        assert isinstance(field, OffersField)
        if shown is not None:
            field.queryset = LabOffer.objects.filter(pk__in=[each.pk for each in shown])


class OrderForm(forms.Form):
    """An act on an order. Most need no more than the button."""

    def __init__(self, *args: Any, order: LabOrder, verb: str, **kwargs: Any) -> None:
        # Several forms of several orders stand on one page.
        kwargs["auto_id"] = f"id_{verb}_{order.pk}_%s"
        super().__init__(*args, **kwargs)
        self.order = order
        self.prepare()

    def prepare(self) -> None:
        """What depends on the order."""

    def values(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class OrderReasonForm(OrderForm):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=1000,
        widget=text_area(2),
        help_text=_("Everybody who takes part reads it."),
    )


class SamplesForm(OrderForm):
    samples = forms.CharField(
        label=_("Samples received"), max_length=120, help_text=_("Which, and how many.")
    )


class ResultForm(OrderForm):
    """Passed or not for every item, and the report."""

    report_number = forms.CharField(label=_("Number of the report"), max_length=60)
    papers = files_field(required=True)
    note = forms.CharField(label=_("Note"), max_length=1000, required=False, widget=text_area(2))

    def prepare(self) -> None:
        self.fields["papers"].label = _("Report")
        added: dict[str, forms.Field] = {}
        for item in sorted(self.order.items.all(), key=lambda each: each.pk):
            added[f"verdict_{item.pk}"] = forms.ChoiceField(
                label=item.item, choices=Verdict.choices, widget=forms.RadioSelect
            )
            added[f"value_{item.pk}"] = forms.CharField(
                label=_("%(item)s: value") % {"item": item.item}, max_length=60, required=False
            )
        self.fields = added | self.fields

    def values(self) -> dict[str, Any]:
        """What `file_result` wants to know."""
        given = self.cleaned_data
        results = {
            item.pk: ItemResult(
                Verdict(given[f"verdict_{item.pk}"]), given.get(f"value_{item.pk}", "")
            )
            for item in self.order.items.all()
        }
        names = ("report_number", "papers", "note")
        return {name: given[name] for name in names} | {"results": results}
