"""Forms of the register: they check shape; the rules live in the actions."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianqi.register.actions.importing.vocabulary import Directory
from lianqi.register.columns import YEARLY, Column
from lianqi.register.enums import EnterpriseStatus, EnterpriseType, ImportField, SizeClass
from lianqi.register.models import (
    Chain,
    Enterprise,
    EnterpriseQuerySet,
    Grid,
    Industry,
    Park,
)

ALL = [("", _("All"))]
UNITS = [("", _("as the heading says")), ("元", "元"), ("万元", "万元"), ("亿元", "亿元")]
IN_YUAN = {ImportField.CAPITAL, ImportField.REVENUE, ImportField.TOTAL_ASSETS}
EDITED = (
    "name", "status", "type", "industry", "district", "address", "grid", "park",
    "legal_representative", "capital_yuan", "established_on",
)  # fmt: skip


def choosing() -> forms.Select:
    """A select of a filter bar: it submits by itself where there is script."""
    return forms.Select({"data-autosubmit": ""})


class SectionField(forms.ModelChoiceField[Industry]):
    """A section of GB/T 4754-2017."""

    def label_from_instance(self, obj: Industry) -> str:
        return f"{obj.code} {obj.name}"


class FilterForm(forms.Form):
    """The filters of the list; `apply` turns them into a queryset."""

    q = forms.CharField(
        label=_("Name, initials or code"),
        required=False,
        max_length=60,
        widget=forms.TextInput({"type": "search", "minlength": 2}),
    )
    status = forms.ChoiceField(
        label=_("Status"),
        required=False,
        choices=[*ALL, *EnterpriseStatus.choices],
        widget=choosing(),
    )
    size = forms.ChoiceField(
        label=_("Size"), required=False, choices=[*ALL, *SizeClass.choices], widget=choosing()
    )
    section = SectionField(
        label=_("Industry"),
        required=False,
        empty_label=_("All"),
        widget=choosing(),
        queryset=Industry.objects.filter(level=1).order_by("code"),
    )
    park = forms.ModelChoiceField(
        label=_("Park"),
        required=False,
        empty_label=_("All"),
        widget=choosing(),
        queryset=Park.objects.order_by("name"),
    )
    grid = forms.ModelChoiceField(
        label=_("Grid"),
        required=False,
        empty_label=_("All"),
        widget=choosing(),
        queryset=Grid.objects.order_by("code"),
    )
    chain = forms.ModelChoiceField(
        label=_("Industry chain"),
        required=False,
        empty_label=_("All"),
        widget=choosing(),
        queryset=Chain.objects.order_by("name"),
    )

    def apply(self, rows: EnterpriseQuerySet, *, by_index: bool = True) -> EnterpriseQuerySet:
        """The rows that match. Entries merged away are found by search only: their code counts."""
        if not self.is_valid():
            return rows.none()
        chosen = self.cleaned_data
        q = chosen["q"]
        rows = rows.search(q, by_index=by_index) if q else rows.living()
        for name, field in (
            ("status", "status"), ("size", "size_class"), ("park", "park"), ("grid", "grid"),
        ):  # fmt: skip
            if chosen[name]:
                rows = rows.filter(**{field: chosen[name]})
        if chosen["section"]:
            rows = rows.of_section(chosen["section"].code)
        return rows.in_chain(chosen["chain"]) if chosen["chain"] else rows

    def chosen(self) -> dict[str, str]:
        """What was filtered by, for the audit trail."""
        return {name: str(value) for name, value in self.cleaned_data.items() if value}


class EnterpriseForm(forms.Form):
    """The fields of an enterprise that people edit."""

    name = forms.CharField(label=_("Name"), max_length=120)
    status = forms.ChoiceField(
        label=_("Status"), choices=EnterpriseStatus.choices, initial=EnterpriseStatus.OPERATING
    )
    type = forms.ChoiceField(
        label=_("Type"), required=False, choices=[("", "—"), *EnterpriseType.choices]
    )
    industry = forms.CharField(
        label=_("Industry"),
        required=False,
        max_length=80,
        help_text=_("Code or name of GB/T 4754-2017, as 3911. Four digits allow the size class."),
    )
    legal_representative = forms.CharField(
        label=_("Legal representative"), required=False, max_length=50
    )
    capital_yuan = forms.DecimalField(
        label=_("Registered capital (yuan)"),
        required=False,
        min_value=0,
        max_digits=18,
        decimal_places=2,
    )
    established_on = forms.DateField(
        label=_("Established on"),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )
    district = forms.CharField(label=_("Street or town"), required=False, max_length=60)
    address = forms.CharField(label=_("Address"), required=False, max_length=200)
    grid = forms.ModelChoiceField(label=_("Grid"), required=False, queryset=Grid.objects.none())
    park = forms.ModelChoiceField(label=_("Park"), required=False, queryset=Park.objects.none())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer what is in use, and what the enterprise has already."""
        super().__init__(*args, **kwargs)
        for name, rows in (
            ("grid", Grid.objects.order_by("code")),
            ("park", Park.objects.order_by("name")),
        ):
            present = self.initial.get(name)
            offered = Q(is_active=True) | Q(pk=present.pk if present else None)
            self.fields[name].queryset = rows.filter(offered)  # type: ignore[attr-defined]  # a ModelChoiceField

    def clean_industry(self) -> Industry | None:
        text = self.cleaned_data["industry"].strip()
        if not text:
            return None
        code = Directory.load().industry(text)
        if code is None:
            raise forms.ValidationError(
                _("This is no code or name of GB/T 4754-2017. Enter a code such as 3911.")
            )
        return Industry.objects.get(pk=code)


