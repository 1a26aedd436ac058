"""Verdicts and their reasons over JSON."""

import pytest

from lianqi.matching.models import RulePack
from tests.api.conftest import Call
from tests.matching.scene import CASES, TEXT, Scene, fact, make_scene, title


@pytest.fixture
def rules(db: None) -> Scene:
    return make_scene()


def test_verdicts_and_one_explanation(call: Call, rules: Scene) -> None:
    pack = rules.pack()
    title(rules.firm)
    fact(rules.firm, "revenue", 20_000_000)
    fact(rules.firm, "rd_expense", 1_000_000)
    path = f"/matching/enterprises/{rules.firm.pk}"

    status, found = call("GET", f"{path}?on=2026-03-04", by=rules.boss)
    _, told = call("GET", f"{path}/packs/{pack.pk}/rd?on=2026-03-04", by=rules.handler)

    best = found["verdicts"][0]
    assert (status, best["measure"], best["status"], best["group"]) == (200, "rd", "met", "met")
    assert (best["amount_from"], best["amount_to"], best["is_ceiling"]) == ("30000", "30000", True)
    assert told["verdict"] == best
    assert told["clauses"][1]["rule"] == "rd_expense / revenue >= 0.05"
    assert [(each["label"], each["value"], each["source"]) for each in told["clauses"][1]["facts"]] == [
        ("研发费用", "1000000", "2025年度报告"), ("营业收入", "20000000", "2025年度报告"),
    ]  # fmt: skip


def test_what_one_may_not_see_is_not_there(call: Call, rules: Scene) -> None:
    pack = rules.pack()
    path = f"/matching/enterprises/{rules.firm.pk}"

    for person in (rules.stranger, rules.editor):
        assert call("GET", path, by=person)[0] == 404
    assert call("GET", f"{path}/packs/{pack.pk}/rd?on=2030-01-01", by=rules.boss)[0] == 404


def test_a_pack_is_checked_with_codes_and_both_languages(call: Call, rules: Scene) -> None:
    body = {"text": TEXT.replace("营业收入 ≥ 5%", "营业收人 ≥ 5%"), "cases_text": CASES}

    status, found = call("POST", "/matching/packs/check", body, by=rules.editor)
    _, right = call("POST", "/matching/packs/check", {**body, "text": TEXT}, by=rules.editor)

    assert status == 200
    assert not found["is_ready"]
    mistake = found["mistakes"][0]
    assert (mistake["part"], mistake["code"]) == ("pack", "unknown_name")
    assert mistake["message"]["zh"] == "没有名为“营业收人”的事实或定义。"
    assert mistake["message"]["en"].startswith("Nothing is called “营业收人”")
    assert (right["is_ready"], right["cases"], right["mistakes"]) == (True, 2, [])
    assert not RulePack.objects.exists()


def test_only_the_editor_has_packs_checked(call: Call, rules: Scene) -> None:
    for person in (rules.boss, rules.handler):
        assert call("POST", "/matching/packs/check", {"text": TEXT}, by=person)[0] == 403
    long = {"text": "a" * 200_001}
    assert (
        call("POST", "/matching/packs/check", long, by=rules.editor)[1]["code"] == "pack_too_long"
    )


def test_what_is_missing_and_what_other_figures_give(call: Call, rules: Scene) -> None:
    pack = rules.pack()
    title(rules.firm)
    fact(rules.firm, "revenue", 20_000_000)
    fact(rules.firm, "rd_expense", 900_000)
    path = f"/matching/enterprises/{rules.firm.pk}/packs/{pack.pk}/rd"

    _, gap = call("GET", f"{path}/gap?on=2026-03-04", by=rules.boss)
    body = {"on": "2026-03-04", "facts": {"rd_expense@2025": "100万元"}}
    _, tried = call("POST", f"{path}/what-if", body, by=rules.boss)
    strange = {"on": "2026-03-04", "facts": {"rd_expense@2025": "100人"}}
    status, refused = call("POST", f"{path}/what-if", strange, by=rules.boss)
    other = {"on": "2026-03-04", "facts": {"power@2025-Q1": "1"}}

    assert (gap["is_needed"], gap["is_found"]) == (True, False)
    assert gap["held_by"] == ["rd_expense@2025", "revenue@2025"]
    assert (tried["now"]["status"], tried["then"]["status"]) == ("unmet", "met")
    assert tried["then"]["amount_to"] == "30000"
    assert (status, refused["code"]) == (409, "figure_not_read")
    assert "以元计" in refused["message"]
    assert call("POST", f"{path}/what-if", other, by=rules.boss)[1]["code"] == "figure_not_read"
    assert call("GET", f"{path}/gap?on=2026-03-04", by=rules.stranger)[0] == 404
    assert call("GET", f"{path[:-2]}none/gap?on=2026-03-04", by=rules.boss)[0] == 404


def test_a_missing_answer_is_given_and_taken_back(call: Call, rules: Scene) -> None:
    rules.pack()
    title(rules.firm)
    fact(rules.firm, "revenue", 20_000_000)
    path = f"/matching/enterprises/{rules.firm.pk}"
    wrong = {"slot": "rd_expense@2025", "value": {"number": "1", "unit": "人"}}
    stated = {"slot": "rd_expense@2025", "value": {"number": "100", "unit": "万元"}}
    here = {"slot": "tax_here", "value": True, "source": "税务局", "since": "2026-01-01"}

    refused, why = call("POST", f"{path}/answers", wrong, by=rules.boss)
    made, _ = call("POST", f"{path}/answers", stated, by=rules.boss)
    not_theirs, whose = call("POST", f"{path}/answers", here, by=rules.boss)
    _, kept = call("POST", f"{path}/answers", here, by=rules.dispatcher)
    _, all_stated = call("GET", f"{path}/facts?on=2026-03-04", by=rules.boss)
    statement = f"{path}/statements/{kept['statement_id']}/withdraw"
    gone = [call("POST", statement, by=each)[0] for each in (rules.boss, rules.dispatcher)]
    _, met = call("GET", f"{path}?on=2026-03-04", by=rules.boss)

    assert (refused, why["code"]) == (409, "matching_answer_without_unit")
    assert (made, not_theirs, gone) == (201, 409, [403, 200])
    assert whose["code"] == "register_stated_by_others"
    assert met["verdicts"][0]["status"] == "met"
    told = {each["slot"]: each for each in all_stated["stated"]}
    assert told["tax_here"]["value"] is True
    assert (told["tax_here"]["since"], told["tax_here"]["counts"]) == ("2026-01-01", True)
    assert told["rd_expense@2025"]["value"] == {"number": "1000000", "unit": "元"}


def test_a_question_is_answered_by_a_reviewer_alone(call: Call, rules: Scene) -> None:
    rules.pack()
    path = f"/matching/enterprises/{rules.firm.pk}"
    given = {"slot": "judged:growth/2026.plan_model", "answer": True, "reason": "在名单内"}

    statuses = [
        call("POST", f"{path}/review-answers", given, by=each)[0]
        for each in (rules.boss, rules.dispatcher, rules.handler)
    ]
    _, found = call("GET", f"{path}/facts?on=2026-03-04", by=rules.boss)
    (answer,) = found["answers"]
    back, _ = call("POST", f"{path}/review-answers/{answer['id']}/withdraw", by=rules.handler)

    assert (statuses, back) == ([403, 403, 201], 200)
    assert (answer["slot"], answer["answer"]) == ("judged:growth/2026.plan_model", True)
