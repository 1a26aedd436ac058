"""Rule packs: the list, one pack in both spellings with its cases, and the editor."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianqi.engines.packs import PackError
from lianqi.engines.rules.errors import Told
from lianqi.matching import actions
from lianqi.matching.enums import PackStatus
from lianqi.matching.flow import BESIDE
from lianqi.matching.models import RulePack
from lianqi.matching.queries import Checked, checked, reader_language
from lianqi.matching.queries.results import results_of_pack
from lianqi.web.http import AuthedRequest
from lianqi.web.matching.forms import PackFilter, PackForm, ShippedForm, WithdrawForm
from lianqi.web.matching.measures import measures_shown, pack_shown
from lianqi.web.matching.pack_reviews import review_shown
from lianqi.web.matching.results import lines_of, paid_of
from lianqi.web.paging import newest_first
from lianqi.web.people.acting import UNPROCESSABLE, done, press

TONES = {PackStatus.DRAFT: "amber", PackStatus.PUBLISHED: "green", PackStatus.WITHDRAWN: "grey"}
SHOWN_ERRORS = 100
MOST_REASON = 500


@dataclass(frozen=True, slots=True)
class Press:
    """A move without anything to fill in, and how its button says it."""

    action: Callable[..., Any]
    label: Promise
    done: Promise
    icon: str
    tone: str = "default"
    intro: Promise | str = ""


PRESSES: Mapping[str, Press] = {
    "publish": Press(
        actions.publish_pack, gettext_lazy("Publish"),
        gettext_lazy("Published. From now on its rules hold for every enterprise."),
        "send", "primary",
        gettext_lazy("All cases must come out. An earlier revision of this version makes way."),
    ),
    "revise": Press(
        actions.revise_pack, gettext_lazy("Begin the next revision"),
        gettext_lazy("Begun as a copy. Change what is different, then publish it."), "copy",
        intro=gettext_lazy("What is published holds until the next revision is."),
    ),
    "discard": Press(
        actions.discard_pack, gettext_lazy("Throw the draft away"),
        gettext_lazy("Thrown away."), "trash", "danger",
    ),
}  # fmt: skip


@require_safe
@permission_required("matching.list_packs", raise_exception=True)
def packs(request: AuthedRequest) -> HttpResponse:
    form = PackFilter(request.GET, is_staff=request.user.is_zone_staff)
    page = newest_first(
        form.narrow(RulePack.objects.visible_to(request.user)).for_list(), request.GET
    )
    context = {
        "form": form,
        "page": page,
        "rows": [(each, TONES[PackStatus(each.status)]) for each in page.rows],
        "is_filtered": any(request.GET.values()),
        "may_edit": request.user.has_perm("matching.edit_packs"),
    }
    return render(request, "matching/packs.html", context)


@require_safe
def pack(request: AuthedRequest, pack_id: int) -> HttpResponse:
    row = _seen(request, pack_id)
    found = checked(row.text, row.cases_text)
    status = PackStatus(row.status)
    may_edit = request.user.has_perm("matching.edit_packs", row)
    possible = row.moves | {verb for verb, statuses in BESIDE.items() if status in statuses}
    others = RulePack.objects.visible_to(request.user).filter(key=row.key).exclude(pk=row.pk)
    context = {
        "pack": row,
        "tone": TONES[status],
        "found": found,
        "document": found.pack.document if found.pack else None,
        "read": found.pack,
        "measures": measures_shown(found.pack) if found.pack else [],
        "beside": pack_shown(found.pack) if found.pack else [],
        "problems": problems_of(found),
        "others": [
            (each, TONES[PackStatus(each.status)])
            for each in others.for_list()[:SHOWN_ERRORS]
        ],
        "matched": _matched(request, row),
        "review": review_shown(row, found.pack) if may_edit else None,
        "may_edit": may_edit,
        "may_change": may_edit and "change" in possible,
        "may_withdraw": may_edit and "withdraw" in possible,
        "offers": [(verb, each) for verb, each in PRESSES.items() if may_edit and verb in possible],
    }  # fmt: skip
    return render(request, "matching/pack.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("matching.edit_packs", raise_exception=True)
def add(request: AuthedRequest) -> HttpResponse:
    typed = PackForm(request.POST or None)
    made: list[RulePack] = []

    def carry_out(values: dict[str, Any]) -> None:
        made.append(actions.adopt_pack(**values, by=request.user, at=timezone.now()))

    if request.method == "POST" and done(typed, carry_out):
        messages.success(request, _("Saved as a draft. Its cases are checked below."))
        return HttpResponseRedirect(made[0].get_absolute_url(), status=303)
    return _editor(request, typed, None)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: AuthedRequest, pack_id: int) -> HttpResponse:
    row = worked_on(request, pack_id)
    typed = PackForm(request.POST or None, initial=PackForm.initial_of(row))

    def carry_out(values: dict[str, Any]) -> None:
        actions.change_pack(row.pk, **values, by=request.user, at=timezone.now())

    if request.method == "POST" and done(typed, carry_out):
        messages.success(request, _("Saved."))
        return HttpResponseRedirect(row.get_absolute_url(), status=303)
    return _editor(request, typed, row)


@require_POST
@permission_required("matching.edit_packs", raise_exception=True)
def adopt(request: AuthedRequest) -> HttpResponse:
    """Take over a pack that comes with the program, as a draft."""
    typed = ShippedForm(request.POST)
    made: list[RulePack] = []

    def carry_out(values: dict[str, Any]) -> None:
        made.append(actions.adopt_shipped(values["name"], by=request.user, at=timezone.now()))

    if done(typed, carry_out):
        messages.success(request, _("Taken over as a draft. Read it, then publish it."))
        return HttpResponseRedirect(made[0].get_absolute_url(), status=303)
    return _editor(request, PackForm(), None, shipped=typed)


@require_POST
def act(request: AuthedRequest, pack_id: int, verb: str) -> HttpResponse:
    """Press one of the buttons; a refusal is said on the page of the pack."""
    if (chosen := PRESSES.get(verb)) is None:
        raise Http404
    row = worked_on(request, pack_id)
    made: list[RulePack] = []

    more = {"reason": request.POST.get("reason", "")[:MOST_REASON]} if verb == "publish" else {}

    def carry_out() -> None:
        made.append(chosen.action(row.pk, by=request.user, at=timezone.now(), **more))

    press(request, carry_out, str(chosen.done))
    if made and verb == "discard":
        return HttpResponseRedirect(reverse("matching:packs"), status=303)
    target = made[0] if made else row
    return HttpResponseRedirect(target.get_absolute_url(), status=303)


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: AuthedRequest, pack_id: int) -> HttpResponse:
    row = worked_on(request, pack_id)
    typed = WithdrawForm(request.POST or None)

    def carry_out(values: dict[str, Any]) -> None:
        actions.withdraw_pack(row.pk, by=request.user, at=timezone.now(), **values)

    if request.method == "POST" and done(typed, carry_out):
        messages.success(request, _("Withdrawn. Its rules hold no more; the text stays."))
        return HttpResponseRedirect(row.get_absolute_url(), status=303)
    status = UNPROCESSABLE if typed.errors else 200
    context = {"form": typed, "pack": row}
    return render(request, "matching/withdraw.html", context, status=status)


def _matched(request: AuthedRequest, row: RulePack) -> dict[str, Any] | None:
    """Who matches, or would; None for whoever may not see it."""
    if not request.user.has_perm("matching.view_results"):
        return None
    found = results_of_pack(request.user, row, on=timezone.localdate())
    return {
        "found": found,
        "lines": lines_of(found),
        "paid": paid_of(found),
        "is_stale": found.run is not None and found.run.digests.get(str(row.pk)) != row.digest,
        "may_tell": row.is_published and request.user.has_perm("matching.tell_matches"),
        "may_start": row.status != PackStatus.WITHDRAWN
        and request.user.has_perm("matching.start_run"),
    }


def _seen(request: AuthedRequest, pack_id: int) -> RulePack:
    rows = RulePack.objects.visible_to(request.user).select_related("document", "entered_by")
    return get_object_or_404(rows, pk=pack_id)


def worked_on(request: AuthedRequest, pack_id: int) -> RulePack:
    """A pack that the person may change.

    Raises:
        PermissionDenied: The person may see it, and no more.
    """
    row = _seen(request, pack_id)
    if not request.user.has_perm("matching.edit_packs", row):
        raise PermissionDenied
    return row


def _editor(
    request: AuthedRequest,
    typed: PackForm,
    row: RulePack | None,
    *,
    shipped: ShippedForm | None = None,
) -> HttpResponse:
    """The text with what is wrong in it, by line."""
    found = typed.findings()
    context = {
        "form": typed,
        "pack": row,
        "problems": problems_of(found) if found else [],
        "shipped": None if row else shipped or ShippedForm(),
    }
    is_refused = typed.errors or (shipped is not None and shipped.errors)
    status = UNPROCESSABLE if is_refused else 200
    return render(request, "matching/form.html", context, status=status)


def problems_of(found: Checked) -> list[tuple[str, PackError, Told]]:
    """Which text, the place in it, and the sentences in the reader's language."""
    rules, cases = _("Rules"), _("Cases")
    every = [(rules, each) for each in found.errors] + [(cases, each) for each in found.case_errors]
    language = reader_language()
    return [(part, each, each.told(language)) for part, each in every[:SHOWN_ERRORS]]
