"""The words of messages: what comes with the program, what the zone put in its place."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lianqi.accounts.enums import Language
from lianqi.engines.wording import fill
from lianqi.notices.actions import change_wording, check_wording, reset_wording
from lianqi.notices.enums import Audience, Channel, Topic
from lianqi.notices.queries import own_wordings
from lianqi.notices.queries.texts import Place, events_with_own_words, template_of
from lianqi.notices.wordings import ANY, MessageEvent, message_events, names_of
from lianqi.web.http import AuthedRequest
from lianqi.web.people.acting import UNPROCESSABLE, done

ANY_CHANNEL = gettext_lazy("every channel")
CHANNELS = [(ANY, ANY_CHANNEL), *Channel.choices]
manages_wordings = permission_required("notices.manage_wordings", raise_exception=True)


class WordingForm(forms.Form):
    """Title and text in one language."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=120, required=False)
    body = forms.CharField(
        label=gettext_lazy("Text"),
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 6}),
    )


class OtherForm(forms.Form):
    """Which words to change: those of which reader, channel and language."""

    audience = forms.ChoiceField(label=gettext_lazy("Reader"), choices=Audience.choices)
    channel = forms.ChoiceField(label=pgettext_lazy("message", "Channel"), choices=CHANNELS)
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=Language.choices)


@dataclass(frozen=True, slots=True)
class Words:
    """One text of an event, as the page lists it."""

    place: Place
    reader: str
    channel: str
    language: str
    title: str
    body: str
    is_own: bool


@require_safe
@manages_wordings
def wordings(request: AuthedRequest) -> HttpResponse:
    language, own = get_language() or "", events_with_own_words()
    events = message_events().values()
    groups = [
        (
            topic.label,
            [(each.code, each.label(language), each.code in own) for each in events
             if each.topic == topic],
        )
        for topic in Topic
    ]  # fmt: skip
    context = {"groups": [(label, rows) for label, rows in groups if rows]}
    return render(request, "messages/wordings.html", context)


@require_safe
@manages_wordings
def event_page(request: AuthedRequest, event: str) -> HttpResponse:
    """All texts of one event; with reader, channel and language chosen, the way to that text."""
    known = _event(event)
    if request.GET:
        form = OtherForm(request.GET)
        if form.is_valid():
            given = form.cleaned_data
            place = [event, given["audience"], given["channel"], given["language"]]
            return HttpResponseRedirect(reverse("messages:wording", args=place))
    else:
        form = OtherForm()
    context = {
        "event": known,
        "label": known.label(get_language() or ""),
        "names": _names(known),
        "rows": _words(known),
        "form": form,
    }
    return render(request, "messages/event.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@manages_wordings
def wording(
    request: AuthedRequest, event: str, audience: str, channel: str, language: str
) -> HttpResponse:
    """One text: shown with an example before it is used, saved, or put back to the default."""
    known = _event(event)
    if (
        audience not in Audience.values
        or channel not in dict(CHANNELS)
        or language not in Language.values
    ):
        raise Http404
    place = (audience, channel, language)
    own = own_wordings(event)
    title, body = template_of(known, own, place)
    form = WordingForm(request.POST or None, initial={"title": title, "body": body})
    where: dict[str, Any] = {
        "audience": audience,
        "channel": channel,
        "language": Language(language),
    }
    preview = None

    def check(given: dict[str, Any]) -> None:
        check_wording(known, **given)

    def save(given: dict[str, Any]) -> None:
        change_wording(event, by=request.user, at=timezone.now(), **where, **given)

    if request.method == "POST":
        back = reverse("messages:event", args=[event])
        if "reset" in request.POST:
            reset_wording(event, by=request.user, at=timezone.now(), **where)
            messages.success(request, _("The words of the program are used again."))
            return HttpResponseRedirect(back, status=303)
        if "preview" in request.POST:
            if done(form, check):
                preview = _example(known, form.cleaned_data, language)
        elif done(form, save):
            messages.success(request, _("Saved. It holds for messages from now on."))
            return HttpResponseRedirect(back, status=303)
    context = {
        "event": known,
        "label": known.label(get_language() or ""),
        "where": _described(place),
        "names": _names(known),
        "form": form,
        "preview": preview,
        "is_own": place in own,
    }
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "messages/wording.html", context, status=status)


def _event(code: str) -> MessageEvent:
    found = message_events().get(code)
    if found is None:
        raise Http404
    return found


def _names(event: MessageEvent) -> list[tuple[str, str, str, bool]]:
    """Each name as it is written, what it means, an example, and whether it must stay."""
    language = get_language() or ""
    return [
        (
            f"{{{each.name}}}",
            each.label(language),
            each.example(language),
            each.name in event.needed,
        )
        for each in names_of(event)
    ]


def _words(event: MessageEvent) -> list[Words]:
    """The texts there are: those of the program, and those that the zone added."""
    own = own_wordings(event.code)
    places = {(*each, language.value) for each in event.wordings for language in Language}
    rows = []
    for place in sorted(places | set(own)):
        title, body = template_of(event, own, place)
        reader, channel, language = _described(place)
        rows.append(Words(place, reader, channel, language, title, body, place in own))
    return rows


def _described(place: Place) -> tuple[str, str, str]:
    audience, channel, language = place
    return (
        str(Audience(audience).label),
        str(dict(CHANNELS).get(channel, channel)),
        str(Language(language).label),
    )


def _example(event: MessageEvent, given: dict[str, Any], language: str) -> tuple[str, str]:
    """What somebody would read."""
    values = {each.name: each.example(language) for each in names_of(event)}
    return fill(given["title"], values), fill(given["body"], values)
