"""What a slot asks for, in all that a form needs to know; and whether somebody may answer it."""

from collections.abc import Iterator
from dataclasses import dataclass

from lianqi.accounts.models import User
from lianqi.engines.packs import Measure, Pack
from lianqi.engines.packs.joining import joined_catalogue
from lianqi.engines.rules.catalogue import Catalogue, FactSpec
from lianqi.engines.rules.nodes import Judged, walk
from lianqi.matching.models import ReviewAnswer, RulePack
from lianqi.matching.queries.checking import packs_of
from lianqi.matching.queries.values import KEPT, fits, spec_of
from lianqi.matching.queries.verdicts import questions_of
from lianqi.register.models import Enterprise
from lianqi.register.permissions import states

ENTERPRISE = "enterprise"
QUESTION = "judged:"


@dataclass(frozen=True, slots=True)
class Asked:
    """A fact for a period, or for a day.

    Attributes:
        period: "" for what holds on a day.
        is_kept: The register keeps it in a place of its own; it is changed there.
    """

    spec: FactSpec
    period: str

    @property
    def is_kept(self) -> bool:
        return self.spec.key in KEPT


@dataclass(frozen=True, slots=True)
class Asking:
    """A measure that puts a question, and the condition in which it stands."""

    title: str
    condition: str
    article: str


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question that the rules of a pack put to a person.

    Attributes:
        asking: The measures that hang on the answer.
    """

    row: RulePack
    key: str
    question: str
    asking: tuple[Asking, ...] = ()


def published_catalogue() -> Catalogue:
    """All facts that published packs may speak of, of whatever day; two queries at most."""
    rows = list(RulePack.objects.published().for_list())
    return joined_catalogue(packs_of(rows).values())


def asked_for(slot: str, catalogue: Catalogue) -> Asked | None:
    """What a slot asks for; None if no fact about enterprises is called so, or its period differs.

    Of `ip_rights.transferred` it is the whole list that can be stated.
    """
    spec = spec_of(catalogue, slot)
    period = slot.partition("@")[2].partition(".")[0]
    if spec is None or spec.subject != ENTERPRISE or not fits(spec.grain, period):
        return None
    return Asked(spec, period)


def question_for(slot: str) -> AskedQuestion | None:
    """The question that a slot puts; None if no published pack puts it."""
    name, _point, _key = slot.removeprefix(QUESTION).rpartition(".")
    pack_key, _stroke, version = name.partition("/")
    row = RulePack.objects.published().of_version(pack_key, version).first()
    pack = packs_of([row]).get(row.digest) if row else None
    if row is None or pack is None or not slot.startswith(QUESTION):
        return None
    measures = list(_measures_of(pack))
    questions = (each for measure in measures for each in questions_of(measure))
    found = next((each for each in questions if each.slot == slot), None)
    if found is None:
        return None
    asking = dict.fromkeys(line for each in measures for line in _asking(each, slot))
    return AskedQuestion(row, found.key, found.question, tuple(asking))


def answer_to(asked: AskedQuestion, enterprise: Enterprise) -> ReviewAnswer | None:
    """The answer that stands; a new one would take its place."""
    rows = ReviewAnswer.objects.standing().filter(
        enterprise=enterprise, pack_key=asked.row.key, pack_version=asked.row.version,
        question_key=asked.key,
    )  # fmt: skip
    return rows.select_related("answered_by").first()


def _asking(measure: Measure, slot: str) -> Iterator[Asking]:
    """The conditions of a measure that put a question; without one if an amount puts it."""
    if not any(each.slot == slot for each in questions_of(measure)):
        return
    clauses = [
        each
        for each in measure.clauses
        if any(isinstance(node, Judged) and node.slot == slot for node in walk(each.condition))
    ]
    for each in clauses:
        yield Asking(measure.title, each.text, each.article or measure.article)
    if not clauses:
        yield Asking(measure.title, "", measure.article)


def _measures_of(pack: Pack) -> Iterator[Measure]:
    """With the parameters of any day."""
    for _start, reading in pack.readings:
        yield from reading.measures


def may_answer(user: User, enterprise: Enterprise, asked: Asked | AskedQuestion) -> bool:
    """Whether somebody can answer here what is asked."""
    if isinstance(asked, AskedQuestion):
        return user.has_perm("matching.review", enterprise)
    if asked.is_kept:
        return False
    return states(user, enterprise, asked.spec.supplier)
