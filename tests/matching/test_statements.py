"""What was stated in the register as values of rules: what holds on which day, what is not used."""

import datetime as dt
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianqi.engines.rules.catalogue import national
from lianqi.matching.enums import Unused
from lianqi.matching.queries import snapshots
from lianqi.matching.queries.snapshots import Known
from lianqi.matching.queries.values import decimal_text, fits, stated_as, value_of
from lianqi.register.models import Enterprise, Statement, shape_of
from tests.factories import AT, make_enterprise
from tests.matching.scene import ON, Scene, fact, make_scene

DAY = dt.timedelta(days=1)
IP = {"entries": [{"class": "one", "transferred": False}, {"class": "Ⅱ类"}]}


@pytest.fixture
def scene(db: None) -> Scene:
    return make_scene()


def stated(firm: Enterprise, key: str, value: Any, **more: Any) -> Statement:
    known = {"source": "市场监督管理局", "observed_at": AT, "stated_at": AT}
    return Statement.objects.create(enterprise=firm, key=key, value=value, **known | more)


def known(firm: Enterprise, on: dt.date = ON) -> Known:
    return snapshots([firm.pk], national(), on=on)[firm.pk]


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("registered_here", True, True),
        ("dishonest", False, False),
        ("独立法人", True, True),
        ("rd_body", "national", "national"),
        ("rd_body", "国家级", "national"),
        ("region", "340100", "340100"),
        ("market_share", {"number": "35", "unit": "%"}, Fraction(35, 100)),
        ("market_share", {"number": "0", "unit": ""}, Fraction(0)),
        ("segment_years", {"number": "3", "unit": "年"}, Fraction(36)),
        ("recent_equity", {"number": "2000", "unit": "万元"}, Fraction(20_000_000)),
        ("ip_rights", {"entries": []}, ()),
        ("ip_rights", IP, ({"class": "one", "transferred": False}, {"class": "two"})),
    ],
)
def test_a_statement_is_a_value_with_its_origin(
    scene: Scene, key: str, value: Any, expected: Any
) -> None:
    stated(scene.firm, key, value, stated_by=scene.editor)

    found = known(scene.firm)

    spec = national().find(key)
    assert spec is not None
    assert found.values[spec.key] == expected
    assert found.origins[spec.key].source == "市场监督管理局"
    assert found.origins[spec.key].observed_at == AT
    assert found.not_used == []


@pytest.mark.parametrize(
    ("key", "value", "more", "why"),
    [
        ("registered_here", "是", {}, Unused.KIND),
        ("rd_body", True, {}, Unused.KIND),
        ("rd_body", "county", {}, Unused.WORD),
        ("market_share", {"number": "35", "unit": "元"}, {}, Unused.UNIT),
        ("market_share", {"number": "35", "unit": "斤"}, {}, Unused.UNIT),
        ("market_share", {"number": "101", "unit": "%"}, {}, Unused.VALUE),
        ("market_share", {"number": "0.0000001", "unit": ""}, {}, Unused.VALUE),
        ("digital_level", {"number": "6", "unit": "级"}, {}, Unused.VALUE),
        ("ip_rights", {"entries": [{"class": "three"}]}, {}, Unused.WORD),
        ("ip_rights", {"entries": [{"colour": "red"}]}, {}, Unused.FIELD),
        ("ip_rights", {"entries": [{"transferred": "no"}]}, {}, Unused.KIND),
        ("registered_here", True, {"period": "2025"}, Unused.PERIOD),
        ("revenue", {"number": "5", "unit": "元"}, {"period": "2025"}, Unused.KIND),
        ("revenue", {"number": "5", "unit": "元"}, {}, Unused.PERIOD),
        ("industry", "C3976", {}, Unused.KEPT),
        ("titles", {"words": ["high_tech"]}, {}, Unused.KEPT),
        ("founded", {"day": "2020-01-01"}, {}, Unused.KEPT),
    ],
)
def test_what_does_not_fit_the_fact_is_told_and_not_used(
    scene: Scene, key: str, value: Any, more: dict[str, Any], why: Unused
) -> None:
    stated(scene.firm, key, value, stated_by=scene.editor, **more)

    before, found = known(scene.other), known(scene.firm)

    assert [each.why for each in found.not_used] == [why]
    assert found.values.keys() == before.values.keys() | {"founded"}
    assert found.values["titles"] == frozenset()


