"""The policy library in the browser: read by everybody, broken down, published, asked about."""

import datetime as dt
import io
from typing import Any
from urllib.parse import urlencode

import openpyxl
import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from lianqi.accounts.models import User
from lianqi.policies.actions import (
    ArticleTerms,
    add_articles,
    answer_question,
    ask_question,
    change_article,
    flag_overlap,
    publish_note,
    revise_policy,
    write_note,
)
from lianqi.policies.enums import PolicyOrder, PolicyStatus
from lianqi.policies.models import PolicyDocument, PolicyQuestion, PolicyReads
from lianqi.policies.queries import placed
from lianqi.web.paging import Page, in_places, newest_first
from tests.factories import AT
from tests.policies.scene import FROM, Library, again, first_article, make_library

pytestmark = pytest.mark.django_db


@pytest.fixture
def library() -> Library:
    return make_library()


def soup(answer: Any) -> BeautifulSoup:
    return BeautifulSoup(answer.content, "html.parser")


def as_(client: Client, user: User) -> Client:
    client.force_login(user)
    return client


def said(answer: Any) -> str:
    return " ".join(soup(answer).get_text(" ").split())


def test_the_public_reads_what_is_published_and_nothing_else(
    client: Client, library: Library
) -> None:
    published, draft = library.policy("published"), library.policy("drafted", title="内部草稿")

    listed = said(client.get(reverse("policies:list")))
    page = client.get(published.get_absolute_url())

    assert published.title in listed
    assert "内部草稿" not in listed
    assert "对贷款利息给予百分之五十贴息。" in said(page)
    assert "来源未刊载条文。" in said(page)
    assert "经济发展局" in said(page)
    for name in ("policies:detail", "policies:sheet", "policies:export_sheet"):
        assert client.get(reverse(name, args=[draft.pk])).status_code == 404


def test_a_search_shows_the_article_that_holds_the_word(client: Client, library: Library) -> None:
    library.policy("published")
    library.policy("published", title="别的措施", number="2")

    page = client.get(reverse("policies:list"), {"q": "促进企业", "level": "zone"})
    found = client.get(reverse("policies:list"), {"q": "贷款利息"})
    nothing = client.get(reverse("policies:list"), {"q": "缓缴社保"})

    assert len(soup(page).select("#rows tr")) == 1
    assert len(soup(found).select(".lq-passage")) == 2
    assert "没有符合条件的政策" in said(nothing)


def test_a_day_finds_what_was_in_force_then(client: Client, library: Library) -> None:
    library.policy("published")

    before = client.get(reverse("policies:list"), {"on": "2025-12-31"})
    after = client.get(reverse("policies:list"), {"on": "2026-01-01"})

    assert (len(soup(before).select("#rows tr")), len(soup(after).select("#rows tr"))) == (0, 1)


def test_the_whole_way_of_the_editor(client: Client, library: Library) -> None:
    as_(client, library.editor)
    given = {
        "title": "云岭若干措施", "issuer": "管委会", "level": "zone", "is_trial": "on",
        "themes": ["finance"], "sizes": ["small"], "valid_from": "2026-01-01",
    }  # fmt: skip
    added = client.post(reverse("policies:add"), given)
    document = PolicyDocument.objects.get()
    text = "一、金融支持\n第一条 贴息。\n第二条 担保。"
    divided = client.post(reverse("policies:divide", args=[document.pk]), {"text": text})
    client.post(
        reverse("policies:add_measure", args=[document.pk]),
        {"key": "YL-01", "title": "贷款贴息", "applicant": "loan"},
    )
    act = lambda verb: client.post(reverse("policies:act", args=[document.pk, verb]), follow=True)  # noqa: E731
    act("break_down")
    refused = act("complete_duties")
    articles = list(document.articles.values_list("pk", flat=True))
    duty = {"lead": library.economy.pk, "responsible": [library.science.pk], "articles": articles}
    assigned = client.post(reverse("policies:assign", args=[document.pk]), duty)
    act("complete_duties")
    published = act("publish")

    assert (added.status_code, divided.status_code, assigned.status_code) == (303, 303, 303)
    assert "第一条、第二条" in said(refused)
    assert "牵头部门" in said(refused)
    assert again(document).status == PolicyStatus.PUBLISHED
    assert published.redirect_chain[-1][0] == document.get_absolute_url()
    assert "贷款贴息" in said(published)


