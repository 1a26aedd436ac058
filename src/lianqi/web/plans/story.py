"""What happened to a plan, in the words of the audit trail, for one reader."""

from lianqi.audit.models import Event
from lianqi.plans.models import Measure, MeasureEntry, ServicePlan
from lianqi.web.audit.words import verb_in_words
from lianqi.web.demands.entries import Entry

MOST_EVENTS = 50
QUOTED = ("text", "reason", "wishes", "outcome", "person_name")  # what an event may have said
# What concerns the zone alone: who keeps the plan, and every word before the enterprise reads it.
INNER = frozenset(
    {
        "plans.begun", "plans.written", "plans.noted", "plans.entrusted", "plans.measure_dropped",
        "plans.measure_placed", "plans.linked", "plans.unlinked",
    }
)  # fmt: skip
# Free in a draft and for a reason afterwards; without one it was a draft.
REASONED = frozenset({"plans.measure_added", "plans.measure_changed"})


def story_of(plan: ServicePlan, *, inside: bool) -> list[Entry]:
    """The newest first; who of the zone did it is for the zone's own people."""
    events = Event.objects.changes().about(ServicePlan._meta.label_lower, plan.pk)
    if not inside:
        events = events.exclude(verb__in=INNER)
    return [
        Entry(
            at=event.at,
            title=_title(event),
            by=event.by_name if inside else "",
            text=next((str(said) for key in QUOTED if (said := event.detail.get(key))), ""),
        )
        for event in events.order_by("-pk")[:MOST_EVENTS]
        if inside or event.verb not in REASONED or event.detail.get("reason")
    ]


def story_of_measure(measure: Measure, *, inside: bool) -> list[Entry]:
    rows = MeasureEntry.objects.filter(measure=measure).select_related("by").order_by("-pk")
    return [
        Entry(
            at=entry.at,
            title=_measure_title(entry),
            by=str(entry.by) if inside else "",
            text=entry.text,
        )
        for entry in rows[:MOST_EVENTS]
    ]


def _title(event: Event) -> str:
    what = event.detail.get("what")
    return f"{verb_in_words(event.verb)} · {what}" if what else verb_in_words(event.verb)


def _measure_title(entry: MeasureEntry) -> str:
    said = entry.get_kind_display()
    if entry.result:
        said = f"{said} · {entry.get_result_display()}"
    if entry.due_on and entry.earlier_due_on:
        return f"{said} · {entry.earlier_due_on:%Y-%m-%d} → {entry.due_on:%Y-%m-%d}"
    return said
