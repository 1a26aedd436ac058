"""What the steps of all subjects are called: an inbox and the zone's time limits mix them."""

from collections.abc import Mapping
from itertools import chain

from django.utils.functional import Promise

from lianqi.demands.enums import Step
from lianqi.needs.enums import NeedStep

STEPS: Mapping[str, str | Promise] = dict(chain(Step.choices, NeedStep.choices))


def step_in_words(step: str) -> str:
    """A step that a later release no longer knows stands for itself."""
    return str(STEPS.get(step, step))
