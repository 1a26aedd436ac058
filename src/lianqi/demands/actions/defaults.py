"""Taking over the catalogue that comes with the program; what the zone changed stays."""

import datetime as dt
from collections.abc import Mapping

from django.core.exceptions import PermissionDenied
from django.db import transaction

from lianqi.accounts.models import Unit, User
from lianqi.demands.actions.rules import change_category, create_category
from lianqi.demands.actions.tips import allow_tips
from lianqi.demands.actions.versions import VersionTerms, add_version
from lianqi.demands.defaults import DefaultCategory, default_categories
from lianqi.demands.enums import DefaultPart
from lianqi.demands.models import DemandCategory
from lianqi.demands.queries import compare_defaults
from lianqi.work.queries import local_date

REASON = "采用平台自带目录"
_OF_THE_CATEGORY = {DefaultPart.NAMES, DefaultPart.PLACE, DefaultPart.URGENCY}
_OF_THE_VERSION = {
    DefaultPart.ACCEPTANCE,
    DefaultPart.PROGRESS,
    DefaultPart.EVIDENCE,
    DefaultPart.CLOCKS,
}


@transaction.atomic
def load_default_categories(
    *, by: User, at: dt.datetime, leads: Mapping[str, Unit] | None = None
) -> list[DemandCategory]:
    """Create the categories of the first catalogue whose code the zone does not have yet.

    Those it has are left as they are, however they differ; a second time nothing happens.

    Args:
        leads: Lead units by code, where somebody knows them already.
    """
    if not by.has_perm("demands.manage_categories"):
        raise PermissionDenied
    leads = leads or {}
    rows = {row.code: row for row in DemandCategory.objects.select_for_update().order_by("pk")}
    created = []
    for position, default in enumerate(default_categories()):
        if default.code not in rows:
            rows[default.code] = _create(
                default, rows.get(default.under), position, leads.get(default.code), by=by, at=at
            )
            created.append(rows[default.code])
    return created


@transaction.atomic
def take_over_default(
    code: str, *, valid_from: dt.date, by: User, at: dt.datetime
) -> DemandCategory:
    """Let a category be what the first catalogue says; lead unit and position stay.

    Name, heading and urgency change at once. What holds for its demands changes with a new version
    from that day on. A category that the zone lacks is created with its headings.

    Raises:
        VersionTooEarly, VersionStartTaken: The day will not do.
        CategoryTooDeep: The zone's own tree leaves no room at that place.
        KeyError: The first catalogue has no such category.
    """
    if not by.has_perm("demands.manage_categories"):
        raise PermissionDenied
    defaults = {each.code: each for each in default_categories()}
    default = defaults[code]
    parent = _heading(defaults, default.under, by=by, at=at)
    on = max(valid_from, local_date(at))
    (found,) = (each for each in compare_defaults(on=on) if each.default.code == code)
    category = found.category
    if category is None:
        return _create(default, parent, list(defaults).index(code), None, by=by, at=at)
    if _OF_THE_CATEGORY.intersection(found.differing):
        category = change_category(
            category.pk,
            name_zh=default.name_zh,
            name_en=default.name_en,
            parent=parent,
            lead_unit=category.lead_unit,
            usual_urgency=default.urgency,
            position=category.position,
            is_active=category.is_active,
            by=by,
            at=at,
        )
    allow_tips(category.pk, allows_anonymous=default.tips, by=by, at=at)
    if _OF_THE_VERSION.intersection(found.differing):
        terms = default_terms(default)
        add_version(category.pk, valid_from=valid_from, terms=terms, reason=REASON, by=by, at=at)
    return DemandCategory.objects.get(pk=category.pk)


def default_terms(default: DefaultCategory) -> VersionTerms:
    """What a version says that follows the first catalogue."""
    return VersionTerms(
        is_accepted=default.is_accepted,
        advice=default.advice_zh,
        advice_url=default.advice_url,
        advice_phone=default.advice_phone,
        progress_every_days=default.progress_every_days,
        evidence=default.evidence,
        clocks=default.clocks,
        source=default.time_limits.source if default.time_limits else "",
    )


def _heading(
    defaults: Mapping[str, DefaultCategory], code: str, *, by: User, at: dt.datetime
) -> DemandCategory | None:
    """The heading of that code; it is created, with those above it, where the zone has none."""
    if not code:
        return None
    if known := DemandCategory.objects.filter(code=code).first():
        return known
    above = _heading(defaults, defaults[code].under, by=by, at=at)
    return _create(defaults[code], above, list(defaults).index(code), None, by=by, at=at)


def _create(
    default: DefaultCategory,
    parent: DemandCategory | None,
    position: int,
    lead: Unit | None,
    *,
    by: User,
    at: dt.datetime,
) -> DemandCategory:
    category = create_category(
        code=default.code,
        name_zh=default.name_zh,
        name_en=default.name_en,
        lead_unit=lead,
        usual_urgency=default.urgency,
        position=position,
        parent=parent,
        by=by,
        at=at,
    )
    if default.tips:
        category = allow_tips(category.pk, allows_anonymous=True, by=by, at=at)
    if not default.is_heading:
        terms = default_terms(default)
        add_version(
            category.pk, valid_from=local_date(at), terms=terms, reason=REASON, by=by, at=at
        )
    return category