def test_a_refused_duty_comes_back_as_it_was_ticked(client: Client, library: Library) -> None:
    document = library.policy("published")
    one = first_article(document)

    answer = as_(client, library.dispatcher).post(
        reverse("policies:assign", args=[document.pk]),
        {"articles": [one.pk], "responsible": [library.science.pk]},
    )

    assert answer.status_code == 422
    assert soup(answer).select_one(f"#tick-{one.pk}[checked]") is not None
    assert "牵头部门" in said(answer)


@pytest.mark.parametrize(
    ("which", "given"), [("missing", 2), ("every", 2), ("aspect", 1), ("ticked", 0)]
)
def test_a_duty_is_given_to_many_at_once(
    client: Client, library: Library, which: str, given: int
) -> None:
    document = library.policy("broken_down")
    chosen = str(document.aspects.get().pk) if which == "aspect" else which

    answer = as_(client, library.dispatcher).post(
        reverse("policies:assign", args=[document.pk]),
        {"which": chosen, "lead": library.economy.pk, "responsible": [library.science.pk]},
    )

    assert document.articles.filter(lead=library.economy).count() == given
    assert answer.status_code == (303 if given else 422)


def test_departments_see_the_desk_without_buttons_of_the_editor(
    client: Client, library: Library
) -> None:
    document = library.policy("drafted")

    page = soup(as_(client, library.handler).get(reverse("policies:desk", args=[document.pk])))

    assert page.select("form[action*='/act/']") == []
    assert page.select_one("#act-divide") is None
    assert as_(client, library.boss).get(
        reverse("policies:desk", args=[document.pk])
    ).status_code == 404  # fmt: skip


def test_an_overlap_is_flagged_and_settled_on_the_page_of_the_article(
    client: Client, library: Library
) -> None:
    document = library.policy("broken_down")
    one = first_article(document)
    page = reverse("policies:article", args=[one.pk])

    as_(client, library.other_handler).post(
        reverse("policies:flag", args=[one.pk]), {"text": "与科技局交叉"}
    )
    empty = as_(client, library.dispatcher).post(
        reverse("policies:settle", args=[one.overlaps.get().pk]), {"lead": library.economy.pk}
    )
    client.post(
        reverse("policies:settle", args=[one.overlaps.get().pk]),
        {"lead": library.economy.pk, "responsible": [library.science.pk], "reason": "主业在经发局"},
    )

    assert empty.status_code == 422
    assert "主业在经发局" in said(client.get(page))
    assert first_article(document).lead == library.economy


def test_two_versions_stand_side_by_side(client: Client, library: Library) -> None:
    earlier = library.policy("published")
    later = revise_policy(earlier.pk, by=library.editor, at=AT)
    change_article(
        first_article(later).pk, ArticleTerms("第一条", wording="全额贴息。"),
        by=library.editor, at=AT,
    )  # fmt: skip
    add_articles(later.pk, [ArticleTerms("第三条", wording="新条。")], by=library.editor, at=AT)
    url = reverse("policies:compare", args=[earlier.pk, later.pk])
    hidden = client.get(url)
    library.on(later)

    page = said(client.get(url))

    assert hidden.status_code == 404
    assert "对贷款利息给予百分之五十贴息。" in page
    assert "全额贴息。" in page
    assert "新条。" in page
    other = library.policy("published", number="2")
    assert client.get(
        reverse("policies:compare", args=[earlier.pk, other.pk])
    ).status_code == 404  # fmt: skip


