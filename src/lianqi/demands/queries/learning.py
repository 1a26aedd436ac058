"""What the classifier says of a wording, and who solved such demands before."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lianqi.accounts.models import Unit
from lianqi.demands.enums import Closure, DemandStatus, Learned, Rating
from lianqi.demands.models import Classifier, Demand, DemandCategory
from lianqi.demands.queries.similar import Near, similar_demands
from lianqi.engines.learning import BadModel, LinearModel

YEAR = dt.timedelta(days=400)
_UNSATISFIED = (Rating.DISSATISFIED, Rating.VERY_DISSATISFIED)
_SOLVED_LOOKED_AT = 10


@dataclass(frozen=True, slots=True)
class Heard:
    """What the classifier says, and how often it was right when it said so in its examination."""

    label: str
    confidence: float
    spoken: int
    spoken_right: int


_Learned = tuple[LinearModel, dict[str, dict[str, Any]]]
_known: dict[Learned, tuple[int, _Learned]] = {}


def spoken_guess(kind: Learned, title: str, text: str) -> Heard | None:
    """The likeliest label, if its confidence reaches the threshold of that label; else silence."""
    known = _in_use(kind)
    if known is None:
        return None
    model, judgements = known
    guess = model.guesses(f"{title}\n{text}")[0]
    judged = judgements.get(guess.label)
    if judged is None or guess.confidence < judged["threshold"]:
        return None
    return Heard(guess.label, guess.confidence, judged["spoken"], judged["spoken_right"])


def _in_use(kind: Learned) -> _Learned | None:
    """The newest model with the judgements of what it may name, kept per process.

    One small query asks whether there is a newer one.
    """
    newest = Classifier.objects.of(kind).values_list("pk", flat=True).first()
    if newest is None:
        return None
    known = _known.get(kind)
    if known is None or known[0] != newest:
        row = Classifier.objects.get(pk=newest)
        try:
            model = LinearModel.read(row.description, bytes(row.numbers))
        except BadModel:
            return None  # of another release: silent until the next training
        judgements = {
            each["label"]: each for each in row.judgements if each["threshold"] is not None
        }
        known = _known[kind] = (newest, (model, judgements))
    return known[1]


@dataclass(frozen=True, slots=True)
class CategoryHint:
    """A category that the wording suggests."""

    category: DemandCategory
    confidence: float
    spoken: int
    """How often it was named in the examination of the classifier."""
    spoken_right: int
    """Of those, how often it was right."""

    @property
    def percent(self) -> int:
        return round(100 * self.confidence)


def suggested_category(title: str, text: str) -> CategoryHint | None:
    """The category that the wording suggests, if the classifier is sure and it is in use."""
    guess = spoken_guess(Learned.CATEGORY, title, text)
    if guess is None:
        return None
    category = DemandCategory.objects.in_use().filter(code=guess.label).first()
    if category is None:
        return None
    return CategoryHint(category, guess.confidence, guess.spoken, guess.spoken_right)


@dataclass(frozen=True, slots=True)
class UnitHint:
    """A unit that answered such demands; `confidence` from 0 to 1, and why in words."""

    unit: Unit
    confidence: float
    reason: str

    @property
    def percent(self) -> int:
        return round(100 * self.confidence)


def unit_hints(demand: Demand, *, on: dt.date) -> list[UnitHint]:
    """What wording alone suggests: the classifier's unit, and those that solved similar demands.

    One hint per unit, the surest first; nothing where nothing is known.
    """
    found: dict[int, UnitHint] = {}
    for hint in (*_learned(demand), *_solved_alike(demand, on=on)):
        earlier = found.get(hint.unit.pk)
        found[hint.unit.pk] = hint if earlier is None else _both(earlier, hint)
    return sorted(found.values(), key=lambda hint: (-hint.confidence, hint.unit.pk))


def _both(one: UnitHint, other: UnitHint) -> UnitHint:
    """Two reasons for one unit: either may be right."""
    confidence = 1 - (1 - one.confidence) * (1 - other.confidence)
    return UnitHint(one.unit, confidence, f"{one.reason} {other.reason}")


def _learned(demand: Demand) -> list[UnitHint]:
    guess = spoken_guess(Learned.UNIT, demand.title, demand.text)
    unit = Unit.objects.active().filter(pk=guess.label).first() if guess else None
    if guess is None or unit is None:
        return []
    reason = _(
        "By its wording %(unit)s answered such demands (%(percent)s %% sure; of %(spoken)s such "
        "hints in the examination %(right)s were right)."
    ) % {
        "unit": unit,
        "percent": round(100 * guess.confidence),
        "spoken": guess.spoken,
        "right": guess.spoken_right,
    }
    return [UnitHint(unit, guess.confidence, reason)]


def _solved_alike(demand: Demand, *, on: dt.date) -> list[UnitHint]:
    solved = (
        Demand.objects.filter(status=DemandStatus.CLOSED, closure=Closure.CONFIRMED)
        .exclude(rating__in=_UNSATISFIED)
        .exclude(pk=demand.pk)
    )
    near = similar_demands(
        demand.title, demand.text, among=solved, since=on - YEAR, most=_SOLVED_LOOKED_AT
    )
    by_unit: dict[int, list[Near]] = defaultdict(list)
    for each in near:
        if each.demand.unit_id is not None:
            by_unit[each.demand.unit_id].append(each)
    weight = sum(each.likeness for each in near)
    units = Unit.objects.active().in_bulk(by_unit)
    return [
        UnitHint(
            unit,
            sum(each.likeness for each in by_unit[pk]) / weight * by_unit[pk][0].likeness,
            _solved_words(unit, by_unit[pk]),
        )
        for pk, unit in units.items()
    ]


def _solved_words(unit: Unit, near: list[Near]) -> str:
    return ngettext(
        "%(unit)s solved %(count)d similar demand: %(number)s.",
        "%(unit)s solved %(count)d similar demands, among them %(number)s.",
        len(near),
    ) % {"unit": unit, "count": len(near), "number": near[0].demand.number}
