"""Forms of policy needs: they check shape; the rules live in the actions."""

import datetime as dt
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from lianqi.accounts.models import Unit, User
from lianqi.engines.text import AmountError, parse_yuan
from lianqi.needs.enums import REASONS, MoneyStage, NeedStatus, TriageReason, Verdict
from lianqi.needs.models import Need, NeedQuerySet, Programme
from lianqi.register.models import Enterprise, EnterpriseQuerySet

MOST_YUAN = Decimal(10) ** 14  # no zone moves more; the column holds a hundred times of it
GROUPS = ("valid", "remaining", "solved")
STATES = [
    ("", _("All")),
    ("valid", _("All valid ones")),
    ("remaining", _("Valid and not solved")),
    ("solved", _("All solved ones")),
    *NeedStatus.choices,
]


def text_area(rows: int) -> forms.Textarea:
    return forms.Textarea({"rows": rows})


def date_input() -> forms.DateInput:
    return forms.DateInput({"type": "date"}, format="%Y-%m-%d")


def choosing() -> forms.Select:
    """A select of a filter bar: it submits by itself where there is script."""
    return forms.Select({"data-autosubmit": ""})


class FilterForm(forms.Form):
    """What a list of needs can be narrowed by. Empty fields narrow nothing."""

    q = forms.CharField(label=_("Number or words"), required=False, max_length=60)
    status = forms.ChoiceField(label=_("Status"), required=False, choices=STATES, widget=choosing())
    unit = forms.ModelChoiceField(
        Unit.objects.order_by("path", "pk"),
        label=_("Guarding unit"),
        required=False,
        empty_label=_("All"),
        widget=choosing(),
    )
    lead = forms.ModelChoiceField(
        Unit.objects.order_by("path", "pk"),
        label=_("Responsible unit"),
        required=False,
        empty_label=_("All"),
        widget=choosing(),
    )
    firm = forms.CharField(label=_("Enterprise name or code"), required=False, max_length=60)
    collected_from = forms.DateField(label=_("Collected from"), required=False, widget=date_input())
    collected_until = forms.DateField(
        label=_("Collected until"), required=False, widget=date_input()
    )
    programme = forms.ModelChoiceField(
        Programme.objects.order_by("-starts_on", "-pk"),
        label=_("Programme"),
        required=False,
        empty_label=_("All"),
        widget=choosing(),
    )

    desk_only = ("unit", "firm", "programme")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not user.is_zone_staff:
            for name in self.desk_only:
                del self.fields[name]

    def narrow(self, needs: NeedQuerySet, *, by_index: bool = True) -> NeedQuerySet:
        """The needs that match every field that was filled in correctly."""
        self.is_valid()  # what was filled in wrongly is missing from the cleaned data
        given = self.cleaned_data
        for name in ("unit", "lead", "programme"):
            if given.get(name):
                needs = needs.filter(**{name: given[name]})
        if given.get("firm"):
            needs = needs.of_firms_like(given["firm"])
        if given.get("q"):
            needs = needs.search(given["q"], by_index=by_index)
        needs = needs.collected_within(given.get("collected_from"), given.get("collected_until"))
        return in_state(needs, given.get("status") or "")

    def chosen(self) -> dict[str, str]:
        """What was filtered by, for the audit trail."""
        return {name: str(value) for name, value in self.cleaned_data.items() if value}


def in_state(needs: NeedQuerySet, state: str) -> NeedQuerySet:
    """The needs in one status, or in one of the named groups of `STATES`."""
    if state in GROUPS:
        groups = {"valid": needs.valid, "remaining": needs.remaining, "solved": needs.solved}
        return groups[state]()
    return needs.filter(status=state) if state else needs


