"""Statements that are no figures: their shapes, who makes them, how long they hold, whole lists."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lianqi.accounts.enums import Role, Scope
from lianqi.accounts.models import User
from lianqi.audit.models import Event
from lianqi.register.actions import (
    Stated,
    merge_enterprises,
    state,
    state_list,
    withdraw_statement,
)
from lianqi.register.enums import Shape
from lianqi.register.errors import (
    EntryMerged,
    ObservedInFuture,
    SourceMissing,
    StatementEndsBeforeItBegins,
    StatementNameMissing,
    StatementNotReadable,
    StatementWithdrawn,
    UnknownPeriod,
)
from lianqi.register.models import Enterprise, Statement, shape_of
from tests.register.scene import NOON, Scene, person

OFFICER = Role.LIAISON_OFFICER
DAY = dt.date(2026, 11, 20)
ONE = dt.timedelta(days=1)


def said(enterprise: Enterprise, by: User, **stated: Any) -> Statement:
    """That it is registered here, by the business register, unless said otherwise."""
    given: dict[str, Any] = {
        "key": "registered_here",
        "value": True,
        "source": "市场监督管理局",
        "at": NOON,
    }
    return state(enterprise.pk, by=by, **given | stated)


@pytest.mark.parametrize(
    ("value", "shape"),
    [
        (True, Shape.YES_NO),
        (False, Shape.YES_NO),
        ("national", Shape.WORD),
        ("字" * 200, Shape.WORD),
        ({"number": "0", "unit": ""}, Shape.NUMBER),
        ({"number": "-12.5", "unit": "万元"}, Shape.NUMBER),
        ({"day": "2024-02-29"}, Shape.DAY),
        ({"words": []}, Shape.WORDS),
        ({"words": ["high_tech", "tech_sme"]}, Shape.WORDS),
        ({"entries": []}, Shape.ENTRIES),
        ({"entries": [{"class": "one", "transferred": False}, {}]}, Shape.ENTRIES),
        ({"entries": [{"holder_rank": {"number": "1", "unit": "名次"}}]}, Shape.ENTRIES),
        (None, None),
        (1, None),
        (0.5, None),
        ("", None),
        (" 是", None),
        ("字" * 201, None),
        ([], None),
        ({"number": "1e3", "unit": "元"}, None),
        ({"number": "１２", "unit": "元"}, None),
        ({"number": "1,000", "unit": "元"}, None),
        ({"number": "12"}, None),
        ({"number": 12, "unit": "元"}, None),
        ({"day": "2025-02-29"}, None),
        ({"day": "20250228"}, None),
        ({"day": "2025-02-28", "unit": ""}, None),
        ({"words": ["one", "one"]}, None),
        ({"words": ["one", 2]}, None),
        ({"words": [["one"]]}, None),
        ({"entries": ["one"]}, None),
        ({"entries": [{"__class__": "one"}]}, None),
        ({"entries": [{"inner": {"entries": []}}]}, None),
        ({"entries": [{}] * 1001}, None),
    ],
)
def test_every_kind_has_one_shape(value: object, shape: Shape | None) -> None:
    assert shape_of(value) is shape


@pytest.mark.parametrize(
    ("who", "source"),
    [
        ("keeper", "市场监督管理局"),
        ("its administrator", "enterprise"),
        ("officer of its grid", "officer_visit"),
        ("its staff", None),
        ("another firm's administrator", None),
        ("leader", None),
    ],
)
def test_who_states_and_in_whose_name(scene: Scene, who: str, source: str | None) -> None:
    firm, other = scene.enterprise(1, grid=scene.grid), scene.enterprise(2, "远山医药有限公司")
    admin, staff = Role.ENTERPRISE_ADMIN, Role.ENTERPRISE_STAFF
    user = {
        "keeper": lambda: scene.keeper,
        "leader": lambda: scene.leader,
        "its administrator": lambda: person("甲", admin, Scope.ENTERPRISE, firm.pk),
        "another firm's administrator": lambda: person("乙", admin, Scope.ENTERPRISE, other.pk),
        "its staff": lambda: person("丙", staff, Scope.ENTERPRISE, firm.pk),
        "officer of its grid": lambda: person("丁", OFFICER, Scope.GRID, scene.grid.pk),
    }[who]()

    if source is None:
        with pytest.raises(PermissionDenied):
            said(firm, user, key="own_brand")
        assert not Statement.objects.exists()
    else:
        assert said(firm, user, key="own_brand").source == source
        event = Event.objects.get(verb="register.statement_made")
        assert (event.enterprise_id, event.detail) == (
            firm.pk,
            {
                "key": "own_brand",
                "period": "",
                "value": True,
                "since": None,
                "until": None,
                "source": source,
            },
        )


@pytest.mark.parametrize(
    ("stated", "refusal"),
    [
        ({"key": "  "}, StatementNameMissing),
        ({"key": "长" * 61}, StatementNameMissing),
        ({"value": None}, StatementNotReadable),
        ({"value": 1}, StatementNotReadable),
        ({"since": DAY, "until": DAY - ONE}, StatementEndsBeforeItBegins),
        ({"period": "2025年"}, UnknownPeriod),
        ({"observed_at": NOON + dt.timedelta(seconds=1)}, ObservedInFuture),
        ({"source": "  "}, SourceMissing),
    ],
)
def test_what_cannot_be_stated_is_refused_and_leaves_nothing(
    scene: Scene, stated: dict[str, Any], refusal: type[Exception]
) -> None:
    firm = scene.enterprise()

    with pytest.raises(refusal):
        said(firm, scene.keeper, **stated)

    assert not Statement.objects.exists()
    assert not Event.objects.filter(verb="register.statement_made").exists()


@pytest.mark.parametrize(
    "stated",
    [
        {"value": False},
        {"since": DAY, "until": DAY},
        {"period": "2025-Q3"},
        {"observed_at": NOON},
        {"key": "长" * 60},
    ],
)
def test_what_lies_one_beside_the_boundary_is_kept(scene: Scene, stated: dict[str, Any]) -> None:
    said(scene.enterprise(), scene.keeper, **stated)

    assert Statement.objects.count() == 1


def test_the_newest_that_stands_and_holds_on_the_day_comes_first(scene: Scene) -> None:
    firm = scene.enterprise()
    hour = dt.timedelta(hours=1)
    always = said(firm, scene.keeper)
    ended = said(
        firm,
        scene.keeper,
        value=False,
        since=DAY - ONE,
        until=DAY,
        observed_at=NOON,
        at=NOON + hour,
    )
    mistaken = said(firm, scene.keeper, value=False, at=NOON + hour)
    withdraw_statement(mistaken.pk, by=scene.keeper, at=NOON + 2 * hour)

    def counts(day: dt.date) -> Statement | None:
        return Statement.objects.standing().covering(day).newest_first().first()

    found = [counts(DAY + days * ONE) for days in (-2, -1, 0, 1)]
    assert found == [always, ended, ended, always]


def test_a_withdrawn_statement_stays_and_is_not_withdrawn_twice(scene: Scene) -> None:
    statement = said(scene.enterprise(), scene.keeper)

    withdraw_statement(statement.pk, by=scene.keeper, at=NOON)

    statement.refresh_from_db()
    assert (statement.withdrawn_at, statement.withdrawn_by) == (NOON, scene.keeper)
    assert Event.objects.filter(verb="register.statement_withdrawn").count() == 1
    with pytest.raises(StatementWithdrawn):
        withdraw_statement(statement.pk, by=scene.keeper, at=NOON)


def test_each_side_withdraws_only_what_it_stated(scene: Scene) -> None:
    firm = scene.enterprise(1, grid=scene.grid)
    owner = person("甲", Role.ENTERPRISE_ADMIN, Scope.ENTERPRISE, firm.pk)
    officer = person("丁", OFFICER, Scope.GRID, scene.grid.pk)
    of_keeper, of_owner, of_officer = (
        said(firm, by, key="own_brand") for by in (scene.keeper, owner, officer)
    )

    for statement, by in ((of_keeper, owner), (of_officer, owner), (of_owner, officer)):
        with pytest.raises(PermissionDenied):
            withdraw_statement(statement.pk, by=by, at=NOON)
    for statement, by in ((of_owner, owner), (of_officer, officer), (of_keeper, scene.keeper)):
        withdraw_statement(statement.pk, by=by, at=NOON)

    assert not Statement.objects.standing().exists()


def test_what_a_merged_entry_stated_is_withdrawn_under_the_survivor(scene: Scene) -> None:
    survivor, duplicate = scene.enterprise(1), scene.enterprise(2, "海纳科技公司")
    statement = said(duplicate, scene.keeper)
    merge_enterprises(survivor_id=survivor.pk, duplicate_id=duplicate.pk, by=scene.keeper, at=NOON)

    with pytest.raises(EntryMerged):
        said(duplicate, scene.keeper)
    withdraw_statement(statement.pk, by=scene.keeper, at=NOON)

    event = Event.objects.get(verb="register.statement_withdrawn")
    assert event.enterprise_id == survivor.pk


def test_a_list_is_taken_over_with_one_event_for_each_enterprise(scene: Scene) -> None:
    firms = [scene.enterprise(number, f"第{number}机械有限公司") for number in (1, 2)]
    lines = [
        Stated(firm.pk, key, value=number == 0)
        for number, firm in enumerate(firms)
        for key in ("registered_here", "tax_here")
    ]

    made = state_list(lines, source="税务局名单", by=scene.keeper, at=NOON)

    rows = Statement.objects.order_by("pk").values_list("enterprise_id", "key", "value", "source")
    events = Event.objects.filter(verb="register.statements_listed").order_by("pk")
    assert made == 4
    assert list(rows) == [
        (each.enterprise_id, each.key, each.value, "税务局名单") for each in lines
    ]
    assert [(each.enterprise_id, len(each.detail["statements"])) for each in events] == [
        (firm.pk, 2) for firm in firms
    ]


def test_a_list_with_one_line_that_cannot_be_leaves_nothing(scene: Scene) -> None:
    firm, duplicate = scene.enterprise(1), scene.enterprise(2, "海纳科技公司")
    merge_enterprises(survivor_id=firm.pk, duplicate_id=duplicate.pk, by=scene.keeper, at=NOON)
    good = Stated(firm.pk, "tax_here", value=True)
    wrong: list[tuple[Stated, type[Exception]]] = [
        (Stated(firm.pk, "tax_here", value=None), StatementNotReadable),
        (Stated(duplicate.pk, "tax_here", value=True), EntryMerged),
        (Stated(duplicate.pk + 1, "tax_here", value=True), Enterprise.DoesNotExist),
    ]

    for line, refusal in wrong:
        with pytest.raises(refusal):
            state_list([good, line], source="名单", by=scene.keeper, at=NOON)
    with pytest.raises(SourceMissing):
        state_list([good], source=" ", by=scene.keeper, at=NOON)
    with pytest.raises(PermissionDenied):
        state_list([good], source="名单", by=scene.leader, at=NOON)

    assert not Statement.objects.exists()


def test_a_long_list_takes_as_many_queries_as_a_short_one(scene: Scene) -> None:
    firms = [scene.enterprise(number, f"第{number}机械有限公司") for number in range(1, 9)]

    def taken(count: int) -> int:
        lines = [Stated(each.pk, "tax_here", value=True) for each in firms[:count]]
        with CaptureQueriesContext(connection) as queries:
            state_list(lines, source="名单", by=scene.keeper, at=NOON)
        return len(queries)

    taken(1)  # whose roles are read once
    assert taken(8) == taken(1)
