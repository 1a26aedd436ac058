"""The library as everybody reads it: the list, one document, two versions side by side."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from lianqi.accounts.enums import ENTERPRISE_ROLES, Scope
from lianqi.accounts.models import User
from lianqi.policies.actions import count_reading
from lianqi.policies.enums import PolicyOrder, Reader
from lianqi.policies.models import PolicyDocument
from lianqi.policies.queries import (
    compared,
    document_shown,
    found_where,
    outcomes_of,
    part_counts,
    placed,
    versions_of,
)
from lianqi.web.http import AnyRequest, AuthedRequest
from lianqi.web.paging import in_places, newest_first
from lianqi.web.policies.forms import PolicyFilter
from lianqi.web.policies.outcomes import outcome_lines
from lianqi.web.policies.seen import is_inside, may_find, seen, standing_of
from lianqi.web.policies.voice_forms import AskForm

MOST_QUESTIONS = 30
MOST_NOTES = 50


@login_not_required
@require_safe
def policies(request: AnyRequest) -> HttpResponse:
    inside, today = is_inside(request), timezone.localdate()
    form = PolicyFilter(request.GET, is_staff=inside)
    found = form.narrow(may_find(request))
    query = request.GET.get("q", "")
    if form.order() is PolicyOrder.ENTERED:
        unindexed = form.narrow(may_find(request), by_index=False).for_list() if query else None
        page = newest_first(found.for_list(), request.GET, unindexed=unindexed)
    else:
        page = in_places(placed(found, form.order(), on=today).for_list(), request.GET)
    counts, passages = part_counts(page.rows), found_where(page.rows, query)
    context = {
        "form": form,
        "page": page,
        "rows": [
            (each, standing_of(each, on=today), counts[each.pk], passages.get(each.pk))
            for each in page.rows
        ],
        "is_filtered": any(value for name, value in request.GET.items() if name != "sort"),
        "order": form.order(),
        "inside": inside,
    }
    return render(request, "policies/list.html", context)


@login_not_required
@require_safe
def policy(request: AnyRequest, policy_id: int) -> HttpResponse:
    document = seen(request, policy_id)
    if request.method == "GET":
        _count(request, document)
    return page_of(request, document)


@login_not_required
@require_safe
def compare(request: AnyRequest, policy_id: int, other_id: int) -> HttpResponse:
    """Two versions of a document; the earlier one stands on the left."""
    pair = sorted((seen(request, policy_id), seen(request, other_id)), key=lambda d: d.version)
    earlier, later = pair
    if earlier.family_id != later.family_id:
        raise Http404
    today = timezone.localdate()
    context = {
        "earlier": earlier,
        "later": later,
        "standings": [standing_of(each, on=today) for each in pair],
        "pairs": compared(earlier, later),
    }
    return render(request, "policies/compare.html", context)


def page_of(
    request: AnyRequest | AuthedRequest, document: PolicyDocument, *, asked: AskForm | None = None
) -> HttpResponse:
    """The page of one document, perhaps with a question that was refused."""
    inside, today = is_inside(request), timezone.localdate()
    user = request.user if isinstance(request.user, User) else None
    others = versions_of(document, made_known=not inside)
    questions = document.questions.made_known().select_related("article", "unit").order_by("-pk")
    context: dict[str, Any] = {
        "policy": document,
        "standing": standing_of(document, on=today),
        "shown": document_shown(document),
        "chains": list(document.chains.order_by("name")),
        "versions": [(each, standing_of(each, on=today)) for each in others],
        "notes": document.notes.made_known().order_by("-published_at", "-pk")[:MOST_NOTES],
        "questions": questions[:MOST_QUESTIONS],
        "outcomes": outcome_lines(outcomes_of(document)),
        "may_tell_outcome": user is not None
        and document.is_made_known
        and user.has_perm("policies.tell_outcome", document),
        "inside": inside,
        "may_work": inside and user is not None and user.has_perm("policies.flag_overlap"),
        "may_edit": user is not None and user.has_perm("policies.edit"),
        "may_explain": user is not None
        and user.has_perm("policies.explain", document)
        and document.status == "published",
        "ask_form": asked,
    }
    if asked is None and user is not None and _may_ask(user, document):
        context["ask_form"] = AskForm(document=document, user=user)
    status = 422 if asked is not None else 200
    return render(request, "policies/detail.html", context, status=status)


def _may_ask(user: User, document: PolicyDocument) -> bool:
    return document.status == "published" and user.has_perm("policies.ask", document)


def require_may_ask(user: User, document: PolicyDocument) -> None:
    """Only people of enterprises ask, and about what is published."""
    if not user.has_perm("policies.ask", document):
        raise PermissionDenied


def _count(request: AnyRequest, document: PolicyDocument) -> None:
    at, user = timezone.now(), request.user
    if not isinstance(user, User):
        count_reading(document, reader=Reader.PUBLIC, at=at)
    elif user.is_zone_staff:
        count_reading(document, reader=Reader.STAFF, at=at)
    else:
        own = tuple(user.scope_ids(Scope.ENTERPRISE, *ENTERPRISE_ROLES))
        reader = Reader.ENTERPRISE if own else Reader.PUBLIC
        count_reading(document, reader=reader, at=at, enterprise_ids=own)
