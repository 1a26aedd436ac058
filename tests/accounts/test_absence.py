"""Absence: who receives new work on which day."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from lianqi.accounts.actions import cancel_absence, set_absence
from lianqi.accounts.enums import Role
from lianqi.accounts.models import Absence, User
from lianqi.accounts.queries import acting_for
from lianqi.audit.models import Event
from lianqi.shared.errors import Refusal
from tests.factories import AT, grant, make_handler, make_head, make_unit, make_user

pytestmark = pytest.mark.django_db


def day(number: int) -> dt.date:
    return dt.date(2026, 3, number)


def worker(name: str) -> User:
    return grant(make_user(name), Role.LIAISON_OFFICER)


def away(person: User, stand_in: User, first: int, last: int) -> Absence:
    return set_absence(
        person, stand_in=stand_in, from_on=day(first), until_on=day(last), by=person, at=AT
    )


@pytest.mark.parametrize(
    ("on", "is_away"), [(3, False), (4, True), (5, True), (6, True), (7, False)]
)
def test_the_stand_in_acts_from_the_first_to_the_last_day(on: int, *, is_away: bool) -> None:
    person, stand_in = worker("person"), worker("stand-in")
    away(person, stand_in, 4, 6)

    assert acting_for(person, on=day(on)) == (stand_in if is_away else person)


def test_an_absence_of_one_day_is_that_day() -> None:
    person, stand_in = worker("person"), worker("stand-in")
    away(person, stand_in, 4, 4)

    acting = [acting_for(person, on=day(number)) for number in (3, 4, 5)]

    assert acting == [person, stand_in, person]


def test_a_chain_of_stand_ins_is_followed_day_by_day() -> None:
    anna, bert, carl = worker("anna"), worker("bert"), worker("carl")
    away(anna, bert, 2, 6)
    away(bert, carl, 4, 5)

    acting = [acting_for(anna, on=day(number)) for number in (3, 4, 5, 6, 7)]

    assert acting == [bert, carl, carl, bert, anna]


def test_absences_one_after_the_other_do_not_overlap() -> None:
    person, early, late = worker("person"), worker("early"), worker("late")
    away(person, early, 2, 4)
    away(person, late, 5, 6)

    assert [acting_for(person, on=day(number)) for number in (4, 5)] == [early, late]


@pytest.mark.parametrize(("first", "last"), [(1, 4), (6, 9), (5, 5), (1, 9)])
def test_overlapping_absences_are_refused(first: int, last: int) -> None:
    person, stand_in = worker("person"), worker("stand-in")
    away(person, stand_in, 4, 6)

    with pytest.raises(Refusal) as refused, transaction.atomic():
        away(person, stand_in, first, last)

    assert refused.value.code == "absence_overlaps"
    assert "2026-03-04" in str(refused.value)
    assert Absence.objects.count() == 1


def test_a_circle_is_refused_on_whichever_day_it_would_close() -> None:
    anna, bert, carl = worker("anna"), worker("bert"), worker("carl")
    away(anna, bert, 2, 4)
    away(bert, carl, 4, 6)

    with pytest.raises(Refusal) as refused, transaction.atomic():
        away(carl, anna, 1, 4)

    assert refused.value.code == "stand_in_loop"
    assert Absence.objects.count() == 2


def test_those_who_stand_in_for_one_another_on_different_days_are_no_circle() -> None:
    anna, bert = worker("anna"), worker("bert")
    away(anna, bert, 2, 4)
    away(bert, anna, 5, 6)

    assert [acting_for(anna, on=day(number)) for number in (4, 5)] == [bert, anna]
    assert [acting_for(bert, on=day(number)) for number in (4, 5)] == [bert, anna]


def test_a_circle_from_old_data_leaves_the_work_with_the_person() -> None:
    anna, bert = worker("anna"), worker("bert")
    for person, stand_in in ((anna, bert), (bert, anna)):
        Absence.objects.create(user=person, stand_in=stand_in, from_on=day(2), until_on=day(4))

    assert acting_for(anna, on=day(3)) == anna
    assert acting_for(bert, on=day(3)) == bert


def test_the_database_refuses_what_makes_no_sense() -> None:
    person, stand_in = worker("person"), worker("stand-in")

    with pytest.raises(IntegrityError), transaction.atomic():
        Absence.objects.create(user=person, stand_in=person, from_on=day(2), until_on=day(4))
    with pytest.raises(IntegrityError), transaction.atomic():
        Absence.objects.create(user=person, stand_in=stand_in, from_on=day(4), until_on=day(3))

    assert Absence.objects.count() == 0


def test_a_cancelled_absence_gives_new_work_back() -> None:
    person, stand_in = worker("person"), worker("stand-in")
    absence = away(person, stand_in, 4, 6)

    cancel_absence(absence.pk, by=person, at=AT)

    verbs = Event.objects.filter(subject_id=person.pk).order_by("pk").values_list("verb", flat=True)
    assert acting_for(person, on=day(5)) == person
    assert list(verbs) == ["accounts.absence_set", "accounts.absence_cancelled"]


def leave(person: User) -> None:
    """The account is closed; what is written down about absences stays."""
    person.is_active = False
    person.save(update_fields=["is_active"])


def test_work_does_not_go_to_a_stand_in_who_left() -> None:
    person, stand_in = worker("person"), worker("stand-in")
    away(person, stand_in, 4, 5)
    leave(stand_in)

    assert [acting_for(person, on=day(number)) for number in (3, 4, 5, 6)] == [person] * 4


def test_a_stand_in_who_left_is_passed_over_where_another_stands_in() -> None:
    anna, bert, carl = worker("anna"), worker("bert"), worker("carl")
    away(anna, bert, 2, 6)
    away(bert, carl, 4, 5)
    leave(bert)

    acting = [acting_for(anna, on=day(number)) for number in (3, 4, 5, 6)]

    assert acting == [anna, carl, carl, anna]


def test_when_the_last_stand_in_left_the_one_before_keeps_the_work() -> None:
    anna, bert, carl = worker("anna"), worker("bert"), worker("carl")
    away(anna, bert, 2, 6)
    away(bert, carl, 4, 5)
    leave(carl)

    acting = [acting_for(anna, on=day(number)) for number in (3, 4, 5, 6)]

    assert acting == [bert] * 4


def test_nobody_who_left_is_named_as_a_stand_in() -> None:
    person, stand_in = worker("person"), worker("stand-in")
    leave(stand_in)

    with pytest.raises(Refusal) as refused:
        away(person, stand_in, 4, 6)

    assert refused.value.code == "stand_in_gone"
    assert not Absence.objects.exists()


@pytest.mark.parametrize(
    ("who", "may"),
    [("self", True), ("head", True), ("admin", True), ("colleague", False), ("other head", False)],
)
def test_who_may_enter_an_absence(who: str, *, may: bool) -> None:
    unit = make_unit()
    person = make_handler(unit)
    people = {
        "self": person,
        "head": make_head(unit),
        "admin": grant(make_user(), Role.PLATFORM_ADMIN),
        "colleague": make_handler(unit),
        "other head": make_head(make_unit("住建局")),
    }

    try:
        set_absence(
            person,
            stand_in=people["colleague"],
            from_on=day(4),
            until_on=day(5),
            by=people[who],
            at=AT,
        )
    except PermissionDenied:
        done = False
    else:
        done = True

    assert (done, Absence.objects.exists()) == (may, may)
