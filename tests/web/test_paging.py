"""Long lists by key: every row once, in both directions, whatever short cut a search takes."""

import pytest
from django.http import QueryDict

from lianqi.demands.models import DemandCategory
from lianqi.web import paging
from lianqi.web.paging import newest_first, newest_matches

pytestmark = pytest.mark.django_db


@pytest.fixture
def rows() -> list[int]:
    """Ids of forty rows, newest first."""
    made = DemandCategory.objects.bulk_create(
        DemandCategory(code=f"c{n}", name_zh=f"类{n}", name_en="even" if n % 2 else "odd")
        for n in range(40)
    )
    return [row.pk for row in reversed(made)]


@pytest.mark.parametrize("is_search", [False, True])
@pytest.mark.parametrize("recent", [1, 7, 5000])
def test_pages_show_every_row_once_in_both_directions(
    rows: list[int], monkeypatch: pytest.MonkeyPatch, is_search: bool, recent: int
) -> None:
    monkeypatch.setattr(paging, "RECENT", recent)
    monkeypatch.setattr(paging, "COUNT_CAP", 20)
    forward, backward, query = [], [], QueryDict("")
    everything = DemandCategory.objects.all()
    unindexed = everything if is_search else None

    while True:
        page = newest_first(everything, query, size=15, unindexed=unindexed)
        forward += [row.pk for row in page.rows]
        if page.after is None:
            break
        query = QueryDict(f"after={page.after}")
    while page.before is not None:
        query = QueryDict(f"before={page.before}")
        page = newest_first(everything, query, size=15, unindexed=unindexed)
        backward = [row.pk for row in page.rows] + backward

    assert forward == rows
    assert backward == rows[:30]
    assert (page.count, page.capped) == (20, True)


@pytest.mark.parametrize("recent", [1, 10, 5000])
def test_search_finds_the_same_wherever_the_rows_lie(
    rows: list[int], monkeypatch: pytest.MonkeyPatch, recent: int
) -> None:
    monkeypatch.setattr(paging, "RECENT", recent)
    even = DemandCategory.objects.filter(name_en="even")

    def found(most: int, below: int | None = None) -> list[int]:
        return [row.pk for row in newest_matches(even, most, unindexed=even, below=below)]

    assert found(6) == rows[:12:2]
    assert found(6, rows[20]) == rows[22:34:2]
    assert found(50) == rows[::2]
    assert newest_matches(even.none(), 6, unindexed=even.none()) == []
