"""Reading the register: the list, its spreadsheet, and one enterprise."""

from collections.abc import Iterator
from decimal import Decimal

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lianqi.demands.models import Demand
from lianqi.engines.tables import Cell
from lianqi.plans.models import ServicePlan
from lianqi.register.actions import record_export, record_view
from lianqi.register.enums import EnterpriseStatus
from lianqi.register.errors import ExportTooLarge
from lianqi.register.models import Enterprise, EnterpriseQuerySet
from lianqi.register.queries import (
    duplicates_of,
    history_of,
    profile_of,
    readers_of,
    with_merged_ids,
)
from lianqi.web.http import AuthedRequest
from lianqi.web.paging import newest_first
from lianqi.web.register.forms import FilterForm, PurposeForm
from lianqi.web.register.telling import size_reason, told, told_reads
from lianqi.web.workbook import workbook_response

MOST_EXPORTED = 20_000
MOST_DEMANDS = 10
MOST_PLANS = 3
TONES = {
    EnterpriseStatus.OPERATING: "green",
    EnterpriseStatus.SUSPENDED: "amber",
    EnterpriseStatus.MOVED_OUT: "grey",
    EnterpriseStatus.REVOKED: "red",
    EnterpriseStatus.DEREGISTERED: "grey",
}

reads_the_list = permission_required("register.list", raise_exception=True)


def _matching(request: AuthedRequest) -> tuple[FilterForm, EnterpriseQuerySet]:
    form = FilterForm(request.GET)
    return form, form.apply(Enterprise.objects.visible_to(request.user))


@require_safe
@reads_the_list
def enterprise_list(request: AuthedRequest) -> HttpResponse:
    form, enterprises = _matching(request)
    unindexed = None
    if request.GET.get("q"):
        visible = Enterprise.objects.visible_to(request.user)
        unindexed = form.apply(visible, by_index=False).for_list()
    page = newest_first(enterprises.for_list(), request.GET, unindexed=unindexed)
    context = {
        "form": form,
        "page": page,
        "rows": [(each, TONES[EnterpriseStatus(each.status)]) for each in page.rows],
        "is_filtered": any(request.GET.values()),
        "may_change": request.user.has_perm("register.change"),
        "may_see_imports": request.user.has_perm("register.view_import"),
        "may_import": request.user.has_perm("register.import"),
        "may_see_lists": request.user.has_perm("matching.view_import"),
    }
    return render(request, "register/list.html", context)


@require_safe
@reads_the_list
def export(request: AuthedRequest) -> HttpResponseBase:
    """The filtered list as a spreadsheet, through the same queryset as the page."""
    form, enterprises = _matching(request)
    count = enterprises.order_by()[: MOST_EXPORTED + 1].count()
    if count > MOST_EXPORTED:
        messages.error(request, str(ExportTooLarge(limit=MOST_EXPORTED)))
        query = request.GET.urlencode()
        return HttpResponseRedirect(f"{reverse('register:list')}?{query}", status=303)
    record_export(rows=count, filters=form.chosen(), by=request.user, at=timezone.now())
    name = f"register-{timezone.localdate():%Y%m%d}.xlsx"
    return workbook_response(name, _headings(), _lines(enterprises.for_list()))


def _headings() -> list[str]:
    return [
        _("Unified social credit code"), _("Name"), _("Status"), _("Type"), _("Industry"),
        _("Size"), _("Street or town"), _("Address"), _("Grid"), _("Park"),
        _("Legal representative"), _("Registered capital (yuan)"), _("Established on"),
    ]  # fmt: skip


def _lines(enterprises: EnterpriseQuerySet) -> Iterator[list[Cell | Decimal]]:
    for each in enterprises.iterator(chunk_size=1000):
        yield [
            each.code,
            each.name,
            each.get_status_display(),
            each.get_type_display(),
            str(each.industry or ""),
            each.get_size_class_display(),
            each.district,
            each.address,
            str(each.grid or ""),
            str(each.park or ""),
            each.legal_representative,
            each.capital_yuan,
            each.established_on,
        ]


@require_safe
def detail(request: AuthedRequest, enterprise_id: int) -> HttpResponse:
    """The page of one enterprise; of a merged entry, the way to the one that remains."""
    seen = Enterprise.objects.visible_to(request.user).for_list()
    enterprise = get_object_or_404(seen, pk=enterprise_id)
    if enterprise.merged_into is not None:
        messages.info(
            request,
            _("The entry %(code)s was merged into this one.") % {"code": enterprise.code},
        )
        return HttpResponseRedirect(reverse("register:detail", args=[enterprise.merged_into.pk]))
    record_view(enterprise, by=request.user, at=timezone.now())
    return render(request, "register/detail.html", detail_context(request, enterprise))


def detail_context(request: AuthedRequest, enterprise: Enterprise) -> dict[str, object]:
    """Everything the page shows to this person; whatever he may not see is not even loaded."""
    user, ids = request.user, with_merged_ids(enterprise)
    demands = Demand.objects.visible_to(user).filter(enterprise_id__in=ids).for_list()
    may_merge = user.has_perm("register.merge", enterprise)
    sees_readers = user.has_perm("register.view_readers", enterprise)
    return {
        "enterprise": enterprise,
        "tone": TONES[EnterpriseStatus(enterprise.status)],
        "profile": profile_of(enterprise, ids, on=timezone.localdate()),
        "size_reason": size_reason(enterprise),
        "demands": demands[:MOST_DEMANDS],
        "plans": list(
            ServicePlan.objects.visible_to(user)
            .filter(enterprise_id__in=ids)
            .for_list()[:MOST_PLANS]
        ),
        "may_begin_plan": user.has_perm("plans.begin", enterprise),
        "events": told(history_of(ids), with_names=user.is_zone_staff),
        "sees_readers": sees_readers,
        "readers": told_reads(readers_of(ids)) if sees_readers else [],
        "duplicates": duplicates_of(enterprise) if may_merge else [],
        "may_list": user.has_perm("register.list"),
        "may_change": user.has_perm("register.change", enterprise),
        "may_keep_contacts": user.has_perm("register.keep_contacts", enterprise),
        "may_state_facts": user.has_perm("register.state_facts", enterprise),
        "may_reveal": user.has_perm("register.reveal_contact", enterprise),
        "purpose_form": PurposeForm(),
    }