def test_an_enterprise_asks_and_reads_the_answer(client: Client, library: Library) -> None:
    document = library.policy("published")

    asked = as_(client, library.boss).post(
        reverse("policies:ask", args=[document.pk]),
        {"enterprise": library.firm.pk, "text": "小微企业可以吗？"},
    )
    question = PolicyQuestion.objects.get()
    page = question.get_absolute_url()
    stranger = as_(client, library.stranger).get(page).status_code
    refused = as_(client, library.boss).post(page, {"answer": "可以"}).status_code
    as_(client, library.handler).post(page, {"answer": "可以。", "is_published": "on"})
    public = said(Client().get(document.get_absolute_url()))
    other = said(as_(client, library.stranger).get(page))

    assert asked.status_code == 303
    assert (stranger, refused) == (404, 403)
    assert "可以。" in public
    assert library.firm.name not in public + other
    assert library.firm.name in said(as_(client, library.boss).get(page))


def test_interpretations_are_written_published_and_taken_back(
    client: Client, library: Library
) -> None:
    document = library.policy("published")
    as_(client, library.handler)
    client.post(
        reverse("policies:notes", args=[document.pk]), {"title": "一图读懂", "text": "按季度拨付。"}
    )
    note = document.notes.get()
    hidden = said(Client().get(document.get_absolute_url()))

    client.post(reverse("policies:publish_note", args=[note.pk]))
    shown = said(Client().get(document.get_absolute_url()))
    client.post(reverse("policies:take_back_note", args=[note.pk]))
    changed = client.post(
        reverse("policies:change_note", args=[note.pk]), {"title": "读懂", "text": "按月拨付。"}
    )

    assert ("按季度拨付。" in hidden, "按季度拨付。" in shown) == (False, True)
    assert changed.status_code == 303
    assert document.notes.get().text == "按月拨付。"


def test_the_list_of_duties_is_printed_and_exported(client: Client, library: Library) -> None:
    document = library.policy("published")

    printed = said(client.get(reverse("policies:sheet", args=[document.pk])))
    answer: Any = client.get(reverse("policies:export_sheet", args=[document.pk]))
    sheet = openpyxl.load_workbook(io.BytesIO(answer.getvalue())).active
    assert sheet is not None
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    own: Any = as_(client, library.handler).get(
        reverse("policies:export_duties"), {"unit": library.science.pk}
    )

    assert "责任清单" in printed
    assert [row[4] for row in rows] == ["第一条", "第二条"]
    assert rows[0][7:9] == ("经济发展局", "经济发展局、科技创新局")
    assert openpyxl.load_workbook(io.BytesIO(own.getvalue())).active.max_row == 3  # type: ignore[union-attr]  # a new workbook


def test_the_duties_of_a_unit_over_all_policies(client: Client, library: Library) -> None:
    library.policy("published")
    library.policy("duties_complete", number="2")
    as_(client, library.handler)
    url = reverse("policies:duties")

    def rows(**query: object) -> int:
        return len(soup(client.get(url, query)).select("#rows tr"))

    assert rows() == 2
    assert rows(drafts="on") == 4
    assert rows(unit=library.science.pk) == 2
    assert rows(unit=library.science.pk, part="lead") == 0


def test_reading_is_counted_by_kind_and_shown(client: Client, library: Library) -> None:
    document = library.policy("published")
    url = document.get_absolute_url()
    client.get(url)
    client.head(url)
    as_(client, library.boss).get(url)
    as_(client, library.handler).get(url)

    page = said(as_(client, library.leader).get(reverse("policies:figures")))

    counted = dict(PolicyReads.objects.values_list("reader", "count"))
    assert counted == {"public": 1, "enterprise": 1, "staff": 1}
    assert document.title in page
    assert as_(client, library.handler).get(reverse("policies:figures")).status_code == 403


