"""Results of matching over JSON: figures, lists, runs, and who may start one."""

import pytest
from django.utils import timezone

from lianqi.matching import actions
from lianqi.matching.models import MatchRun, RulePack
from tests.api.conftest import Call
from tests.factories import AT
from tests.matching.scene import Scene, fact, make_scene, title
from tests.web.test_matching import ALWAYS, FIXED


@pytest.fixture
def scene(db: None) -> Scene:
    return make_scene()


@pytest.fixture
def pack(scene: Scene) -> RulePack:
    row = scene.pack(ALWAYS, FIXED)
    for firm in (scene.firm, scene.other):
        title(firm)
        fact(firm, "revenue", 20_000_000)
    fact(scene.firm, "rd_expense", 1_000_000)
    run = actions.start_run(on=timezone.localdate(), by=scene.editor, at=AT)
    actions.carry_out(run.pk, at=AT)
    return row


def test_measures_with_figures_and_who_matches(call: Call, scene: Scene, pack: RulePack) -> None:
    _, found = call("GET", "/matching/results", by=scene.handler)
    path = f"/matching/results/{pack.pk}/rd"
    _, met = call("GET", path, by=scene.handler)
    _, missing = call("GET", f"{path}?group=one_missing", by=scene.handler)

    rd = next(each for each in found["measures"] if each["measure"] == "rd")
    assert rd["met"] == {"count": 1, "amount_from": "30000.00", "amount_to": "30000.00"}
    assert (rd["one_missing"]["count"], rd["nearly"]["count"], rd["budget"]) == (1, 0, None)
    assert (found["run"]["status"], found["paid"]) == ("done", [])
    assert [(each["code"], each["amount_from"]) for each in met["matches"]] == [
        (scene.firm.code, "30000.00")
    ]
    assert [each["missing"] for each in missing["matches"]] == ["rd_expense@2025"]
    assert met["next_after"] is None


def test_a_run_is_started_and_listed(call: Call, scene: Scene) -> None:
    draft = scene.pack(ALWAYS, FIXED, published=False)

    status, made = call("POST", "/matching/runs", {"pack_id": draft.pk}, by=scene.editor)
    again, refused = call("POST", "/matching/runs", {"pack_id": draft.pk}, by=scene.editor)
    _, listed = call("GET", "/matching/runs", by=scene.handler)

    assert (status, made["kind"], made["status"]) == (201, "preview", "waiting")
    assert (again, refused["code"]) == (409, "run_under_way")
    assert [each["id"] for each in listed["runs"]] == [MatchRun.objects.get().pk]


def test_enterprises_see_no_results_and_handlers_start_nothing(
    call: Call, scene: Scene, pack: RulePack
) -> None:
    for path in ("/matching/results", f"/matching/results/{pack.pk}/rd", "/matching/runs"):
        assert call("GET", path, by=scene.boss)[0] == 403
    assert call("POST", "/matching/runs", {}, by=scene.handler)[0] == 403
