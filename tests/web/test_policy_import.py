"""Articles out of a spreadsheet: template, mistakes by cell, preview, entry."""

import io
from typing import Any

import openpyxl
import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from lianqi.audit.models import Event
from lianqi.policies.models import PolicyArticle, PolicyDocument
from tests.policies.scene import Library, make_library

pytestmark = pytest.mark.django_db
HEADER = ["方面", "条号", "标题", "内容", "类型", "牵头部门", "责任部门", "备注"]
GOOD = [
    [
        "金融支持",
        "第三条",
        "贴息",
        "对贷款给予贴息。",
        "兑现",
        "经济发展局",
        "经济发展局、科技创新局",
        "x",
    ],
    ["人才服务", "第四条", "", "提供人才公寓。", "", "", "", ""],
    ["人才服务", "第五条", "", "组织招聘会。", "服务", "科技创新局", "科技创新局", ""],
]


@pytest.fixture
def library() -> Library:
    return make_library()


@pytest.fixture
def draft(library: Library) -> PolicyDocument:
    return library.policy("drafted")


@pytest.fixture
def editor(client: Client, library: Library) -> Client:
    client.force_login(library.editor)
    return client


def sheet(rows: list[list[Any]], header: list[str] = HEADER) -> SimpleUploadedFile:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    for row in (header, *rows):
        page.append(row)
    file = io.BytesIO()
    book.save(file)
    return SimpleUploadedFile("articles.xlsx", file.getvalue())


def upload(client: Client, draft: PolicyDocument, file: SimpleUploadedFile) -> Any:
    return client.post(reverse("policies:import_articles", args=[draft.pk]), {"file": file})


def said(answer: Any) -> str:
    return " ".join(BeautifulSoup(answer.content, "html.parser").get_text(" ").split())


def carried(answer: Any) -> str:
    found = BeautifulSoup(answer.content, "html.parser").select_one("input[name=rows]")
    assert found is not None
    return str(found["value"])


def test_a_good_table_is_shown_and_then_entered_with_its_duties(
    editor: Client, draft: PolicyDocument
) -> None:
    preview = upload(editor, draft, sheet(GOOD))

    assert preview.status_code == 200
    assert "将在现有条款之后添加3条。" in said(preview)
    assert "未读取的列： 备注" in said(preview)
    assert draft.articles.count() == 2

    answer = editor.post(
        reverse("policies:enter_articles", args=[draft.pk]), {"rows": carried(preview)}, follow=True
    )

    assert "已添加3条。" in said(answer)
    third, fourth, fifth = draft.articles.in_order().with_duties()[2:]
    assert (third.number, third.title, third.wording, third.kind) == (
        "第三条", "贴息", "对贷款给予贴息。", "payment",
    )  # fmt: skip
    assert third.aspect is not None
    assert third.aspect == draft.aspects.get(title="金融支持")
    assert [str(unit) for unit in third.responsible.all()] == ["经济发展局", "科技创新局"]
    assert (str(third.lead), fourth.lead, str(fifth.lead)) == ("经济发展局", None, "科技创新局")
    assert [each.title for each in draft.aspects.order_by("position")] == ["金融支持", "人才服务"]
    verbs = Event.objects.filter(verb__startswith="policies.").order_by("-pk")
    assert [each.verb for each in verbs[:4]] == [
        "policies.duties_assigned", "policies.duties_assigned", "policies.articles_added",
        "policies.aspects_added",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("row", "cell", "told"),
    [
        (["", "", "", "内容"], "B2", "该条没有条号"),
        (["", "第一条", "", "内容"], "B2", "本政策已有第一条"),
        (["", "第三条", "", ""], "D2", "请填写条文，或者在“无条文的说明”一列写明原因"),
        (["", "第三条", "题" * 121, "内容"], "C2", "该单元格有121个字，最多120个字"),
        (["", "第三条", "", "=A1"], "D2", "“=A1”由公式得出"),
        (["", "第三条", "", "内容", "奖励"], "E2", "“奖励”不是条款类型"),
        (["", "第三条", "", "内容", "", "经济发展委"], "F2", "没有名为“经济发展委”的单位。您是否指经济发展局？"),
        (["", "第三条", "", "内容", "", "", "科技创新局、无此局xyz"], "G2", "没有名为“无此局xyz”的单位"),
    ],
    ids=["number", "known", "wording", "long", "formula", "kind", "lead", "responsible"],
)  # fmt: skip
def test_mistakes_are_told_at_their_cell_and_nothing_is_entered(
    row: list[str], cell: str, told: str, editor: Client, draft: PolicyDocument
) -> None:
    answer = upload(editor, draft, sheet([row]))

    assert answer.status_code == 422
    assert f"{cell} {told}" in said(answer)
    assert 'name="rows"' not in answer.content.decode()
    assert draft.articles.count() == 2


