"""A stratified sample: its shares over several draws, and that it can be drawn again."""

import pytest

from lianqi.engines.sampling import Share, Stratum, stratified

A, B, NONE = Stratum("a", 10), Stratum("b", 50), Stratum("none", 0)


def cases(stratum: Stratum, count: int, first: int = 0) -> dict[str, Stratum]:
    return {f"{stratum.name}{number}": stratum for number in range(first, first + count)}


@pytest.mark.parametrize(("count", "wanted"), [(0, 0), (1, 1), (10, 1), (11, 2), (20, 2), (21, 3)])
def test_a_share_is_rounded_up(count: int, wanted: int) -> None:
    chosen, _ = stratified(cases(A, count), earlier={}, seed="s")

    assert len(chosen) == wanted


def test_each_stratum_has_its_own_share() -> None:
    chosen, shares = stratified(cases(A, 40) | cases(B, 40) | cases(NONE, 40), earlier={}, seed="s")

    assert shares == {A: Share(40, 4), B: Share(40, 20), NONE: Share(40, 0)}
    assert len(chosen) == 24


def test_the_share_holds_over_many_small_draws() -> None:
    sums: dict[Stratum, Share] = {}
    for day in range(30):
        _, shares = stratified(cases(A, 3, first=3 * day), earlier=sums, seed=f"day {day}")
        for stratum, share in shares.items():
            before = sums.get(stratum, Share())
            sums[stratum] = Share(before.cases + share.cases, before.chosen + share.chosen)

    assert sums == {A: Share(90, 9)}


def test_the_same_seed_chooses_the_same_whatever_the_order() -> None:
    some = cases(B, 30)
    turned = dict(reversed(some.items()))

    assert stratified(some, earlier={}, seed="s")[0] == stratified(turned, earlier={}, seed="s")[0]
    assert stratified(some, earlier={}, seed="s")[0] != stratified(some, earlier={}, seed="t")[0]
