"""What other systems are told about rule packs and matching runs."""

from typing import Any

from lianqi.matching.models import MatchRun, RulePack


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
        }
        for each in MatchRun.objects.filter(pk__in=ids)
    }
