"""Conversions: the list with its figures, one of them, its acts; the enterprise sees its own."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianqi.audit.models import Event
from lianqi.conversions.actions import (
    Papers,
    attach_evidence,
    begin_conversion,
    end_conversion,
    go_back,
    link_demand,
    own_step,
    report_step,
    settle_step,
    skip_step,
)
from lianqi.conversions.enums import ConversionStatus, Party, StepStatus
from lianqi.conversions.models import ChainStep, Conversion, EnterpriseReport
from lianqi.conversions.queries import clocks_of, conversion_figures
from lianqi.demands.models import Demand
from lianqi.files.models import StoredFile
from lianqi.files.queries import files_of
from lianqi.freetests.models import FreeTest
from lianqi.taskforces.models import TaskForce
from lianqi.web.audit.words import verb_in_words
from lianqi.web.conversions.forms import (
    AttachForm,
    BeginForm,
    ConversionFilter,
    ConversionForm,
    EndForm,
    GoBackForm,
    LinkForm,
    OwnForm,
    ReportForm,
    SettleForm,
    SkipForm,
)
from lianqi.web.demands.entries import Entry
from lianqi.web.demands.page import clock_of
from lianqi.web.http import AuthedRequest
from lianqi.web.paging import newest_first
from lianqi.web.people.acting import UNPROCESSABLE, done

TONES = {
    ConversionStatus.OPEN: "blue",
    ConversionStatus.STABLE: "green",
    ConversionStatus.ENDED: "grey",
}
STEP_TONES = {
    StepStatus.WAITING: "grey",
    StepStatus.CURRENT: "blue",
    StepStatus.DONE: "green",
    StepStatus.NOT_APPLICABLE: "grey",
}
MOST_EVENTS = 30
QUOTED = ("evidence", "reason", "text", "person_name")  # what an event may have said


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that can be done about a conversion, and how its button says it."""

    action: Callable[..., object]
    form: type[ConversionForm]
    label: Promise
    done: Promise
    icon: str
    tone: str = "default"


def _link(conversion_id: int, *, number: Demand, **rest: Any) -> object:
    return link_demand(conversion_id, demand=number, **rest)


