"""Template tags and filters of the page shell: fields, icons, lights, figures, times.

`{% load lianqi_ui %}`. Everything here displays; nothing here decides or queries.
"""

import datetime as dt
import itertools
from collections.abc import Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django import forms, template
from django.conf import settings
from django.forms.boundfield import BoundField
from django.http import HttpRequest
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, gettext_lazy, pgettext_lazy

from lianqi.engines.rates import Rate

register = template.Library()

_HUNDREDTH = Decimal("0.01")

_WIDGET_CLASSES: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.CheckboxInput, "form-check-input"),
    (forms.RadioSelect, "form-check-input"),
    (forms.CheckboxSelectMultiple, "form-check-input"),
    (forms.Select, "form-select"),
)

# Tone, icon and words of each traffic light: never told apart by colour alone.
_LIGHTS: Mapping[str, tuple[str, str, Any]] = {
    "green": ("green", "circle-check", pgettext_lazy("traffic light", "On time")),
    "amber": ("amber", "alert-triangle", pgettext_lazy("traffic light", "Due soon")),
    "red": ("red", "alert-octagon", pgettext_lazy("traffic light", "Overdue")),
    "grey": ("grey", "player-pause", pgettext_lazy("traffic light", "Paused")),
    "paused": ("grey", "player-pause", pgettext_lazy("traffic light", "Paused")),
    "done": ("grey", "check", pgettext_lazy("traffic light", "Done")),
}

NO_DATA = gettext_lazy("no data")


def _kind(widget: forms.Widget) -> str:
    if widget.is_hidden:
        return "hidden"
    if isinstance(widget, forms.CheckboxInput):
        return "check"
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "group"
    return "input"


def _widget_class(widget: forms.Widget) -> str:
    return next(
        (name for kind, name in _WIDGET_CLASSES if isinstance(widget, kind)), "form-control"
    )


def _described_by(field: BoundField) -> str:
    notes = ((field.help_text, "helptext"), (field.errors, "error"))
    return " ".join(f"{field.auto_id}_{suffix}" for present, suffix in notes if present)


@register.inclusion_tag("components/field.html")
def field(bound: BoundField, label: str = "", *, hide_required: bool = False) -> dict[str, Any]:
    """Label, control, help and errors of one form field: `{% field form.name %}`."""
    widget = bound.field.widget
    attrs: dict[str, str | bool] = {
        "class": f"{_widget_class(widget)} {widget.attrs.get('class', '')}".strip()
    }
    described_by = _described_by(bound)
    if described_by:
        attrs["aria-describedby"] = described_by
    if bound.errors:
        attrs["aria-invalid"] = "true"
    kind = _kind(widget)
    if kind == "group":
        widget.attrs = {**widget.attrs, "class": attrs["class"]}
    return {
        "field": bound,
        "groups": _groups(bound) if kind == "group" else [],
        "kind": kind,
        "label": label or bound.label,
        "widget": "" if kind == "group" else bound.as_widget(attrs=attrs),
        "described_by": described_by,
        "hide_required": hide_required,
    }


def _groups(bound: BoundField) -> list[tuple[object, list[object]]]:
    """The boxes or buttons of a field under their headings; one group without where it has none."""
    boxes = iter(bound)
    found: list[tuple[object, list[object]]] = []
    for value, label in bound.field.choices:  # type: ignore[attr-defined]  # of a choice field
        if isinstance(label, list | tuple):
            found.append((value, [next(boxes) for _ in label]))
        elif found and not found[-1][0]:
            found[-1][1].append(next(boxes))
        else:
            found.append(("", [next(boxes)]))
    return found


