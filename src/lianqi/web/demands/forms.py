"""Forms of demands: they check shape; the rules live in the actions."""

import datetime as dt
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from lianqi.accounts.models import Unit, User
from lianqi.demands.enums import Channel, DemandStatus, LeftOut
from lianqi.demands.models import (
    BASE,
    PART,
    CategoryVersion,
    DemandCategory,
    DemandQuerySet,
    EvidenceKind,
)
from lianqi.demands.queries import (
    PROMISED,
    case_names,
    category_tree,
    counted_as,
    lengths,
    version_in_force,
)
from lianqi.register.models import Chain, Enterprise, EnterpriseQuerySet, ServicePoint
from lianqi.web.amounts import AMOUNTS
from lianqi.web.demands.contact_forms import ROWS_AT_FILING, ContactRows
from lianqi.web.paging import as_id
from lianqi.work.enums import Urgency

MOST_FILES = 10
MOST_MATCHES = 20
UNKNOWN_STREET = "-"
ON_BEHALF = (Channel.PHONE, Channel.VISIT, Channel.COUNTER)

STATES = [
    ("", _("All")),
    ("open", _("All open ones")),
    *DemandStatus.choices,
    ("counted", _("All but withdrawn and merged")),
    ("bounced", _("Objected to")),
    ("routed", _("Sent by themselves")),
    ("rated", _("Rated")),
    ("satisfied", _("Rated as satisfied")),
    ("repeats", _("Repeat demands")),
]


def text_area(rows: int) -> forms.Textarea:
    return forms.Textarea({"rows": rows})


def date_input() -> forms.DateInput:
    return forms.DateInput({"type": "date"}, format="%Y-%m-%d")


def choosing() -> forms.Select:
    """A select of a filter bar: it submits by itself where there is script."""
    return forms.Select({"data-autosubmit": ""})


def counted_cases() -> Iterator[tuple[str, Any]]:
    """What a demand may count as in a rate, by measure: `closing.part` and the like."""
    yield "", _("All")
    words = {BASE: _("denominator"), PART: _("numerator"), **dict(LeftOut.choices)}
    for measure, names in case_names().items():
        yield str(measure.label), [(f"{measure.value}.{name}", words[name]) for name in names]


class FilterForm(forms.Form):
    """What a list of demands can be narrowed by. Empty fields narrow nothing."""

    q = forms.CharField(label=_("Number or title"), required=False, max_length=60)
    status = forms.ChoiceField(label=_("Status"), required=False, choices=STATES, widget=choosing())
    category = forms.ModelChoiceField(
        DemandCategory.objects.order_by("position", "pk"),
        label=_("Category"),
        required=False,
        empty_label=_("All"),
        widget=choosing(),
    )
    unit = forms.ModelChoiceField(
        Unit.objects.order_by("path", "pk"),
        label=_("Responsible unit"),
        required=False,
        empty_label=_("All"),
        widget=choosing(),
    )
    channel = forms.ChoiceField(
        label=_("Channel"),
        required=False,
        choices=[("", _("All")), *Channel.choices],
        widget=choosing(),
    )
    urgency = forms.ChoiceField(
        label=_("Urgency"),
        required=False,
        choices=[("", _("All")), *Urgency.choices],
        widget=choosing(),
    )
    firm = forms.CharField(
        label=_("Enterprise, caller or telephone"), required=False, max_length=60
    )
    filed_from = forms.DateField(label=_("Filed from"), required=False, widget=date_input())
    filed_until = forms.DateField(label=_("Filed until"), required=False, widget=date_input())
    enterprise = forms.ModelChoiceField(
        Enterprise.objects.none(), required=False, widget=forms.HiddenInput()
    )

    # What the tables of figures narrow by; offered only where it was asked for.
    case = forms.ChoiceField(
        label=_("Counted as"), required=False, choices=counted_cases, widget=choosing()
    )
    street = forms.CharField(label=_("Street or town"), required=False, max_length=60)
    chain = forms.ModelChoiceField(
        Chain.objects.order_by("name"),
        label=_("Industry chain"),
        required=False,
        empty_label=_("All"),
        widget=choosing(),
    )

    of_figures = ("case", "street", "chain")
    desk_only = ("unit", "channel", "urgency", "firm", *of_figures)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        firms = self.fields["enterprise"]
        assert isinstance(firms, forms.ModelChoiceField)
        firms.queryset = Enterprise.objects.visible_to(user)
        for name in self.of_figures if user.is_zone_staff else self.desk_only:
            if not user.is_zone_staff or not self.data.get(name):
                del self.fields[name]

    def narrow(
        self, demands: DemandQuerySet, *, at: dt.datetime, by_index: bool = True
    ) -> DemandQuerySet:
        """The demands that match every field that was filled in correctly."""
        self.is_valid()  # what was filled in wrongly is missing from the cleaned data
        given = self.cleaned_data
        for name in ("category", "unit", "channel", "urgency", "enterprise"):
            if given.get(name):
                demands = demands.filter(**{name: given[name]})
        if given.get("chain"):
            demands = demands.of_chain(given["chain"])
        if given.get("street"):
            named = given["street"]
            demands = demands.from_street("" if named == UNKNOWN_STREET else named)
        if given.get("case"):
            demands = counted_as(demands, given["case"], at=at)
        if given.get("firm"):
            demands = demands.of_firms_like(given["firm"])
        if given.get("q"):
            demands = demands.search(given["q"], by_index=by_index)
        demands = demands.filed_within(given.get("filed_from"), given.get("filed_until"))
        return in_state(demands, given.get("status") or "")

    def chosen(self) -> dict[str, str]:
        """What was filtered by, for the audit trail."""
        return {name: str(value) for name, value in self.cleaned_data.items() if value}


