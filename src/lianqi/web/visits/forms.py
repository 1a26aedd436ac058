"""Forms of visits: they check shape; the rules live in the actions."""

from typing import Any, cast
from uuid import uuid4

from django import forms
from django.forms.formsets import BaseFormSet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lianqi.accounts.enums import Role
from lianqi.accounts.models import Unit, User
from lianqi.demands.models import ContactGiven
from lianqi.register.models import Enterprise, EnterpriseQuerySet
from lianqi.visits.actions import MOST_MATTERS
from lianqi.visits.enums import BY_ONESELF, VisitKind, VisitStatus
from lianqi.visits.models import Matter, Note, Promise, Visit, VisitQuerySet
from lianqi.web.demands.contact_forms import ContactRows, fields_of
from lianqi.web.demands.forms import CategoryField, choosing, date_input, text_area


class FilterForm(forms.Form):
    """What the list of visits can be narrowed by. Empty fields narrow nothing."""

    firm = forms.CharField(label=_("Enterprise name or code"), required=False, max_length=60)
    kind = forms.ChoiceField(
        label=_("Kind"), required=False, choices=[("", _("All")), *VisitKind.choices],
        widget=choosing(),
    )  # fmt: skip
    status = forms.ChoiceField(
        label=_("Status"), required=False, choices=[("", _("All")), *VisitStatus.choices],
        widget=choosing(),
    )  # fmt: skip
    on_from = forms.DateField(label=_("Day from"), required=False, widget=date_input())
    on_until = forms.DateField(label=_("Day until"), required=False, widget=date_input())
    enterprise = forms.ModelChoiceField(
        Enterprise.objects.none(), required=False, widget=forms.HiddenInput()
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        firms = self.fields["enterprise"]
        assert isinstance(firms, forms.ModelChoiceField)
        firms.queryset = Enterprise.objects.visible_to(user)
        if not user.is_zone_staff:
            for name in ("firm", "status"):
                del self.fields[name]

    def narrow(self, visits: VisitQuerySet) -> VisitQuerySet:
        """The visits that match every field that was filled in correctly."""
        self.is_valid()  # what was filled in wrongly is missing from the cleaned data
        given = self.cleaned_data
        for name in ("kind", "status", "enterprise"):
            if given.get(name):
                visits = visits.filter(**{name: given[name]})
        if given.get("firm"):
            visits = visits.of_firms_like(given["firm"])
        return visits.held_within(given.get("on_from"), given.get("on_until"))


class NoteForm(forms.Form):
    """The note of a visit, written on a telephone in front of the gate."""

    enterprise = forms.ModelChoiceField(
        Enterprise.objects.none(),
        label=_("Enterprise"),
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the enterprise that was visited.")},
    )
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[(kind.value, kind.label) for kind in BY_ONESELF],
        initial=VisitKind.ON_SITE,
        widget=forms.RadioSelect,
    )
    on = forms.DateField(label=_("Day"), widget=date_input())
    theirs = forms.CharField(
        label=_("Who took part for the enterprise"), max_length=200, required=False
    )
    ours = forms.CharField(label=_("Who took part for the zone"), max_length=200, required=False)
    said = forms.CharField(
        label=_("What was said"),
        max_length=5000,
        required=False,
        widget=text_area(5),
        help_text=_("The enterprise can read it. A draft may be incomplete."),
    )
    internal = forms.CharField(
        label=_("Internal note"),
        max_length=2000,
        required=False,
        widget=text_area(2),
        help_text=_("The enterprise does not see it."),
    )
    next_on = forms.DateField(label=_("Next visit"), required=False, widget=date_input())
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


class MatterForm(forms.Form):
    """Something the enterprise asks for. An empty one is none."""

    category = CategoryField(label=_("Category"), empty_label=_("Please choose"), required=False)
    title = forms.CharField(label=_("What is asked"), max_length=100, required=False)
    text = forms.CharField(
        label=_("More about it"), max_length=5000, required=False, widget=text_area(3)
    )
    answer = forms.CharField(
        label=_("Answer given"),
        max_length=10_000,
        required=False,
        widget=text_area(2),
        help_text=_("Only if it was answered on the spot: it is then received and closed at once."),
    )

    @property
    def is_filled(self) -> bool:
        return any(self[name].value() for name in ("category", "title", "text", "answer"))

    def refuse_if_incomplete(self) -> bool:
        """Whether a matter that is begun can be filed; what is missing is noted at its field."""
        given = self.cleaned_data
        if self.is_filled and not given.get("category"):
            self.add_error("category", _("Choose the category of this matter."))
        if self.is_filled and not given.get("title"):
            self.add_error("title", _("Say in one sentence what is asked."))
        return not self.errors


class Matters(BaseFormSet[MatterForm]):
    """Always as many as a note can hold, so that nothing has to be added while typing."""

    def total_form_count(self) -> int:
        return MOST_MATTERS

    def matters(self) -> tuple[Matter, ...]:
        return tuple(
            Matter(**{name: form.cleaned_data.get(name) or empty for name, empty in _EMPTY.items()})
            for form in self.forms
            if form.is_filled
        )


