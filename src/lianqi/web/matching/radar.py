"""What a draft, or another version, changes for whom."""

from dataclasses import dataclass
from fractions import Fraction

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from lianqi.matching.enums import Impact
from lianqi.matching.models import RulePack
from lianqi.matching.queries.radar import Affected, RadarLine, affected, comparable, radar
from lianqi.web.http import AuthedRequest
from lianqi.web.matching.results import sees_results
from lianqi.web.matching.words import money
from lianqi.web.paging import as_id

TONES = {
    Impact.GAINS: "green",
    Impact.LOSES: "red",
    Impact.MORE: "green",
    Impact.LESS: "amber",
    Impact.SAME: "grey",
}


@dataclass(frozen=True, slots=True)
class LineShown:
    """A measure with links to whom each change concerns."""

    line: RadarLine
    before: str
    after: str
    cells: list[tuple[Impact, int, str]]


@require_safe
@sees_results
def impact(request: AuthedRequest, pack_id: int) -> HttpResponse:
    packs = RulePack.objects.visible_to(request.user)
    later = get_object_or_404(packs.defer("text", "cases_text"), pk=pack_id)
    others = comparable(request.user, later)
    chosen = as_id(request.GET.get("against", ""))
    earlier = next((each for each in others if each.pk == chosen), others[0] if others else None)
    context: dict[str, object] = {"later": later, "earlier": earlier, "others": others}
    if earlier is not None:
        found = radar(request.user, earlier, later, on=timezone.localdate())
        context |= {
            "found": found,
            "lines": [_shown(each, earlier, later) for each in found.lines],
            "may_start": request.user.has_perm("matching.start_run"),
            "listed": _listed(request, earlier, later, found.lines),
        }
    return render(request, "matching/radar.html", context)


def _shown(line: RadarLine, earlier: RulePack, later: RulePack) -> LineShown:
    base = reverse("matching:radar", args=[later.pk])
    cells = [
        (
            each,
            line.counts.get(each.value, 0),
            f"{base}?against={earlier.pk}&measure={line.key}&impact={each.value}#list",
        )
        for each in Impact
    ]
    sides = [each for each in (line.earlier, line.later) if each]
    pays = any(each.pays for each in sides)
    before, after = (_money(each) if pays else "" for each in (line.before, line.after))
    return LineShown(line, before, after, cells)


def _listed(
    request: AuthedRequest, earlier: RulePack, later: RulePack, lines: tuple[RadarLine, ...]
) -> dict[str, object] | None:
    """Whom one change concerns; None if none was asked for."""
    line = next((each for each in lines if each.key == request.GET.get("measure")), None)
    kind = request.GET.get("impact", "")
    if line is None or kind not in Impact.values:
        return None
    after = as_id(request.GET.get("after", "")) or 0
    rows, next_after = affected(
        request.user, earlier, later, line.key, Impact(kind), after=after
    )  # fmt: skip
    return {
        "line": line,
        "impact": Impact(kind),
        "tone": TONES[Impact(kind)],
        "rows": [(each, *_amounts(each)) for each in rows],
        "after": next_after,
    }


def _amounts(each: Affected) -> tuple[str, str]:
    return _money(each.before), _money(each.after)


def _money(fen: int | None) -> str:
    return "" if fen is None else money(Fraction(fen, 100))
