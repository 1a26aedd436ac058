"""Rule packs: entered, changed, published when their cases come out, replaced, withdrawn."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from lianqi.audit.models import Event
from lianqi.engines.packs import shipped
from lianqi.engines.packs.joining import contradicts
from lianqi.engines.rules.catalogue import FactSpec
from lianqi.matching.actions import (
    adopt_pack,
    adopt_shipped,
    change_pack,
    discard_pack,
    load_national_packs,
    publish_pack,
    revise_pack,
    shipped_names,
    withdraw_pack,
)
from lianqi.matching.errors import (
    FactContradicted,
    PackCasesFail,
    PackChangedMeanwhile,
    PackClashes,
    PackDraftExists,
    PackFaulty,
    PackMoveNotPossible,
    PackNotShipped,
    PackRenamed,
    PackTooLong,
    PackUnchanged,
    PackWithoutCases,
    WithdrawalWithoutReason,
)
from lianqi.matching.models import MOST_TEXT, RulePack, digest_of
from lianqi.matching.queries import in_force
from tests.factories import AT
from tests.matching.scene import CASES, ON, TEXT, Scene, make_scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    return make_scene()


def test_a_pack_is_entered_as_its_file(scene: Scene) -> None:
    row = adopt_pack(TEXT.replace("\n", "\r\n"), CASES, by=scene.editor, at=AT)

    assert (row.key, row.version, row.revision, row.status) == ("growth", "2026", 1, "draft")
    assert (row.text, row.digest) == (TEXT, digest_of(TEXT))
    assert (str(row.valid_from), str(row.valid_until)) == ("2026-01-01", "2026-12-31")
    assert row.title == "云岭高新区稳产增效若干措施"
    event = Event.objects.get(verb="matching.pack_entered")
    assert (event.by_id, event.detail["key"]) == (scene.editor.pk, "growth")


def test_what_cannot_be_read_is_refused_with_its_line(scene: Scene) -> None:
    wrong = TEXT.replace("研发费用 / 营业收入 ≥ 5%", "研发费用 / 营业收人 ≥ 5%")

    with pytest.raises(PackFaulty) as refused:
        adopt_pack(wrong, CASES, by=scene.editor, at=AT)

    assert refused.value.params["line"] == 17
    assert not RulePack.objects.exists()


def test_a_text_beyond_measure_is_refused(scene: Scene) -> None:
    with pytest.raises(PackTooLong):
        adopt_pack(TEXT + "#" * MOST_TEXT, CASES, by=scene.editor, at=AT)


def test_only_the_rule_editor_writes(scene: Scene) -> None:
    row = scene.pack(published=False)

    for person in (scene.dispatcher, scene.handler, scene.boss):
        for act in (
            lambda by: adopt_pack(TEXT, CASES, by=by, at=AT),
            lambda by: change_pack(row.pk, TEXT, "", by=by, at=AT),
            lambda by: publish_pack(row.pk, by=by, at=AT),
            lambda by: discard_pack(row.pk, by=by, at=AT),
        ):
            with pytest.raises(PermissionDenied):
                act(person)


def test_nothing_is_published_while_a_case_fails(scene: Scene) -> None:
    row = scene.pack(cases=CASES.replace("amount: 3万元", "amount: 4万元"), published=False)

    with pytest.raises(PackCasesFail) as refused:
        publish_pack(row.pk, by=scene.editor, at=AT, reason="已核对")

    assert (refused.value.params["count"], refused.value.params["line"]) == (1, 5)
    row.refresh_from_db()
    assert row.status == "draft"


@pytest.mark.parametrize("cases", ["", "cases: []\n"], ids=["empty", "none"])
def test_nothing_is_published_without_cases(scene: Scene, cases: str) -> None:
    row = scene.pack(cases=cases, published=False)

    with pytest.raises(PackWithoutCases):
        publish_pack(row.pk, by=scene.editor, at=AT, reason="已核对")


def test_a_published_pack_changes_only_by_a_new_revision(scene: Scene) -> None:
    first = scene.pack()
    with pytest.raises(PackMoveNotPossible):
        change_pack(first.pk, TEXT, CASES, by=scene.editor, at=AT)

    second = revise_pack(first.pk, by=scene.editor, at=AT)
    text = TEXT.replace("最高50万元", "最高60万元").replace(", 50万元)", ", 60万元)")
    change_pack(second.pk, text, CASES, by=scene.editor, at=AT)
    held = in_force(ON).places[0].row
    publish_pack(second.pk, by=scene.editor, at=AT, reason="已核对")

    first.refresh_from_db()
    assert (second.revision, held, first.status) == (2, first, "withdrawn")
    assert in_force(ON).places[0].row == second
    assert first.text == TEXT


def test_one_draft_and_one_published_row_of_a_version(scene: Scene) -> None:
    first = scene.pack()
    draft = revise_pack(first.pk, by=scene.editor, at=AT)

    with pytest.raises(PackDraftExists):
        adopt_pack(TEXT + "# again\n", CASES, by=scene.editor, at=AT)
    with pytest.raises(PackDraftExists):
        revise_pack(first.pk, by=scene.editor, at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        RulePack.objects.filter(pk=draft.pk).update(status="published", published_at=AT)


def test_the_same_text_is_not_entered_twice(scene: Scene) -> None:
    scene.pack()

    with pytest.raises(PackUnchanged):
        adopt_pack(TEXT, CASES, by=scene.editor, at=AT)


def test_a_draft_stays_of_its_document(scene: Scene) -> None:
    row = scene.pack(published=False)

    with pytest.raises(PackRenamed):
        change_pack(row.pk, TEXT.replace('2026"', '2027"'), CASES, by=scene.editor, at=AT)


def test_a_part_is_written_only_over_the_text_it_was_made_from(scene: Scene) -> None:
    row = scene.pack(published=False)
    mine, other = TEXT.replace("第四条", "第六条"), TEXT.replace("第五条", "第七条")
    change_pack(row.pk, other, CASES, by=scene.editor, at=AT, over=(TEXT, CASES))

    with pytest.raises(PackChangedMeanwhile, match="云岭高新区稳产增效若干措施"):
        change_pack(row.pk, mine, CASES, by=scene.editor, at=AT, over=(TEXT, CASES))

    row.refresh_from_db()
    assert row.text == other


def test_two_versions_do_not_hold_on_one_day(scene: Scene) -> None:
    scene.pack()
    later = TEXT.replace('version: "2026"', 'version: "2027"')
    row = scene.pack(later, published=False)

    with pytest.raises(PackClashes):
        publish_pack(row.pk, by=scene.editor, at=AT, reason="已核对")
    change_pack(
        row.pk,
        later.replace("{from: 2026-01-01, to: 2026-12-31}", "{from: 2027-01-01}"),
        CASES.replace("2026-03-01", "2027-03-01"),
        by=scene.editor,
        at=AT,
    )
    publish_pack(row.pk, by=scene.editor, at=AT, reason="已核对")

    assert [each.row.version for each in in_force(ON).places] == ["2026", "2026"]


def test_a_fact_means_the_same_in_all_packs(scene: Scene) -> None:
    own = "facts:\n  power: {label: 用电量, kind: number, unit: 千瓦时, grain: year, low: 0}\nmeasures:"
    scene.pack(TEXT.replace("measures:", own))
    other = TEXT.replace("pack: growth", "pack: energy").replace(
        "measures:", own.replace("grain: year", "grain: month")
    )
    row = scene.pack(other, published=False)

    with pytest.raises(FactContradicted):
        publish_pack(row.pk, by=scene.editor, at=AT, reason="已核对")


def test_a_withdrawn_pack_holds_for_no_day(scene: Scene) -> None:
    row = scene.pack()
    with pytest.raises(WithdrawalWithoutReason):
        withdraw_pack(row.pk, reason=" ", by=scene.editor, at=AT)

    withdraw_pack(row.pk, reason="条款引用有误", by=scene.editor, at=AT)

    assert in_force(ON).places == ()
    with pytest.raises(PackMoveNotPossible):
        withdraw_pack(row.pk, reason="再次", by=scene.editor, at=AT)


def test_a_draft_is_thrown_away_and_a_published_pack_is_not(scene: Scene) -> None:
    draft = scene.pack(published=False)
    discard_pack(draft.pk, by=scene.editor, at=AT)
    published = scene.pack()

    with pytest.raises(PackMoveNotPossible):
        discard_pack(published.pk, by=scene.editor, at=AT)

    assert not RulePack.objects.filter(pk=draft.pk).exists()


def test_national_packs_are_loaded_once_and_a_zone_s_own_stay(scene: Scene) -> None:
    first = load_national_packs(at=AT)
    again = load_national_packs(at=AT)

    own = RulePack.objects.published().order_by("pk").first()
    assert own is not None
    withdraw_pack(own.pk, reason="本区另行规定", by=scene.editor, at=AT)

    assert first == RulePack.objects.count() > 5
    assert (again, load_national_packs(at=AT)) == (0, 0)


def test_every_pack_of_the_program_can_be_taken_over(scene: Scene) -> None:
    row = adopt_shipped("rm19-haidian-rd", by=scene.editor, at=AT)
    published = publish_pack(row.pk, by=scene.editor, at=AT, reason="已核对")

    assert published.key == "haidian-rd"
    assert "rm19-haidian-rd" in shipped_names()
    with pytest.raises(PackNotShipped):
        adopt_shipped("../../etc/passwd", by=scene.editor, at=AT)


def test_facts_of_the_packs_of_the_program_do_not_contradict_each_other() -> None:
    known: dict[str, FactSpec] = {}
    for pack in shipped():
        for spec in pack.own_facts:
            assert not contradicts(spec, known.setdefault(spec.key, spec)), (pack.key, spec.key)