class CollectForm(forms.Form):
    """One need, entered on a telephone between two visits."""

    enterprise = forms.ModelChoiceField(
        Enterprise.objects.none(),
        label=_("Enterprise"),
        empty_label=None,
        widget=forms.RadioSelect(),
        error_messages={"required": _("Choose the enterprise that needs it.")},
    )
    text = forms.CharField(
        label=_("What is needed"),
        max_length=2000,
        widget=text_area(4),
        help_text=_("One need at a time: save it, then enter the next."),
    )
    policy = forms.CharField(
        label=_("Policy"),
        max_length=200,
        required=False,
        help_text=_("Document and article, if the enterprise named one."),
    )
    is_other_matter = forms.BooleanField(
        label=_("This is another matter than the needs named above"), required=False
    )
    idempotency_key = forms.CharField(
        max_length=64, widget=forms.HiddenInput(), initial=lambda: str(uuid4())
    )

    def __init__(
        self, *args: Any, firms: EnterpriseQuerySet, shown: list[Enterprise], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        enterprise = self.fields["enterprise"]
        assert isinstance(enterprise, forms.ModelChoiceField)
        enterprise.queryset = firms
        enterprise.choices = [(firm.pk, f"{firm.name} {firm.code}") for firm in shown]
        self.has_choices = bool(shown)


class ReportForm(forms.Form):
    nothing_collected = forms.BooleanField(
        label=_("Nothing was collected in these days"), required=False
    )


def _decisions() -> list[tuple[Any, Any]]:
    """Every verdict with its reasons: one choice says both."""
    return [
        (
            verdict.label,
            [(f"{verdict.value}:{reason.value}", reason.label) for reason in REASONS[verdict]],
        )
        for verdict in Verdict
    ]


class TriageForm(forms.Form):
    """The verdict about one need; arrow keys and Enter are enough."""

    decision = forms.ChoiceField(
        label=_("Verdict and reason"),
        widget=forms.Select({"autofocus": "", "size": "14"}),
        choices=_decisions,
    )
    lead = forms.ModelChoiceField(
        Unit.objects.for_choice(),
        label=_("Responsible unit"),
        required=False,
        empty_label=_("Please choose"),
        help_text=_("Of a valid need, exactly one."),
    )
    others = forms.ModelMultipleChoiceField(
        Unit.objects.for_choice(),
        label=_("Other units"),
        required=False,
        widget=forms.SelectMultiple({"size": "5"}),
        help_text=_("Of a need to be coordinated."),
    )
    into = forms.ModelChoiceField(
        Need.objects.none(),
        label=_("Same as"),
        required=False,
        empty_label=_("none of them"),
        widget=forms.RadioSelect(),
        help_text=_("Other needs of this enterprise, the most alike first."),
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=1000,
        widget=text_area(2),
        help_text=_("Why, and where to turn instead: the guarding unit tells the enterprise."),
    )

    def __init__(self, data: QueryDict | None = None, *, similar: list[Need]) -> None:
        super().__init__(data)
        into = self.fields["into"]
        assert isinstance(into, forms.ModelChoiceField)
        into.queryset = Need.objects.filter(pk__in=[need.pk for need in similar])
        into.choices = [
            ("", _("none of them")),
            *((need.pk, f"{need.number} {need.text[:80]}") for need in similar),
        ]
        if not similar:
            del self.fields["into"]

    def arguments(self) -> dict[str, Any]:
        """What `triage_need` wants to know."""
        given = {**self.cleaned_data}
        verdict, _colon, reason = given.pop("decision").partition(":")
        given["others"] = list(given["others"])
        return {"verdict": Verdict(verdict), "reason": TriageReason(reason), **given}


class ActForm(forms.Form):
    """The form of one act on a need. `auto_id` differs, since several stand on one page."""

    def __init__(
        self, data: QueryDict | None = None, *, verb: str, initial: dict[str, Any] | None = None
    ) -> None:
        super().__init__(data, auto_id=f"id_{verb}_%s", initial=initial)


class ProgressForm(ActForm):
    progress = forms.CharField(
        label=_("What was done"),
        max_length=2000,
        widget=text_area(3),
        help_text=_("The clock of the next report begins anew."),
    )


class SolveForm(ActForm):
    solution = forms.CharField(label=_("How it was solved"), max_length=2000, widget=text_area(3))
    evidence = forms.CharField(
        label=_("Evidence"),
        max_length=1000,
        widget=text_area(2),
        help_text=_("The letter, payment or record that shows it."),
    )


class GroundsForm(ActForm):
    grounds = forms.CharField(
        label=_("Why it cannot be solved"), max_length=1000, widget=text_area(3)
    )


class NoteForm(ActForm):
    note = forms.CharField(label=_("Reason"), max_length=1000, widget=text_area(3))


class WordForm(ActForm):
    note = forms.CharField(label=_("Comment"), required=False, max_length=1000, widget=text_area(2))


class MoneyForm(ActForm):
    stage = forms.ChoiceField(label=_("Stage"), choices=MoneyStage.choices)
    amount_yuan = forms.CharField(
        label=_("Amount"),
        max_length=30,
        help_text=_("In yuan, or with 万 or 亿: 3000万. Below zero corrects an earlier one."),
    )
    on = forms.DateField(label=_("Day"), widget=date_input())
    note = forms.CharField(label=_("Note"), required=False, max_length=200)

    def clean_amount_yuan(self) -> Decimal:
        found = self.cleaned_data["amount_yuan"]
        try:
            amount = parse_yuan(found, default_unit="元")
        except AmountError:
            amount = None
        if amount is None or abs(amount) >= MOST_YUAN or amount != round(amount, 2):
            raise forms.ValidationError(
                _("“%(found)s” is no amount. Write a number, such as 3000万 or 167000000."),
                params={"found": found},
            )
        return amount

    def clean_stage(self) -> MoneyStage:
        return MoneyStage(self.cleaned_data["stage"])


class DayForm(forms.Form):
    day = forms.DateField(label=_("Until the end of"), required=False, widget=date_input())

    def chosen(self, *, today: dt.date) -> dt.date:
        """The day asked for; today where nothing sensible was asked."""
        given = self.cleaned_data.get("day") if self.is_valid() else None
        return given or today
