"""Trying out the catalogue: who would get a matter, why not somebody else, and until when."""

import datetime as dt

import pytest

from lianqi.audit.models import Event
from lianqi.demands.enums import Step
from lianqi.demands.models import Demand, DemandCategory
from lianqi.demands.queries import Supposed, Tried, try_catalogue
from lianqi.engines.calendar import ZONE
from lianqi.register.models import Enterprise, Industry
from lianqi.work.enums import Urgency
from tests.demands.duties import make_duty
from tests.factories import (
    make_category,
    make_clock_rule,
    make_clocks,
    make_enterprise,
    make_unit,
    make_version,
)

pytestmark = pytest.mark.django_db
WEDNESDAY = dt.datetime(2026, 3, 4, 9, tzinfo=ZONE)


@pytest.fixture
def category() -> DemandCategory:
    make_clocks()
    return make_category()


@pytest.fixture
def medicines() -> Industry:
    return Industry.objects.create(code="2761", section="C", name="生物药品制造", level=4)


def tried(
    category: DemandCategory,
    enterprise: Enterprise | None = None,
    supposed: Supposed | None = None,
    *,
    at: dt.datetime = WEDNESDAY,
    urgency: Urgency | None = None,
    title: str = "",
) -> Tried:
    return try_catalogue(
        category,
        enterprise=enterprise,
        supposed=supposed or Supposed(),
        title=title,
        text="",
        urgency=urgency,
        filed_at=at,
    )


def test_a_supposed_enterprise_meets_the_lines_that_a_real_one_would(
    category: DemandCategory, medicines: Industry
) -> None:
    usual, special = make_unit("经济发展局"), make_unit("药监处")
    make_duty(category, usual)
    make_duty(category, special, industry="27")
    real = make_enterprise(industry=medicines)

    supposed = tried(category, supposed=Supposed(industry=medicines))
    known = tried(category, real)
    nobody = tried(category)

    assert [each.unit for each in supposed.suggestions] == [special, usual]
    assert [each.reasons for each in supposed.suggestions] == [
        each.reasons for each in known.suggestions
    ]
    assert [each.unit for each in nobody.suggestions] == [usual]


def test_every_line_says_why_it_decides_applies_or_does_not(
    category: DemandCategory, medicines: Industry
) -> None:
    heading = make_category("heading")
    DemandCategory.objects.filter(pk=category.pk).update(parent=heading)
    category.refresh_from_db()
    narrow = make_duty(category, make_unit("甲局"), industry="27", district="云东街道")
    wide = make_duty(category, make_unit("乙局"))
    above = make_duty(heading, make_unit("丙局"), industry="2761", district="云东街道")
    other = make_duty(category, make_unit("丁局"), industry="39", district="云东街道")
    coming = make_duty(category, make_unit("戊局"), valid_from=dt.date(2026, 3, 5))
    over = make_duty(category, make_unit("己局"), valid_to=dt.date(2026, 3, 3))
    closed = make_duty(category, make_unit("庚局", is_active=False))
    firm = make_enterprise(industry=medicines, district="云东街道")

    lines = tried(category, firm).lines

    said = {line.rule.pk: (line.applies, line.decides, line.why) for line in lines}
    assert [line.rule for line in lines][:3] == [narrow, wide, above]
    assert said == {
        narrow.pk: (True, True, "据此确定"),
        wide.pk: (True, False, "适用，但以条件更具体的条目为准"),
        above.pk: (True, False, "适用，但以更贴近该类别的条目为准"),
        other.pk: (False, False, "企业不符合：行业：39"),
        coming.pk: (False, False, "该日尚未生效"),
        over.pk: (False, False, "该日已失效"),
        closed.pk: (False, False, "该单位已停用"),
    }


@pytest.mark.parametrize(("day", "applies"), [(3, True), (4, True), (5, False)])
def test_the_last_day_of_a_line_counts(
    category: DemandCategory, day: int, *, applies: bool
) -> None:
    make_duty(category, make_unit(), valid_to=dt.date(2026, 3, 4))

    (line,) = tried(category, at=dt.datetime(2026, 3, day, 9, tzinfo=ZONE)).lines

    assert line.applies is applies


def test_clocks_are_dates_at_once_and_at_the_latest(category: DemandCategory) -> None:
    version = make_version(category, valid_from=dt.date(2026, 1, 1))
    make_clock_rule("answer", rule_set=version.pk, amount=3, source="第3号通知")

    found = {each.length.step: each for each in tried(category).deadlines}

    answer = found[Step.ANSWER]
    assert (answer.length.amount, answer.length.is_own, answer.length.source) == (
        3,
        True,
        "第3号通知",
    )
    assert answer.earliest is not None
    assert answer.earliest.astimezone(ZONE).date() == dt.date(2026, 3, 9)
    dispatch, accept = found[Step.DISPATCH], found[Step.ACCEPT]
    assert dispatch.earliest == dispatch.latest
    assert accept.earliest == dispatch.earliest  # both have a working day from the filing
    assert accept.latest is not None
    assert accept.latest.astimezone(ZONE).date() == dt.date(2026, 3, 6)
    assert answer.latest is not None
    assert answer.latest.astimezone(ZONE).date() == dt.date(2026, 3, 11)


def test_general_clocks_beside_the_answer_are_nobodys_duty(category: DemandCategory) -> None:
    version = make_version(category, valid_from=dt.date(2026, 1, 1))
    make_clock_rule("contact", rule_set=version.pk, amount=1)

    asked = {each.length.step: each.is_asked for each in tried(category).deadlines}

    assert asked[Step.CONTACT]
    assert asked[Step.ANSWER]
    assert not asked.get(Step.INTERIM, False)


def test_the_version_of_that_day_holds(category: DemandCategory) -> None:
    early = make_version(category, valid_from=dt.date(2026, 1, 1), valid_to=dt.date(2026, 3, 4))
    late = make_version(category, valid_from=dt.date(2026, 3, 5), is_accepted=False, advice="别处")

    assert tried(category).version == early
    assert tried(category, at=WEDNESDAY + dt.timedelta(days=1)).version == late


def test_the_judged_urgency_decides_the_clocks(category: DemandCategory) -> None:
    usual = {each.length.step: each.latest for each in tried(category).deadlines}
    critical = {
        each.length.step: each.latest
        for each in tried(category, urgency=Urgency.CRITICAL).deadlines
    }

    assert usual.keys() == critical.keys()
    assert all(critical[step] <= usual[step] for step in usual)  # type: ignore[operator]  # both are set


def test_nothing_is_stored(category: DemandCategory) -> None:
    make_duty(category, make_unit())
    events = Event.objects.count()

    tried(category, make_enterprise(), title="夜间停电")

    assert (Demand.objects.count(), Event.objects.count()) == (0, events)


@pytest.mark.parametrize("lines", [1, 30])
def test_many_lines_cost_no_more_queries(
    category: DemandCategory, django_assert_max_num_queries: object, lines: int
) -> None:
    for number in range(lines):
        make_duty(category, make_unit(), industry="27" if number % 2 else "39")

    with django_assert_max_num_queries(16):  # type: ignore[operator]  # a fixture without a type
        tried(category, make_enterprise())
