"""An act as its button and its form say it."""

from dataclasses import dataclass

from django.utils.functional import Promise

from lianqi.web.demands.forms import ActForm


@dataclass(frozen=True, slots=True)
class Act:
    """An act on a demand: which form, what the button says, what is said when it is done."""

    form: type[ActForm]
    title: str | Promise
    button: str | Promise
    done: str | Promise
    icon: str
    tone: str = "primary"