class NewEnterpriseForm(EnterpriseForm):
    """The same with the code, which never changes afterwards."""

    code = forms.CharField(
        label=_("Unified social credit code"),
        max_length=40,
        help_text=_("18 characters, as on the business licence"),
    )
    field_order = ("code", "name")


def initial_of(enterprise: Enterprise) -> dict[str, Any]:
    """What the form shows at first."""
    values: dict[str, Any] = {name: getattr(enterprise, name) for name in EDITED}
    return values | {"industry": enterprise.industry_id or ""}


class PurposeForm(forms.Form):
    """Why somebody needs a contact."""

    purpose = forms.CharField(
        label=_("What do you need the contact for?"),
        max_length=100,
        help_text=_("The enterprise can read the purpose."),
    )


class UploadForm(forms.Form):
    """A spreadsheet to import."""

    file = forms.FileField(
        label=_("Spreadsheet"),
        help_text=_(".xlsx, or .csv in UTF-8 or GB 18030; headings in Chinese or English"),
        widget=forms.ClearableFileInput({"accept": ".xlsx,.xlsm,.csv,.txt"}),
        allow_empty_file=True,
    )


class MappingForm(forms.Form):
    """What each column means; the fields are made from the columns of the run."""

    def __init__(self, data: Any = None, *, columns: list[Column]) -> None:
        super().__init__(data)
        self._columns = columns
        fields = [("", _("leave out")), *ImportField.choices]
        for place, column in enumerate(columns):
            heading = column["heading"] or str(_("(no heading)"))
            self.fields[f"field-{place}"] = forms.ChoiceField(
                label=heading,
                choices=fields,
                required=False,
                initial=column["field"],
            )
            self.fields[f"period-{place}"] = forms.CharField(
                label=_("Year"),
                required=False,
                max_length=7,
                initial=column["period"],
            )
            self.fields[f"unit-{place}"] = forms.ChoiceField(
                label=_("Unit"),
                choices=UNITS,
                required=False,
                initial=column["unit"],
            )

    def rows(self, sample: list[list[str]]) -> list[dict[str, Any]]:
        """One per column: its heading, what stands below it in the file, its three controls."""
        return [
            {
                "heading": column["heading"],
                "sample": [row[place] for row in sample if place < len(row) and row[place]],
                "field": self[f"field-{place}"],
                "period": self[f"period-{place}"],
                "unit": self[f"unit-{place}"],
                "has_period": self[f"field-{place}"].value() in YEARLY,
                "has_unit": self[f"field-{place}"].value() in IN_YUAN,
            }
            for place, column in enumerate(self._columns)
        ]

    def columns(self) -> list[Column]:
        """The mapping as the person wants it."""
        chosen = self.cleaned_data
        return [
            Column(
                heading=column["heading"],
                field=chosen[f"field-{place}"],
                period=chosen[f"period-{place}"] if chosen[f"field-{place}"] in YEARLY else "",
                unit=chosen[f"unit-{place}"],
            )
            for place, column in enumerate(self._columns)
        ]
