"""The policy library over JSON."""

import pytest

from tests.api.conftest import Call
from tests.policies.scene import Library, first_article, make_library


@pytest.fixture
def library(db: None) -> Library:
    return make_library()


def test_policies_are_listed_searched_and_read(call: Call, library: Library) -> None:
    document = library.policy("published", themes=["finance"])
    library.policy("drafted", number="2")

    _, listed = call("GET", "/policies?q=贷款利息&theme=finance&on=2026-01-01", by=library.boss)
    _, inside = call("GET", "/policies", by=library.handler)
    _, page = call("GET", "/policies?limit=1", by=library.handler)
    _, one = call("GET", f"/policies/{document.pk}", by=library.boss)

    assert [row["id"] for row in listed["policies"]] == [document.pk]
    assert len(inside["policies"]) == 2
    assert page["next_before"] == page["policies"][0]["id"]
    assert [each["number"] for each in one["article_list"]] == ["第一条", "第二条"]
    assert one["article_list"][0]["lead"] == {"id": library.economy.pk, "name": "经济发展局"}
    assert one["article_list"][1]["wording_note"] == "来源未刊载条文。"
    assert (one["articles"], one["versions"][0]["version"]) == (2, 1)


def test_a_draft_is_not_there_for_an_enterprise(call: Call, library: Library) -> None:
    draft = library.policy("drafted")

    status, refusal = call("GET", f"/policies/{draft.pk}", by=library.boss)

    assert (status, refusal["code"]) == (404, "not_found")


def test_a_question_and_its_answer(call: Call, library: Library) -> None:
    document = library.policy("published")
    body = {
        "enterprise_id": library.firm.pk, "article_id": first_article(document).pk,
        "text": "能申请吗？",
    }  # fmt: skip

    asked, question = call("POST", f"/policies/{document.pk}/questions", body, by=library.boss)
    path = f"/policies/questions/{question['id']}/answer"
    denied, _ = call("POST", path, {"answer": "能。"}, by=library.other_handler)
    answered, _ = call("POST", path, {"answer": "能。"}, by=library.handler)
    again, refusal = call("POST", path, {"answer": "不能。"}, by=library.handler)
    _, own = call("GET", "/policies/questions", by=library.boss)
    _, other = call("GET", "/policies/questions", by=library.stranger)

    assert (asked, denied, answered, again) == (201, 403, 200, 409)
    assert refusal["code"] == "policy_question_answered"
    assert own["questions"][0]["enterprise_id"] == library.firm.pk
    assert other["questions"][0]["enterprise_id"] is None


def test_a_question_for_somebody_else_is_refused(call: Call, library: Library) -> None:
    document = library.policy("published")
    body = {"enterprise_id": library.firm.pk, "text": "能申请吗？"}

    for person in (library.stranger, library.handler):
        status, _ = call("POST", f"/policies/{document.pk}/questions", body, by=person)
        assert status in {403, 404}


def test_figures_are_for_those_who_may_read_them(call: Call, library: Library) -> None:
    library.policy("published")

    allowed, figures = call("GET", "/policies/figures", by=library.leader)
    denied, _ = call("GET", "/policies/figures", by=library.boss)

    assert (allowed, denied) == (200, 403)
    assert figures["reads"] == 0


def test_what_a_policy_came_to_is_told_read_and_withdrawn(call: Call, library: Library) -> None:
    document = library.policy("published")
    path = f"/policies/{document.pk}/outcomes"
    body = {
        "amount": "30000000000.00", "amount_is": "nearly", "reached": 13000,
        "reached_is": "nearly", "time_said": "近3年", "source": "公开报道",
    }  # fmt: skip

    denied, _ = call("POST", path, body, by=library.boss)
    created, told = call("POST", path, body, by=library.handler)
    _, read = call("GET", path, by=library.boss)
    refused, refusal = call("POST", path, {"source": "公开报道"}, by=library.handler)
    undone, _ = call("POST", f"/policies/outcomes/{told['id']}/withdraw", by=library.handler)
    _, after = call("GET", path, by=library.boss)

    assert (denied, created, undone) == (403, 201, 200)
    assert told["each"] == {"value": "2307692.307692", "is_about": True}
    assert [each["id"] for each in read["outcomes"]] == [told["id"]]
    assert (refused, refusal["code"]) == (409, "policy_outcome_empty")
    assert after["outcomes"] == []
