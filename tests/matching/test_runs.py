"""Matching runs: all enterprises, what is kept of them, who may, and what a crash leaves."""

import datetime as dt
from threading import Barrier, Thread
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from lianqi.audit.models import Event
from lianqi.engines.rules.rule import FEN
from lianqi.matching import actions
from lianqi.matching.actions import runs
from lianqi.matching.enums import NEAR, Group, RunStatus
from lianqi.matching.errors import PackNotMatched, RunMoveNotPossible, RunUnderWay
from lianqi.matching.models import Match, MatchRun, RulePack
from lianqi.matching.queries import in_force, snapshots, standings
from lianqi.matching.queries.results import budget_of, page_of, results
from lianqi.matching.queries.standings import in_bulk
from lianqi.matching.queries.verdicts import judged
from lianqi.register.enums import EnterpriseStatus
from lianqi.register.models import Enterprise
from tests.factories import AT, make_enterprise
from tests.matching.scene import CASES, ON, TEXT, Scene, fact, make_scene, title

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)
TWO = TEXT.replace(
    "  - key: interest",
    """\
  - key: bonus
    title: 高企奖励
    article: 第六条
    excludes: [{measure: rd, rule: higher}]
    budget: {amount: 1万元}
    clauses:
      - {key: high-tech, require: "has(资质称号, '高新技术企业')"}
    benefits:
      - {key: grant, kind: fixed, amount: 2万元}
  - key: interest""",
)


@pytest.fixture
def scene() -> Scene:
    return make_scene()


@pytest.fixture(autouse=True)
def columns(monkeypatch: pytest.MonkeyPatch) -> None:
    """However few enterprises there are, they are read as columns."""
    monkeypatch.setattr(standings, "FEW", 0)


def run_all(scene: Scene, *, on: dt.date = ON, at: dt.datetime = AT) -> MatchRun:
    run = actions.start_run(on=on, by=scene.editor, at=at)
    actions.carry_out(run.pk, at=at)
    run.refresh_from_db()
    return run


def groups() -> set[tuple[int, str, str]]:
    return set(Match.objects.values_list("enterprise_id", "measure", "group"))


def some_firms(scene: Scene) -> list[Enterprise]:
    """Of whom everything, one thing less, or nothing is known."""
    firms = [scene.firm, scene.other, *(make_enterprise() for _ in range(5))]
    for number, firm in enumerate(firms[:5]):
        fact(firm, "revenue", 20_000_000)
        if number != 1:
            fact(firm, "rd_expense", 1_000_000 - number)
        if number != 2:
            title(firm)
    return firms


