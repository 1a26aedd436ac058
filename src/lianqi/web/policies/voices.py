"""Interpretations, questions and answers."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianqi.policies import actions
from lianqi.policies.models import PolicyNote, PolicyQuestion
from lianqi.web.demands.page import clock_of
from lianqi.web.http import AuthedRequest
from lianqi.web.paging import newest_first
from lianqi.web.people.acting import UNPROCESSABLE, done, press
from lianqi.web.policies.seen import seen, worked_on
from lianqi.web.policies.views import page_of, require_may_ask
from lianqi.web.policies.voice_forms import AnswerForm, AskForm, NoteForm, QuestionFilter
from lianqi.work.models import WorkItem


@require_http_methods(["GET", "HEAD", "POST"])
def notes(request: AuthedRequest, policy_id: int) -> HttpResponse:
    """The interpretations of a document, those in work too; posting writes one."""
    document = worked_on(request, policy_id, "policies.explain")
    typed = NoteForm(request.POST or None)

    def carry_out(values: dict[str, Any]) -> None:
        actions.write_note(document.pk, by=request.user, at=timezone.now(), **values)

    if request.method == "POST" and done(typed, carry_out):
        messages.success(request, _("Written. Publish it when it is right."))
        page = reverse("policies:notes", args=[document.pk])
        return HttpResponseRedirect(page, status=303)
    context = {
        "policy": document,
        "notes": document.notes.select_related("written_by").order_by("-pk"),
        "form": typed,
        "may_write": document.status == "published",
    }
    status = UNPROCESSABLE if typed.errors else 200
    return render(request, "policies/notes.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def change_note_(request: AuthedRequest, policy_note_id: int) -> HttpResponse:
    found = _note(request, policy_note_id)
    typed = NoteForm(request.POST or None, initial={"title": found.title, "text": found.text})

    def carry_out(values: dict[str, Any]) -> None:
        actions.change_note(found.pk, by=request.user, at=timezone.now(), **values)

    if request.method == "POST" and done(typed, carry_out):
        messages.success(request, _("Saved."))
        return _to_notes(found)
    context = {"form": typed, "note": found, "policy": found.document}
    status = UNPROCESSABLE if typed.errors else 200
    return render(request, "policies/note.html", context, status=status)


@require_POST
def publish_note_(request: AuthedRequest, policy_note_id: int) -> HttpResponse:
    found = _note(request, policy_note_id)
    press(
        request,
        lambda: actions.publish_note(found.pk, by=request.user, at=timezone.now()),
        _("Published. Everybody can read it."),
    )
    return _to_notes(found)


@require_POST
def take_back(request: AuthedRequest, policy_note_id: int) -> HttpResponse:
    found = _note(request, policy_note_id)
    press(
        request,
        lambda: actions.take_back_note(found.pk, by=request.user, at=timezone.now()),
        _("Taken back."),
    )
    return _to_notes(found)


@require_POST
def ask(request: AuthedRequest, policy_id: int) -> HttpResponse:
    """Ask; what is refused comes back on the page of the document."""
    document = seen(request, policy_id)
    require_may_ask(request.user, document)
    typed = AskForm(request.POST, document=document, user=request.user)
    asked: list[PolicyQuestion] = []

    def carry_out(values: dict[str, Any]) -> None:
        asked.append(
            actions.ask_question(document.pk, by=request.user, at=timezone.now(), **values)
        )

    if not done(typed, carry_out):
        return page_of(request, document, asked=typed)
    messages.success(request, _("Your question is with the lead department."))
    return HttpResponseRedirect(asked[0].get_absolute_url(), status=303)


@require_safe
@permission_required("policies.list_questions", raise_exception=True)
def questions(request: AuthedRequest) -> HttpResponse:
    """All questions for the zone, the own ones and the published ones for an enterprise."""
    user = request.user
    form = QuestionFilter(request.GET)
    form.full_clean()
    if not user.is_zone_staff:
        del form.fields["mine"]
    found = PolicyQuestion.objects.visible_to(user)
    if form.cleaned_data.get("waiting"):
        found = found.waiting()
    if form.cleaned_data.get("mine") and user.is_zone_staff:
        found = found.filter(unit=user.unit_id)
    page = newest_first(found.for_list(), request.GET)
    context = {
        "form": form,
        "page": page,
        "is_filtered": any(request.GET.values()),
        "inside": user.is_zone_staff,
    }
    return render(request, "policies/questions.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def question(request: AuthedRequest, policy_question_id: int) -> HttpResponse:
    """A question; posting answers it."""
    rows = PolicyQuestion.objects.visible_to(request.user).for_list()
    found = get_object_or_404(rows, pk=policy_question_id)
    may_answer = request.user.has_perm("policies.answer", found)
    typed = AnswerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and not may_answer:
        raise PermissionDenied

    def carry_out(values: dict[str, Any]) -> None:
        actions.answer_question(found.pk, by=request.user, at=timezone.now(), **values)

    if request.method == "POST" and done(typed, carry_out):
        messages.success(request, _("Answered. The enterprise was told."))
        return HttpResponseRedirect(found.get_absolute_url(), status=303)
    is_own = PolicyQuestion.objects.of_own(request.user).filter(pk=found.pk).exists()
    item = WorkItem.objects.about(found).open().order_by("pk").last()
    context = {
        "question": found,
        "policy": found.document,
        "clock": clock_of(item, at=timezone.now()),
        "names_firm": request.user.is_zone_staff or is_own,
        "form": typed if may_answer and found.answered_at is None else None,
        "refused": typed if typed.errors and found.answered_at is not None else None,
    }
    status = UNPROCESSABLE if typed.errors else 200
    return render(request, "policies/question.html", context, status=status)


def _note(request: AuthedRequest, note_id: int) -> PolicyNote:
    rows = PolicyNote.objects.select_related("document")
    found = get_object_or_404(rows, pk=note_id)
    if not request.user.has_perm("policies.explain", found.document):
        raise PermissionDenied
    return found


def _to_notes(found: PolicyNote) -> HttpResponse:
    page = reverse("policies:notes", args=[found.document_id])
    return HttpResponseRedirect(page, status=303)
