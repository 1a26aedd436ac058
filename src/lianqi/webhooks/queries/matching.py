"""What other systems are told about rule packs and matching runs."""

from collections.abc import Mapping
from typing import Any

from lianqi.matching.models import MatchRun, RulePack

MOST_MEASURES = 200
"""Measures that one message names; a zone has some fifty."""


def packs(ids: set[int]) -> dict[int, dict[str, Any]]:
    rows = RulePack.objects.filter(pk__in=ids).defer("text", "cases_text")
    days = ("valid_from", "valid_until")
    return {
        each.pk: {
            "id": each.pk,
            "key": each.key,
            "version": each.version,
            "revision": each.revision,
            "title": each.title,
            "issuer": each.issuer,
            "number": each.number,
            "status": each.status,
            "digest": each.digest,
            **{name: (day := getattr(each, name)) and day.isoformat() for name in days},
        }
        for each in rows
    }


def match_runs(ids: set[int]) -> dict[int, dict[str, Any]]:
    names = ("kind", "status", "done", "total", "gained", "lost")
    return {
        each.pk: {
            "id": each.pk,
            **{name: getattr(each, name) for name in names},
            "pack": each.pack_id,
            "day": each.day.isoformat(),
            "finished_at": each.finished_at and each.finished_at.isoformat(),
            "measures": _measures(each)[:MOST_MEASURES],
        }
        for each in MatchRun.objects.filter(pk__in=ids)
    }


def _measures(run: MatchRun) -> list[dict[str, Any]]:
    """Where anything changed, the greatest changes first."""
    told = [
        {"pack": int(pack), "measure": measure, "gained": gained, "lost": lost}
        for pack, measures in run.changes.items()
        for measure, (gained, lost) in measures.items()
    ]
    return sorted(
        told, key=lambda each: (-each["gained"] - each["lost"], each["pack"], each["measure"])
    )


def turned(detail: Mapping[str, Any]) -> dict[str, Any]:
    """Which measures an enterprise began, and ceased, to meet."""
    names = ("pack", "key", "version", "measure", "title")
    return {
        name: [{part: each[part] for part in names} for each in detail[name][:MOST_MEASURES]]
        for name in ("gained", "lost")
    }
