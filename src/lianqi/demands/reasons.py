"""Why a row of a spreadsheet of demands was refused: stored as data, shown in any language.

As in the register: a reason is `{"code": …, "params": {…}}`, and codes never change.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lianqi.register.reasons import SENTENCES as OF_THE_REGISTER
from lianqi.register.reasons import Reason

SENTENCES: dict[str, Promise] = {
    "external_missing": _(
        "The row has no external number. Enter the one of the system it comes from: by it a second "
        "upload is recognised."
    ),
    "external_twice": _(
        "The external number stands in row %(row)s already. Put both rows into one, or correct it."
    ),
    "title_missing": _("The row has no title. Say in one sentence what is asked."),
    "category_missing": _("The row has no category. Enter one of: %(known)s."),
    "category_unknown": _("There is no category “%(found)s”. Enter one of: %(known)s."),
    "category_not_accepted": _(
        "Matters of “%(found)s” are not handled here. Choose another category, or leave the row "
        "out."
    ),
    "firm_missing": _(
        "The row names no enterprise. Enter its unified social credit code or its name."
    ),
    "firm_unknown": _(
        "There is no enterprise with the code %(found)s in the register. Correct the code, or "
        "enter the name beside it."
    ),
    "firm_merged": _(
        "The entry with this code was merged into %(name)s. Use the code %(code)s instead."
    ),
    "urgency_unknown": _("There is no urgency “%(found)s”. Enter one of: %(known)s."),
    "too_long": _("Column “%(heading)s” holds more than %(limit)s characters. Shorten the text."),
    "refused": _("Refused: %(said)s"),
}


def reason(code: str, /, **params: str | int) -> Reason:
    """A reason; an unknown code is a programmer's mistake."""
    if code not in SENTENCES:
        raise KeyError(code)
    return {"code": code, "params": params}


def reason_text(why: Reason) -> str:
    """The sentence of a reason in the language of the reader: of a row here, of a file there."""
    return str((SENTENCES | OF_THE_REGISTER)[why["code"]]) % why["params"]
