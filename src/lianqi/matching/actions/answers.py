"""Answers to what rules ask for: facts go into the register, questions to who reviews."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from lianqi.accounts.models import User
from lianqi.audit.actions import record
from lianqi.engines.rules.catalogue import Catalogue, FactSpec
from lianqi.engines.rules.nodes import Kind
from lianqi.matching.enums import Unused
from lianqi.matching.errors import (
    AnswerKeptElsewhere,
    AnswerNotAsked,
    AnswerNotPossible,
    AnswerOfAnotherKind,
    AnswerOutOfBounds,
    AnswerReasonMissing,
    AnswerTooExact,
    AnswerWithdrawn,
    AnswerWithoutUnit,
    ListLineWrong,
)
from lianqi.matching.models import ReviewAnswer
from lianqi.matching.queries.asking import (
    Asked,
    asked_for,
    published_catalogue,
    question_for,
)
from lianqi.matching.queries.values import (
    SHAPES,
    NotUsableError,
    decimal_text,
    stated_as,
    value_of,
)
from lianqi.register.actions import Stated, add_fact, state, state_list
from lianqi.register.actions.enterprises import locked, locked_survivor
from lianqi.register.actions.sources import require_source
from lianqi.register.enums import FactKey
from lianqi.register.errors import NotInRegister
from lianqi.register.models import Enterprise, Fact, Statement
from lianqi.shared.errors import Refusal

KEPT_DIGITS = 4  # after the point, of a figure in the register
LONGEST_FIGURE_KEY = 40


@transaction.atomic
def answer(
    enterprise_id: int,
    slot: str,
    value: Any,
    *,
    by: User,
    at: dt.datetime,
    since: dt.date | None = None,
    until: dt.date | None = None,
    source: str = "",
    observed_at: dt.datetime | None = None,
    catalogue: Catalogue | None = None,
) -> Fact | Statement:
    """State the fact that a rule asks for; the register keeps it as figure or statement.

    Args:
        slot: As a rule names it: `revenue@2024`, `tax_here`, `ip_rights`.
        value: In one of the shapes of `register.models.Statement`.
        since: The first day on which it is so; `until` the last. Not for figures of a period.
        source: Said by those who keep the register; others are the source themselves.
        catalogue: That of all published packs, where the caller has it.

    Raises:
        StatedByOthers: Another one than the enterprise states this.
        AnswerNotAsked: No published pack knows a fact about enterprises by this name and period.
        AnswerKeptElsewhere: The register keeps it in a place of its own.
        AnswerOfAnotherKind, AnswerWithoutUnit, AnswerOutOfBounds, AnswerNotPossible,
        AnswerTooExact: It does not fit the fact.
        The refusals of `register.actions.add_fact` and `state`.
    """
    enterprise = Enterprise.objects.get(pk=enterprise_id)
    if not by.has_perm("register.state_facts", enterprise):
        raise PermissionDenied
    asked = asked_for(slot, catalogue or published_catalogue())
    if asked is None:
        raise AnswerNotAsked(slot=slot[:80])
    if asked.is_kept:
        raise AnswerKeptElsewhere(fact=asked.spec.label)
    require_source(by, enterprise, asked.spec.key)
    found = checked_value(asked.spec, value)
    if asked.spec.grain and asked.spec.kind is Kind.NUMBER:
        return add_fact(
            enterprise_id, key=figure_key(asked.spec), value=figure(asked, found),
            unit=asked.spec.unit.symbol, period=asked.period, source=source,
            observed_at=observed_at, by=by, at=at,
        )  # fmt: skip
    return state(
        enterprise_id, key=asked.spec.key, value=_as_kept(asked.spec, value, found),
        period=asked.period, since=since, until=until, source=source,
        observed_at=observed_at, by=by, at=at,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class ListLine:
    """A line of a department's list: one answer about one enterprise, by its credit code."""

    code: str
    slot: str
    value: Any
    since: dt.date | None = None
    until: dt.date | None = None


@transaction.atomic
def answer_list(
    lines: Sequence[ListLine],
    *,
    source: str,
    by: User,
    at: dt.datetime,
    observed_at: dt.datetime | None = None,
) -> int:
    """Take over a department's list of statements; each line is checked, then all is written.

    Figures of a period come by the import of the register. An entry that was merged into another
    one is found by its old code.

    Returns:
        How many statements were made.

    Raises:
        ListLineWrong: A line cannot be taken over; it says which and why. Nothing is written.
    """
    if not by.has_perm("register.import"):
        raise PermissionDenied
    catalogue = published_catalogue()
    rows = Enterprise.objects.filter(code__in={each.code for each in lines}).order_by("pk")
    firms = {
        code: merged or pk for code, pk, merged in rows.values_list("code", "pk", "merged_into")
    }
    stated = []
    for number, line in enumerate(lines, start=1):
        try:
            stated.append(_stated(line, firms, catalogue))
        except Refusal as refusal:
            raise ListLineWrong(number=number, why=str(refusal)) from refusal
    return state_list(stated, source=source, observed_at=observed_at, by=by, at=at)


