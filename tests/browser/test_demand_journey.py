"""From the spreadsheet to the leader's figure, clicked by everybody who takes part."""

import re
from pathlib import Path

import pytest

from lianqi.accounts.enums import Role
from lianqi.demands.models import Demand
from lianqi.engines.tables import write_table
from lianqi.engines.text import make_credit_code
from lianqi.register.actions import load_industries
from lianqi.register.models import Enterprise
from tests.browser.conftest import Visitor, work_off_jobs
from tests.factories import (
    grant,
    make_category,
    make_clocks,
    make_dispatcher,
    make_handler,
    make_member,
    make_unit,
    make_user,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HEADINGS = [
    "统一社会信用代码",
    "企业名称",
    "行业代码",
    "注册资本（万元）",
    "2025年营业收入（万元）",
    "2025年从业人员数",
]
DETAIL = re.compile(r"/demands/\d+/$")
FIRM = "云岭海纳光电科技有限公司"


def test_one_demand_goes_all_the_way(visitor: Visitor, tmp_path: Path) -> None:
    make_clocks()
    load_industries()
    economy = make_unit("经济发展局")
    make_category(name_zh="水电气保障", lead_unit=economy)
    dispatcher = make_dispatcher(name="沈若兰")
    handler = make_handler(economy, name="王立新")
    leader = grant(make_user(name="赵启明"), Role.LEADER)

    visitor.opens("/")
    visitor.sees_a_good_page("home")
    _import_the_register(visitor, dispatcher, tmp_path)
    member = make_member(Enterprise.objects.get(name=FIRM), name="林晓燕")
    number = _file(visitor, member)
    _dispatch(visitor, dispatcher, number)
    _accept_and_answer(visitor, handler, number)
    _confirm(visitor, member, number)
    visitor.signs_in(leader)
    visitor.opens("/leader/")
    visitor.sees_a_good_page("figures")

    assert "1 / 1" in visitor.page.locator("main").inner_text()
    demand = Demand.objects.get(number=number)
    assert (demand.status, demand.rating, demand.unit) == ("closed", "5", economy)


def _import_the_register(visitor: Visitor, dispatcher, tmp_path: Path) -> None:
    sheet = tmp_path / "企业台账.xlsx"
    rows = [
        [make_credit_code("MA000001"), FIRM, "3976", 2000, 15735.28, 103],
        ["91000000MA00000158", "校验码错误的公司", "6513", 100, 50, 5],
    ]
    write_table(sheet, HEADINGS, rows)
    page = visitor.page
    visitor.signs_in(dispatcher)
    visitor.opens("/register/imports/upload/")
    visitor.sees_a_good_page("upload")
    page.set_input_files("input[type=file]", sheet)
    page.get_by_role("button", name="上传").click()
    page.wait_for_url("**/register/imports/*/**")
    visitor.sees_a_good_page("mapping")
    page.locator(
        "main form.lq-form button[type=submit], main form button.btn-primary"
    ).first.click()
    page.wait_for_load_state()
    work_off_jobs()
    page.goto(page.url.split("?")[0].replace("mapping/", ""))
    visitor.sees_a_good_page("preview")
    page.get_by_role("button", name="确认导入").click()
    page.wait_for_load_state()
    work_off_jobs()
    page.reload()
    visitor.sees_a_good_page("applied")
    visitor.opens("/register/?q=海纳")
    page.get_by_role("link", name=FIRM).click()
    page.wait_for_load_state()
    visitor.sees_a_good_page("enterprise")


def _file(visitor: Visitor, member) -> str:
    page = visitor.page
    visitor.signs_in(member)
    visitor.opens("/demands/new/")
    page.get_by_label("类别").select_option(label="水电气保障")
    page.get_by_label("标题").fill("园区夜间停电")
    page.locator("textarea[name=text]").fill("本月三次停电，生产线停工。")
    visitor.sees_a_good_page("file")
    page.locator("main form button.btn-primary").click()
    page.wait_for_url(DETAIL)
    visitor.sees_a_good_page("filed")
    return Demand.objects.get().number


def _dispatch(visitor: Visitor, dispatcher, number: str) -> None:
    page = visitor.page
    visitor.signs_in(dispatcher)
    visitor.opens("/inbox/")
    visitor.sees_a_good_page("inbox")
    page.get_by_role("link", name=number).click()
    page.wait_for_url(DETAIL)
    visitor.sees_a_good_page("dispatch")
    assert "经济发展局" in page.locator("#act-dispatch").inner_text()
    page.locator("#act-dispatch .lq-submit button[type=submit]").click()
    page.locator("#act-dispatch[open]").wait_for(state="detached")


def _accept_and_answer(visitor: Visitor, handler, number: str) -> None:
    page = visitor.page
    visitor.signs_in(handler)
    visitor.opens("/demands/")
    visitor.sees_a_good_page("list")
    page.get_by_role("link", name="园区夜间停电").first.click()
    page.wait_for_url(DETAIL)
    page.locator("#act-accept button[type=submit]").click()
    page.locator("#act-answer").wait_for()
    visitor.sees_a_good_page("answer")
    if not page.locator("#act-answer[open]").count():
        page.locator("#act-answer summary").click()
    page.locator("#act-answer textarea").fill("已增设一路备用电源。")
    page.locator("#act-answer button[type=submit]").click()
    page.locator("#act-answer").wait_for(state="detached")


def _confirm(visitor: Visitor, member, number: str) -> None:
    page = visitor.page
    visitor.signs_in(member)
    visitor.opens(f"/demands/{Demand.objects.get(number=number).pk}/")
    visitor.sees_a_good_page("confirm")
    if not page.locator("#act-confirm[open]").count():
        page.locator("#act-confirm summary").click()
    page.locator("#act-confirm input[value='5']").check()
    page.locator("#act-confirm input[name=solved][value=yes]").check()
    page.locator("#act-confirm button[type=submit]").click()
    page.locator("#act-confirm").wait_for(state="detached")
    visitor.sees_a_good_page("closed")
