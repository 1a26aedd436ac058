"""Forms of contact persons: always as many rows as there may be, so that no script adds any."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lianqi.demands.enums import ToldBy
from lianqi.demands.models import ContactGiven

# At the filing; more can be added on the page of the demand.
ROWS_AT_FILING = 3


class ContactForm(forms.Form):
    """One person. An empty one is none."""

    name = forms.CharField(label=_("Full name"), max_length=50, required=False)
    phone = forms.CharField(
        label=_("Telephone"),
        max_length=30,
        required=False,
        widget=forms.TextInput({"type": "tel"}),
    )
    email = forms.EmailField(label=_("E-mail"), max_length=254, required=False)
    role = forms.CharField(label=_("Position"), max_length=50, required=False)
    reach = forms.CharField(
        label=_("How and when to reach"),
        max_length=100,
        required=False,
        help_text=_("For example: workday afternoons, WeCom first."),
    )
    told_by = forms.ChoiceField(
        label=_("Messages about the demand"),
        required=False,
        choices=[("", _("No messages")), *ToldBy.choices],
        help_text=_("For people without an account; with one, they choose for themselves."),
    )
    is_preferred = forms.BooleanField(label=_("Call this person first"), required=False)

    @property
    def is_filled(self) -> bool:
        return any(self[name].value() for name in self.fields)

    def given(self) -> ContactGiven:
        return ContactGiven(**self.cleaned_data)


class ContactRows:
    """Rows of contact persons inside a larger form; their names begin with `contact0-`.

    Args:
        data: What was sent, if something was.
        rows: How many there are.
        initial: What the fields hold at first, by their whole names.
    """

    def __init__(
        self, data: Any = None, *, rows: int, initial: Mapping[str, Any] | None = None
    ) -> None:
        self.forms = [
            ContactForm(data, prefix=f"contact{row}", initial=_of_row(row, initial or {}))
            for row in range(rows)
        ]

    @property
    def first(self) -> ContactForm:
        return self.forms[0]

    @property
    def others(self) -> list[tuple[int, ContactForm, bool]]:
        """Number, row, and whether it holds something or is wrong."""
        return [
            (number, each, each.is_filled or bool(each.errors))
            for number, each in enumerate(self.forms[1:], start=2)
        ]

    def is_valid(self) -> bool:
        wrong = [each for each in self.forms if not each.is_valid()]
        return not wrong

    def given(self) -> list[ContactGiven]:
        return [each.given() for each in self.forms if each.is_filled]


def fields_of(people: Sequence[ContactGiven]) -> dict[str, Any]:
    """What the rows hold at first for these people, by the whole names of the fields."""
    return {
        f"contact{row}-{name}": value
        for row, person in enumerate(people)
        for name, value in asdict(person).items()
    }


def _of_row(row: int, initial: Mapping[str, Any]) -> dict[str, Any]:
    start = f"contact{row}-"
    return {
        name.removeprefix(start): value for name, value in initial.items() if name.startswith(start)
    }
