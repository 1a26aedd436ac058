"""How the pages about people carry out an action."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest

from lianqi.shared.errors import Refusal

UNPROCESSABLE = 422


def done(form: forms.BaseForm, act: Callable[[dict[str, Any]], object]) -> bool:
    """Act with what a valid form holds; what is refused becomes an error of the form."""
    if not form.is_valid():
        return False
    try:
        act(form.cleaned_data)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


def press(request: HttpRequest, act: Callable[[], object], said: str) -> None:
    """Act on a button without a form, and say on the next page what became of it."""
    try:
        act()
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, said)
