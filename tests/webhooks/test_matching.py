"""Rule packs and matching runs as other systems are told of them."""

import pytest

from lianqi.audit.models import Event
from lianqi.matching import actions
from lianqi.webhooks.queries import payloads
from tests.factories import AT
from tests.matching.scene import ON, make_scene

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
