"""Pages of the register."""

import io
from typing import Any

import openpyxl
import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from lianqi.accounts.enums import Role, Scope
from lianqi.accounts.models import User
from lianqi.audit.models import Event
from lianqi.register.actions import (
    add_contact,
    add_title,
    apply_import,
    merge_enterprises,
    preview_import,
)
from lianqi.register.enums import ImportState, TitleLevel
from lianqi.register.models import Enterprise, ImportRun
from tests.register.scene import NOON, Scene, build_scene, code, person, workbook

pytestmark = pytest.mark.django_db
HEADER = ["统一社会信用代码", "企业名称", "注册资本（万元）"]


@pytest.fixture
def scene(settings: Any, tmp_path: Any) -> Scene:
    settings.MEDIA_ROOT = tmp_path
    return build_scene()


def soup(response: Any) -> BeautifulSoup:
    return BeautifulSoup(response.text, "html.parser")


def ids(page: BeautifulSoup) -> list[str]:
    return [str(row["id"]) for row in page.select("tbody#rows > tr")]


def admin_of(enterprise: Enterprise) -> User:
    return person("管理员", Role.ENTERPRISE_ADMIN, Scope.ENTERPRISE, enterprise.pk)


def several(scene: Scene, count: int) -> list[Enterprise]:
    return [
        scene.enterprise(n, f"云岭{chr(0x4E10 + n)}{chr(0x5E10 + n)}有限公司")
        for n in range(1, count + 1)
    ]


@pytest.mark.parametrize("item_count", [1, 3])
def test_the_list_needs_the_same_queries_for_any_length(
    client: Client, scene: Scene, django_assert_num_queries: Any, item_count: int
) -> None:
    client.force_login(scene.keeper)
    entered = several(scene, item_count)
    client.get(reverse("register:list"))

    # session, user, roles, rows, count, four filter lists, inbox and notices of the frame
    with django_assert_num_queries(11):
        response = client.get(reverse("register:list"))

    assert ids(soup(response)) == [f"enterprise-{each.pk}" for each in reversed(entered)]


@pytest.mark.parametrize("item_count", [1, 3])
def test_the_page_of_an_enterprise_needs_the_same_queries_for_any_number_of_details(
    client: Client, scene: Scene, django_assert_num_queries: Any, item_count: int
) -> None:
    client.force_login(scene.keeper)
    enterprise = scene.enterprise()
    for n in range(item_count):
        add_contact(enterprise.pk, name=f"林{n}", mobile=f"1380000000{n}", by=scene.keeper, at=NOON)
        add_title(enterprise.pk, label=f"称号{n}", level=TitleLevel.ZONE, by=scene.keeper, at=NOON)
    url = reverse("register:detail", args=[enterprise.pk])
    client.get(url)

    with django_assert_num_queries(22):
        page = soup(client.get(url))

    assert len(page.select("[id^=contact-]")) == item_count


@pytest.mark.parametrize("query", ["海纳", "hnkj", code(1), code(1)[12:18], "纳科"])
def test_the_list_finds_by_name_initials_and_code(client: Client, scene: Scene, query: str) -> None:
    client.force_login(scene.leader)
    wanted = scene.enterprise(1, "海纳科技有限公司")
    scene.enterprise(99999999, "远山医药有限公司")

    page = soup(client.get(reverse("register:list"), {"q": query}))

    assert ids(page) == [f"enterprise-{wanted.pk}"]


def test_one_character_finds_nothing_and_says_what_to_do(client: Client, scene: Scene) -> None:
    client.force_login(scene.leader)
    scene.enterprise()

    page = soup(client.get(reverse("register:list"), {"q": "海"}))

    assert (ids(page), len(page.select(".lq-empty"))) == ([], 1)


def test_filters_narrow_the_list_and_the_export_alike(client: Client, scene: Scene) -> None:
    client.force_login(scene.keeper)
    scene.enterprise(1, "海纳科技有限公司", status="suspended")
    wanted = scene.enterprise(2, "远山医药有限公司", grid=scene.grid)
    query = {"status": "operating", "grid": str(scene.grid.pk)}

    page = soup(client.get(reverse("register:list"), query))
    exported = client.get(reverse("register:export"), query)

    sheet = openpyxl.load_workbook(io.BytesIO(exported.getvalue())).active
    assert sheet is not None
    assert ids(page) == [f"enterprise-{wanted.pk}"]
    assert [row[0] for row in sheet.iter_rows(min_row=2, values_only=True)] == [wanted.code]
    assert Event.objects.get(verb="register.exported").detail["rows"] == 1


