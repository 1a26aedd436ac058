"""Why a row of a department's list was refused, or what to know of it: stored as data.

As in the register: a reason is `{"code": …, "params": {…}}`, and codes never change.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from lianqi.engines.packs.errors import NotAValueError, Wrong, told
from lianqi.engines.rules.errors import Told
from lianqi.register.queries import source_text
from lianqi.register.reasons import SENTENCES as OF_THE_REGISTER

SENTENCES: dict[str, Promise] = {
    "firm_missing": _(
        "The row names no enterprise. Enter its unified social credit code or its name."
    ),
    "firm_unknown": _(
        "“%(found)s” is not in the register. Check the code or the name, or enter the enterprise "
        "in the register first."
    ),
    "firm_ambiguous": _(
        "Several enterprises are called “%(found)s”. Enter the unified social credit code."
    ),
    "row_twice": _("The same enterprise stands in row %(row)s already. Leave one of them out."),
    "value_missing": _("Cell %(cell)s is empty. Enter the value, or leave the row out."),
    "too_exact": _("Cell %(cell)s: the register keeps %(digits)s digits after the point."),
    "days_reversed": _("The last day lies before the first. Check both days."),
    "level_unknown": _("Cell %(cell)s: “%(found)s” is no level. Use one of: %(known)s."),
    "label_too_long": _("Cell %(cell)s holds more than %(limit)s characters. Shorten the text."),
    # What to know of a row that is taken.
    "later_known": _(
        "%(source)s stated something later, on %(day)s: that goes on counting, and the list joins "
        "the history."
    ),
    "other_name": _("The list calls it “%(found)s”."),
}
VALUE = "value"


def in_one(telling: Callable[[str], Told]) -> str:
    """What is wrong with advice, in one sentence of the reader's language."""
    if (get_language() or "").startswith("zh"):
        chinese = telling("zh")
        return f"{chinese.message}{chinese.advice}"
    english = telling("en")
    return f"{english.message} ({english.advice})" if english.advice else english.message


def reason(code: str, /, **params: str | int) -> dict[str, Any]:
    """A reason; an unknown code is a programmer's mistake."""
    if code not in SENTENCES:
        raise KeyError(code)
    return {"code": code, "params": params}


def value_reason(error: NotAValueError, cell: str) -> dict[str, Any]:
    """Why a cell is no value of its fact."""
    given = {name: _plain(each) for name, each in error.params.items()}
    return {
        "code": VALUE,
        "params": {"cell": cell, "problem": error.problem.value, "given": given},
    }


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return {str(name): str(each) for name, each in value.items()}
    return value if isinstance(value, int | str) else str(value)


def reason_text(why: Mapping[str, Any]) -> str:
    """The sentence of a reason in the language of the reader."""
    params: dict[str, Any] = why["params"]
    if why["code"] == VALUE:
        said = in_one(lambda language: told(Wrong(params["problem"]), params["given"], language))
        sentence: str = gettext("Cell %(cell)s: %(said)s")
        return sentence % {"cell": params["cell"], "said": said}
    if "source" in params:
        params = params | {"source": source_text(params["source"])}
    return str((SENTENCES | OF_THE_REGISTER)[why["code"]]) % params
