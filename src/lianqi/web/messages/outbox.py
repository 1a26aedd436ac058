"""Messages sent, waiting and given up, and sending one again."""

from dataclasses import dataclass

from django import forms
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lianqi.notices.actions import send_again
from lianqi.notices.enums import LEAVING, DeliveryState
from lianqi.notices.models import Delivery, DeliveryQuerySet
from lianqi.notices.queries import outbox_state
from lianqi.notices.wordings import message_events
from lianqi.web.http import AuthedRequest, back_to
from lianqi.web.paging import newest_first
from lianqi.web.people.acting import press

TONES = {
    DeliveryState.WAITING: "blue",
    DeliveryState.HELD: "grey",
    DeliveryState.BUNDLED: "grey",
    DeliveryState.SENT: "green",
    DeliveryState.FAILED: "red",
    DeliveryState.DROPPED: "grey",
}
views_the_outbox = permission_required("notices.view_outbox", raise_exception=True)


class OutboxFilter(forms.Form):
    """Empty fields narrow nothing."""

    channel = forms.ChoiceField(
        label=pgettext_lazy("message", "Channel"),
        required=False,
        choices=[("", gettext_lazy("All")), *[(each.value, each.label) for each in LEAVING]],
        widget=forms.Select({"data-autosubmit": ""}),
    )
    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[("", gettext_lazy("All")), *DeliveryState.choices],
        widget=forms.Select({"data-autosubmit": ""}),
    )

    def apply(self, rows: DeliveryQuerySet) -> DeliveryQuerySet:
        if not self.is_valid():
            return rows.none()
        given = {name: value for name, value in self.cleaned_data.items() if value}
        return rows.filter(**given)


@dataclass(frozen=True, slots=True)
class Row:
    """One message as the platform administrator may see it.

    Its text is shown only where nothing was really sent: the administrator runs the platform and
    reads no demands.
    """

    delivery: Delivery
    about: str
    tone: str
    title: str
    body: str


def row_of(delivery: Delivery) -> Row:
    code = delivery.notice.event if delivery.notice else delivery.letter_key.partition(":")[0]
    event = message_events().get(code)
    title, body = delivery.title, delivery.body
    if not title and delivery.notice:
        title, body = delivery.notice.title, delivery.notice.body
    return Row(
        delivery=delivery,
        about=event.label(get_language() or "") if event else code,
        tone=TONES[DeliveryState(delivery.state)],
        title=title if delivery.is_simulated else "",
        body=body if delivery.is_simulated else "",
    )


@require_safe
@views_the_outbox
def outbox(request: AuthedRequest) -> HttpResponse:
    form = OutboxFilter(request.GET)
    visible = Delivery.objects.visible_to(request.user).for_list()
    page = newest_first(form.apply(visible), request.GET)
    context = {
        "form": form,
        "page": page,
        "rows": [row_of(each) for each in page.rows],
        "state": outbox_state(),
        "is_filtered": any(request.GET.values()),
        "may_send": request.user.has_perm("notices.send_again"),
    }
    return render(request, "messages/outbox.html", context)


@require_POST
@permission_required("notices.send_again", raise_exception=True)
def again(request: AuthedRequest, delivery_id: int) -> HttpResponse:
    shown = get_object_or_404(Delivery.objects.visible_to(request.user), pk=delivery_id)
    press(
        request,
        lambda: send_again(shown.pk, by=request.user, at=timezone.now()),
        _("The message is in the outbox again and leaves within a minute."),
    )
    return back_to(request, reverse("messages:outbox"))
