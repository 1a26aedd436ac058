"""What policies came to: told by whom, refused when, and what follows from it (A54, A59, A60)."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from lianqi.audit.models import Event
from lianqi.policies.actions import (
    MeasureTerms,
    OutcomeTerms,
    add_measures,
    change_measure,
    drop_measure,
    revise_policy,
    tell_outcome,
    withdraw_outcome,
)
from lianqi.policies.enums import Applicant
from lianqi.policies.errors import (
    LimitNegative,
    MeasureHasOutcomes,
    MeasureOfAnother,
    MeasureOnlyPlanned,
    MoreReachedThanApplied,
    NoLimitToDrawOn,
    OutcomeEmpty,
    OutcomeNegative,
    OutcomePeriodWrong,
    OutcomeSourceMissing,
    OutcomeWithdrawn,
    PlannedButGiven,
    PolicyMoveNotPossible,
)
from lianqi.policies.models import PolicyDocument, PolicyMeasure
from lianqi.policies.queries import Computed, outcomes_of
from lianqi.register.enums import Qualifier
from lianqi.shared.errors import Refusal
from tests.factories import AT
from tests.policies.scene import Library, make_library

LIMIT = Decimal(50_000_000_000)
LINE = MeasureTerms("KS-P08", "500亿元信贷支持", Applicant.LOAN, limit=LIMIT)
LENT = OutcomeTerms(
    source="公开报道",
    amount=Decimal(30_000_000_000),
    amount_is=Qualifier.NEARLY,
    reached=13_000,
    reached_is=Qualifier.NEARLY,
    time_said="近3年",
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def library() -> Library:
    return make_library()


@pytest.fixture
def policy(library: Library) -> PolicyDocument:
    return library.policy()


def measure_of(library: Library, policy: PolicyDocument, **given: Any) -> PolicyMeasure:
    return add_measures(policy.pk, [replace(LINE, **given)], by=library.editor, at=AT)[0]


def tell(library: Library, policy: PolicyDocument, **given: Any) -> None:
    tell_outcome(policy.pk, replace(LENT, **given), by=library.editor, at=AT)


def test_a59_averages_of_figures_that_are_only_near_are_near_as_well(
    library: Library, policy: PolicyDocument
) -> None:
    tell(library, policy, measure=measure_of(library, policy))

    told = outcomes_of(policy)[0]

    assert told.each == Computed(Fraction(30_000_000_000, 13_000), is_about=True)
    assert told.multiple == Computed(Fraction(5, 3), is_about=True)


def test_a54_so_many_of_those_who_applied_were_listed(
    library: Library, policy: PolicyDocument
) -> None:
    terms = OutcomeTerms(source="名单", applied=39, reached=11)
    tell_outcome(policy.pk, terms, by=library.handler, at=AT)

    told = outcomes_of(policy)[0]

    assert told.granted == Computed(Fraction(11, 39), is_about=False)
    assert told.left_out == Computed(Fraction(28), is_about=False)
    assert (told.each, told.multiple) == (None, None)


def test_what_is_drawn_on_a_limit_leaves_the_rest(library: Library, policy: PolicyDocument) -> None:
    line = measure_of(library, policy)
    exact = {"amount_is": Qualifier.EXACT, "draws_on_limit": True}
    tell(library, policy, measure=line, **exact)

    told = outcomes_of(policy)[0]

    assert told.used == Computed(Fraction(3, 5), is_about=False)
    assert told.left == Computed(Fraction(20_000_000_000), is_about=False)
    assert told.multiple is None


def test_a60_what_is_only_planned_gives_nothing(library: Library, policy: PolicyDocument) -> None:
    fund = measure_of(library, policy, is_planned=True)

    with pytest.raises(MeasureOnlyPlanned):
        tell(library, policy, measure=fund)
    assert (fund.limit, fund.usable_limit) == (LIMIT, None)

    change_measure(fund.pk, LINE, by=library.editor, at=AT)
    tell(library, policy, measure=fund)  # what was loaded before is read anew

    assert outcomes_of(policy)[0].multiple is not None


def test_what_gave_something_is_more_than_a_plan_and_stays(
    library: Library, policy: PolicyDocument
) -> None:
    line = measure_of(library, policy)
    tell(library, policy, measure=line)

    with pytest.raises(PlannedButGiven):
        change_measure(line.pk, replace(LINE, is_planned=True), by=library.editor, at=AT)
    with pytest.raises(MeasureHasOutcomes):
        drop_measure(line.pk, by=library.editor, at=AT)


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"amount": None, "reached": None}, OutcomeEmpty),
        ({"amount": Decimal("-0.01")}, OutcomeNegative),
        ({"applied": 12_999}, MoreReachedThanApplied),
        ({"source": " 　"}, OutcomeSourceMissing),
        ({"draws_on_limit": True}, NoLimitToDrawOn),
        (
            {"since": dt.date(2025, 1, 2), "until": dt.date(2025, 1, 1)},
            OutcomePeriodWrong,
        ),
    ],
)
def test_figures_that_cannot_be_are_refused(
    library: Library, policy: PolicyDocument, given: dict[str, Any], refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal):
        tell(library, policy, **given)


def test_zero_is_a_figure_and_as_many_as_applied_may_get_it(
    library: Library, policy: PolicyDocument
) -> None:
    tell(library, policy, amount=Decimal(0), applied=0, reached=0)
    tell(library, policy, applied=13_000)

    later, earlier = outcomes_of(policy)
    assert (earlier.each, earlier.granted) == (None, None)
    assert later.granted == Computed(Fraction(1), is_about=True)


def test_a_limit_is_not_below_zero_and_a_measure_belongs_to_its_document(
    library: Library, policy: PolicyDocument
) -> None:
    with pytest.raises(LimitNegative):
        measure_of(library, policy, limit=Decimal(-1))
    other = measure_of(library, library.policy(title="另一政策"))
    with pytest.raises(MeasureOfAnother):
        tell(library, policy, measure=other)


def test_nothing_is_told_of_what_nobody_knows(library: Library) -> None:
    with pytest.raises(PolicyMoveNotPossible):
        tell(library, library.policy("duties_complete"))


@pytest.mark.parametrize(
    ("who", "may"),
    [
        ("editor", True), ("handler", True), ("head", True), ("other_handler", False),
        ("dispatcher", False), ("leader", False), ("auditor", False), ("boss", False),
    ],
)  # fmt: skip
def test_who_leads_an_article_or_keeps_the_library_tells(
    library: Library, policy: PolicyDocument, who: str, *, may: bool
) -> None:
    def told() -> None:
        tell_outcome(policy.pk, LENT, by=getattr(library, who), at=AT)

    if may:
        told()
    else:
        with pytest.raises(PermissionDenied):
            told()
    assert policy.outcomes.exists() is may


def test_what_was_told_wrongly_is_withdrawn_once_and_stays_in_the_trail(
    library: Library, policy: PolicyDocument
) -> None:
    told = tell_outcome(policy.pk, LENT, by=library.editor, at=AT)

    withdraw_outcome(told.pk, by=library.handler, at=AT)

    assert outcomes_of(policy) == []
    assert [each.verb for each in Event.objects.order_by("pk")][-2:] == [
        "policies.outcome_told", "policies.outcome_withdrawn",
    ]  # fmt: skip
    with pytest.raises(OutcomeWithdrawn):
        withdraw_outcome(told.pk, by=library.editor, at=AT)


def test_the_next_version_takes_over_limit_and_plan_but_not_what_was_given(
    library: Library, policy: PolicyDocument
) -> None:
    measure_of(library, policy, is_planned=True)
    tell(library, policy)

    later = revise_policy(policy.pk, by=library.editor, at=AT)

    assert (later.measures.get().limit, later.measures.get().is_planned) == (LIMIT, True)
    assert not later.outcomes.exists()
