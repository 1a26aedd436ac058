import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianqi.engines.text import DateError, DateProblem, parse_date

DAY = dt.date(2020, 6, 22)


@pytest.mark.parametrize(
    "value",
    [
        "2020年6月22日",
        "2020 年 06 月 22 日",
        "2020年6月22号",
        "2020/6/22",
        "2020.06.22",
        "2020-6-22",
        "20200622",
        "２０２０－０６－２２",
        " 2020-06-22\u200b",
        "2020-06-22 00:00:00",
        "2020-06-22T08:30",
        20200622,
        20200622.0,
        DAY,
        dt.datetime(2020, 6, 22, 13, 5),
    ],
)
def test_dates_as_people_type_them(value: Any) -> None:
    assert parse_date(value) == DAY


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (44004, DAY),
        (44004.75, DAY),
        ("44004", DAY),
        (61, dt.date(1900, 3, 1)),
        (2958465, dt.date(9999, 12, 31)),
        (20200622, DAY),
    ],
)
def test_serial_numbers_in_a_date_column(value: Any, expected: object) -> None:
    assert parse_date(value, is_date_column=True) == expected


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("", DateProblem.EMPTY),
        ("—", DateProblem.EMPTY),
        ("昨天", DateProblem.NOT_A_DATE),
        (True, DateProblem.NOT_A_DATE),
        (float("nan"), DateProblem.NOT_A_DATE),
        ("2023-02-29", DateProblem.NO_SUCH_DAY),
        ("20201301", DateProblem.NO_SUCH_DAY),
        ("2020年6月", DateProblem.DAY_MISSING),
        ("2020-06", DateProblem.DAY_MISSING),
        ("2020年", DateProblem.DAY_MISSING),
        ("20-06-22", DateProblem.TWO_DIGIT_YEAR),
        ("20年6月22日", DateProblem.TWO_DIGIT_YEAR),
        ("6/22/2020", DateProblem.DAY_FIRST),
        ("2020-06/22", DateProblem.NOT_A_DATE),
        (44004, DateProblem.SERIAL),
        ("44004", DateProblem.SERIAL),
    ],
)
def test_unclear_dates_are_refused_with_the_reason(value: Any, problem: object) -> None:
    with pytest.raises(DateError) as caught:
        parse_date(value)

    assert caught.value.problem is problem


@pytest.mark.parametrize("value", [60, 0, -1, 2958466])
def test_serial_numbers_without_a_certain_day_are_refused(value: Any) -> None:
    with pytest.raises(DateError) as caught:
        parse_date(value, is_date_column=True)

    assert caught.value.problem is DateProblem.SERIAL


@given(st.dates(min_value=dt.date(1000, 1, 1)))
def test_every_written_form_of_a_day_reads_back(day: dt.date) -> None:
    for form in ("%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日", "%Y%m%d"):
        assert parse_date(day.strftime(form)) == day