def _stated(line: ListLine, firms: Mapping[str, int], catalogue: Catalogue) -> Stated:
    asked = asked_for(line.slot, catalogue)
    if line.code not in firms:
        raise NotInRegister(code=line.code[:20])
    if asked is None or (asked.spec.grain and asked.spec.kind is Kind.NUMBER):
        raise AnswerNotAsked(slot=line.slot[:80])
    if asked.is_kept:
        raise AnswerKeptElsewhere(fact=asked.spec.label)
    value = _as_kept(asked.spec, line.value, checked_value(asked.spec, line.value))
    return Stated(firms[line.code], asked.spec.key, value, line.since, line.until, asked.period)


def checked_value(spec: FactSpec, stated: Any) -> Any:
    """The value as rules read it.

    Raises:
        AnswerOfAnotherKind, AnswerWithoutUnit, AnswerOutOfBounds, AnswerNotPossible: It does not
            fit the fact.
    """
    try:
        return value_of(spec, stated)
    except NotUsableError as error:
        fact = error.fact
        match error.why:
            case Unused.UNIT:
                expected = fact.unit.symbol or "%"
                raise AnswerWithoutUnit(fact=fact.label, expected=expected) from error
            case Unused.VALUE:
                raise _out_of_bounds(fact) from error
            case Unused.WORD:
                raise AnswerNotPossible(fact=fact.label, allowed=_words(fact)) from error
            case Unused.FIELD:
                allowed = "、".join(each.label for each in fact.fields.values())
                raise AnswerNotPossible(fact=fact.label, allowed=allowed) from error
        raise AnswerOfAnotherKind(fact=fact.label, kind=SHAPES[fact.kind].label) from error


def figure_key(spec: FactSpec) -> str:
    """Under which name the register keeps a figure: people read it there in Chinese."""
    is_readable = len(spec.label) <= LONGEST_FIGURE_KEY and "（" not in spec.label
    return spec.label if is_readable and spec.key not in FactKey.values else spec.key


def figure(asked: Asked, value: Fraction) -> Decimal:
    """The number in the unit in which the register keeps it.

    Raises:
        AnswerTooExact: It has more digits than are kept.
    """
    number = value / asked.spec.unit.scale
    if (number * 10**KEPT_DIGITS).denominator != 1:
        raise AnswerTooExact(fact=asked.spec.label, digits=KEPT_DIGITS)
    return Decimal(decimal_text(number))


def _as_kept(spec: FactSpec, stated: Any, value: Any) -> Any:
    """Words by their value, whatever they were called; numbers as they were written."""
    return stated if spec.kind is Kind.NUMBER else stated_as(spec, value)


def _out_of_bounds(fact: FactSpec) -> AnswerOutOfBounds:
    """Between what a number lies, and how exact it may be."""
    low, high = (
        "…" if each is None else f"{decimal_text(each / fact.unit.scale)}{fact.unit.symbol}"
        for each in (fact.low, fact.high)
    )
    return AnswerOutOfBounds(fact=fact.label, low=low, high=high, digits=fact.decimals)


def _words(fact: FactSpec) -> str:
    return "、".join(fact.values.values()) or fact.meaning or fact.label


@transaction.atomic
def review(
    enterprise_id: int, slot: str, *, is_so: bool, reason: str, by: User, at: dt.datetime
) -> ReviewAnswer:
    """Answer a question that the rules of a pack put to a person; an earlier answer makes way.

    Args:
        slot: As the rule names it: `judged:growth/2026.plan_model`.

    Raises:
        AnswerNotAsked: No published pack puts this question.
        AnswerReasonMissing: Nobody would know why.
    """
    enterprise = locked(enterprise_id)
    if not by.has_perm("matching.review", enterprise):
        raise PermissionDenied
    asked = question_for(slot)
    if asked is None:
        raise AnswerNotAsked(slot=slot[:80])
    if not reason.strip():
        raise AnswerReasonMissing
    place = {
        "enterprise": enterprise,
        "pack_key": asked.row.key,
        "pack_version": asked.row.version,
        "question_key": asked.key,
    }
    ReviewAnswer.objects.standing().filter(**place).update(withdrawn_at=at, withdrawn_by=by)
    found = ReviewAnswer.objects.create(
        **place,
        question=asked.question,
        answer=is_so,
        reason=reason.strip(),
        answered_at=at,
        answered_by=by,
    )
    _note("matching.question_answered", found, enterprise, by=by, at=at)
    return found


@transaction.atomic
def withdraw_answer(answer_id: int, *, by: User, at: dt.datetime) -> ReviewAnswer:
    """Take an answer back; the question is open again.

    Raises:
        AnswerWithdrawn: Somebody took it back, or answered anew, before.
    """
    rows = ReviewAnswer.objects.select_related("enterprise")
    enterprise = locked_survivor(rows.get(pk=answer_id).enterprise)
    found = rows.get(pk=answer_id)
    if not by.has_perm("matching.review", enterprise):
        raise PermissionDenied
    if found.withdrawn_at is not None:
        raise AnswerWithdrawn
    found.withdrawn_at, found.withdrawn_by = at, by
    found.save(update_fields=["withdrawn_at", "withdrawn_by"])
    _note("matching.answer_withdrawn", found, enterprise, by=by, at=at)
    return found


def _note(
    verb: str, found: ReviewAnswer, enterprise: Enterprise, *, by: User, at: dt.datetime
) -> None:
    record(
        verb, enterprise, by=by, at=at, enterprise_id=enterprise.pk,
        pack=found.pack_key, version=found.pack_version, question=found.question,
        answer=found.answer, reason=found.reason,
    )  # fmt: skip
