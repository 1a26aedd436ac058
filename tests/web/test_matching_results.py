"""Results of matching in the browser: figures, lists, spreadsheets, runs, by role."""

from io import BytesIO
from typing import Any

import openpyxl
import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lianqi.accounts.enums import Role, Scope
from lianqi.audit.models import Event
from lianqi.matching import actions
from lianqi.matching.models import MatchRun, RulePack
from lianqi.register.enums import MembershipState
from lianqi.register.models import Membership
from tests.factories import AT, grant, make_user
from tests.matching.scene import Scene, fact, make_scene, title
from tests.web.test_matching import ALWAYS, FIXED, as_, said

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    return make_scene()


@pytest.fixture
def pack(scene: Scene) -> RulePack:
    """Published, the firm meets it, the other lacks one figure; matched today."""
    row = scene.pack(ALWAYS, FIXED)
    for firm in (scene.firm, scene.other):
        title(firm)
        fact(firm, "revenue", 20_000_000)
    fact(scene.firm, "rd_expense", 1_000_000)
    run = actions.start_run(on=timezone.localdate(), by=scene.editor, at=AT)
    actions.carry_out(run.pk, at=AT)
    return row


def of_measure(pack: RulePack, name: str = "result") -> str:
    return reverse(f"matching:{name}", args=[pack.pk, "rd"])


def test_the_overview_counts_and_sums(client: Client, scene: Scene, pack: RulePack) -> None:
    answer = as_(client, scene.handler).get(reverse("matching:results"))

    rows = [
        [cell.get_text(" ", strip=True) for cell in row.find_all(["th", "td"])]
        for row in BeautifulSoup(answer.content, "html.parser").select("#rows tr")
    ]
    assert rows[0][1:] == ["1", "3 万元", "—", "1", "0"]
    assert rows[0][0].startswith("研发投入奖励")


def test_the_overview_without_packs_leads_to_them(client: Client, scene: Scene) -> None:
    answer = as_(client, scene.editor).get(reverse("matching:results"))

    assert reverse("matching:packs") in answer.content.decode()


def test_a_list_says_who_and_what_is_missing(client: Client, scene: Scene, pack: RulePack) -> None:
    staff = as_(client, scene.handler)

    met = said(staff.get(of_measure(pack)))
    missing = said(staff.get(of_measure(pack), {"only": "one_missing"}))

    assert scene.firm.name in met
    assert scene.other.name not in met
    assert scene.other.name in missing
    assert "研发费用" in missing


def test_a_list_is_searched_by_name(client: Client, scene: Scene, pack: RulePack) -> None:
    staff = as_(client, scene.handler)

    assert scene.firm.name in said(staff.get(of_measure(pack), {"q": scene.firm.code}))
    assert scene.firm.name not in said(staff.get(of_measure(pack), {"q": scene.other.code}))


@pytest.mark.parametrize("query", [{"by": "since"}, {"by": "x", "only": "y", "after": "z_1"}])
def test_nonsense_narrows_nothing(
    client: Client, scene: Scene, pack: RulePack, query: dict[str, str]
) -> None:
    assert scene.firm.name in said(as_(client, scene.handler).get(of_measure(pack), query))


def test_a_liaison_officer_sees_the_own_circle(
    client: Client, scene: Scene, pack: RulePack
) -> None:
    officer = grant(
        make_user(), Role.LIAISON_OFFICER, scope=Scope.ENTERPRISE, scope_id=scene.other.pk
    )  # fmt: skip

    page = said(as_(client, officer).get(of_measure(pack)))
    missing = said(as_(client, officer).get(of_measure(pack), {"only": "one_missing"}))

    assert scene.firm.name not in page
    assert scene.other.name in missing


def test_a_spreadsheet_holds_the_list_and_is_noted(
    client: Client, scene: Scene, pack: RulePack
) -> None:
    answer = as_(client, scene.handler).get(of_measure(pack, "result_export"))

    sheet = openpyxl.load_workbook(BytesIO(b"".join(answer.streaming_content))).active
    lines: list[Any] = list(sheet.iter_rows(values_only=True))
    assert lines[1][:2] == (scene.firm.code, scene.firm.name)
    assert lines[1][3:5] == (30_000, 30_000)
    assert Event.objects.filter(verb="matching.matches_exported", is_read=True).count() == 1