def test_pages_ask_the_same_number_of_questions_however_many_rows(
    client: Client, library: Library
) -> None:
    def counted(url: str, **query: object) -> int:
        client.get(url, query)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(url, query).status_code == 200
        return len(asked)

    as_(client, library.editor)
    first = library.policy("published")
    addresses = [
        (reverse("policies:list"), {"q": "贷款"}),
        (reverse("policies:duties"), {}),
        (reverse("policies:questions"), {}),
        (first.get_absolute_url(), {}),
        (reverse("policies:desk", args=[first.pk]), {}),
        (reverse("policies:sheet", args=[first.pk]), {}),
    ]
    ask = {"enterprise": library.firm, "text": "能吗？", "by": library.boss, "at": AT}
    answered = ask_question(first.pk, **ask)
    answer_question(answered.pk, answer="能", is_published=True, by=library.handler, at=AT)
    note = write_note(first.pk, title="甲", text="乙", by=library.editor, at=AT)
    publish_note(note.pk, by=library.editor, at=AT)
    few = [counted(url, **query) for url, query in addresses]
    for number in range(2, 6):
        library.policy("published", number=str(number))
        another = ask_question(first.pk, **ask)
        answer_question(another.pk, answer="能", is_published=True, by=library.handler, at=AT)
    extra = [ArticleTerms(f"第{n}项", wording="补充。") for n in range(20)]
    PolicyDocument.objects.filter(pk=first.pk).update(status="drafted", made_known_at=None)
    add_articles(first.pk, extra, by=library.editor, at=AT)
    PolicyDocument.objects.filter(pk=first.pk).update(status="published", made_known_at=AT)
    library.give(first)

    assert [counted(url, **query) for url, query in addresses] == few


def test_an_open_overlap_is_in_the_inbox_of_the_dispatchers(
    client: Client, library: Library
) -> None:
    document = library.policy("broken_down")
    flag_overlap(first_article(document).pk, text="交叉", by=library.head, at=AT)

    page = said(as_(client, library.dispatcher).get(reverse("inbox:list")))

    assert "协调职能交叉" in page


@pytest.mark.parametrize(
    ("order", "wanted"),
    [
        ("", "EDCBA"),
        ("published", "ABCED"),  # D was never published
        ("expiring", "BAEDC"),  # C is over, D and E state no end
        ("read", "CAEDB"),
        ("title", "ABCDE"),
    ],
    ids=["entered", "published", "expiring", "read", "title"],
)
def test_the_library_is_read_in_several_orders_page_by_page(
    order: str, wanted: str, client: Client, library: Library
) -> None:
    today = timezone.localdate()
    day = dt.timedelta(days=1)
    ends = {"A": today + 9 * day, "B": today, "C": today - day, "D": None, "E": None}
    made = {title: library.policy("drafted", title=title) for title in "ABCDE"}
    for place, (title, end) in enumerate(ends.items()):
        known = None if title == "D" else AT - place * day
        PolicyDocument.objects.filter(pk=made[title].pk).update(
            valid_from=None, valid_until=end, made_known_at=known,
            status=PolicyStatus.PUBLISHED if known else PolicyStatus.DRAFTED,
        )  # fmt: skip
    for title, month, count in (("A", 1, 3), ("C", 1, 2), ("C", 2, 2), ("E", 1, 1), ("D", 1, 1)):
        PolicyReads.objects.create(
            document=made[title], month=dt.date(2026, month, 1), reader="staff", count=count
        )
    rows = PolicyDocument.objects.all()
    chosen = PolicyOrder(order)

    def page(**cursor: int) -> Page[PolicyDocument]:
        query = QueryDict(urlencode(cursor))
        if chosen is PolicyOrder.ENTERED:
            return newest_first(rows, query, size=2)
        return in_places(placed(rows, chosen, on=today), query, size=2)

    pages = [page()]
    while pages[-1].after is not None:
        pages.append(page(after=pages[-1].after))
    assert [each.title for found in pages for each in found.rows] == list(wanted)
    assert pages[-1].before is not None
    assert page(before=pages[-1].before).rows == pages[-2].rows
    assert pages[0].before is None

    listed = soup(as_(client, library.editor).get(reverse("policies:list"), {"sort": order}))
    assert [each.get_text(strip=True) for each in listed.select("#rows th a")] == list(wanted)


def test_a_cursor_of_a_document_that_is_gone_is_ignored(library: Library) -> None:
    library.policy("drafted", title="A")
    rows = placed(PolicyDocument.objects.all(), PolicyOrder.TITLE, on=FROM)

    assert [each.title for each in in_places(rows, QueryDict("after=999999")).rows] == ["A"]
