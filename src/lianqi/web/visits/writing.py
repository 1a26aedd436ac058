"""Writing the note of a visit: a new one, or a draft taken up again."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianqi.accounts.enums import Role
from lianqi.accounts.models import User
from lianqi.register.models import Enterprise, EnterpriseQuerySet
from lianqi.shared.errors import Refusal
from lianqi.visits.actions import drop_draft, file_visit, save_draft
from lianqi.visits.models import Visit
from lianqi.web.demands.contact_forms import ContactRows
from lianqi.web.http import AuthedRequest
from lianqi.web.paging import as_id, newest_matches
from lianqi.web.people.acting import UNPROCESSABLE, press
from lianqi.web.visits.forms import MatterFormSet, Matters, NoteForm, initial_of, note_of

MOST_MATCHES = 8
ROWS_ON_A_VISIT = 2

writes = permission_required("visits.record_somewhere", raise_exception=True)


@require_http_methods(["GET", "HEAD", "POST"])
@writes
def new(request: AuthedRequest) -> HttpResponse:
    """The form; sent with the button `find` it only searches, for browsers without script."""
    if request.method == "POST" and "find" not in request.POST:
        return _write(request)
    given = request.POST if request.method == "POST" else request.GET
    initial: dict[str, Any] = {"on": timezone.localdate(), "ours": request.user.name}
    initial |= {name: given[name] for name in NoteForm.base_fields if name in given}
    matters = [
        {
            name: given.get(f"form-{n}-{name}", "")
            for name in ("category", "title", "text", "answer")
        }
        for n in range(MatterFormSet().total_form_count())
    ]
    initial |= {name: value for name, value in given.items() if name.startswith("contact")}
    return _page(request, initial, matters)


@require_http_methods(["GET", "HEAD", "POST"])
@writes
def edit(request: AuthedRequest, visit_id: int) -> HttpResponse:
    """A draft, to be gone on with; its form carries the key of the note, so it stays one."""
    if request.method == "POST":
        return new(request)
    visit = get_object_or_404(Visit.objects.drafts_of(request.user), pk=visit_id)
    return _page(request, *initial_of(visit), draft=visit)


@require_safe
@writes
def find_enterprises(request: AuthedRequest) -> HttpResponse:
    """The choices for what was typed into the search field, as a fragment."""
    firms = _firms(request.user)
    form = NoteForm(
        firms=firms,
        shown=_shown(request, firms),
        initial={"enterprise": request.GET.get("enterprise")},
    )
    context = {"form": form, "wanted": request.GET.get("firm", "")}
    return render(request, "visits/write.html#firms", context)


@require_POST
@writes
def drop(request: AuthedRequest, visit_id: int) -> HttpResponse:
    visit = get_object_or_404(Visit.objects.visible_to(request.user), pk=visit_id)
    press(
        request,
        lambda: drop_draft(visit.pk, by=request.user, at=timezone.now()),
        _("The draft was thrown away."),
    )
    return HttpResponseRedirect(reverse("visits:list"), status=303)


def _write(request: AuthedRequest) -> HttpResponse:
    """Record the visit, or keep it as a draft; what is refused comes back as it was typed."""
    firms = _firms(request.user)
    form = NoteForm(request.POST, firms=firms, shown=_shown(request, firms))
    matters = MatterFormSet(_with_counts(request))
    # All are asked, so that everything that is wrong is said at once.
    people = ContactRows(request.POST, rows=ROWS_ON_A_VISIT)
    is_sound = all([form.is_valid(), matters.is_valid(), people.is_valid()])
    keeps = "draft" in request.POST
    if is_sound and not keeps:
        incomplete = [each for each in matters.forms if not each.refuse_if_incomplete()]
        is_sound = not incomplete
    if is_sound:
        act = save_draft if keeps else file_visit
        try:
            visit = act(
                note_of(form, matters, people),
                idempotency_key=form.cleaned_data["idempotency_key"],
                by=request.user,
                at=timezone.now(),
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return _written(request, visit, keeps=keeps)
    return _render(request, form, matters, people, status=UNPROCESSABLE)


def _written(request: AuthedRequest, visit: Visit, *, keeps: bool) -> HttpResponse:
    said = _("The draft %(number)s is kept. You can go on from any device.")
    if not keeps:
        said = _("Visit %(number)s was recorded and the enterprise was told.")
    messages.success(request, said % {"number": visit.number})
    return HttpResponseRedirect(visit.get_absolute_url(), status=303)


def _with_counts(request: AuthedRequest) -> dict[str, Any]:
    """The form's fields with the counts a set of forms asks for: they never change here."""
    return request.POST.dict() | {"form-TOTAL_FORMS": "0", "form-INITIAL_FORMS": "0"}


def _page(
    request: AuthedRequest,
    initial: dict[str, Any],
    matters: list[dict[str, Any]],
    *,
    draft: Visit | None = None,
) -> HttpResponse:
    firms = _firms(request.user)
    shown = _shown(request, firms)
    chosen = as_id(str(initial.get("enterprise") or ""))
    if chosen is not None and chosen not in {firm.pk for firm in shown}:
        shown = [*firms.filter(pk=chosen), *shown]
    form = NoteForm(firms=firms, shown=shown, initial=initial)
    people = ContactRows(rows=ROWS_ON_A_VISIT, initial=initial)
    return _render(request, form, MatterFormSet(initial=matters), people, draft=draft)


def _render(
    request: AuthedRequest,
    form: NoteForm,
    matters: Matters,
    people: ContactRows,
    *,
    status: int = 200,
    draft: Visit | None = None,
) -> HttpResponse:
    given = request.POST if request.method == "POST" else request.GET
    context = {
        "form": form,
        "matters": [
            (number, each, each.is_filled or bool(each.errors) or number == 1)
            for number, each in enumerate(matters.forms, start=1)
        ],
        "people": people,
        "wanted": given.get("firm", ""),
        "draft": draft,
    }
    return render(request, "visits/write.html", context, status=status)


def _firms(user: User) -> EnterpriseQuerySet:
    """The list form of `visits.record`."""
    living = Enterprise.objects.living()
    if user.holds(Role.OPERATOR, Role.DISPATCHER):
        return living
    return living.looked_after_by(user)


def _shown(request: AuthedRequest, firms: EnterpriseQuerySet) -> list[Enterprise]:
    """Those searched for, or the first of the own ones; the chosen one stays among them."""
    given = request.POST if request.method == "POST" else request.GET
    wanted, chosen = given.get("firm", ""), as_id(given.get("enterprise", ""))
    if wanted:
        unindexed = firms.search(wanted, by_index=False)
        found = newest_matches(firms.search(wanted), MOST_MATCHES, unindexed=unindexed)
    elif request.user.holds(Role.OPERATOR, Role.DISPATCHER):
        found = []
    else:
        found = list(firms.order_by("name", "pk")[:MOST_MATCHES])
    found.sort(key=lambda firm: firm.name)
    if chosen is not None and chosen not in {firm.pk for firm in found}:
        found = [*firms.filter(pk=chosen), *found]
    return found
