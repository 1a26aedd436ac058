"""Forms of what comes after an answer: confirming, rating, following up."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianqi.demands.enums import Rating, RemedyCause, RemedyResult, Solved
from lianqi.demands.models import RatingReason
from lianqi.web.demands.forms import ActForm, text_area


class RatingForm(ActForm):
    """Solved and satisfied are asked apart; the reasons are listed by the ratings they go with."""

    solved = forms.TypedChoiceField(
        label=gettext_lazy("Is the matter solved?"),
        choices=Solved.choices,
        coerce=Solved,
        widget=forms.RadioSelect,
    )
    rating = forms.TypedChoiceField(
        label=gettext_lazy("How satisfied are you?"),
        choices=Rating.choices,
        coerce=Rating,
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=gettext_lazy("Comment"), required=False, max_length=1000, widget=text_area(2)
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._reasons = {reason.pk: reason for reason in RatingReason.objects.in_use()}
        groups: dict[tuple[str, ...], list[RatingReason]] = {}
        for reason in self._reasons.values():
            groups.setdefault(tuple(reason.steps), []).append(reason)
        for number, (steps, reasons) in enumerate(groups.items()):
            known = [str(Rating(step).label) for step in steps if step in Rating.values]
            self.fields[f"reasons_{number}"] = forms.TypedMultipleChoiceField(
                label=_("Reasons (%(ratings)s)") % {"ratings": " / ".join(known)},
                choices=[(reason.pk, str(reason)) for reason in reasons],
                coerce=int,
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )
        self.order_fields(["solved", "rating", *(n for n in self.fields if n[:8] == "reasons_")])

    def clean(self) -> dict[str, Any]:
        """The reasons of all groups as one list, as the actions want them."""
        given = super().clean() or {}
        groups = [name for name in given if name[:8] == "reasons_"]
        ticked = [pk for name in groups for pk in given.pop(name)]
        return given | {"reasons": [self._reasons[pk] for pk in ticked]}


class RemedyContactForm(ActForm):
    note = forms.CharField(
        label=gettext_lazy("Whom did you reach, and what was said?"),
        max_length=1000,
        widget=text_area(3),
    )


class RemedyForm(ActForm):
    cause = forms.TypedChoiceField(
        label=gettext_lazy("Cause"), choices=RemedyCause.choices, coerce=RemedyCause
    )
    measures = forms.CharField(
        label=gettext_lazy("What was done"),
        max_length=2000,
        widget=text_area(4),
        help_text=gettext_lazy("The enterprise reads this and rates once more."),
    )
    result = forms.TypedChoiceField(
        label=gettext_lazy("Result"), choices=RemedyResult.choices, coerce=RemedyResult
    )