@register.inclusion_tag("components/form_errors.html")
def form_errors(form: forms.BaseForm) -> dict[str, Any]:
    """All errors of a form on top of it, each a link to its field: `{% form_errors form %}`."""
    return {"form": form}


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An outline icon of the sprite, decorative unless it has a label: `{% icon "bell" %}`."""
    href = f"{static('vendor/tabler-icons/sprite.svg')}#{name}"
    if label:
        return format_html(
            '<svg class="lq-icon" role="img" aria-label="{}"><use href="{}"></use></svg>',
            label,
            href,
        )
    return format_html('<svg class="lq-icon" aria-hidden="true"><use href="{}"></use></svg>', href)


@register.inclusion_tag("components/light.html")
def light(item: object, label: str = "") -> dict[str, Any]:
    """The traffic light of a work item, or of the word green, amber, red, grey (paused) or done.

    Args:
        item: an object with an attribute `light`, or the light itself.
        label: other words than the usual ones, for example "3 working days left".

    Raises:
        KeyError: there is no such light.

    """
    value = str(getattr(item, "light", item))
    tone, name, words = _LIGHTS[value]
    return {"tone": tone, "name": name, "label": label or words}


@register.inclusion_tag("components/badge.html")
def badge(label: object, tone: str = "grey", name: str = "") -> dict[str, Any]:
    """A status in words; tone is blue, green, amber, red or grey: `{% badge status "green" %}`."""
    return {"label": label, "tone": tone, "name": name}


@register.inclusion_tag("components/empty.html")
def empty_state(
    name: str, what: str, next_step: str = "", url: str = "", label: str = ""
) -> dict[str, Any]:
    """What stands in place of an empty list: what is missing, what to do next, and the button."""
    return {"name": name, "what": what, "next": next_step, "url": url, "label": label}


@register.inclusion_tag("components/breadcrumb.html")
def crumbs(*pairs: str) -> dict[str, Any]:
    """The way to this page, as label and address by turns; the last label stands alone.

    `{% crumbs "Demands" list_url demand.number %}`
    """
    labels, urls = pairs[::2], [*pairs[1::2], ""]
    return {"crumbs": list(zip(labels, urls, strict=False))}


@register.inclusion_tag("components/filters.html", takes_context=True)
def filters(context: template.Context, form: forms.BaseForm) -> dict[str, Any]:
    """The filter bar of a list, a GET form: `{% filters filter_form %}`."""
    request: HttpRequest = context["request"]
    return {"form": form, "filtered": bool(request.GET), "path": request.path}


def _with(request: HttpRequest, **changes: str) -> str:
    query = request.GET.copy()
    for key in ("after", "before", "page"):
        query.pop(key, None)
    for key, value in changes.items():
        query[key] = value
    return f"?{query.urlencode()}"


@register.inclusion_tag("components/pager.html", takes_context=True)
def pager(
    context: template.Context,
    after: object = None,
    before: object = None,
    *,
    count: int | None = None,
    capped: bool = False,
) -> dict[str, Any]:
    """Links of a keyset page that keep the filters: `{% pager page.after page.before %}`.

    Args:
        context: the template's, for the query of the request.
        after: cursor of the next page, sent as `?after=`; empty on the last page.
        before: cursor of the previous page, sent as `?before=`; empty on the first page.
        count: number of records, if it was counted.
        capped: the count stopped at `count`; there are more.

    """
    request: HttpRequest = context["request"]
    return {
        "next_query": _with(request, after=str(after)) if after else "",
        "previous_query": _with(request, before=str(before)) if before else "",
        "count": count,
        "capped": capped,
    }


@register.simple_tag
def rate(numerator: Decimal | float | None, denominator: Decimal | float | None) -> str:
    """A share in percent with two decimals, halves up; "no data" where nothing was counted.

    Nothing out of nothing is not 0 %: a unit without demands has no closing rate.
    """
    if numerator is None or not denominator:
        return str(NO_DATA)
    share = Decimal(str(numerator)) * 100 / Decimal(str(denominator))
    return f"{share.quantize(_HUNDREDTH, ROUND_HALF_UP)}%"


@register.simple_tag
def unsure(part: int, whole: int) -> str:
    """What a rate of few cases can be trusted for, as a line below it; nothing where it is sure."""
    found = Rate(part, whole)
    if (interval := found.interval) is None or not found.is_small:
        return ""
    low, high = (f"{share * 100:.0f}%" for share in interval)
    said = gettext("few cases: %(low)s to %(high)s") % {"low": low, "high": high}
    return format_html('<div class="lq-muted">{}</div>', said)


def _units() -> tuple[tuple[Decimal, str], ...]:
    if (get_language() or settings.LANGUAGE_CODE).startswith("zh"):
        return ((Decimal(10**8), "{} 亿元"), (Decimal(10**4), "{} 万元"), (Decimal(1), "{} 元"))
    return (
        (Decimal(10**9), "CNY {} billion"),
        (Decimal(10**6), "CNY {} million"),
        (Decimal(1), "CNY {}"),
    )


def _units_with_floor() -> Iterator[tuple[Decimal, str, Decimal]]:
    """Each unit with the least amount shown in it: what the smaller unit would round up to."""
    units = _units()
    for (size, text), (smaller, _) in itertools.pairwise(units):
        yield size, text, size - smaller * _HUNDREDTH / 2
    yield (*units[-1], Decimal(0))


def _plain(amount: Decimal) -> str:
    """At most two decimals, thousands apart, no zeros behind: 1,234.5."""
    text = f"{amount:,.2f}"
    return text.rstrip("0").rstrip(".")


@register.filter
def wan(amount_yuan: Decimal | int | str | None) -> str:
    """Yuan as people say them: 12.5 万元, 3.2 亿元 (in English CNY 125,000, CNY 320 million).

    The unit is chosen after rounding to two decimals, halves up, so that 99,999,999.99 yuan are
    1 亿元 and never 10,000 万元. None is "no data"; zero is 0 元.
    """
    if amount_yuan in {None, ""}:  # a variable that is missing in a template arrives as ""
        return str(NO_DATA)
    yuan = Decimal(amount_yuan or 0)
    size, text = next(unit for unit in _units_with_floor() if abs(yuan) >= unit[2])[:2]
    return text.format(_plain((yuan / size).quantize(_HUNDREDTH, ROUND_HALF_UP)))


@register.filter
def number(value: Decimal | float | str | None) -> str:
    """A count with thousands apart, 35,650; anything that is no number as it is."""
    if value is None:
        return str(NO_DATA)
    return f"{value:,}" if isinstance(value, int | float | Decimal) else str(value)


@register.filter
def local(value: dt.datetime | dt.date | None) -> str:
    """An instant or a day as a `<time>` in the zone's time: 2026-11-21 10:35."""
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        shown = timezone.localtime(value)
        return format_html(
            '<time datetime="{}">{}</time>', shown.isoformat(), date_format(shown, "Y-m-d H:i")
        )
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), value.isoformat())
