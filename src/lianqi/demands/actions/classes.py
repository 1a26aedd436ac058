"""Opening a class of cases, linking its demands, fixing its cause; what the nightly jobs find."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count

from lianqi.accounts.models import Unit, User
from lianqi.accounts.queries import heads_of
from lianqi.audit.actions import Automat, record
from lianqi.demands.actions.moving import tell_the_enterprise
from lianqi.demands.enums import ClassStatus, ClassStep, LinkedBy
from lianqi.demands.errors import (
    ClassMoveNotPossible,
    FixDayNotPossible,
    NothingToLink,
    UnitNotInUse,
)
from lianqi.demands.flow import CLASS_FLOW
from lianqi.demands.models import (
    CaseClass,
    CaseLink,
    ClusterMember,
    Demand,
    DemandCategory,
    DemandCluster,
)
from lianqi.engines.flow import IllegalMove
from lianqi.engines.learning import belonging, centre_of, group, pairs
from lianqi.engines.learning.likeness import LONG
from lianqi.notices.actions import notify
from lianqi.work.actions import cancel_items, finish_items, open_item
from lianqi.work.queries import local_date, people_on_the_desk

FARTHEST = dt.timedelta(days=366)
LOOKS_BACK = dt.timedelta(days=90)
MOST_LINKED = 500
LEAST_IN_CLUSTER = 3
_MOST_CLUSTERED, _MOST_CLUSTERS, _CHUNK = 3000, 100, 2000


@transaction.atomic
def open_class(
    *,
    title: str,
    note: str,
    unit: Unit,
    fix_on: dt.date,
    demand_ids: Iterable[int],
    by: User,
    at: dt.datetime,
) -> CaseClass:
    """Make a class of these demands, with an owner and a day by which the cause is fixed.

    Demands that belong to a class already, or that `by` may not see, are passed over.

    Raises:
        FixDayNotPossible: The day is not ahead, or more than a year away.
        UnitNotInUse: The unit was closed.
        NothingToLink: None of the demands is free.
    """
    if not by.has_perm("demands.open_class"):
        raise PermissionDenied
    _require_day(fix_on, at=at)
    if not unit.is_active:
        raise UnitNotInUse(unit=unit)
    demands = _free(demand_ids, by=by)
    if not demands:
        raise NothingToLink
    centre, limit = centre_of([(each.title, each.text) for each in demands])
    first = Demand.objects.filter(filed_on__gte=local_date(at) - LOOKS_BACK)
    oldest = first.order_by("filed_on", "pk").values_list("pk", flat=True).first() or 1
    made = CaseClass.objects.create(
        number=f"new-{demands[0].pk}",
        title=title,
        note=note,
        unit=unit,
        fix_on=fix_on,
        opened_at=at,
        opened_by=by,
        centre=centre,
        limit=limit,
        scanned_to=oldest - 1,
    )
    made.number = f"LA{local_date(at).year}{made.pk:05d}"
    made.save(update_fields=["number"])
    _link(made, demands, LinkedBy.PERSON, on=local_date(at))
    _owe(made, by=by, at=at)
    record("demands.class_opened", made, by=by, at=at, unit=unit.pk, unit_name=unit.name,
           fix_on=fix_on.isoformat(), demands=[each.pk for each in demands])  # fmt: skip
    return made


@transaction.atomic
def link_demand(class_id: int, *, number: str, by: User, at: dt.datetime) -> CaseClass:
    """Add one demand by its number.

    Raises:
        NothingToLink: There is none that `by` may see, or it belongs to a class.
    """
    case = _locked(class_id, "link", by=by)
    found = Demand.objects.visible_to(by).filter(number=number.strip().upper())
    demands = _free(found.values_list("pk", flat=True), by=by)
    if not demands:
        raise NothingToLink
    _link(case, demands, LinkedBy.PERSON, on=local_date(at))
    record("demands.class_linked", case, by=by, at=at, demands=[demands[0].pk])
    return case


@transaction.atomic
def unlink_demand(class_id: int, demand_id: int, *, by: User, at: dt.datetime) -> CaseClass:
    """Take a demand out that has another cause; the nightly comparison does not bring it back."""
    case = _locked(class_id, "link", by=by)
    gone, _kinds = case.links.filter(demand_id=demand_id).delete()
    if gone:
        record("demands.class_unlinked", case, by=by, at=at, demands=[demand_id])
    return case


@transaction.atomic
def move_fix_day(
    class_id: int, *, fix_on: dt.date, note: str, by: User, at: dt.datetime
) -> CaseClass:
    """Promise another day, with the reason; the clock begins anew and the earlier stays on record.

    Raises:
        FixDayNotPossible: The day is not ahead, or more than a year away.
    """
    case = _locked(class_id, "postpone", by=by)
    _require_day(fix_on, at=at)
    earlier, case.fix_on = case.fix_on, fix_on
    case.save(update_fields=["fix_on"])
    cancel_items(case, by=by, at=at)
    _owe(case, by=by, at=at)
    record("demands.class_postponed", case, by=by, at=at, earlier=earlier.isoformat(),
           fix_on=fix_on.isoformat(), note=note)  # fmt: skip
    return case


@transaction.atomic
def fix_class(class_id: int, *, note: str, by: User, at: dt.datetime) -> CaseClass:
    """The cause is fixed: every enterprise that reported it is told, of its own demand."""
    case = _locked(class_id, "fix", by=by)
    case.status, case.fixed_at, case.fixed_by, case.fix_note = ClassStatus.FIXED, at, by, note
    case.save(update_fields=["status", "fixed_at", "fixed_by", "fix_note"])
    finish_items(case, step=ClassStep.FIX, by=by, at=at)
    told = _tell_reporters(case, at=at)
    record("demands.class_fixed", case, by=by, at=at, note=note, told=told)
    return case


@transaction.atomic
def reopen_class(
    class_id: int, *, fix_on: dt.date, note: str, by: User, at: dt.datetime
) -> CaseClass:
    """It came back: the unit owes the cause again, until another day."""
    case = _locked(class_id, "reopen", by=by)
    _require_day(fix_on, at=at)
    case.status, case.fixed_at, case.fixed_by = ClassStatus.OPEN, None, None
    case.fix_on = fix_on
    case.save(update_fields=["status", "fixed_at", "fixed_by", "fix_on"])
    _owe(case, by=by, at=at)
    record("demands.class_reopened", case, by=by, at=at, fix_on=fix_on.isoformat(), note=note)
    return case


@transaction.atomic
def drop_class(class_id: int, *, note: str, by: User, at: dt.datetime) -> CaseClass:
    """There is no common cause after all, or the zone cannot change it; the reason is kept."""
    case = _locked(class_id, "drop", by=by)
    case.status = ClassStatus.DROPPED
    case.save(update_fields=["status"])
    cancel_items(case, by=by, at=at)
    record("demands.class_dropped", case, by=by, at=at, note=note)
    return case


def find_clusters(*, at: dt.datetime, most: int = _MOST_CLUSTERED) -> int:
    """Group the open demands that belong to no class; return how many groups there are.

    The newest `most` of the last 90 days, oldest first, so that the same demands give the same
    groups. What was found before is replaced at once.
    """
    rows = list(
        Demand.objects.open()
        .filter(filed_on__gte=local_date(at) - LOOKS_BACK, class_link__isnull=True)
        .order_by("-pk")
        .values_list("pk", "title", "text", "enterprise_id", "category_id")[:most]
    )[::-1]
    groups = group([(title, text) for _pk, title, text, *_rest in rows], least=LEAST_IN_CLUSTER)
    categories = DemandCategory.objects.in_bulk({row[4] for row in rows})
    with transaction.atomic():
        DemandCluster.objects.all().delete()
        for each in groups[:_MOST_CLUSTERS]:
            members = [rows[place] for place in each.members]
            commonest = Counter(row[4] for row in members).most_common(1)[0][0]
            cluster = DemandCluster.objects.create(
                label="、".join(each.words) or members[0][1][:100],
                size=len(members),
                enterprises=len({row[3] for row in members}),
                category=categories.get(commonest),
                found_at=at,
            )
            ClusterMember.objects.bulk_create(
                ClusterMember(cluster=cluster, demand_id=row[0]) for row in members
            )
    return min(len(groups), _MOST_CLUSTERS)


def find_recurrences(*, at: dt.datetime, limit: int = 50_000) -> int:
    """Compare demands with the open and the fixed classes since each was last compared.

    A demand that is likest to a class, and alike enough, is linked to it. Returns how many were
    linked; after `limit` demands the rest waits for the next night. A class is compared with the 90
    days before it was opened as well, and no longer a year after it was fixed.
    """
    fixed_since = at - FARTHEST
    live = [
        case
        for case in CaseClass.objects.exclude(status=ClassStatus.DROPPED).order_by("pk")
        if case.fixed_at is None or case.fixed_at >= fixed_since
    ]
    position = min((case.scanned_to for case in live), default=None)
    linked = looked_at = 0
    while position is not None and looked_at < limit:
        rows = list(
            Demand.objects.counted()
            .filter(pk__gt=position)
            .order_by("pk")
            .values_list("pk", "title", "text")[:_CHUNK]
        )
        if not rows:
            break
        linked += _compare(rows, live, at=at)
        position, looked_at = rows[-1][0], looked_at + len(rows)
    return linked


@transaction.atomic
def _compare(
    rows: Sequence[tuple[int, str, str]], live: Sequence[CaseClass], *, at: dt.datetime
) -> int:
    taken = set(
        CaseLink.objects.filter(demand_id__in=[pk for pk, *_ in rows]).values_list(
            "demand_id", flat=True
        )
    )
    links = []
    for pk, title, text in rows:
        ahead = [case for case in live if case.scanned_to < pk]
        if pk in taken or not ahead:
            continue
        said = pairs(f"{title}\n{text[:LONG]}")
        shares = [(belonging(said, case.centre), -case.pk, case) for case in ahead]
        share, _order, case = max(shares, key=lambda each: each[:2])
        if share >= case.limit:
            links.append(
                CaseLink(
                    case_class=case, demand_id=pk, how=LinkedBy.FOUND, linked_on=local_date(at)
                )
            )
    CaseLink.objects.bulk_create(links, ignore_conflicts=True)
    for case in live:
        case.scanned_to = max(case.scanned_to, rows[-1][0])
    CaseClass.objects.bulk_update(live, ["scanned_to"])
    for case in {link.case_class for link in links}:
        found = [link.demand_id for link in links if link.case_class_id == case.pk]
        record("demands.class_found", case, by=Automat(), at=at, demands=found)
    return len(links)


def _locked(class_id: int, verb: str, *, by: User) -> CaseClass:
    """Lock the class; the table is asked before the permission, so that who is late is told so."""
    case = CaseClass.objects.select_for_update(of=("self",)).select_related("unit").get(pk=class_id)
    try:
        CLASS_FLOW.target(verb, status=ClassStatus(case.status))
    except IllegalMove as error:
        raise ClassMoveNotPossible(number=case.number, status=case.get_status_display()) from error
    if not by.has_perm(f"demands.{verb}_class", case):
        raise PermissionDenied
    return case


def _free(demand_ids: Iterable[int], *, by: User) -> list[Demand]:
    """Those that `by` may see and that belong to no class, oldest first, locked.

    Locked first, asked for their class afterwards: who waited for the lock sees what was done.
    """
    demands = list(
        Demand.objects.visible_to(by)
        .filter(pk__in=list(demand_ids)[:MOST_LINKED])
        .order_by("pk")
        .select_for_update(of=("self",))
    )
    linked = CaseLink.objects.filter(demand__in=[each.pk for each in demands])
    taken = set(linked.values_list("demand_id", flat=True))
    return [each for each in demands if each.pk not in taken]


def _link(case: CaseClass, demands: Sequence[Demand], how: LinkedBy, *, on: dt.date) -> None:
    CaseLink.objects.bulk_create(
        CaseLink(case_class=case, demand=each, how=how, linked_on=on) for each in demands
    )
    _leave_clusters([each.pk for each in demands])


def _leave_clusters(demand_ids: Sequence[int]) -> None:
    """Take them out of the groups of last night; a group of too few is none any more."""
    members = ClusterMember.objects.filter(demand__in=demand_ids)
    ids = set(members.values_list("cluster", flat=True))
    members.delete()
    firms = Count("members__demand__enterprise", distinct=True)
    for cluster in DemandCluster.objects.filter(pk__in=ids).annotate(
        left=Count("members"), firms=firms
    ):
        if cluster.left < LEAST_IN_CLUSTER:
            cluster.delete()
        else:
            DemandCluster.objects.filter(pk=cluster.pk).update(
                size=cluster.left, enterprises=cluster.firms
            )


def _owe(case: CaseClass, *, by: User, at: dt.datetime) -> None:
    open_item(
        case,
        step=ClassStep.FIX,
        by=by,
        at=at,
        enterprise_id=None,
        label=str(case)[:200],
        url=case.get_absolute_url(),
        unit=case.unit,
        days=(case.fix_on - local_date(at)).days,
    )
    today = local_date(at)
    people = {each.pk: each for each in people_on_the_desk(case.unit, on=today)}
    people |= {each.pk: each for each in heads_of(case.unit, on=today)}
    notify(
        people.values(),
        event="class.opened",
        names={"number": case.number, "title": case.title, "day": case.fix_on.isoformat()},
        url=case.get_absolute_url(),
        at=at,
        dedupe_key=f"class.opened:{case.pk}:{at.isoformat()}",
    )


def _tell_reporters(case: CaseClass, *, at: dt.datetime) -> int:
    links = case.links.select_related("demand__enterprise", "demand__filed_by").order_by("pk")
    for link in links:
        tell_the_enterprise(link.demand, "demand.cause_fixed", at=at, note=case.fix_note)
    return len(links)


def _require_day(day: dt.date, *, at: dt.datetime) -> None:
    today = local_date(at)
    if not today < day <= today + FARTHEST:
        raise FixDayNotPossible(day=day.isoformat(), latest=(today + FARTHEST).isoformat())