def test_members_of_enterprises_see_no_results(
    client: Client, scene: Scene, pack: RulePack
) -> None:
    member = as_(client, scene.boss)

    for url in (reverse("matching:results"), of_measure(pack), reverse("matching:runs")):
        assert member.get(url).status_code == 403


def test_a_measure_nobody_has_is_not_found(client: Client, scene: Scene, pack: RulePack) -> None:
    url = reverse("matching:result", args=[pack.pk, "interest"])

    assert as_(client, scene.handler).get(url).status_code == 404


def test_a_run_is_started_watched_and_cancelled(client: Client, scene: Scene) -> None:
    scene.pack(ALWAYS, FIXED)
    staff = as_(client, scene.dispatcher)

    answer = staff.post(reverse("matching:run_start"))

    run = MatchRun.objects.get()
    assert answer.url == run.get_absolute_url()
    assert "hx-get" in staff.get(answer.url).content.decode()
    polled = staff.get(reverse("matching:run_progress", args=[run.pk]))
    assert "HX-Refresh" not in polled
    assert staff.post(reverse("matching:run_cancel", args=[run.pk])).status_code == 303
    run.refresh_from_db()
    assert run.status == "cancelled"
    assert staff.get(reverse("matching:run_progress", args=[run.pk]))["HX-Refresh"] == "true"
    assert run.get_absolute_url() in staff.get(reverse("matching:runs")).content.decode()


def test_a_second_run_is_refused_with_the_reason(client: Client, scene: Scene) -> None:
    scene.pack(ALWAYS, FIXED)
    staff = as_(client, scene.dispatcher)
    staff.post(reverse("matching:run_start"))

    answer = staff.post(reverse("matching:run_start"), follow=True)

    assert MatchRun.objects.count() == 1
    assert answer.status_code == 200


def test_a_draft_is_previewed_from_its_page(client: Client, scene: Scene) -> None:
    draft = scene.pack(ALWAYS, FIXED, published=False)

    answer = as_(client, scene.editor).post(reverse("matching:pack_match", args=[draft.pk]))

    run = MatchRun.objects.get()
    assert (run.kind, run.pack, answer.url) == ("preview", draft, run.get_absolute_url())


def test_who_may_start_a_run(client: Client, scene: Scene) -> None:
    assert as_(client, scene.handler).post(reverse("matching:run_start")).status_code == 403


def test_enterprises_are_told_from_the_list(client: Client, scene: Scene, pack: RulePack) -> None:
    Membership.objects.create(
        enterprise=scene.firm, user=scene.boss, role=Role.ENTERPRISE_ADMIN,
        state=MembershipState.CONFIRMED, asked_at=AT,
    )  # fmt: skip
    staff = as_(client, scene.dispatcher)

    page = staff.get(of_measure(pack)).content.decode()
    answer = staff.post(of_measure(pack, "tell"), {"with_missing": "yes"})
    actions.tell_all(on=timezone.localdate(), by=scene.dispatcher, at=AT, pack_id=pack.pk)
    told = staff.get(of_measure(pack)).content.decode()
    again = staff.post(reverse("matching:tell_everybody"), follow=True).content.decode()

    assert of_measure(pack, "tell") in page
    assert answer.status_code == 303
    assert "2026-03-04" in told
    assert "已告知" in again
    assert of_measure(pack, "tell") not in as_(client, scene.handler).get(
        of_measure(pack)
    ).content.decode()  # fmt: skip


def test_a_pack_is_set_to_tell_by_itself(client: Client, scene: Scene, pack: RulePack) -> None:
    staff = as_(client, scene.dispatcher)
    url = reverse("matching:set_telling", args=[pack.pk])

    for given, wanted in (("yes", True), ("no", False)):
        assert staff.post(url, {"tells": given}).status_code == 303
        pack.refresh_from_db()
        assert pack.tells_newly is wanted
        assert staff.get(pack.get_absolute_url()).status_code == 200
    assert as_(client, scene.editor).post(url, {"tells": "yes"}).status_code == 403
