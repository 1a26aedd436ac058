"""Totals of matches: always the matches counted, whoever writes them and however many at once."""

import datetime as dt
import random
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lianqi.accounts.enums import Role
from lianqi.matching import actions
from lianqi.matching.enums import Group
from lianqi.matching.models import Match, MatchTotal
from lianqi.matching.queries import standings
from lianqi.matching.queries.results import counted_totals, kept_totals, results
from tests.factories import AT, grant, make_user
from tests.matching.scene import CASES, ON, TEXT, Scene, fact, make_scene
from tests.matching.test_runs import TWO, run_all, some_firms

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


@pytest.fixture
def scene() -> Scene:
    return make_scene()


def compared(scene: Scene) -> None:
    """What is kept is what is there."""
    packs = list(Match.objects.order_by().values_list("pack", flat=True).distinct())
    packs += list(MatchTotal.objects.values_list("pack", flat=True))
    assert sorted(kept_totals(packs)) == sorted(counted_totals(scene.editor, packs))
    assert not MatchTotal.objects.filter(count__lt=0).exists()


@pytest.mark.parametrize("few", [0, 50])
def test_totals_follow_every_change(
    scene: Scene, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(standings, "FEW", few)
    scene.pack(TWO)
    firms = some_firms(scene)
    run_all(scene)
    compared(scene)
    assert Match.objects.exists()
    chance = random.Random(few)
    for turn in range(6):
        for firm in chance.sample(firms, 3):
            amount = chance.choice([0, 1, 1_000_000, 3_000_000])
            fact(firm, "rd_expense", amount, observed_at=AT + DAY * turn)
        if turn % 2:
            run_all(scene, at=AT + DAY * turn)
        else:
            actions.match_firms([each.pk for each in firms[:3]], on=ON, at=AT + DAY * turn)
        compared(scene)


def test_totals_go_with_the_matches_and_with_the_pack(scene: Scene) -> None:
    published = scene.pack(TWO)
    some_firms(scene)
    run_all(scene)
    draft = actions.revise_pack(published.pk, by=scene.editor, at=AT)
    run = actions.start_pack_run(draft.pk, on=ON, by=scene.editor, at=AT)
    actions.carry_out(run.pk, at=AT)
    assert MatchTotal.objects.filter(pack=draft).exists()

    actions.discard_pack(draft.pk, by=scene.editor, at=AT)
    Match.objects.filter(measure="bonus").delete()

    assert not Match.objects.filter(pack=draft.pk).exists()
    assert not MatchTotal.objects.filter(pack=draft.pk).exists()
    compared(scene)


def test_a_run_of_a_draft_that_was_thrown_away_ends_by_itself(scene: Scene) -> None:
    draft = scene.pack(published=False)
    run = actions.start_pack_run(draft.pk, on=ON, by=scene.editor, at=AT)
    actions.discard_pack(draft.pk, by=scene.editor, at=AT)

    actions.carry_out(run.pk, at=AT)

    assert not Match.objects.exists()


def test_whoever_counts_everything_counts_nothing_anew(scene: Scene) -> None:
    """The overview reads a line per measure and group, however many matches there are."""
    scene.pack(TWO)
    some_firms(scene)
    run_all(scene)
    steward = grant(make_user(), Role.LIAISON_OFFICER)

    with CaptureQueriesContext(connection) as asked:
        everything = results(scene.dispatcher, on=ON)
    own = results(steward, on=ON)

    assert not any('FROM "matching_match"' in each["sql"] for each in asked)
    assert sum(each.met.count for each in everything.measures) == 5
    assert sum(each.met.count for each in own.measures) == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_totals_are_exact_however_many_write_at_once(scene: Scene) -> None:
    """A run, two changes, and matches that are removed, at the same moment, many times."""
    row = scene.pack(TWO)
    firms = some_firms(scene)
    for turn in range(4):
        run = actions.start_run(on=ON, by=scene.editor, at=AT)
        together = Barrier(4)
        caught: list[Any] = []

        def at_once(work: Any, together: Barrier = together, caught: list[Any] = caught) -> None:
            together.wait()
            try:
                work()
            except Exception as error:  # noqa: BLE001  # told by the test
                caught.append(error)
            finally:
                connection.close()

        def change(some: slice, turn: int = turn) -> None:
            for number, firm in enumerate(firms[some]):
                amount = 900_000 + 100_000 * ((turn + number) % 3)
                fact(firm, "rd_expense", amount, observed_at=AT + DAY * (turn + 1))
            actions.match_firms([each.pk for each in firms[some]], on=ON, at=AT)

        def remove() -> None:
            for measure in ("bonus", "rd"):
                Match.objects.of_measure(row.pk, measure).met().delete()

        works = [
            lambda run=run: actions.carry_out(run.pk, at=AT),
            lambda: change(slice(0, 4)),
            lambda: change(slice(2, 7)),
            remove,
        ]
        threads = [Thread(target=at_once, args=[work]) for work in works]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)

        assert caught == []
        compared(scene)
    run_all(scene)
    compared(scene)
    assert MatchTotal.objects.get(measure="bonus", group=Group.MET).count == 4


def test_amounts_beyond_64_bits_are_summed(scene: Scene) -> None:
    scene.pack(TEXT, CASES)
    firms = some_firms(scene)
    run_all(scene)
    for firm in firms[:3]:
        Match.objects.update_or_create(
            enterprise=firm, pack=Match.objects.earliest("pk").pack, measure="rd",
            defaults={"group": "met", "low": 2**62, "high": 2**62, "worth": 2**62,
                      "paid": 2**62, "since": AT},
        )  # fmt: skip

    compared(scene)
