"""Rule packs and matching runs as other systems are told of them."""

import datetime as dt

import pytest

from lianqi.audit.models import Event
from lianqi.matching import actions
from lianqi.webhooks.queries import payloads
from tests.factories import AT
from tests.matching.scene import ON, Scene, fact, make_scene, title

pytestmark = pytest.mark.django_db


def test_a_published_pack_and_a_run_are_told() -> None:
    scene = make_scene()
    row = scene.pack()
    run = actions.start_run(on=ON, by=scene.editor, at=AT)
    actions.carry_out(run.pk, at=AT)
    events = list(
        Event.objects.filter(verb__in=["matching.pack_published", "matching.run_finished"])
    )

    told = {each["type"]: each["data"] for each in payloads(events).values()}

    pack = told["matching.pack_published"]["pack"]
    assert (pack["id"], pack["key"], pack["status"]) == (row.pk, "growth", "published")
    assert pack["valid_until"] == "2026-12-31"
    found = told["matching.run_finished"]["match_run"]
    assert (found["id"], found["status"], found["done"]) == (run.pk, "done", 2)
    assert found["measures"] == []


def test_a_run_tells_by_measure_who_gained() -> None:
    scene = make_scene()
    row = scene.pack()
    fulfils(scene)
    run = actions.start_run(on=ON, by=scene.editor, at=AT)
    actions.carry_out(run.pk, at=AT)

    told = payloads(Event.objects.filter(verb="matching.run_finished"))

    (found,) = (each["data"]["match_run"] for each in told.values())
    assert found["measures"] == [{"pack": row.pk, "measure": "rd", "gained": 1, "lost": 0}]


def test_an_enterprise_whose_data_change_is_told_of_with_the_measures() -> None:
    scene = make_scene()
    row = scene.pack()
    fulfils(scene)
    actions.match_firms([scene.firm.pk, scene.other.pk], on=ON, at=AT)
    fact(scene.firm, "rd_expense", 0, observed_at=AT + dt.timedelta(hours=1))
    actions.match_firms([scene.firm.pk], on=ON, at=AT)
    actions.match_firms([scene.firm.pk], on=ON, at=AT)

    told = payloads(Event.objects.filter(verb="matching.matches_changed"))

    measure = {
        "pack": row.pk, "key": "growth", "version": "2026", "measure": "rd",
        "title": "研发投入奖励",
    }  # fmt: skip
    gained, lost = (told[pk]["data"] for pk in sorted(told))
    assert gained["enterprise"]["id"] == lost["enterprise"]["id"] == scene.firm.pk
    assert (gained["gained"], gained["lost"]) == ([measure], [])
    assert (lost["gained"], lost["lost"]) == ([], [measure])


def fulfils(scene: Scene) -> None:
    title(scene.firm)
    fact(scene.firm, "revenue", 20_000_000)
    fact(scene.firm, "rd_expense", 1_000_000)