def test_people_without_a_part_in_it_see_nothing(client: Client, scene: Scene) -> None:
    enterprise, other = scene.enterprise(1), scene.enterprise(2, "远山医药有限公司")
    client.force_login(admin_of(enterprise))

    statuses = {
        "list": client.get(reverse("register:list")).status_code,
        "own": client.get(reverse("register:detail", args=[enterprise.pk])).status_code,
        "other": client.get(reverse("register:detail", args=[other.pk])).status_code,
        "edit": client.get(reverse("register:edit", args=[enterprise.pk])).status_code,
        "imports": client.get(reverse("register:imports")).status_code,
    }

    assert statuses == {"list": 403, "own": 200, "other": 404, "edit": 403, "imports": 403}


def test_the_administrator_sees_who_looked_and_why(client: Client, scene: Scene) -> None:
    enterprise = scene.enterprise()
    contact = add_contact(
        enterprise.pk, name="林晓燕", mobile="13800001234", by=scene.keeper, at=NOON
    )
    client.force_login(scene.keeper)
    shown_to_the_keeper = client.get(reverse("register:detail", args=[enterprise.pk])).text
    client.get(reverse("register:detail", args=[enterprise.pk]))
    revealed = client.post(
        reverse("register:reveal", args=[contact.pk]), {"purpose": "核实停电诉求"}
    ).text
    client.force_login(admin_of(enterprise))

    page = client.get(reverse("register:detail", args=[enterprise.pk])).text

    assert "13800001234" not in shown_to_the_keeper
    assert "138****1234" in shown_to_the_keeper
    assert "13800001234" in revealed
    assert "核实停电诉求" in page
    looks = Event.objects.filter(is_read=True).order_by("pk").values_list("verb", flat=True)
    assert list(looks) == ["register.viewed", "register.contact_revealed"]


def test_a_contact_is_not_shown_without_a_purpose(client: Client, scene: Scene) -> None:
    enterprise = scene.enterprise()
    contact = add_contact(
        enterprise.pk, name="林晓燕", mobile="13800001234", by=scene.keeper, at=NOON
    )
    client.force_login(scene.keeper)

    for headers in ({}, {"HX-Request": "true"}):
        response = client.post(
            reverse("register:reveal", args=[contact.pk]), {"purpose": " "}, headers=headers
        )
        assert (response.status_code, "13800001234" in response.text) == (422, False)


def test_the_swapped_contact_is_the_same_as_on_the_page_without_script(
    client: Client, scene: Scene
) -> None:
    enterprise = scene.enterprise()
    contact = add_contact(
        enterprise.pk, name="林晓", mobile="13800001234", by=scene.keeper, at=NOON
    )
    client.force_login(scene.keeper)
    url, values = reverse("register:reveal", args=[contact.pk]), {"purpose": "核实"}

    page = soup(client.post(url, values))
    fragment = soup(client.post(url, values, headers={"HX-Request": "true"}))

    where = f"#contact-{contact.pk}"
    assert str(page.select_one(where)) == str(fragment.select_one(where))


def test_entering_and_editing_an_enterprise(client: Client, scene: Scene) -> None:
    client.force_login(scene.keeper)
    values = {
        "code": code(1),
        "name": "海纳科技有限公司",
        "status": "operating",
        "industry": "C3911",
        "capital_yuan": "1000",
        "established_on": "2019-03-05",
    }

    wrong = client.post(reverse("register:create"), values | {"code": code(1)[:-1] + "?"})
    entered = client.post(reverse("register:create"), values)
    enterprise = Enterprise.objects.get()
    edited = client.post(
        reverse("register:edit", args=[enterprise.pk]),
        values | {"name": "海纳智能有限公司"},
        follow=True,
    )

    enterprise.refresh_from_db()
    assert (wrong.status_code, entered.status_code, edited.status_code) == (422, 303, 200)
    assert (enterprise.name, enterprise.industry_id) == ("海纳智能有限公司", "3911")
    assert list(enterprise.former_names.values_list("name", flat=True)) == ["海纳科技有限公司"]
    assert "海纳科技有限公司" in edited.text


