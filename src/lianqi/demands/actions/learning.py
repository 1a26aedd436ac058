"""Training the classifier from the zone's closed demands. Slow: for the worker."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max

from lianqi.accounts.models import User
from lianqi.audit.actions import Automat, record
from lianqi.demands.enums import DemandStatus, Learned
from lianqi.demands.errors import TooLittleToLearn
from lianqi.demands.models import Classifier, Demand
from lianqi.engines.learning import fit, held_out, judge

MOST, FEWEST, FEWEST_OF_LABEL, FEWEST_LABELS = 6000, 60, 6, 2
TASK = "lianqi.demands.train"
_KEPT = 2  # earlier versions that keep their numbers
_NEW_SHARE, _NEW_LEAST = 0.05, 30

Example = tuple[str, str]


def request_training(*, by: User, at: dt.datetime) -> None:
    """Ask the worker to learn anew.

    Raises:
        TooLittleToLearn: Too few demands are closed.
        PermissionDenied: `by` may not ask for it.
    """
    if not by.has_perm("demands.train_classifier"):
        raise PermissionDenied
    closed = Demand.objects.filter(status=DemandStatus.CLOSED)[:FEWEST].count()
    if closed < FEWEST:
        raise TooLittleToLearn(closed=closed, fewest=FEWEST)
    with transaction.atomic():
        record("demands.training_requested", by, by=by, at=at)
        transaction.on_commit(lambda: _defer(by.pk))


def _defer(user_id: int) -> None:
    from procrastinate.contrib.django import app  # its connector needs the app registry
    from procrastinate.exceptions import AlreadyEnqueued

    try:
        app.configure_task(TASK, queueing_lock=TASK).defer(user_id=user_id)
    except AlreadyEnqueued:
        return  # somebody else asked a moment ago: the same work


def train_classifiers(*, by: User | None, at: dt.datetime) -> list[Classifier]:
    """Learn both kinds; return the new versions. A kind with too little to learn from is left out.

    Args:
        by: Who asked for it; None for the weekly job.
    """
    found = [_train(kind, by=by, at=at) for kind in Learned]
    return [each for each in found if each is not None]


def train_if_due(*, at: dt.datetime) -> list[Classifier]:
    """Learn anew if enough demands were closed since: one in twenty of those learned from."""
    latest = Classifier.objects.latest_of(Learned.CATEGORY)
    if latest is not None:
        fewest = max(_NEW_LEAST, round(_NEW_SHARE * latest.learned))
        closed = Demand.objects.filter(status=DemandStatus.CLOSED, closed_at__gt=latest.trained_at)
        if closed[:fewest].count() < fewest:
            return []
    return train_classifiers(by=None, at=at)


def _train(kind: Learned, *, by: User | None, at: dt.datetime) -> Classifier | None:
    examples = _examples(kind)
    kept = [pair for pair in examples if held_out(pair[0])]
    learned = [pair for pair in examples if not held_out(pair[0])]
    if len(examples) < FEWEST or len({label for _, label in learned}) < FEWEST_LABELS:
        return None
    model = fit(learned, kept)
    report = judge([(label, model.guesses(text)[0]) for text, label in kept], model.labels)
    with transaction.atomic():
        newest = Classifier.objects.of(kind).aggregate(newest=Max("version"))["newest"] or 0
        made = Classifier.objects.create(
            kind=kind,
            version=newest + 1,
            trained_at=at,
            trained_for=by,
            learned=len(learned),
            held_out=len(kept),
            description=model.description(),
            numbers=model.numbers(),
            judgements=[each.as_json() for each in report.labels],
            confusion=[
                [truth, named, count] for (truth, named), count in sorted(report.confusion.items())
            ],
        )
        Classifier.objects.of(kind).filter(version__lt=made.version - _KEPT).update(numbers=b"")
        record(
            "demands.classifier_trained",
            made,
            by=by or Automat(),
            at=at,
            kind=kind,
            version=made.version,
            learned=made.learned,
            held_out=made.held_out,
        )
    return made


def _examples(kind: Learned) -> Sequence[Example]:
    """Text and label of the newest closed demands, oldest first; rare labels are left out."""
    field = "category__code" if kind == Learned.CATEGORY else "unit_id"
    rows = (
        Demand.objects.filter(status=DemandStatus.CLOSED)
        .order_by("-pk")
        .values_list("title", "text", field)[:MOST]
    )
    found = [(f"{title}\n{text}", str(label)) for title, text, label in rows][::-1]
    counts = Counter(label for _, label in found)
    return [pair for pair in found if counts[pair[1]] >= FEWEST_OF_LABEL]
