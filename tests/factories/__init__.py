"""Small makers of the things tests need; nothing is written that the test did not ask for."""

import datetime as dt
from itertools import count
from typing import Any

from lianqi.accounts.enums import Role, Scope, UnitKind
from lianqi.accounts.models import RoleAssignment, Unit, User
from lianqi.demands.models import CategoryVersion, DemandCategory, Ground
from lianqi.engines.text import make_credit_code
from lianqi.register.models import Enterprise, core_of, search_columns
from lianqi.work.actions import load_official_days
from lianqi.work.models import ClockRule

AT = dt.datetime(2026, 3, 4, 2, 30, tzinfo=dt.UTC)
"""A Wednesday, 10:30 in the zone."""

_numbers = count(1)


def make_unit(
    name: str = "经济发展局",
    parent: Unit | None = None,
    kind: UnitKind = UnitKind.DEPARTMENT,
    **fields: Any,
) -> Unit:
    unit = Unit.objects.create(
        name=name, kind=kind, parent=parent, path=f"new-{next(_numbers)}", **fields
    )
    unit.path = f"{parent.path if parent else '/'}{unit.pk}/"
    unit.save(update_fields=["path"])
    return unit


def make_user(username: str = "", **fields: Any) -> User:
    username = username or f"person-{next(_numbers)}"
    user = User(username=username, **{"name": username} | fields)
    user.set_password("Lianqi-2026")
    user.save()
    return user


def grant(
    user: User, role: Role, scope: Scope = Scope.ZONE, scope_id: int | None = None, **fields: Any
) -> User:
    """Give a role; returns the person read anew, as the next request would."""
    RoleAssignment.objects.create(user=user, role=role, scope=scope, scope_id=scope_id, **fields)
    return User.objects.get(pk=user.pk)


def make_handler(unit: Unit, **fields: Any) -> User:
    return grant(make_user(unit=unit, **fields), Role.HANDLER, Scope.UNIT, unit.pk)


def make_head(unit: Unit, **fields: Any) -> User:
    return grant(make_user(unit=unit, **fields), Role.DEPARTMENT_HEAD, Scope.UNIT, unit.pk)


def make_dispatcher(**fields: Any) -> User:
    return grant(make_user(**fields), Role.DISPATCHER)


def make_enterprise(name: str = "", **fields: Any) -> Enterprise:
    number = next(_numbers)
    name = name or f"云岭第{number}号精密科技有限公司"
    code = fields.pop("code", None) or make_credit_code(f"MA{number:06d}")
    text, tokens = search_columns(code, name)
    known = {
        "name_core": core_of(name),
        "search_text": text,
        "search_tokens": tokens,
        "created_at": AT,
        "updated_at": AT,
    }
    return Enterprise.objects.create(code=code, name=name, **known | fields)


def make_member(enterprise: Enterprise, role: Role = Role.ENTERPRISE_ADMIN, **fields: Any) -> User:
    return grant(make_user(**fields), role, Scope.ENTERPRISE, enterprise.pk)


def make_category(code: str = "utilities", **fields: Any) -> DemandCategory:
    return DemandCategory.objects.create(
        **{"code": code, "name_zh": "水电气保障", "name_en": "Utilities"} | fields
    )


def make_ground(code: str = "no_basis", **fields: Any) -> Ground:
    """The ground of that code, made if there is none."""
    known = {
        "name_zh": "没有政策依据",
        "name_en": "No ground in policy",
        "turn_zh": "可向制定政策的机关提出建议。",
        "turn_en": "You may put a proposal to the authority that makes the policy.",
    }
    return Ground.objects.get_or_create(code=code, defaults=known | fields)[0]


def make_version(category: DemandCategory, **fields: Any) -> CategoryVersion:
    """A version that has held since the beginning of 2026, unless said otherwise."""
    known = {"valid_from": dt.date(2026, 1, 1), "created_at": AT}
    by = fields.pop("created_by", None) or make_user()
    return CategoryVersion.objects.create(category=category, created_by=by, **known | fields)


def make_clock_rule(step: str = "answer", **fields: Any) -> ClockRule:
    """Five working days from the filing as it stands, unless said otherwise."""
    return ClockRule.objects.create(
        **{
            "subject_kind": "demands.demand",
            "step": step,
            "kind": "working_days",
            "amount": 5,
            "outside_hours": "next_working_time",
        }
        | fields
    )


def make_clocks() -> None:
    """The official days and a clock for every step of a demand."""
    load_official_days(by=make_user(), at=AT)
    for step, amount in (
        ("dispatch", 1),
        ("accept", 1),
        ("contact", 1),
        ("interim", 3),
        ("progress", 2),
        ("answer", 5),
        ("object", 1),
        ("decide", 1),
        ("arbitrate", 2),
        ("remedy", 5),
        ("assist", 3),
        ("transfer", 1),
        ("extend", 1),
        ("sign", 1),
        ("appeal", 5),
    ):
        make_clock_rule(step, amount=amount)
