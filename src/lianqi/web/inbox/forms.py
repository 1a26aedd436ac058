"""What an inbox can be narrowed by."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lianqi.accounts.models import Unit
from lianqi.web.lights import LIGHTS, is_light
from lianqi.web.steps import STEPS
from lianqi.work.models import WorkItemQuerySet


def choosing() -> forms.Select:
    return forms.Select({"data-autosubmit": ""})


class InboxForm(forms.Form):
    light = forms.ChoiceField(
        label=_("Time limit"),
        required=False,
        choices=[("", _("All")), *LIGHTS],
        widget=choosing(),
    )
    step = forms.ChoiceField(
        label=_("Step"),
        required=False,
        choices=[
            ("", _("All")),
            *((each, words) for each, words in STEPS.items() if each != "object"),
        ],
        widget=choosing(),
    )
    unit = forms.ModelChoiceField(
        Unit.objects.none(),
        label=_("Unit"),
        required=False,
        empty_label=_("All"),
        widget=choosing(),
    )

    def __init__(self, *args: Any, unit_ids: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unit = self.fields["unit"]
        assert isinstance(unit, forms.ModelChoiceField)
        unit.queryset = Unit.objects.filter(pk__in=unit_ids).order_by("path", "pk")
        if not unit_ids[1:]:
            del self.fields["unit"]

    def narrow(self, items: WorkItemQuerySet, *, at: dt.datetime) -> WorkItemQuerySet:
        """The items that match every field that was filled in correctly."""
        self.full_clean()
        given = self.cleaned_data
        if given.get("light"):
            items = items.filter(is_light(given["light"], at=at))
        for name in ("step", "unit"):
            if given.get(name):
                items = items.filter(**{name: given[name]})
        return items