@pytest.mark.parametrize("few", [0, 50])
def test_a_run_keeps_what_verdicts_say_one_by_one(
    scene: Scene, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(standings, "FEW", few)
    scene.pack(TWO)
    firms = some_firms(scene)

    run = run_all(scene)

    force = in_force(ON)
    known = snapshots([each.pk for each in firms], force.catalogue, on=ON)
    expected = {
        (pk, each.place.measure.key): (
            each.group,
            None if each.low is None else int(each.low / FEN),
            None if each.high is None else int(each.high / FEN),
            each.failed[0].key if each.group is Group.NEARLY else "",
        )
        for pk in known
        for each in judged(force, known[pk])
        if each.group in NEAR
    }
    found = {
        (each.enterprise_id, each.measure): (each.group, each.low, each.high, each.clause)
        for each in Match.objects.all()
    }
    assert found == expected
    assert (run.status, run.done, run.total, run.gained, run.lost) == (
        RunStatus.DONE, len(firms), len(firms), 5, 0,
    )  # fmt: skip
    missing = Match.objects.get(enterprise=scene.other, measure="rd")
    assert (missing.group, missing.slot) == (Group.ONE_MISSING, "rd_expense@2025")


def test_figures_no_column_can_hold_are_read_singly(scene: Scene) -> None:
    scene.pack(TEXT.replace("元, amount", "元, amount"))
    title(scene.firm)
    fact(scene.firm, "revenue", "9999999999999999", "亿元")
    fact(scene.firm, "rd_expense", "9999999999999999", "亿元")

    run_all(scene)

    match = Match.objects.get(enterprise=scene.firm, measure="rd")
    assert (match.group, match.low) == (Group.MET, 50_000_000)


def test_since_when_stays_as_long_as_the_group_does(scene: Scene) -> None:
    scene.pack()
    some_firms(scene)
    run_all(scene)
    fact(scene.other, "rd_expense", 1_000_000)

    run = run_all(scene, at=AT + DAY)

    since = dict(Match.objects.filter(measure="rd").values_list("enterprise_id", "since"))
    assert since[scene.firm.pk] == AT
    assert since[scene.other.pk] == AT + DAY
    assert (run.gained, run.lost) == (1, 0)


def test_nothing_is_left_of_those_who_match_no_more_or_are_gone(scene: Scene) -> None:
    scene.pack()
    some_firms(scene)
    run_all(scene)
    scene.firm.status = EnterpriseStatus.DEREGISTERED
    scene.firm.save()

    run = run_all(scene, at=AT + DAY)

    assert not Match.objects.filter(enterprise=scene.firm).exists()
    assert (run.gained, run.lost) == (0, 1)


def test_a_run_goes_on_where_the_worker_died(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    scene.pack()
    some_firms(scene)
    run = actions.start_run(on=ON, by=scene.editor, at=AT)
    monkeypatch.setattr(runs, "CHUNK", 3)
    assert runs._chunk(run.pk, at=AT)

    run.refresh_from_db()
    assert (run.status, run.done) == (RunStatus.RUNNING, 3)
    actions.carry_out(run.pk, at=AT)

    run.refresh_from_db()
    assert (run.status, run.done) == (RunStatus.DONE, 7)
    kept = groups()
    run_all(scene)
    assert groups() == kept


def test_a_cancelled_run_does_nothing_more(scene: Scene) -> None:
    scene.pack()
    some_firms(scene)
    run = actions.start_run(on=ON, by=scene.editor, at=AT)

    actions.cancel_run(run.pk, by=scene.editor, at=AT)
    actions.carry_out(run.pk, at=AT)

    assert groups() == set()
    with pytest.raises(RunMoveNotPossible):
        actions.cancel_run(run.pk, by=scene.editor, at=AT)


def test_one_run_of_everything_at_a_time(scene: Scene) -> None:
    scene.pack()
    actions.start_run(on=ON, by=scene.editor, at=AT)

    with pytest.raises(RunUnderWay):
        actions.start_run(on=ON, by=scene.dispatcher, at=AT)
    assert actions.begin_nightly(on=ON, at=AT) is None


def test_the_run_of_the_night_is_the_platforms(scene: Scene) -> None:
    assert actions.begin_nightly(on=ON, at=AT) is None
    scene.pack()

    run = actions.begin_nightly(on=ON, at=AT)

    assert run is not None
    assert run.started_by is None


def test_a_preview_of_a_draft_changes_nothing_that_holds(scene: Scene) -> None:
    published = scene.pack()
    some_firms(scene)
    run_all(scene)
    kept = groups()
    draft = actions.revise_pack(published.pk, by=scene.editor, at=AT)
    actions.change_pack(
        draft.pk, TEXT.replace("≥ 5%", "≥ 4.9999%"), CASES, by=scene.editor, at=AT
    )  # fmt: skip

    run = actions.start_pack_run(draft.pk, on=ON, by=scene.editor, at=AT)
    actions.carry_out(run.pk, at=AT)

    met = Match.objects.filter(measure="rd", group=Group.MET)
    assert met.filter(pack=published).count() == 1
    assert met.filter(pack=draft).count() == 3
    assert set(
        Match.objects.filter(pack=published).values_list("enterprise_id", "measure", "group")
    ) == kept  # fmt: skip


def test_a_preview_fails_if_the_draft_changes_meanwhile(scene: Scene) -> None:
    draft = scene.pack(published=False)
    run = actions.start_pack_run(draft.pk, on=ON, by=scene.editor, at=AT)
    actions.change_pack(draft.pk, TEXT + "\n# x\n", CASES, by=scene.editor, at=AT)

    actions.carry_out(run.pk, at=AT)

    run.refresh_from_db()
    assert (run.status, run.failure) == (RunStatus.FAILED, "pack_changed")
    assert groups() == set()


def test_a_pack_that_begins_later_is_asked_for_its_first_day(scene: Scene) -> None:
    later = TEXT.replace("from: 2026-01-01, to: 2026-12-31", "from: 2027-01-01")
    draft = scene.pack(later, published=False)

    run = actions.start_pack_run(draft.pk, on=ON, by=scene.editor, at=AT)

    assert run.day == dt.date(2027, 1, 1)


def test_a_pack_without_measures_for_enterprises_is_refused(scene: Scene) -> None:
    text = TEXT.replace("    title: 研发投入奖励", "    title: 研发投入奖励\n    applicant: loan")
    text = text.replace(
        "    title: 示范项目奖励", "    title: 示范项目奖励\n    applicant: project"
    )
    draft = scene.pack(text, published=False)

    with pytest.raises(PackNotMatched):
        actions.start_pack_run(draft.pk, on=ON, by=scene.editor, at=AT)


def test_who_may_start_a_run(scene: Scene) -> None:
    scene.pack()
    for person in (scene.handler, scene.boss):
        with pytest.raises(PermissionDenied):
            actions.start_run(on=ON, by=person, at=AT)


def test_whose_figures_change_is_matched_within_minutes(scene: Scene) -> None:
    scene.pack()
    some_firms(scene)
    run_all(scene)
    assert actions.follow(on=ON, at=AT, limit=100) == 0  # begins here
    fact(scene.other, "rd_expense", 1_000_000)
    Event.objects.create(
        at=AT, verb="register.fact_added", subject_kind="register.fact", subject_id=1,
        enterprise_id=scene.other.pk, by_name="x",
    )  # fmt: skip
    linked()

    assert actions.follow(on=ON, at=AT + DAY, limit=100) > 0

    match = Match.objects.get(enterprise=scene.other, measure="rd")
    assert (match.group, match.since) == (Group.MET, AT + DAY)
    assert actions.follow(on=ON, at=AT + DAY, limit=100) == 0


def linked() -> None:
    """Events get their links at commit; here, now."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def test_a_published_pack_is_matched_by_a_run_of_its_own(scene: Scene) -> None:
    actions.follow(on=ON, at=AT, limit=100)
    row = scene.pack()
    linked()

    actions.follow(on=ON, at=AT, limit=100)

    run = MatchRun.objects.get()
    assert (run.kind, run.pack, run.started_by) == ("pack", row, None)


def test_results_count_and_sum_what_is_in_force(scene: Scene) -> None:
    row = scene.pack(TWO)
    some_firms(scene)
    run_all(scene)

    found = results(scene.editor, on=ON)

    rd, bonus = found.of(row.pk, "rd"), found.of(row.pk, "bonus")
    assert rd is not None
    assert bonus is not None
    assert (rd.met.count, rd.met.low, rd.one_missing.count, rd.nearly.count) == (1, 3_000_000, 1, 2)
    assert (bonus.met.count, bonus.met.low, bonus.budget) == (4, 8_000_000, 1_000_000)
    assert bonus.is_above_budget
    # The firm with both is paid the higher one alone.
    assert found.paid == {row.pk: 3_000_000 + 3 * 2_000_000}


def test_a_measure_without_a_budget_has_none(scene: Scene) -> None:
    row = scene.pack()
    place = in_bulk([row], ON).places[0]

    assert budget_of(place, on=ON) is None


def test_pages_follow_each_other_without_gaps(scene: Scene) -> None:
    row = scene.pack(TWO)
    some_firms(scene)
    run_all(scene)
    matches = Match.objects.of_measure(row.pk, "bonus").of_group(Group.MET)

    for sort in ("amount", "since"):
        first = page_of(matches, sort, size=3)
        second = page_of(matches, sort, size=3, after=first.after)
        back = page_of(matches, sort, size=3, before=second.before)
        seen = [each.pk for each in [*first.rows, *second.rows]]
        assert sorted(seen) == sorted(matches.values_list("pk", flat=True))
        assert (first.before, second.after, first.count) == ("", "", 4)
        assert [each.pk for each in back.rows] == [each.pk for each in first.rows]


@pytest.mark.parametrize("cursor", ["", "x", "_", "1_", "_1", "1_x", f"{10**30}_1", "2026-01-01_1"])
@pytest.mark.parametrize("sort", ["amount", "since"])
def test_a_cursor_nobody_gave_out_is_ignored(scene: Scene, sort: str, cursor: str) -> None:
    assert page_of(Match.objects.all(), sort, after=cursor, before=cursor).rows == []


def test_matches_of_packs_long_withdrawn_are_forgotten(scene: Scene) -> None:
    row = scene.pack()
    some_firms(scene)
    run_all(scene)
    actions.withdraw_pack(row.pk, reason="x", by=scene.editor, at=AT)

    assert actions.forget_matches(before=AT) == 0
    assert actions.forget_matches(before=AT + DAY) > 0
    assert groups() == set()


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_what_is_known_later_wins(scene: Scene) -> None:
    """A run and the following of a change at the same moment, many times."""
    scene.pack()
    firms = some_firms(scene)
    for turn in range(5):
        run = actions.start_run(on=ON, by=scene.editor, at=AT)
        together = Barrier(2)
        caught: list[Any] = []

        def at_once(work: Any, together: Barrier = together, caught: list[Any] = caught) -> None:
            together.wait()
            try:
                work()
            except Exception as error:  # noqa: BLE001  # told by the test
                caught.append(error)
            finally:
                connection.close()

        def change(turn: int = turn) -> None:
            for firm in firms:
                fact(firm, "rd_expense", 1_000_000 + turn, observed_at=AT + DAY * (turn + 1))
            actions.match_firms([each.pk for each in firms], on=ON, at=AT)

        works = [lambda run=run: actions.carry_out(run.pk, at=AT), change]
        threads = [Thread(target=at_once, args=[work]) for work in works]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)

        assert caught == []
        met = Match.objects.filter(measure="rd", enterprise=scene.firm).get()
        assert met.low == int((1_000_000 + turn) * 3)
    assert RulePack.objects.count() == 1
