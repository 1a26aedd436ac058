"""Other systems that are told of events: connecting them, and the log of what they were told."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianqi.web.http import AuthedRequest
from lianqi.web.paging import newest_first
from lianqi.web.people.acting import UNPROCESSABLE, done, press
from lianqi.webhooks.actions import (
    change_webhook,
    create_webhook,
    renew_secret,
    send_again,
    send_test,
)
from lianqi.webhooks.enums import TEST, HookEvent, HookState
from lianqi.webhooks.models import HookMessage, Webhook

MOST = 200
TONES = {HookState.WAITING: "blue", HookState.SENT: "green", HookState.FAILED: "red"}
views_webhooks = permission_required("webhooks.view", raise_exception=True)
manages_webhooks = permission_required("webhooks.manage", raise_exception=True)


SUBJECTS: dict[str, Any] = {
    "demand": gettext_lazy("Demands"),
    "demands": gettext_lazy("Classes of cases and monthly reports"),
    "supervision": gettext_lazy("Supervision orders"),
    "taskforces": gettext_lazy("Task forces"),
    "conversions": gettext_lazy("Conversions"),
    "visit": gettext_lazy("Visits and video rounds"),
    "freetests": gettext_lazy("Free tests"),
    "need": gettext_lazy("Policy needs"),
    "plans": gettext_lazy("Service plans"),
    "policies": gettext_lazy("Policies"),
    "matching": gettext_lazy("Rule packs and matching"),
    "register": gettext_lazy("Enterprises"),
}


def _events_by_subject() -> list[tuple[Any, list[tuple[str, Any]]]]:
    """The events under what they are about, as the first part of a verb says."""
    return [
        (name, [each for each in HookEvent.choices if each[0].partition(".")[0] == subject])
        for subject, name in SUBJECTS.items()
    ]


class WebhookForm(forms.Form):
    """What a system is told, and where."""

    name = forms.CharField(label=gettext_lazy("Name of the system"), max_length=60)
    url = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=500,
        help_text=gettext_lazy("begins with https:// and is in the public network"),
    )
    events = forms.MultipleChoiceField(
        label=gettext_lazy("Events"),
        required=False,
        choices=_events_by_subject,
        widget=forms.CheckboxSelectMultiple,
    )
    is_active = forms.BooleanField(label=gettext_lazy("In use"), required=False)


@require_safe
@views_webhooks
def webhooks(request: AuthedRequest) -> HttpResponse:
    rows = Webhook.objects.visible_to(request.user).order_by("name", "pk")[:MOST]
    may_manage = request.user.has_perm("webhooks.manage")
    return render(request, "messages/webhooks.html", {"rows": rows, "may_manage": may_manage})


@require_http_methods(["GET", "HEAD", "POST"])
@manages_webhooks
def add(request: AuthedRequest) -> HttpResponse:
    """The form; the answer to a complete one shows the secret, this one time."""
    form = WebhookForm(request.POST or None)
    form.fields.pop("is_active")
    made: list[tuple[Webhook, str]] = []

    def act(given: dict[str, Any]) -> None:
        made.append(
            create_webhook(
                internal=settings.WEBHOOK_INTERNAL_HOSTS,
                key=settings.SECRET_KEY,
                by=request.user,
                at=timezone.now(),
                **given,
            )
        )

    if request.method == "POST" and done(form, act):
        return _render(request, made[0][0], secret=made[0][1])
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "messages/webhook_add.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@views_webhooks
def webhook(request: AuthedRequest, webhook_id: int) -> HttpResponse:
    """One system with its log; a POST writes what it is told."""
    shown = get_object_or_404(Webhook.objects.visible_to(request.user), pk=webhook_id)
    if request.method != "POST":
        return _render(request, shown)
    if not request.user.has_perm("webhooks.manage"):
        raise PermissionDenied
    form = WebhookForm(request.POST)

    def act(given: dict[str, Any]) -> None:
        change_webhook(
            shown.pk,
            internal=settings.WEBHOOK_INTERNAL_HOSTS,
            by=request.user,
            at=timezone.now(),
            **given,
        )

    if not done(form, act):
        return _render(request, shown, form=form)
    messages.success(request, _("Saved."))
    return HttpResponseRedirect(_page(shown.pk), status=303)


@require_POST
@manages_webhooks
def renew(request: AuthedRequest, webhook_id: int) -> HttpResponse:
    """Make another secret and show it, this one time, in the answer itself."""
    shown = get_object_or_404(Webhook.objects.visible_to(request.user), pk=webhook_id)
    made = renew_secret(shown.pk, key=settings.SECRET_KEY, by=request.user, at=timezone.now())
    return _render(request, made[0], secret=made[1])


@require_POST
@manages_webhooks
def test(request: AuthedRequest, webhook_id: int) -> HttpResponse:
    shown = get_object_or_404(Webhook.objects.visible_to(request.user), pk=webhook_id)
    press(
        request,
        lambda: send_test(shown.pk, by=request.user, at=timezone.now()),
        _("A test is on its way. In a minute the log shows what became of it."),
    )
    return HttpResponseRedirect(_page(shown.pk), status=303)


@require_POST
@manages_webhooks
def again(request: AuthedRequest, webhook_id: int, message_id: int) -> HttpResponse:
    shown = get_object_or_404(
        HookMessage.objects.visible_to(request.user), pk=message_id, webhook=webhook_id
    )
    press(
        request,
        lambda: send_again(shown.pk, by=request.user, at=timezone.now()),
        _("The message leaves again within a minute."),
    )
    return HttpResponseRedirect(_page(webhook_id), status=303)


def _page(webhook_id: int) -> str:
    return reverse("messages:webhook", args=[webhook_id])


def _render(
    request: AuthedRequest, shown: Webhook, *, form: WebhookForm | None = None, secret: str = ""
) -> HttpResponse:
    log = HookMessage.objects.visible_to(request.user).filter(webhook=shown)
    page = newest_first(log.prefetch_related("log"), request.GET)
    told = {"name": shown.name, "url": shown.url, "events": shown.events}
    events = dict(HookEvent.choices) | {TEST: _("Test")}
    context = {
        "webhook": shown,
        "form": form or WebhookForm(initial=told | {"is_active": shown.is_active}),
        "events": [events.get(each, each) for each in shown.events],
        "secret": secret,
        "page": page,
        "rows": [
            (
                each,
                events.get(each.type, each.type),
                TONES[HookState(each.state)],
                sorted(each.log.all(), key=lambda attempt: -attempt.pk),
            )
            for each in page.rows
        ],
        "may_manage": request.user.has_perm("webhooks.manage"),
        "earlier_signs": shown.earlier_until is not None and shown.earlier_until > timezone.now(),
    }
    status = UNPROCESSABLE if form else 200
    return render(request, "messages/webhook.html", context, status=status)