def in_state(demands: DemandQuerySet, state: str) -> DemandQuerySet:
    """The demands in one status, or in one of the named groups of `STATES`."""
    if state in {"open", "counted", "bounced", "routed", "rated", "satisfied", "repeats"}:
        groups = {
            "open": demands.open,
            "counted": demands.counted,
            "bounced": demands.bounced,
            "routed": demands.routed,
            "rated": demands.rated,
            "satisfied": demands.satisfied,
            "repeats": demands.repeats,
        }
        return groups[state]()
    return demands.filter(status=state) if state else demands


class CategoryField(forms.ModelChoiceField[DemandCategory]):
    """A category one may file under, grouped by its headings in the order of the tree."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(DemandCategory.objects.in_use(), **kwargs)
        self.choices = self._grouped

    def _grouped(self) -> Iterator[tuple[Any, Any]]:
        yield "", self.empty_label
        groups: dict[str, list[tuple[int, str]]] = {}
        for node in category_tree():
            if node.is_open:
                heading = " › ".join(map(str, node.above))
                groups.setdefault(heading, []).append((node.category.pk, str(node.category)))
        for heading, leaves in groups.items():
            if heading:
                yield heading, leaves
            else:
                yield from leaves


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Any number of files up to `MOST_FILES`; the checks of each are the action's."""

    widget = ManyFilesInput
    default_error_messages = {"too_many": _("Attach at most %(most)d files.")}

    def clean(self, data: Any, initial: Any = None) -> Any:
        uploads: list[UploadedFile[Any] | None] = data if isinstance(data, list) else [data]
        if len(uploads) > MOST_FILES:
            raise forms.ValidationError(
                self.error_messages["too_many"], params={"most": MOST_FILES}
            )
        checked = [super(ManyFilesField, self).clean(each, initial) for each in uploads]
        return [upload for upload in checked if upload]


