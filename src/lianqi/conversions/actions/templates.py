"""The checklists that come with the program, and the clocks of their steps."""

import datetime as dt
import tomllib
from pathlib import Path
from typing import Any

from django.db import transaction

from lianqi.audit.actions import Automat, record
from lianqi.conversions.enums import ConversionStep
from lianqi.conversions.models import Conversion, ConversionTemplate, TemplateStep
from lianqi.engines.calendar import ClockKind, OutsideRule
from lianqi.work.actions import Lengths, add_missing_rules
from lianqi.work.enums import Urgency
from lianqi.work.models import ClockRule

DATA = Path(__file__).parents[1] / "data" / "templates.toml"
# What holds for a step that has no length of its own.
LENGTHS: Lengths = {(ConversionStep.CARRY, Urgency.NORMAL): (ClockKind.WORKING_DAYS, 5)}
LADDER = (("0.80", 0), ("1.00", 1), ("1.50", 2))


@transaction.atomic
def load_conversion_templates(*, at: dt.datetime) -> int:
    """Write the checklists that the zone has not got yet; return how many.

    A checklist that is there stays as it is: it may be the zone's own by now.
    """
    rules = add_missing_rules(Conversion, LENGTHS, LADDER)
    known = set(ConversionTemplate.objects.values_list("code", flat=True))
    missing = [
        each
        for each in tomllib.loads(DATA.read_text(encoding="utf-8"))["template"]
        if each["code"] not in known
    ]
    for given in missing:
        template = ConversionTemplate.objects.create(
            code=given["code"], name_zh=given["name_zh"], name_en=given["name_en"]
        )
        _write_steps(template, given["step"])
    if missing or rules:
        subject = ConversionTemplate.objects.earliest("pk")
        record(
            "conversions.templates_loaded", subject, by=Automat(), at=at,
            templates=[each["code"] for each in missing],
        )  # fmt: skip
    return len(missing)


def _write_steps(template: ConversionTemplate, steps: list[dict[str, Any]]) -> None:
    for position, given in enumerate(steps, start=1):
        step = TemplateStep.objects.create(
            template=template,
            position=position,
            code=given["code"],
            name_zh=given["zh"],
            name_en=given["en"],
            party=given["party"],
            asks_zh=given["asks_zh"],
            asks_en=given["asks_en"],
            evidence_zh=given["evidence_zh"],
            evidence_en=given["evidence_en"],
            measure=given.get("measure", ""),
        )
        ClockRule.objects.create(
            subject_kind=Conversion._meta.label_lower,
            step=ConversionStep.CARRY,
            rule_set=step.pk,
            kind=ClockKind.WORKING_DAYS,
            amount=given["days"],
            outside_hours=OutsideRule.NEXT_WORKING_TIME,
        )