def test_two_rows_with_one_number_are_told(editor: Client, draft: PolicyDocument) -> None:
    answer = upload(editor, draft, sheet([["", "第三条", "", "甲"], ["", "第三条", "", "乙"]]))

    assert "B3 第三条在第2行已经出现" in said(answer)


def test_a_column_that_was_left_out_is_named_beside_the_mistakes(
    editor: Client, draft: PolicyDocument
) -> None:
    answer = upload(
        editor, draft, sheet([["第三条", "", "未刊载"]], ["条号", "条文", "无内容的原因"])
    )

    assert "B2" in said(answer)
    assert "未读取的列： 无内容的原因" in said(answer)


@pytest.mark.parametrize(
    ("file", "told"),
    [
        (SimpleUploadedFile("a.xlsx", b"%PDF-1.4 x"), "文件"),
        (sheet([], ["牵头部门", "责任部门"]), "缺少“条号、条文”列"),
        (sheet([]), "表头下面没有内容"),
    ],
    ids=["pdf", "columns", "empty"],
)
def test_files_that_are_no_table_of_articles(
    file: SimpleUploadedFile, told: str, editor: Client, draft: PolicyDocument
) -> None:
    file.seek(0)

    answer = upload(editor, draft, file)

    assert answer.status_code == 422
    assert told in said(answer)


def test_a_preview_counts_for_its_own_policy_and_person(
    client: Client, editor: Client, library: Library, draft: PolicyDocument
) -> None:
    rows = carried(upload(editor, draft, sheet(GOOD)))
    other = library.policy("drafted", title="另一份政策")

    for given in (rows, f"{rows}x", ""):
        answer = editor.post(
            reverse("policies:enter_articles", args=[other.pk]), {"rows": given}, follow=True
        )
        assert "预览已经过期，或者属于另一份政策" in said(answer)
    assert other.articles.count() == 2


def test_what_changed_meanwhile_is_refused_whole(
    editor: Client, library: Library, draft: PolicyDocument
) -> None:
    rows = carried(upload(editor, draft, sheet(GOOD)))
    library.on(draft, "broken_down")

    answer = editor.post(
        reverse("policies:enter_articles", args=[draft.pk]), {"rows": rows}, follow=True
    )

    assert f"《{draft.title}》当前为“已分解”" in said(answer)
    assert not PolicyArticle.objects.filter(number="第三条").exists()


def test_the_template_has_the_headings_and_the_words(editor: Client, draft: PolicyDocument) -> None:
    answer = editor.get(reverse("policies:articles_template", args=[draft.pk]))

    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer)))  # type: ignore[arg-type]
    articles, words = book.worksheets
    assert [cell.value for cell in articles[1]] == [
        "方面", "条号", "标题", "条文", "无条文的说明", "类别", "牵头部门", "责任单位",
    ]  # fmt: skip
    assert "经济发展局" in [row[0].value for row in words.iter_rows(min_row=2)]


@pytest.mark.parametrize("who", ["dispatcher", "handler", "boss"])
def test_only_the_rule_editor_imports(who: str, client: Client, library: Library) -> None:
    draft = library.policy("drafted")
    client.force_login(getattr(library, who))

    for name in ("import_articles", "articles_template"):
        answer = client.get(reverse(f"policies:{name}", args=[draft.pk]))
        assert answer.status_code in (403, 404)
    answer = client.post(reverse("policies:enter_articles", args=[draft.pk]), {"rows": "x"})
    assert answer.status_code in (403, 404)
