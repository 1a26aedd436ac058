"""What is still needed for a measure, and the form in which other figures are tried."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from lianqi.audit.models import Event
from lianqi.register.models import Fact
from tests.matching.scene import Scene, fact, title
from tests.web.test_matching import ALWAYS, FIXED, as_, knows_all, said, scene

__all__ = ["scene"]
pytestmark = pytest.mark.django_db
OPEN = ALWAYS.replace("营业收入[2025年]", "营业收入").replace("研发费用[2025年]", "研发费用")


def page(name: str, scene: Scene, pack_id: int) -> str:
    return reverse(name, args=[scene.firm.pk, pack_id, "rd"])


def test_the_smallest_change_is_said_with_the_year_that_counts(
    client: Client, scene: Scene
) -> None:
    pack = scene.pack(OPEN, FIXED)
    title(scene.firm)
    for period in ("2025", "2026"):
        fact(scene.firm, "revenue", 20_000_000, period=period)
        fact(scene.firm, "rd_expense", 900_000, period=period)

    url = page("matching:explanation", scene, pack.pk)
    text = said(as_(client, scene.boss).get(f"{url}?on=2026-03-04"))

    assert "还差什么" in text
    assert "研发费用 2026" in text
    assert "2026-12-31" in text
    assert "100 万元" in text
    assert "2027-01-01" in text


def test_what_cannot_be_changed_is_said_honestly(client: Client, scene: Scene) -> None:
    pack = scene.pack(ALWAYS, FIXED)
    knows_all(scene, expense=900_000)

    text = said(as_(client, scene.boss).get(page("matching:explanation", scene, pack.pk)))

    assert "无法满足全部条件" in text
    assert "研发费用 2025（90 万元）" in text


def test_a_measure_that_is_met_needs_nothing(client: Client, scene: Scene) -> None:
    pack = scene.pack(ALWAYS, FIXED)
    knows_all(scene)

    found = as_(client, scene.boss).get(page("matching:explanation", scene, pack.pk))

    assert not BeautifulSoup(found.content, "html.parser").select("#plan")


def test_other_figures_are_tried_and_not_kept(client: Client, scene: Scene) -> None:
    pack = scene.pack(ALWAYS, FIXED)
    knows_all(scene, expense=900_000)
    url = page("matching:what_if", scene, pack.pk)
    before = Fact.objects.count(), Event.objects.filter(is_read=False).count()

    shown = as_(client, scene.boss).get(url)
    tried = client.get(
        url,
        {
            "try": "1", "x-titles": "high_tech",
            "x-revenue-2025": "2000万元", "x-rd_expense-2025": "100万元",
        },
    )  # fmt: skip

    form = BeautifulSoup(shown.content, "html.parser").select_one("#id_x-rd_expense-2025")
    assert form is not None
    assert form["value"] == "90万元"
    result = BeautifulSoup(tried.content, "html.parser").select_one("#result")
    assert result is not None
    assert "符合" in result.text
    assert "3" in result.select_one("strong").text  # type: ignore[union-attr]
    assert (Fact.objects.count(), Event.objects.filter(is_read=False).count()) == before


def test_a_figure_that_does_not_fit_is_told_at_its_field(client: Client, scene: Scene) -> None:
    pack = scene.pack(ALWAYS, FIXED)
    knows_all(scene)

    found = as_(client, scene.boss).get(
        page("matching:what_if", scene, pack.pk), {"try": "1", "x-revenue-2025": "300人"}
    )

    assert "以元计，而不是人" in said(found)


def test_a_plan_leads_to_the_form_filled_as_it_says(client: Client, scene: Scene) -> None:
    pack = scene.pack(OPEN, FIXED)
    title(scene.firm)
    fact(scene.firm, "revenue", 20_000_000)
    fact(scene.firm, "rd_expense", 900_000)
    url = page("matching:explanation", scene, pack.pk)

    plan = as_(client, scene.boss).get(f"{url}?on=2026-03-04")
    link = BeautifulSoup(plan.content, "html.parser").select_one("#plan a")
    assert link is not None
    tried = client.get(str(link["href"]))

    result = BeautifulSoup(tried.content, "html.parser").select_one("#result")
    assert result is not None
    assert "按所填数据测算" in result.text
    assert result.select(".lq-tone-green")


def test_only_those_who_see_the_verdicts_try_them(client: Client, scene: Scene) -> None:
    pack = scene.pack(ALWAYS, FIXED)
    url = page("matching:what_if", scene, pack.pk)

    assert as_(client, scene.stranger).get(url).status_code == 404
    assert as_(client, scene.handler).get(url).status_code == 200
    assert client.get(url.replace("/rd/", "/none/")).status_code == 404
