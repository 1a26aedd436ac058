"""Following the audit trail: whose facts changed is matched anew within a minute."""

import datetime as dt
from collections.abc import Collection, Sequence

from django.db import transaction
from django.db.models import Max, QuerySet

from lianqi.audit.actions import Automat, event, record_many
from lianqi.audit.models import Event, Link
from lianqi.engines.packs import Pack
from lianqi.engines.packs.excluding import full_name
from lianqi.matching.actions.runs import begin_pack_run
from lianqi.matching.actions.standing import Change, Reach, lock_matching, match_anew
from lianqi.matching.errors import PackNotMatched, RunUnderWay
from lianqi.matching.models import Followed, RulePack
from lianqi.matching.queries.checking import packs_of
from lianqi.matching.queries.standings import InBulk, all_in_force
from lianqi.register.models import Enterprise

THE_ONE = 1
# What is known of an enterprise changes by these; looking at it does not.
KNOWING = ("register.", "matching.statement")
PACKS = ("matching.pack_published", "matching.national_packs_loaded")
WITHDRAWN = "matching.pack_withdrawn"


@transaction.atomic
def follow(*, on: dt.date, at: dt.datetime, limit: int) -> int:
    """Match anew whoever changed since the last time; return how many events were looked at.

    The place reached and the matches are written together, as `webhooks.feed` does it: whatever
    dies in between, nothing is left out. Call again while the answer is `limit`. The first call
    looks at nothing that was before it; the run of the night has.
    """
    # A second worker waits here, and finds the events of the first one done.
    row = Followed.objects.select_for_update().filter(pk=THE_ONE).first()
    if row is None:
        newest = Link.objects.aggregate(last=Max("position"))["last"] or 0
        Followed.objects.bulk_create([Followed(pk=THE_ONE, position=newest)], ignore_conflicts=True)
        return 0
    links = Link.objects.filter(position__gt=row.position).order_by("position")[:limit]
    places = list(links.values_list("position", "event_id"))
    if not places:
        return 0
    events = Event.objects.changes().filter(pk__in=[event_id for _place, event_id in places])
    if firms := _firms(events):
        match_firms(firms, on=on, at=at)
    _match_packs(events, on=on, at=at)
    row.position = places[-1][0]
    row.save(update_fields=["position"])
    return len(places)


@transaction.atomic
def match_firms(ids: Collection[int], *, on: dt.date, at: dt.datetime) -> Change:
    """Match some enterprises with all measures in force; merged entries speak for the survivor.

    Whoever begins or ceases to meet a measure by it is told of in the audit trail.
    """
    lock_matching()
    force = all_in_force(on)
    there = Enterprise.objects.in_the_zone().order_by().values_list("pk", flat=True)
    survivors = there.filter(merged_entries__in=ids)
    living = sorted(there.filter(pk__in=ids).union(survivors))
    reach = Reach(ids=sorted({*ids, *living}))
    found = match_anew(force, living, reach, force.rows, at=at)
    _note_turns(force, found, at=at)
    return found


def _note_turns(force: InBulk, found: Change, *, at: dt.datetime) -> None:
    """One event for each enterprise that now meets other measures than before."""
    titles = {(each.row.pk, each.measure.key): each for each in force.places}
    turned: dict[int, dict[str, list[dict[str, object]]]] = {}
    for turn in found.turns:
        place = titles.get((turn.pack_id, turn.measure))
        told = {
            "pack": turn.pack_id,
            "key": place.pack.key if place else "",
            "version": place.pack.version if place else "",
            "measure": turn.measure,
            "title": place.measure.title if place else "",
        }
        own = turned.setdefault(turn.enterprise_id, {"gained": [], "lost": []})
        own["gained" if turn.gained else "lost"].append(told)
    record_many(
        [
            event(
                "matching.matches_changed", Enterprise(pk=pk), by=Automat(), at=at,
                enterprise_id=pk, gained=own["gained"], lost=own["lost"],
            )
            for pk, own in sorted(turned.items())
        ]
    )  # fmt: skip


def _firms(events: QuerySet[Event]) -> set[int]:
    told = events.values_list("verb", "enterprise_id", "subject_kind", "subject_id")
    found: set[int] = set()
    for verb, enterprise, kind, subject in told:
        if verb.startswith(KNOWING):
            found |= {enterprise} if enterprise else set()
            found |= {subject} if kind == "register.enterprise" else set()
    return found


def _match_packs(events: QuerySet[Event], *, on: dt.date, at: dt.datetime) -> None:
    """A pack that was published is matched by a run of its own; so are those a withdrawn one named.

    What is paid of a measure changes when the one that excluded it holds no more.
    """
    told = list(events.filter(verb__in=(*PACKS, WITHDRAWN)).order_by("pk"))
    for row in dict.fromkeys([*_published(told, on), *_freed(told, on)]):
        try:
            begin_pack_run(row, on=on, by=None, at=at)
        except (RunUnderWay, PackNotMatched):
            continue


def _published(events: Sequence[Event], on: dt.date) -> list[RulePack]:
    in_force = RulePack.objects.in_force(on).for_list().order_by("key", "version")
    if any(event.verb == "matching.national_packs_loaded" for event in events):
        return list(in_force)
    return list(in_force.filter(pk__in=[event.subject_id for event in events]))


def _freed(events: Sequence[Event], on: dt.date) -> list[RulePack]:
    """Packs in force of which a measure and one of a withdrawn pack exclude each other."""
    gone = [event.subject_id for event in events if event.verb == WITHDRAWN]
    if not gone:
        return []
    withdrawn = list(RulePack.objects.filter(pk__in=gone).for_list())
    rows = list(RulePack.objects.in_force(on).for_list().order_by("key", "version"))
    packs = packs_of([*withdrawn, *rows])
    before = [packs[row.digest] for row in withdrawn if row.digest in packs]
    return [
        row
        for row in rows
        if row.digest in packs
        and any(
            _names(packs[row.digest], each, on) or _names(each, packs[row.digest], on)
            for each in before
        )
    ]


def _names(pack: Pack, other: Pack, on: dt.date) -> bool:
    """Whether a measure of the first excludes one of the other."""
    return pack.key != other.key and any(
        full_name(pack.key, each.measure).startswith(f"{other.key}/")
        for measure in pack.measures(on)
        for each in measure.excludes
    )
