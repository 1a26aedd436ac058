import hashlib
from collections import Counter
from datetime import date
from importlib import resources

import pytest

from lianqi.engines.calendar import (
    OfficialDay,
    WorkCalendar,
    announced_years,
    packaged_official_days,
    parse_official_days,
)

HEADER = "date,is_working,name_zh,source\n"
NOTICES = {
    2020: "国办发明电〔2019〕16号",
    2021: "国办发明电〔2020〕27号",
    2022: "国办发明电〔2021〕11号",
    2023: "国办发明电〔2022〕16号",
    2024: "国办发明电〔2023〕7号",
    2025: "国办发明电〔2024〕12号",
    2026: "国办发明电〔2025〕7号",
}


def test_table_is_the_one_that_was_checked() -> None:
    table = resources.files("lianqi.engines.calendar") / "data" / "official_days.csv"

    digest = hashlib.sha256(table.read_bytes()).hexdigest()

    assert digest == "581f9b84b02e743d96b96762d7ce31dde98a2912f2c7195d251524824c39615d"
    assert len(packaged_official_days()) == 256


@pytest.mark.parametrize(
    ("year", "weekend_days_worked", "weekdays_free"),
    [
        (2020, 6, 19),
        (2021, 7, 18),
        (2022, 7, 18),
        (2023, 7, 18),
        (2024, 8, 19),
        (2025, 5, 18),
        (2026, 6, 19),
    ],
)
def test_each_year_has_its_exchanged_days(
    year: int, weekend_days_worked: int, weekdays_free: int
) -> None:
    days = [day for day in packaged_official_days() if day.date.year == year]

    counts = Counter((day.is_working, day.date.weekday() >= 5) for day in days)

    assert counts[True, True] == weekend_days_worked
    assert counts[False, False] == weekdays_free
    assert counts[True, False] == 0


@pytest.mark.parametrize(
    ("year", "working_days"),
    [(2020, 249), (2021, 250), (2022, 249), (2023, 249), (2024, 251), (2025, 248), (2026, 248)],
)
def test_each_year_has_its_working_days(year: int, working_days: int) -> None:
    calendar = WorkCalendar.of(packaged_official_days())

    counted = calendar.working_days_between(date(year - 1, 12, 31), date(year, 12, 31))

    assert counted == working_days


def test_every_row_names_the_notice_that_announced_it() -> None:
    extension = {date(2020, 1, 31), date(2020, 2, 1), date(2020, 2, 2)}

    for day in packaged_official_days():
        year = day.date.year + 1 if day.date.month == 12 else day.date.year
        notice = "国办发明电〔2020〕1号" if day.date in extension else NOTICES[year]
        assert day.source == notice, day


def test_last_december_days_do_not_announce_a_year() -> None:
    days = parse_official_days(HEADER + "2022-12-31,0,元旦,国办发明电〔2022〕16号\n")

    assert announced_years(days) == frozenset()
    assert announced_years(packaged_official_days()) == frozenset(range(2020, 2027))


def test_row_is_read() -> None:
    days = parse_official_days(HEADER + "2020-06-28,1,端午节,国办发明电〔2019〕16号\n")

    assert days == (
        OfficialDay(
            date=date(2020, 6, 28), is_working=True, name="端午节", source="国办发明电〔2019〕16号"
        ),
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "expected the columns"),
        ("day,works\n", "expected the columns"),
        (HEADER + "2020-06-28,1,端午节,甲\n2020-06-28,0,端午节,乙\n", "line 3: .* listed twice"),
        (HEADER + "2020-02-30,1,春节,甲\n", "line 2: cannot read"),
        (HEADER + "2020-06-28,yes,端午节,甲\n", "line 2: cannot read"),
        (HEADER + "2020-06-28\n", "line 2: cannot read"),
        (HEADER + "2020-06-28,1,端午节,\n", "line 2: .* needs a name and a source"),
    ],
)
def test_unreadable_table_is_refused_with_its_line(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parse_official_days(text)


def test_calendar_refuses_a_day_listed_twice() -> None:
    day = packaged_official_days()[0]

    with pytest.raises(ValueError, match="listed twice"):
        WorkCalendar.of([day, day])
