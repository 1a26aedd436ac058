"""Measures of a pack for a reader: rules in both spellings, and all that stands beside them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from lianqi.engines.packs import Measure, Pack
from lianqi.engines.packs.pack import Exclusion, Process, Span
from lianqi.engines.rules.nodes import TRUE, Node
from lianqi.engines.rules.rendering import render as written
from lianqi.web.matching.choices import APPLICATION, EXCLUSION, WHEN_SHORT
from lianqi.web.matching.words import APPLICANTS, supplier_text

# A condition or an amount in Chinese and in plain spelling.
Spelled = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Row:
    """A part of a rule."""

    part: str
    article: str
    spelled: Spelled


@dataclass(frozen=True, slots=True)
class MeasureShown:
    """A measure as it reads today.

    Attributes:
        applicant: Whom it is for if not for an enterprise alone.
        facts: What is no rule, as papers and days, by name.
    """

    measure: Measure
    applicant: str | Promise
    rows: tuple[Row, ...]
    facts: tuple[tuple[str, str], ...]


def measures_shown(pack: Pack) -> list[MeasureShown]:
    measures = pack.reading(timezone.localdate()).measures
    titles = {each.key: each.title for each in measures}
    return [
        MeasureShown(
            each,
            APPLICANTS[each.applicant] if each.applicant != "enterprise" or each.rank else "",
            tuple(_rows(each, pack)),
            tuple(_facts(each, pack, titles)),
        )
        for each in measures
    ]


def pack_shown(pack: Pack) -> list[Row]:
    """What holds for all measures of a pack: parameters, and limits over several measures."""
    rows = [
        Row(name, _from(Span(each.start), each.article), _both(each.value, pack))
        for name, values in pack.parameters.items()
        for each in values
    ]
    for group in pack.reading(timezone.localdate()).cap_groups:
        part = group.text or _("Together at most: %(measures)s") % {
            "measures": _several(group.measures)
        }
        rows.append(Row(part, group.article, _both(group.cap, pack)))
    return rows


def _both(node: Node, pack: Pack) -> Spelled:
    return (
        written(node, "zh", catalogue=pack.catalogue),
        written(node, "plain", catalogue=pack.catalogue),
    )


def _rows(measure: Measure, pack: Pack) -> Iterator[Row]:
    if measure.scope != TRUE:
        yield Row(_("Whom it is for"), "", _both(measure.scope, pack))
    for clause in measure.clauses:
        yield Row(clause.text or clause.key, clause.article, _both(clause.condition, pack))
    yield from _benefits(measure, pack)
    if measure.cap is not None:
        yield Row(_("In all at most"), "", _both(measure.cap, pack))
    yield from _in_a_run(measure, pack)


def _benefits(measure: Measure, pack: Pack) -> Iterator[Row]:
    for benefit in measure.benefits:
        title = benefit.title or benefit.kind.label
        if benefit.when != TRUE:
            part = _("%(title)s: on condition") % {"title": title}
            yield Row(part, benefit.article, _both(benefit.when, pack))
        if benefit.amount is not None:
            yield Row(title, benefit.article, _both(benefit.amount, pack))
        for part_paid in benefit.instalments:
            part = _("Instalment: %(text)s") % {"text": part_paid.text or part_paid.key}
            yield Row(part, "", _both(part_paid.share, pack))


def _in_a_run(measure: Measure, pack: Pack) -> Iterator[Row]:
    """What is only known when all applicants are looked at, or later on."""
    if measure.rank is not None:
        yield Row(_("Ranked by"), "", _both(measure.rank.by, pack))
        for level in measure.rank.levels:
            part = _("Rank up to %(rank)d") % {"rank": level.upto}
            yield Row(part, "", _both(level.amount, pack))
    if measure.budget is not None and measure.budget.amount is not None:
        yield Row(_("Budget"), "", _both(measure.budget.amount, pack))
    for each in measure.clawback:
        yield Row(_("Paid back: %(text)s") % {"text": each.text}, "", _both(each.when, pack))
        yield Row(_("Sum to pay back"), "", _both(each.amount, pack))


def _facts(measure: Measure, pack: Pack, titles: dict[str, str]) -> Iterator[tuple[str, str]]:
    if in_kind := [each.pays_in_kind for each in measure.benefits if each.pays_in_kind]:
        yield _("Given instead of money"), _several(in_kind)
    if measure.span not in (Span(), pack.span):
        yield _("In force"), _days(measure.span)
    yield from _process(measure.process)
    if measure.evidence:
        papers = (
            f"{each.name}（{supplier_text(each.source)}）" if each.source else each.name
            for each in measure.evidence
        )
        yield _("Papers"), _several(papers)
    if measure.budget is not None:
        yield _("If the sum does not suffice"), str(dict(WHEN_SHORT)[measure.budget.when_short])
    for each in measure.excludes:
        yield _("Not together with"), _excluded(each, titles)
    if measure.stacks_with:
        yield _("May be had together with"), _several(titles.get(k, k) for k in measure.stacks_with)


def _process(process: Process) -> Iterator[tuple[str, str]]:
    if process != Process():
        yield _("How one gets it"), str(dict(APPLICATION)[process.application])
    if process.windows:
        yield _("Applications are taken"), _several(_days(each) for each in process.windows)
    if process.deadline:
        yield _("Deadline"), process.deadline
    if process.publicity_days is not None:
        days = _("%(days)d working days") % {"days": process.publicity_days}
        yield _("Publicity"), days
    if process.steps:
        yield _("Steps"), " → ".join(process.steps)


def _excluded(each: Exclusion, titles: dict[str, str]) -> str:
    told = f"{titles.get(each.measure, each.measure)}（{dict(EXCLUSION)[each.rule]}）"
    return f"{told} {each.article}".strip()


def _days(span: Span) -> str:
    start, end = (each.isoformat() if each else "…" for each in (span.start, span.end))
    return f"{start} — {end}"


def _from(span: Span, article: str) -> str:
    since = _("from %(low)s") % {"low": span.start.isoformat()} if span.start else ""
    return f"{article} {since}".strip()


def _several(parts: Iterable[Any]) -> str:
    return "、".join(str(each) for each in parts)