def test_duplicates_are_shown_and_merged_and_the_old_code_leads_to_the_survivor(
    client: Client, scene: Scene
) -> None:
    client.force_login(scene.keeper)
    survivor = scene.enterprise(1, "海纳科技有限公司")
    duplicate = scene.enterprise(2, "海纳（云岭）科技股份有限公司")
    page = soup(client.get(reverse("register:detail", args=[survivor.pk])))

    merged = client.post(
        reverse("register:merge", args=[survivor.pk]), {"duplicate": duplicate.pk}, follow=True
    )
    found = soup(client.get(reverse("register:list"), {"q": duplicate.code}))
    followed = client.get(reverse("register:detail", args=[duplicate.pk]))

    assert [field["value"] for field in page.select("input[name=duplicate]")] == [str(duplicate.pk)]
    assert duplicate.code in merged.text
    assert ids(found) == [f"enterprise-{duplicate.pk}"]
    assert followed["Location"] == reverse("register:detail", args=[survivor.pk])


def test_an_import_from_upload_to_result(client: Client, scene: Scene) -> None:
    client.force_login(scene.keeper)
    content = workbook(
        HEADER, [[code(1), "海纳科技有限公司", 100], [code(2), "远山医药有限公司", "约5"]]
    )
    uploaded = client.post(
        reverse("register:upload"), {"file": SimpleUploadedFile("企业.xlsx", content)}
    )
    run = ImportRun.objects.get()
    url = reverse("register:import", args=[run.pk])
    mapping = soup(client.get(url))
    form = {
        str(each["name"]): str((each.select_one("option[selected]") or {"value": ""})["value"])
        for each in mapping.select("main select[name^=field-], main select[name^=unit-]")
    }
    client.post(reverse("register:mapping", args=[run.pk]), form)
    running = client.get(url)
    polled = client.get(reverse("register:import_progress", args=[run.pk]))
    preview_import(run.pk, at=NOON)
    finished = client.get(reverse("register:import_progress", args=[run.pk]))
    preview = soup(client.get(url, {"plan": "refuse"}))
    client.post(reverse("register:import_apply", args=[run.pk]))
    apply_import(run.pk, at=NOON)
    result = client.get(url)
    refused = client.get(reverse("register:import_refused", args=[run.pk]))

    sheet = openpyxl.load_workbook(io.BytesIO(refused.getvalue())).active
    assert sheet is not None
    assert uploaded["Location"] == url
    assert (running.status_code, "hx-get" in running.text) == (200, True)
    assert ("hx-get" in polled.text, "HX-Refresh" in polled) == (True, False)
    assert ("hx-get" in finished.text, finished["HX-Refresh"]) == (False, "true")
    assert len(preview.select("tbody#rows > tr")) == 1
    assert result.status_code == 200
    assert list(Enterprise.objects.values_list("code", flat=True)) == [code(1)]
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][:3] == tuple(HEADER)
    assert rows[1][:3] == (code(2), "远山医药有限公司", "约5")
    assert "约5" in str(rows[1][3])


@pytest.mark.parametrize("row_count", [1, 3])
def test_the_preview_needs_the_same_queries_for_any_length(
    client: Client, scene: Scene, django_assert_num_queries: Any, row_count: int
) -> None:
    client.force_login(scene.keeper)
    entries = several(scene, row_count)
    rows = [[f"{code(50 + n)}", entry.name, None] for n, entry in enumerate(entries)]
    run = scene.previewed(HEADER, *rows)
    url = reverse("register:import", args=[run.pk])
    client.get(url)

    with django_assert_num_queries(7):
        page = soup(client.get(url, {"plan": "near"}))

    assert len(page.select("input[name=row]")) == row_count