_EMPTY: dict[str, Any] = {"category": None, "title": "", "text": "", "answer": ""}
MatterFormSet = cast("type[Matters]", forms.formset_factory(MatterForm, formset=Matters, extra=0))


def note_of(form: NoteForm, matters: Matters, people: ContactRows) -> Note:
    """What the forms say, as the actions take it."""
    given = {**form.cleaned_data}
    del given["idempotency_key"]
    given["kind"] = VisitKind(given["kind"])
    return Note(**given, matters=matters.matters(), contacts=tuple(people.given()))


def initial_of(visit: Visit) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """What a draft holds, for the forms."""
    names = (
        "enterprise", "kind", "on", "theirs", "ours", "said", "internal", "next_on",
        "idempotency_key",
    )  # fmt: skip
    stated = fields_of([ContactGiven(**each) for each in visit.contacts])
    return {name: getattr(visit, name) for name in names} | stated | {
        "enterprise": visit.enterprise_id
    }, list(visit.draft)


class RoundForm(forms.Form):
    """When, who, and which enterprises in which order."""

    title = forms.CharField(label=_("Title"), max_length=100)
    leader = forms.ModelChoiceField(
        User.people.none(), label=_("Leader"), empty_label=_("Please choose")
    )
    starts_at = forms.DateTimeField(
        label=_("Begins"),
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    place = forms.CharField(label=_("Room or link"), max_length=300, required=False)
    enterprises = forms.ModelMultipleChoiceField(
        Enterprise.objects.living(),
        label=_("Enterprises on the agenda"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Put at least one enterprise on the agenda.")},
    )
    units = forms.ModelMultipleChoiceField(
        Unit.objects.none(),
        label=_("Units that attend"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    idempotency_key = forms.CharField(
        max_length=64, widget=forms.HiddenInput(), initial=lambda: str(uuid4())
    )

    def __init__(self, *args: Any, shown: list[Enterprise], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        leader, firms, units = (self.fields[n] for n in ("leader", "enterprises", "units"))
        assert isinstance(leader, forms.ModelChoiceField)
        assert isinstance(firms, forms.ModelMultipleChoiceField)
        assert isinstance(units, forms.ModelMultipleChoiceField)
        leader.queryset = User.people.holding(Role.LEADER, on=timezone.localdate())
        units.queryset = Unit.objects.for_choice()
        firms.choices = [(firm.pk, f"{firm.name} {firm.code}") for firm in shown]
        self.has_choices = bool(shown)

    def arguments(self) -> dict[str, Any]:
        """What the actions take; enterprises in the order in which they were sent."""
        given = {**self.cleaned_data}
        assert isinstance(self.data, QueryDict)
        sent = {pk: position for position, pk in enumerate(self.data.getlist("enterprises"))}
        given["enterprises"] = sorted(given["enterprises"], key=lambda firm: sent[str(firm.pk)])
        given["units"] = list(given["units"])
        return given


class ItemForm(forms.Form):
    """A form about one item of an agenda. `auto_id` differs, since many stand on one page."""

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        visit: Visit,
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, auto_id=f"id_{self.prefix_of}_{visit.pk}_%s", initial=initial)

    prefix_of = ""


class AgendaNoteForm(ItemForm):
    prefix_of = "note"

    theirs = forms.CharField(
        label=_("Who took part for the enterprise"), max_length=200, required=False
    )
    said = forms.CharField(
        label=_("What was said"), max_length=5000, required=False, widget=text_area(4)
    )
    internal = forms.CharField(
        label=_("Internal note"),
        max_length=2000,
        required=False,
        widget=text_area(2),
        help_text=_("The enterprise does not see it."),
    )


class RaiseForm(ItemForm):
    """One matter, raised live: answered on the spot, promised, or simply passed on."""

    prefix_of = "raise"

    category = CategoryField(label=_("Category"), empty_label=_("Please choose"))
    title = forms.CharField(label=_("What is asked"), max_length=100)
    text = forms.CharField(
        label=_("More about it"), max_length=5000, required=False, widget=text_area(2)
    )
    answer = forms.CharField(
        label=_("Answer given"),
        max_length=10_000,
        required=False,
        widget=text_area(2),
        help_text=_("Only if it was answered on the spot: it is then received and closed at once."),
    )
    unit = forms.ModelChoiceField(
        Unit.objects.for_choice(),
        label=_("Who answers or promises"),
        required=False,
        empty_label="—",
    )
    promise = forms.CharField(label=_("Promise"), max_length=300, required=False)
    until = forms.DateField(label=_("Promised for"), required=False, widget=date_input())
    idempotency_key = forms.CharField(
        max_length=64, widget=forms.HiddenInput(), initial=lambda: str(uuid4())
    )

    def arguments(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {
            "matter": Matter(
                category=given["category"],
                title=given["title"],
                text=given["text"],
                answer=given["answer"],
            ),
            "promise": Promise(unit=given["unit"], text=given["promise"], until=given["until"]),
            "idempotency_key": given["idempotency_key"],
        }


class CancelForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"), max_length=300, help_text=_("Everybody invited reads it.")
    )
