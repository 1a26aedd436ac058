"""How good the classifier is, by label, for those whom it advises."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lianqi.accounts.models import Unit
from lianqi.demands.actions import request_training
from lianqi.demands.enums import Learned
from lianqi.demands.models import Classifier, DemandCategory
from lianqi.engines.learning import Judgement, interval
from lianqi.shared.errors import Refusal
from lianqi.web.http import AuthedRequest

MOST_CONFUSIONS = 15


@dataclass(frozen=True, slots=True)
class Line:
    """One label of the examination, with its name for people."""

    name: str
    judgement: Judgement

    @property
    def bounds(self) -> str:
        """The 95 % interval of the share found, where there are cases."""
        found = interval(self.judgement.right, self.judgement.cases)
        return f"{100 * found[0]:.0f}–{100 * found[1]:.0f} %" if found else ""

    @property
    def threshold(self) -> int | None:
        limit = self.judgement.threshold
        return None if limit is None else round(100 * limit)


@dataclass(frozen=True, slots=True)
class Confusion:
    """So many demands of one label were taken for another."""

    right: str
    named: str
    count: int


@dataclass(frozen=True, slots=True)
class Examination:
    """One model with its figures."""

    model: Classifier
    lines: Sequence[Line]
    confusions: Sequence[Confusion]

    @property
    def right(self) -> int:
        return sum(line.judgement.right for line in self.lines)

    @property
    def spoken(self) -> int:
        return sum(line.judgement.spoken for line in self.lines)

    @property
    def spoken_right(self) -> int:
        return sum(line.judgement.spoken_right for line in self.lines)


@require_safe
@permission_required("demands.view_classifier", raise_exception=True)
def page(request: AuthedRequest) -> HttpResponse:
    found = [Classifier.objects.latest_of(kind) for kind in Learned]
    context = {"examinations": [_examination(each) for each in found if each is not None]}
    return render(request, "demands/classifier.html", context)


@require_POST
@permission_required("demands.train_classifier", raise_exception=True)
def train(request: AuthedRequest) -> HttpResponse:
    try:
        request_training(by=request.user, at=timezone.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The worker learns now; reload this page in a minute."))
    return HttpResponseRedirect(reverse("demands:classifier"), status=303)


def _examination(model: Classifier) -> Examination:
    names = _names(model)
    lines = [
        Line(names.get(each["label"], each["label"]), Judgement(**each))
        for each in model.judgements
    ]
    wrong = sorted(
        (each for each in model.confusion if each[0] != each[1]),
        key=lambda each: (-each[2], each[0], each[1]),
    )
    return Examination(
        model,
        lines,
        [
            Confusion(names.get(right, right), names.get(named, named), count)
            for right, named, count in wrong[:MOST_CONFUSIONS]
        ],
    )


def _names(model: Classifier) -> Mapping[str, Any]:
    if model.kind == Learned.CATEGORY:
        return {each.code: str(each) for each in DemandCategory.objects.order_by("pk")}
    ids = [each["label"] for each in model.judgements]
    return {str(each.pk): each.name for each in Unit.objects.filter(pk__in=ids)}
