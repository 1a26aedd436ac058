"""How the signed-in person wants to be told."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from lianqi.accounts.models import User
from lianqi.notices.actions import TopicWish, choose_messages
from lianqi.notices.enums import LEAVING, Channel, Topic
from lianqi.notices.queries import TopicRow, own_choices, topic_rows
from lianqi.web.http import AuthedRequest
from lianqi.web.people.acting import UNPROCESSABLE, done


def time_input() -> forms.TimeInput:
    return forms.TimeInput({"type": "time"}, format="%H:%M")


class ChoicesForm(forms.Form):
    """One group of channels per topic, and the hours."""

    quiet_from = forms.TimeField(
        label=gettext_lazy("Quiet from"), required=False, widget=time_input()
    )
    quiet_until = forms.TimeField(
        label=gettext_lazy("until"),
        required=False,
        widget=time_input(),
        help_text=gettext_lazy("Both empty: no quiet hours. What is urgent comes all the same."),
    )
    digest_at = forms.TimeField(label=gettext_lazy("Daily summary at"), widget=time_input())

    def __init__(self, data: Any, *, person: User) -> None:
        self.rows = topic_rows(person)
        hours = own_choices(person)
        initial: dict[str, Any] = {
            name: getattr(hours, name) for name in ("quiet_from", "quiet_until", "digest_at")
        }
        super().__init__(data, initial=initial)
        offered = [each for each in LEAVING if each.value in settings.CHANNELS]
        for row in self.rows:
            self._add(row, offered)

    def _add(self, row: TopicRow, offered: list[Channel]) -> None:
        always = _("Obligatory: at least one stays on, e-mail first.")
        self.fields[f"channels_{row.topic}"] = forms.MultipleChoiceField(
            label=row.topic.label,
            required=False,
            choices=[(each.value, each.label) for each in offered],
            widget=forms.CheckboxSelectMultiple,
            initial=list(row.channels),
            help_text=always if row.is_obligatory else "",
        )
        if not row.is_obligatory:
            self.fields[f"digest_{row.topic}"] = forms.BooleanField(
                label=_("once a day is enough: in the daily summary"),
                required=False,
                initial=row.is_digest,
            )

    @property
    def topics(self) -> list[tuple[Any, Any]]:
        """Channels and summary of each topic, as the page shows them."""
        return [
            (
                self[f"channels_{row.topic}"],
                None if row.is_obligatory else self[f"digest_{row.topic}"],
            )
            for row in self.rows
        ]

    def wishes(self) -> list[TopicWish]:
        given = self.cleaned_data
        return [
            TopicWish(
                Topic(row.topic),
                tuple(given[f"channels_{row.topic}"]),
                is_digest=given.get(f"digest_{row.topic}", False),
            )
            for row in self.rows
        ]


@require_http_methods(["GET", "HEAD", "POST"])
def choices(request: AuthedRequest) -> HttpResponse:
    form = ChoicesForm(request.POST or None, person=request.user)

    def act(given: dict[str, Any]) -> None:
        choose_messages(
            form.wishes(),
            quiet_from=given["quiet_from"],
            quiet_until=given["quiet_until"],
            digest_at=given["digest_at"],
            by=request.user,
            at=timezone.now(),
        )

    if request.method == "POST" and done(form, act):
        messages.success(request, _("Saved. It holds for messages from now on."))
        return HttpResponseRedirect(reverse("messages:choices"), status=303)
    person = request.user
    addresses = [
        (Channel.MAIL.label, person.email),
        (Channel.SMS.label, person.mobile),
        (Channel.WECOM.label, person.wecom_id),
    ]
    context = {"form": form, "addresses": addresses}
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "messages/choices.html", context, status=status)