def test_deciding_on_near_duplicates(client: Client, scene: Scene) -> None:
    client.force_login(scene.keeper)
    scene.enterprise(1, "海纳科技有限公司")
    run = scene.previewed(HEADER, [code(2), "海纳科技股份有限公司", None])

    client.post(reverse("register:decide", args=[run.pk]), {"row": "2"})

    run.refresh_from_db()
    assert (run.counts["create"], run.counts["near"]) == (1, 0)


def test_an_unreadable_upload_is_refused_on_the_page(client: Client, scene: Scene) -> None:
    client.force_login(scene.keeper)

    response = client.post(
        reverse("register:upload"), {"file": SimpleUploadedFile("a.xlsx", b"%PDF-1.7")}
    )

    assert (response.status_code, len(soup(response).select("[role=alert]"))) == (422, 1)
    assert ImportRun.objects.count() == 0


def test_a_mapping_without_the_code_is_refused_on_the_page(client: Client, scene: Scene) -> None:
    client.force_login(scene.keeper)
    run = scene.upload(workbook(HEADER, [[code(1), "海纳科技有限公司", 1]]))

    response = client.post(reverse("register:mapping", args=[run.pk]), {"field-1": "name"})

    assert response.status_code == 422


def test_cancelling_shows_the_state(client: Client, scene: Scene) -> None:
    client.force_login(scene.keeper)
    run = scene.previewed(HEADER, [code(2), "海纳科技股份有限公司", None])

    response = client.post(reverse("register:import_cancel", args=[run.pk]), follow=True)

    run.refresh_from_db()
    assert (response.status_code, run.state) == (200, "cancelled")


def test_the_page_of_the_survivor_shows_what_the_merged_entry_brought(
    client: Client, scene: Scene
) -> None:
    survivor, duplicate = scene.enterprise(1), scene.enterprise(2, "海纳科技公司")
    add_title(duplicate.pk, label="瞪羚企业", level=TitleLevel.ZONE, by=scene.keeper, at=NOON)
    merge_enterprises(survivor_id=survivor.pk, duplicate_id=duplicate.pk, by=scene.keeper, at=NOON)
    client.force_login(scene.leader)

    page = client.get(reverse("register:detail", args=[survivor.pk])).text

    assert "瞪羚企业" in page
    assert duplicate.code in page


def test_the_auditor_reads_imports_without_a_button(client: Client, scene: Scene) -> None:
    entry = scene.enterprise()
    run = scene.previewed(HEADER, [code(50), entry.name, None])
    client.force_login(person("审计员", Role.AUDITOR))

    several = soup(client.get(reverse("register:imports")))
    preview = soup(client.get(reverse("register:import", args=[run.pk]), {"mapping": ""}))
    refused = client.get(reverse("register:import_refused", args=[run.pk]))
    acts = [
        client.post(reverse(f"register:{act}", args=[run.pk])).status_code
        for act in ("mapping", "decide", "import_apply", "import_cancel")
    ]

    run.refresh_from_db()
    assert run.file_name in several.text
    assert several.select(f"main a[href='{reverse('register:upload')}']") == []
    assert preview.select("tbody#rows > tr") != []
    assert (preview.select("main form"), preview.select("main input")) == ([], [])
    assert (refused.status_code, acts) == (200, [403, 403, 403, 403])
    assert run.state == ImportState.PREVIEWED
    taken = Event.objects.get(verb="register.import_refused_taken")
    assert (taken.is_read, taken.subject_id, taken.detail) == (True, run.pk, {"rows": 1})


def test_without_imports_the_auditor_is_told_so(client: Client) -> None:
    client.force_login(person("审计员", Role.AUDITOR))

    page = soup(client.get(reverse("register:imports")))

    assert len(page.select(".lq-empty")) == 1
    assert page.select(".lq-empty a") == []


@pytest.mark.parametrize("role", [Role.LEADER, Role.HANDLER])
def test_imports_are_closed_to_others(client: Client, scene: Scene, role: Role) -> None:
    run = scene.previewed(HEADER, [code(50), "远山医药有限公司", None])
    client.force_login(person("某人", role))

    pages = [
        client.get(reverse("register:imports")).status_code,
        client.get(reverse("register:import", args=[run.pk])).status_code,
    ]

    assert pages == [403, 403]
