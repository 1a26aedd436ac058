"""What a row of a list would change: whom it is about, and what the register knows of it now."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from lianqi.engines.rules.units import unit_of
from lianqi.matching.columns import Listed, ListKind
from lianqi.matching.models import FactList
from lianqi.matching.queries.values import NotUsableError, decimal_text, stated_as, value_of
from lianqi.matching.reasons import reason
from lianqi.register.enums import Qualifier, RowPlan, StatedBy
from lianqi.register.models import Enterprise, Fact, FormerName, ImportRow, Statement, Title
from lianqi.work.queries import local_date

# What one thing said of an enterprise is known by: itself, and of titles label, level and batch.
Place = tuple[int, str, str, str]


@dataclass(frozen=True, slots=True)
class Known:
    """What the register knows now.

    Attributes:
        value: As a row of the list states it.
        since, until: ISO text, "" where none is stated.
        observed_at: None where no observation was made.
        is_own: The enterprise or its officer said so themselves; a list confirms it.
    """

    value: Any
    since: str = ""
    until: str = ""
    source: str = ""
    observed_at: dt.datetime | None = None
    is_own: bool = False


# --- whom it is about -----------------------------------------------------------------------------


def find_firms(lines: Collection[ImportRow]) -> None:
    """Put the enterprise into each row, or refuse the row; three queries for all of them.

    An entry that was merged into another one is found by its code, and speaks for that one. A name
    is that of today, or one the enterprise had before.
    """
    by_code = _by_code({line.values["code"] for line in lines} - {""})
    by_name = _by_name({line.values["name"] for line in lines if not line.values["code"]})
    for line in lines:
        code, name = line.values["code"], line.values["name"]
        found = [by_code[code]] if code in by_code else []
        if not code:
            found = by_name.get(name, [])
        if len(found) != 1:
            refuse(line, reason("firm_ambiguous" if found else "firm_unknown", found=code or name))
            continue
        firm = found[0].merged_into or found[0]
        line.values |= {"enterprise": firm.pk, "firm": firm.name, "firm_code": firm.code}
        if code and name and name not in (firm.name, found[0].name):
            line.reason = reason("other_name", found=name)


def _by_code(codes: set[str]) -> dict[str, Enterprise]:
    rows = Enterprise.objects.filter(code__in=codes).select_related("merged_into")
    return {each.code: each for each in rows.order_by("pk")}


def _by_name(names: set[str]) -> dict[str, list[Enterprise]]:
    """Living enterprises by name; by a former one only if none is called so today."""
    found: defaultdict[str, list[Enterprise]] = defaultdict(list)
    for each in Enterprise.objects.living().filter(name__in=names).order_by("pk"):
        found[each.name].append(each)
    former = FormerName.objects.filter(name__in=names - found.keys()).order_by("pk")
    for row in former.select_related("enterprise__merged_into"):
        firm = row.enterprise.merged_into or row.enterprise
        if firm not in found[row.name]:
            found[row.name].append(firm)
    return found


def refuse(line: ImportRow, why: Mapping[str, Any]) -> None:
    line.plan, line.reason, line.changes = RowPlan.REFUSE, dict(why), {}


# --- what is known --------------------------------------------------------------------------------


def place_of(values: Mapping[str, Any], listed: Listed) -> Place:
    if listed.kind is ListKind.TITLE:
        title = values["value"]
        return values["enterprise"], title["label"], title["level"], title["batch"]
    return values["enterprise"], "", "", ""


def known_now(ids: Collection[int], listed: Listed, *, on: dt.date) -> dict[Place, Known]:
    """What counts on a day of these enterprises; two queries.

    Merged entries speak for the one that remains.
    """
    owner = {pk: pk for pk in ids}
    merged = Enterprise.objects.filter(merged_into__in=list(ids)).order_by("pk")
    owner |= {pk: into for pk, into in merged.values_list("pk", "merged_into") if into}
    if listed.kind is ListKind.TITLE:
        return _titles(owner)
    if listed.kind is ListKind.FIGURE:
        return _figures(owner, listed)
    return _statements(owner, listed, on=on)


def _statements(owner: Mapping[int, int], listed: Listed, *, on: dt.date) -> dict[Place, Known]:
    rows = Statement.objects.standing().covering(on).filter(
        enterprise__in=owner, key__in=listed.spec.names, period=listed.period
    )  # fmt: skip
    found = {}
    for each in rows.order_by("observed_at", "pk"):  # the newest stays
        try:
            value = stated_as(listed.spec, value_of(listed.spec, each.value))
        except NotUsableError:
            continue
        found[owner[each.enterprise_id], "", "", ""] = Known(
            value, _iso(each.since), _iso(each.until), each.source, each.observed_at,
            is_own=each.source in StatedBy.values,
        )  # fmt: skip
    return found


def _figures(owner: Mapping[int, int], listed: Listed) -> dict[Place, Known]:
    rows = Fact.objects.standing().filter(
        enterprise__in=owner, key__in=listed.spec.names, period=listed.period
    )  # fmt: skip
    found = {}
    for each in rows.order_by("observed_at", "pk"):
        unit = unit_of(each.unit)
        if unit is None or unit.dims != listed.spec.unit.dims:
            continue
        value = decimal_text(Fraction(each.value) * unit.scale / listed.spec.unit.scale)
        is_own = each.source in StatedBy.values or each.qualifier != Qualifier.EXACT
        found[owner[each.enterprise_id], "", "", ""] = Known(
            value, source=each.source, observed_at=each.observed_at, is_own=is_own
        )
    return found


def _titles(owner: Mapping[int, int]) -> dict[Place, Known]:
    return {
        (owner[each.enterprise_id], each.label, each.level, each.batch): Known(
            {"label": each.label, "level": each.level, "batch": each.batch},
            _iso(each.granted_on), _iso(each.valid_until), each.source,
        )
        for each in Title.objects.filter(enterprise__in=owner).order_by("pk")
    }  # fmt: skip


# --- what changes ---------------------------------------------------------------------------------


def plan_lines(lines: Iterable[ImportRow], run: FactList, listed: Listed, *, on: dt.date) -> None:
    """Set the plan of each row whose enterprise is known, against what is known now."""
    rows = list(lines)
    known = known_now({line.values["enterprise"] for line in rows}, listed, on=on)
    for line in rows:
        before = known.get(place_of(line.values, listed))
        line.changes = {}
        if before is None:
            line.plan = RowPlan.CREATE
            continue
        line.plan = RowPlan.SAME if _says_the_same(line.values, before) else RowPlan.CHANGE
        line.changes = {"before": [before.value, before.since, before.until]}
        later = before.observed_at if line.plan == RowPlan.CHANGE else None
        if later is not None and later > run.observed_at:
            day = local_date(later).isoformat()
            line.reason = reason("later_known", source=before.source, day=day)


def _says_the_same(values: Mapping[str, Any], known: Known) -> bool:
    """Whether a row says nothing new. A day that it does not state stays as it is known."""
    return (
        values["value"] == known.value
        and values["since"] in ("", known.since)
        and values["until"] in ("", known.until)
        and not known.is_own
    )


def _iso(day: dt.date | None) -> str:
    return day.isoformat() if day else ""