ACTS: Mapping[str, Act] = {
    "report": Act(
        report_step, ReportForm, gettext_lazy("Report to the task force"),
        gettext_lazy("Reported. The task force was told."), "message-circle", "primary",
    ),
    "settle": Act(
        settle_step, SettleForm, gettext_lazy("The step is done"),
        gettext_lazy("Settled."), "check", "primary",
    ),
    "attach": Act(
        attach_evidence, AttachForm, gettext_lazy("Attach files to a step"),
        gettext_lazy("Attached."), "paperclip",
    ),
    "skip": Act(
        skip_step, SkipForm, gettext_lazy("The step does not apply"),
        gettext_lazy("Left out, with the reason."), "arrow-right",
    ),
    "go_back": Act(
        go_back, GoBackForm, gettext_lazy("Go back to an earlier step"),
        gettext_lazy("Begun once more. The enterprise was told."), "arrow-back-up",
    ),
    "own": Act(
        own_step, OwnForm, gettext_lazy("Give a step to a member"),
        gettext_lazy("Given. The member was told."), "user-plus",
    ),
    "link": Act(
        _link, LinkForm, gettext_lazy("Link a demand"), gettext_lazy("Linked."), "link"
    ),
    "end": Act(
        end_conversion, EndForm, gettext_lazy("End the conversion"),
        gettext_lazy("Ended. The enterprise was told."), "x", "danger",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ShownStep:
    """A step of the checklist as the page shows it; `earlier`: files of an attempt before."""

    step: ChainStep
    tone: str
    reports: list[EnterpriseReport]
    files: list[StoredFile]
    earlier: list[StoredFile]


@dataclass(frozen=True, slots=True)
class Offer:
    """An act as the page shows it. `is_open`: unfolded, because it is what comes next."""

    verb: str
    act: Act
    form: ConversionForm
    is_open: bool


@require_safe
@permission_required("conversions.list", raise_exception=True)
def conversions(request: AuthedRequest) -> HttpResponse:
    at = timezone.now()
    narrowing = ConversionFilter(request.GET, user=request.user)
    found = narrowing.narrow(Conversion.objects.visible_to(request.user))
    page = newest_first(found.for_list(), request.GET)
    clocks = clocks_of(page.rows)
    context = {
        "form": narrowing,
        "page": page,
        "rows": [
            (each, TONES[ConversionStatus(each.status)], clock_of(clocks.get(each.pk), at=at))
            for each in page.rows
        ],
        "figures": conversion_figures(found),
        "is_filtered": any(request.GET.values()),
    }
    return render(request, "conversions/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: AuthedRequest, force_id: int) -> HttpResponse:
    """Put an enterprise on the way to a product, for a force one belongs to."""
    forces = TaskForce.objects.visible_to(request.user).select_related("unit", "lead_unit")
    force = get_object_or_404(forces, pk=force_id)
    if not request.user.has_perm("conversions.begin", force):
        raise PermissionDenied
    typed = BeginForm(request.POST or None, user=request.user)
    begun: list[Conversion] = []

    def carry_out(_values: dict[str, Any]) -> None:
        begun.append(
            begin_conversion(force=force, by=request.user, at=timezone.now(), **typed.values())
        )

    if request.method == "POST" and done(typed, carry_out):
        messages.success(request, _("Begun. The first step is under way."))
        return HttpResponseRedirect(begun[0].get_absolute_url(), status=303)
    status = UNPROCESSABLE if typed.errors else 200
    return render(request, "conversions/begin.html", {"form": typed, "force": force}, status=status)


@require_safe
def detail(request: AuthedRequest, conversion_id: int) -> HttpResponse:
    return _page(request, _seen(request, conversion_id))


@require_POST
def act(request: AuthedRequest, conversion_id: int, verb: str) -> HttpResponse:
    """Carry out one act; what is refused comes back as it was typed, with 422."""
    conversion = _seen(request, conversion_id)
    if (chosen := ACTS.get(verb)) is None:
        raise Http404
    ids = f"id_{verb}_%s"  # several forms with the same fields stand on one page
    typed = chosen.form(request.POST, request.FILES, conversion=conversion, auto_id=ids)

    def carry_out(values: dict[str, Any]) -> object:
        if "papers" in values:
            values = values | {"papers": _papers(values["papers"])}
        return chosen.action(conversion.pk, by=request.user, at=timezone.now(), **values)

    if not done(typed, carry_out):
        return _page(request, _seen(request, conversion_id), typed, verb)
    messages.success(request, str(chosen.done))
    return HttpResponseRedirect(conversion.get_absolute_url(), status=303)


def _papers(uploads: list[Any]) -> Papers:
    return Papers(uploads, settings.UPLOAD_MAX_BYTES, settings.CLAMAV_ADDRESS)


def _seen(request: AuthedRequest, conversion_id: int) -> Conversion:
    seen = Conversion.objects.visible_to(request.user).select_related(
        "enterprise", "force__unit", "force__lead_unit", "template", "step__template_step",
        "opened_by",
    )  # fmt: skip
    return get_object_or_404(seen, pk=conversion_id)


def _page(
    request: AuthedRequest,
    conversion: Conversion,
    bound: ConversionForm | None = None,
    bound_verb: str = "",
) -> HttpResponse:
    at, user = timezone.now(), request.user
    verbs = [verb for verb in ACTS if user.has_perm(f"conversions.{verb}", conversion)]
    is_enterprise = user.has_perm("conversions.report", conversion)
    if is_enterprise:
        verbs.remove("attach")  # its files come with its report
    step = conversion.step.template_step if conversion.step else None
    context = {
        "conversion": conversion,
        "tone": TONES[ConversionStatus(conversion.status)],
        "clock": clock_of(clocks_of([conversion]).get(conversion.pk), at=at),
        "steps": _steps(conversion),
        # What the page says first to the enterprise: is it its turn?
        "asked": step if is_enterprise and step and step.party == Party.ENTERPRISE else None,
        "waits_for": step if is_enterprise and step and step.party != Party.ENTERPRISE else None,
        "demands": Demand.objects.visible_to(user)
        .filter(pk__in=conversion.demands.values("pk"))
        .order_by("-pk"),
        "may_open_register": user.has_perm("register.view", conversion.enterprise),
        "may_open_force": user.has_perm("taskforces.view", conversion.force),
        "free_tests": FreeTest.objects.visible_to(user)
        .filter(conversion=conversion)
        .order_by("-pk"),
        "may_state_test": conversion.step is not None
        and (
            user.has_perm("freetests.state", conversion.enterprise)
            or user.has_perm("freetests.state_for", conversion.force)
        ),
        "offers": [
            Offer(
                verb,
                ACTS[verb],
                bound
                if bound is not None and verb == bound_verb
                else ACTS[verb].form(conversion=conversion, auto_id=f"id_{verb}_%s"),
                verb == bound_verb or ACTS[verb].tone == "primary",
            )
            for verb in verbs
        ],
        # A refusal whose form is no longer offered, because it ended, is said on top.
        "refused": bound if bound is not None and bound_verb not in verbs else None,
        "entries": _entries(conversion, is_staff=user.is_zone_staff),
    }
    status = UNPROCESSABLE if bound is not None else 200
    return render(request, "conversions/detail.html", context, status=status)


def _steps(conversion: Conversion) -> list[ShownStep]:
    rows = conversion.steps.select_related("template_step", "owner").order_by("position")
    steps = list(rows.prefetch_related("reports__by"))
    files = files_of(steps)
    return [
        ShownStep(
            step=each,
            tone=STEP_TONES[StepStatus(each.status)],
            reports=sorted(each.reports.all(), key=lambda report: report.pk),
            files=[file for file in files.get(each.pk, []) if each.is_of_this_attempt(file)],
            earlier=[file for file in files.get(each.pk, []) if not each.is_of_this_attempt(file)],
        )
        for each in steps
    ]


def _entries(conversion: Conversion, *, is_staff: bool) -> list[Entry]:
    """What happened, the newest first; who of the zone did it is for the zone's own people."""
    events = Event.objects.changes().about(Conversion._meta.label_lower, conversion.pk)
    if not is_staff:
        events = events.exclude(verb="work.escalated")  # who was reminded is the zone's own matter
    names = dict(conversion.steps.values_list("template_step__code", "template_step__name_zh"))
    return [
        Entry(
            at=event.at,
            title=f"{verb_in_words(event.verb)} {names.get(str(event.detail.get('step')), '')}",
            by=event.by_name if is_staff else "",
            text=next((str(said) for key in QUOTED if (said := event.detail.get(key))), ""),
        )
        for event in events.order_by("-pk")[:MOST_EVENTS]
    ]
