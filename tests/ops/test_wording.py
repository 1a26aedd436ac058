"""The invented demands of the demo zone: many, varied, and split for examining."""

from collections import Counter

from lianqi.engines.learning import held_out
from lianqi.ops.demo.wording import TEST, TRAIN, codes, matters, sample


def test_two_thousand_demands_in_twenty_categories_are_hardly_ever_alike() -> None:
    found = list(sample(2400, split=TRAIN, seed=1))

    assert len(codes()) == 20
    assert set(Counter(each.code for each in found).values()) == {120}
    assert len({(each.title, each.text) for each in found}) > 2200
    assert all(0 < len(each.title) <= 100 and each.text for each in found)
    assert all("{" not in each.title + each.text for each in found)


def test_the_same_seed_gives_the_same_demands() -> None:
    assert list(sample(50, split=TEST, seed=7)) == list(sample(50, split=TEST, seed=7))


def test_what_is_examined_shares_no_matter_with_what_is_learned() -> None:
    learned, examined = matters(TRAIN), matters(TEST)

    assert {each.title for each in learned} & {each.title for each in examined} == set()
    assert {each.problem for each in learned} & {each.problem for each in examined} == set()
    for code in codes():
        assert sum(each.code == code for each in learned) >= 15
        assert sum(each.code == code for each in examined) == 3


def test_some_of_every_category_are_held_out() -> None:
    kept = {each.code for each in sample(2000, split=TRAIN, seed=1) if held_out(each.text)}

    assert kept == set(codes())
