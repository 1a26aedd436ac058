"""How good the classifier is."""

import datetime as dt
from typing import Any

from django.core.exceptions import PermissionDenied
from ninja import Router, Schema

from lianqi.api.http import ApiRequest
from lianqi.api.schemas import PROBLEMS
from lianqi.demands.enums import Learned
from lianqi.demands.models import Classifier

router = Router(tags=["demands"])


class LabelOut(Schema):
    """One label on the demands kept for the examination. `threshold` null: it is never named."""

    label: str
    cases: int
    named: int
    right: int
    threshold: float | None
    spoken: int
    spoken_right: int


class ClassifierOut(Schema):
    """A model. Labels are codes of categories or ids of units."""

    kind: Learned
    version: int
    trained_at: dt.datetime
    learned: int
    held_out: int
    labels: list[LabelOut]


class ClassifiersOut(Schema):
    classifiers: list[ClassifierOut]


@router.get("", response={200: ClassifiersOut, **PROBLEMS}, operation_id="get_classifiers")
def classifiers(request: ApiRequest) -> dict[str, Any]:
    """The models in use, with their accuracy by label."""
    if not request.user.has_perm("demands.view_classifier"):
        raise PermissionDenied
    found = [Classifier.objects.latest_of(kind) for kind in Learned]
    return {
        "classifiers": [
            {
                "kind": each.kind,
                "version": each.version,
                "trained_at": each.trained_at,
                "learned": each.learned,
                "held_out": each.held_out,
                "labels": each.judgements,
            }
            for each in found
            if each is not None
        ]
    }