class FilingForm(forms.Form):
    """A new demand: from the firm itself, or taken down by somebody of the zone."""

    enterprise = forms.ModelChoiceField(
        Enterprise.objects.none(),
        label=_("Enterprise"),
        empty_label=None,
        required=False,
    )
    firm_name = forms.CharField(
        label=_("Name of the enterprise"),
        max_length=120,
        required=False,
        help_text=_("As the caller says it. The dispatcher finds the entry later."),
    )
    firm_code = forms.CharField(
        label=_("Unified social credit code"), max_length=18, required=False
    )
    channel = forms.ChoiceField(
        label=_("How it reached us"),
        widget=forms.RadioSelect,
        choices=[(channel.value, channel.label) for channel in ON_BEHALF],
    )
    service_point = forms.ModelChoiceField(
        ServicePoint.objects.in_use().order_by("pk"),
        label=_("Service point"),
        required=False,
        empty_label="—",
        help_text=_("Any point takes demands of any enterprise."),
    )
    category = CategoryField(
        label=_("Category"),
        empty_label=_("Please choose"),
        widget=forms.Select(
            {
                "hx-get": reverse_lazy("demands:category_terms"),
                "hx-target": "#terms",
                "hx-swap": "outerHTML",
            }
        ),
    )
    title = forms.CharField(
        label=_("Title"), max_length=100, help_text=_("One sentence: what is needed?")
    )
    text = forms.CharField(
        label=_("What it is about"),
        max_length=5000,
        widget=text_area(8),
        help_text=_("What happened, since when, what was tried, and what would solve it."),
    )
    urgency = forms.ChoiceField(
        label=_("Urgency"),
        required=False,
        choices=[("", _("As is usual for the category")), *Urgency.choices],
        help_text=_("It decides how much time each step has."),
    )
    attachments = ManyFilesField(
        label=_("Attachments"),
        required=False,
        help_text=_("Up to 10 files: documents, spreadsheets, pictures."),
    )
    idempotency_key = forms.CharField(
        max_length=64, widget=forms.HiddenInput(), initial=lambda: str(uuid4())
    )

    def __init__(
        self,
        *args: Any,
        firms: EnterpriseQuerySet,
        shown: list[Enterprise],
        on_behalf: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        sent = self.data if self.is_bound else None
        self.people = ContactRows(sent, rows=ROWS_AT_FILING, initial=self.initial)
        self.category_chosen, self.version = self._chosen()
        for kind in self.documents:
            self.fields[f"evidence_{kind.pk}"] = forms.FileField(
                label=kind.name,
                required=False,
                help_text=_("This document is obligatory.") if kind.is_obligatory else "",
            )
        enterprise = self.fields["enterprise"]
        assert isinstance(enterprise, forms.ModelChoiceField)
        enterprise.queryset = firms
        if on_behalf:
            enterprise.widget = forms.RadioSelect()
        else:
            for name in ("channel", "urgency", "firm_name", "firm_code", "service_point"):
                del self.fields[name]
        self.has_choices = bool(shown)
        # All of a firm's own; of the register's thousands only those that were searched for.
        enterprise.choices = [(firm.pk, f"{firm.name} {firm.code}") for firm in shown]

    def is_valid(self) -> bool:
        """Both are asked, so that everything that is wrong is said at once."""
        return all([super().is_valid(), self.people.is_valid()])

    def clean(self) -> dict[str, Any]:
        """One of the two must say whose demand it is: the entry, or the name as told."""
        given = super().clean() or self.cleaned_data
        if not given.get("enterprise") and not given.get("firm_name"):
            self.add_error("enterprise", _("Choose the enterprise whose demand this is."))
        return given

    def _chosen(self) -> tuple[DemandCategory | None, CategoryVersion | None]:
        """The category chosen so far, and what holds for it today."""
        given = self.data if self.is_bound else self.initial
        pk = as_id(str(given.get("category") or ""))
        category = DemandCategory.objects.in_use().filter(pk=pk).first() if pk else None
        if category is None:
            return None, None
        return category, version_in_force(category, on=timezone.localdate())

    @property
    def documents(self) -> list[EvidenceKind]:
        """What the chosen category asks for."""
        return self.version.documents if self.version is not None else []

    @property
    def evidence_fields(self) -> list[forms.BoundField]:
        return [self[f"evidence_{kind.pk}"] for kind in self.documents]

    @property
    def times(self) -> list[tuple[str, str]]:
        """How long each step takes that the enterprise waits for, in words."""
        if self.category_chosen is None:
            return []
        urgency = Urgency(self.category_chosen.usual_urgency)
        found = lengths(self.version, steps=PROMISED)
        return [
            (str(step.label), str(AMOUNTS[length.kind]) % {"count": length.amount})
            for step in PROMISED
            if (length := found.get((step, urgency))) is not None
        ]

    def arguments(self) -> dict[str, Any]:
        """What `file_demand` wants to know, as the person gave it."""
        given = {**self.cleaned_data}
        named = {kind.pk: given.pop(f"evidence_{kind.pk}") for kind in self.documents}
        given["documents"] = {pk: uploaded for pk, uploaded in named.items() if uploaded}
        given["channel"] = Channel(given.get("channel") or Channel.PORTAL)
        given["urgency"] = Urgency(given["urgency"]) if given.get("urgency") else None
        given["uploads"] = given.pop("attachments")
        given["contacts"] = self.people.given()
        return given


class ActForm(forms.Form):
    """The form of one act on a demand. `auto_id` differs, since several stand on one page."""

    def __init__(
        self,
        data: QueryDict | None = None,
        files: MultiValueDict[str, UploadedFile[Any]] | None = None,
        *,
        verb: str,
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, files, auto_id=f"id_{verb}_%s", initial=initial)


class DispatchForm(ActForm):
    unit = forms.ModelChoiceField(
        Unit.objects.for_choice(), label=_("Responsible unit"), empty_label=_("Please choose")
    )
    urgency = forms.ChoiceField(
        label=_("Urgency"),
        required=False,
        choices=Urgency.choices,
        help_text=_("It decides how much time each step has."),
    )
    note = forms.CharField(
        label=_("Note for the unit"),
        required=False,
        max_length=1000,
        widget=text_area(2),
        help_text=_("The enterprise does not see it."),
    )

    def __init__(self, data: QueryDict | None = None, *args: Any, **kwargs: Any) -> None:
        # The button of a suggestion chooses the unit and sends the form in one click.
        if data is not None and data.get("suggested"):
            data = data.copy()
            data["unit"] = data.get("suggested", "")
        super().__init__(data, *args, **kwargs)

    def clean_urgency(self) -> Urgency | None:
        given = self.cleaned_data["urgency"]
        return Urgency(given) if given else None


class MoveCategoryForm(ActForm):
    category = CategoryField(label=_("Category"), empty_label=_("Please choose"))
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=text_area(2),
        help_text=_("The enterprise sees it."),
    )


class AnswerForm(ActForm):
    answer = forms.CharField(
        label=_("Answer"),
        max_length=10_000,
        widget=text_area(6),
        help_text=_("What was done, or why it cannot be done and what remains."),
    )


class NoteForm(ActForm):
    """Not solved, reopen: what is missing."""

    note = forms.CharField(label=_("What is still missing?"), max_length=1000, widget=text_area(3))


class WithdrawForm(ActForm):
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=text_area(2))
