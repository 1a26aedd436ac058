"""What the steps of all subjects are called: an inbox and the zone's time limits mix them."""

from collections.abc import Mapping

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lianqi.conversions.enums import ConversionStep
from lianqi.conversions.models import Conversion
from lianqi.demands.enums import ClassStep, Step
from lianqi.demands.models import CaseClass, Demand
from lianqi.freetests.enums import FreeTestStep
from lianqi.freetests.models import FreeTest, LabOrder
from lianqi.needs.enums import NeedStep
from lianqi.needs.models import Need, NeedBatch
from lianqi.plans.enums import MeasureStep, PlanStep
from lianqi.plans.models import Measure, ServicePlan
from lianqi.policies.enums import OverlapStep, QuestionStep
from lianqi.policies.models import Overlap, PolicyQuestion
from lianqi.supervision.enums import OrderStep
from lianqi.supervision.models import SupervisionOrder

Words = str | Promise

# Whose steps they are, by the kind of record.
OWNERS: Mapping[str, tuple[Words, tuple[TextChoices, ...]]] = {
    Demand._meta.label_lower: (_("Demand"), tuple(Step)),
    CaseClass._meta.label_lower: (_("Class of cases"), tuple(ClassStep)),
    NeedBatch._meta.label_lower: (_("Report of needs"), (NeedStep.REPORT, NeedStep.TRIAGE)),
    Need._meta.label_lower: (_("Policy need"), (NeedStep.PROGRESS,)),
    Conversion._meta.label_lower: (_("Conversion"), tuple(ConversionStep)),
    ServicePlan._meta.label_lower: (_("Service plan"), tuple(PlanStep)),
    Measure._meta.label_lower: (_("Measure of a service plan"), tuple(MeasureStep)),
    FreeTest._meta.label_lower: (_("Free test"), (FreeTestStep.MATCH,)),
    LabOrder._meta.label_lower: (
        _("Test order"),
        (FreeTestStep.ANSWER, FreeTestStep.SAMPLES, FreeTestStep.RESULT),
    ),
    Overlap._meta.label_lower: (_("Overlap of duties"), tuple(OverlapStep)),
    PolicyQuestion._meta.label_lower: (_("Question about a policy"), tuple(QuestionStep)),
    SupervisionOrder._meta.label_lower: (_("Supervision order"), tuple(OrderStep)),
}
STEPS: Mapping[str, Words] = {
    step.value: step.label for _owner, steps in OWNERS.values() for step in steps
}


def step_in_words(step: str) -> str:
    """A step that a later release no longer knows stands for itself."""
    return str(STEPS.get(step, step))


def place_in_words(kind: str, step: str) -> str:
    """A step with the kind of record it is of; "" is every step."""
    owner = OWNERS[kind][0] if kind in OWNERS else kind
    return f"{owner} · {step_in_words(step) if step else _('Every step')}"


def places() -> list[tuple[str, str]]:
    """Every step of every kind of record as a choice `kind:step`."""
    return [
        (f"{kind}:{step}", place_in_words(kind, step))
        for kind, (_owner, steps) in OWNERS.items()
        for step in ("", *steps)
    ]
