"""Versions of a category: what holds for its demands from a coming day on."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from lianqi.accounts.models import User
from lianqi.audit.actions import record
from lianqi.demands.enums import Step
from lianqi.demands.errors import (
    AdviceMissing,
    PressingTakesLonger,
    VersionInForce,
    VersionStartTaken,
    VersionTooEarly,
)
from lianqi.demands.models import CategoryVersion, Demand, DemandCategory, EvidenceKind
from lianqi.engines.calendar import ClockKind
from lianqi.engines.text import tidy
from lianqi.work.actions import ClockLength, write_rule_set
from lianqi.work.enums import Urgency
from lianqi.work.models import ClockRule
from lianqi.work.queries import local_date

KIND = Demand._meta.label_lower  # Django's public name for it
ONE_DAY = dt.timedelta(days=1)
Clocks = Mapping[tuple[Step, Urgency], tuple[ClockKind, int]]


@dataclass(frozen=True, slots=True)
class VersionTerms:
    """What a version says. Steps and urgencies that `clocks` leaves out have the general rules."""

    is_accepted: bool = True
    advice: str = ""
    advice_url: str = ""
    advice_phone: str = ""
    progress_every_days: int | None = None
    evidence: tuple[tuple[str, bool], ...] = ()
    """Documents, each with whether it is obligatory."""
    clocks: Clocks = field(default_factory=dict)
    source: str = ""
    """Who promised these clocks, and where; empty where the zone itself did."""

    def columns(self) -> dict[str, Any]:
        """The plain columns of the version."""
        return {
            "is_accepted": self.is_accepted,
            "advice": self.advice.strip(),
            "advice_url": self.advice_url.strip(),
            "advice_phone": self.advice_phone.strip(),
            "progress_every_days": self.progress_every_days,
        }

    def as_detail(self) -> dict[str, Any]:
        """The same for the audit trail."""
        return self.columns() | {
            "evidence": [list(each) for each in self.evidence],
            "clocks": {
                f"{step}.{urgency}": f"{amount} {kind}"
                for (step, urgency), (kind, amount) in self.clocks.items()
            },
        }


@transaction.atomic
def add_version(
    category_id: int,
    *,
    valid_from: dt.date,
    terms: VersionTerms,
    reason: str,
    by: User,
    at: dt.datetime,
) -> CategoryVersion:
    """Let something else hold from a day on; the version before ends on the day before.

    Demands that were filed keep the version they were filed under. A version may come between two
    others; it then holds until the later one begins.

    Raises:
        VersionTooEarly: The day has come already, and demands were filed under what held then.
        VersionStartTaken: Another version begins on that day.
        AdviceMissing, PressingTakesLonger: The terms are not complete or contradict themselves.
    """
    _require(by)
    category = _locked(category_id)
    versions = category.versions.order_by("valid_from")
    today = local_date(at)
    earliest = today + dt.timedelta(days=int(versions.in_force(today).exists()))
    if valid_from < earliest:
        raise VersionTooEarly(earliest=earliest)
    if versions.filter(valid_from=valid_from).exists():
        raise VersionStartTaken(day=valid_from)
    _check(terms)
    before = versions.filter(valid_from__lt=valid_from).last()
    following = versions.filter(valid_from__gt=valid_from).first()
    if before is not None:
        before.valid_to = valid_from - ONE_DAY
        before.save(update_fields=["valid_to"])
    version = CategoryVersion.objects.create(
        category=category,
        valid_from=valid_from,
        valid_to=following.valid_from - ONE_DAY if following else None,
        reason=reason.strip(),
        created_at=at,
        created_by=by,
        **terms.columns(),
    )
    _write_parts(version, terms)
    record(
        "demands.version_added",
        category,
        by=by,
        at=at,
        version=version.pk,
        valid_from=valid_from.isoformat(),
        reason=version.reason,
        **terms.as_detail(),
    )
    return version


@transaction.atomic
def change_version(
    version_id: int, *, terms: VersionTerms, reason: str, by: User, at: dt.datetime
) -> CategoryVersion:
    """Change a version that does not hold yet.

    Raises:
        VersionInForce: Its first day has come; demands rely on it.
        AdviceMissing, PressingTakesLonger: The terms are not complete or contradict themselves.
    """
    version = _coming(version_id, by=by, at=at)
    _check(terms)
    for name, value in terms.columns().items():
        setattr(version, name, value)
    version.reason = reason.strip()
    version.save()
    version.evidence.all().delete()
    _write_parts(version, terms)
    record(
        "demands.version_changed",
        version.category,
        by=by,
        at=at,
        version=version.pk,
        valid_from=version.valid_from.isoformat(),
        reason=version.reason,
        **terms.as_detail(),
    )
    return version


@transaction.atomic
def drop_version(version_id: int, *, by: User, at: dt.datetime) -> None:
    """Take back a version that does not hold yet; the one before goes on.

    Raises:
        VersionInForce: Its first day has come; demands rely on it.
    """
    version = _coming(version_id, by=by, at=at)
    category, valid_to = version.category, version.valid_to
    eve = version.valid_from - ONE_DAY
    ClockRule.objects.filter(subject_kind=KIND, rule_set=version.pk).delete()
    record(
        "demands.version_dropped",
        category,
        by=by,
        at=at,
        version=version.pk,
        valid_from=version.valid_from.isoformat(),
    )
    version.delete()
    category.versions.filter(valid_to=eve).update(valid_to=valid_to)


def terms_of(version: CategoryVersion | None) -> VersionTerms:
    """What a version says, as the draft of the next one; without a version, nothing particular."""
    if version is None:
        return VersionTerms()
    rules = ClockRule.objects.filter(subject_kind=KIND, rule_set=version.pk).order_by("pk")
    return VersionTerms(
        is_accepted=version.is_accepted,
        advice=version.advice,
        advice_url=version.advice_url,
        advice_phone=version.advice_phone,
        progress_every_days=version.progress_every_days,
        evidence=tuple((each.name, each.is_obligatory) for each in version.documents),
        clocks={
            (Step(rule.step), Urgency(rule.priority)): (ClockKind(rule.kind), rule.amount)
            for rule in rules
            if rule.step != Step.PROGRESS or version.progress_every_days is None
        },
        source=next((rule.source for rule in rules), ""),
    )


def _require(by: User) -> None:
    if not by.has_perm("demands.manage_categories"):
        raise PermissionDenied


def _locked(category_id: int) -> DemandCategory:
    """Lock the category: two people who add a version at once come one after the other."""
    return DemandCategory.objects.select_for_update(of=("self",)).get(pk=category_id)


def _coming(version_id: int, *, by: User, at: dt.datetime) -> CategoryVersion:
    _require(by)
    version = CategoryVersion.objects.select_related("category").get(pk=version_id)
    _locked(version.category_id)
    version.refresh_from_db()
    if version.valid_from <= local_date(at):
        raise VersionInForce(day=version.valid_from)
    return version


def _check(terms: VersionTerms) -> None:
    if not terms.is_accepted and not terms.advice.strip():
        raise AdviceMissing
    order = list(Urgency)
    for (step, urgency), (kind, amount) in terms.clocks.items():
        for milder in order[: order.index(urgency)]:
            other = terms.clocks.get((step, milder))
            if other is not None and other[0] == kind and other[1] < amount:
                raise PressingTakesLonger(
                    step=step.label, urgency=urgency.label, milder=milder.label
                )


def _write_parts(version: CategoryVersion, terms: VersionTerms) -> None:
    names = {tidy(name): is_obligatory for name, is_obligatory in terms.evidence if tidy(name)}
    EvidenceKind.objects.bulk_create(
        EvidenceKind(version=version, name=name, is_obligatory=is_obligatory, position=position)
        for position, (name, is_obligatory) in enumerate(names.items())
    )
    clocks = dict(terms.clocks)
    if every := terms.progress_every_days:
        # How often is said once, whatever the urgency: this is the clock of each report.
        clocks = {key: clock for key, clock in clocks.items() if key[0] != Step.PROGRESS}
        clocks[Step.PROGRESS, Urgency.NORMAL] = (ClockKind.WORKING_DAYS, every)
    write_rule_set(
        KIND,
        version.pk,
        lengths=(
            ClockLength(step, urgency, kind, amount)
            for (step, urgency), (kind, amount) in clocks.items()
        ),
        source=terms.source.strip(),
    )