@pytest.mark.parametrize(
    ("since", "until", "holds"),
    [
        (ON, ON, True),
        (ON + DAY, None, False),
        (None, ON - DAY, False),
        (None, None, True),
    ],
    ids=["first_and_last_day", "from_tomorrow", "until_yesterday", "no_days_stated"],
)
def test_a_statement_counts_on_the_days_for_which_it_was_made(
    scene: Scene, since: dt.date | None, until: dt.date | None, *, holds: bool
) -> None:
    stated(scene.firm, "dishonest", value=True, since=since, until=until, stated_by=scene.editor)

    assert ("dishonest" in known(scene.firm).values) is holds


def test_the_newest_that_stands_counts_and_an_unusable_one_hides_the_earlier(scene: Scene) -> None:
    by = {"stated_by": scene.editor}
    stated(scene.firm, "tax_here", value=True, observed_at=AT - DAY, **by)
    stated(scene.firm, "tax_here", value=False, **by)
    gone = {"withdrawn_at": AT, "withdrawn_by": scene.editor, "observed_at": AT + DAY}
    stated(scene.firm, "tax_here", value=True, **by, **gone)
    stated(scene.firm, "stats_here", value=True, observed_at=AT - DAY, **by)
    stated(scene.firm, "统计关系在本区", "在", **by)

    found = known(scene.firm)

    assert found.values["tax_here"] is False
    assert "stats_here" not in found.values


def test_a_merged_entry_speaks_for_its_survivor_and_the_newest_counts(scene: Scene) -> None:
    merged = make_enterprise(merged_into=scene.firm, merged_at=AT)
    by = {"stated_by": scene.editor}
    stated(merged, "tax_here", value=True, **by)
    stated(merged, "stats_here", value=True, **by)
    stated(scene.firm, "stats_here", value=False, observed_at=AT + DAY, **by)

    found = known(scene.firm)

    assert (found.values["tax_here"], found.values["stats_here"]) == (True, False)


def test_the_newest_figure_counts_by_whatever_name(scene: Scene) -> None:
    fact(scene.firm, "研发费用", 2, observed_at=AT)
    fact(scene.firm, "rd_expense", 1, observed_at=AT - DAY)

    assert known(scene.firm).values["rd_expense@2025"] == 2


@pytest.mark.parametrize(
    ("grain", "period", "does_fit"),
    [
        ("", "", True),
        ("year", "2025", True),
        ("half", "2025-H1", True),
        ("quarter", "2025-Q4", True),
        ("month", "2025-06", True),
        ("", "2025", False),
        ("year", "", False),
        ("quarter", "2025-H1", False),
        ("month", "2025-Q1", False),
    ],
)
def test_a_period_has_the_length_of_the_fact(grain: str, period: str, *, does_fit: bool) -> None:
    assert fits(grain, period) is does_fit


@given(number=st.decimals(min_value=-(10**12), max_value=10**12, places=8))
def test_a_decimal_is_written_in_full_and_read_back(number: Any) -> None:
    assert Fraction(decimal_text(Fraction(number))) == Fraction(number)


SPECS = [each for each in national() if not each.coded]


@given(data=st.data())
def test_a_value_is_stated_in_its_shape_and_read_back(data: st.DataObject) -> None:
    spec = data.draw(st.sampled_from(SPECS))
    value = data.draw(values(spec))

    written = stated_as(spec, value)

    assert shape_of(written) is not None
    assert value_of(spec, written) == value


def values(spec: Any) -> st.SearchStrategy[Any]:
    """Values that a fact can have."""
    word = st.sampled_from(sorted(spec.values)) if spec.values else st.just("340100")
    low = spec.low if spec.low is not None else Fraction(-(10**6))
    high = spec.high if spec.high is not None else Fraction(10**9)
    step = 10**spec.decimals
    number = st.integers(int(low * step), int(high * step)).map(lambda each: Fraction(each, step))
    return {
        "bool": st.booleans(),
        "text": word,
        "number": number.filter(lambda each: (each / spec.unit.scale * 10**8).denominator == 1),
        "date": st.dates(),
        "set": st.frozensets(word),
        "list": st.lists(
            st.fixed_dictionaries({}, optional={k: values(v) for k, v in spec.fields.items()})
        ).map(tuple),
    }[spec.kind]
