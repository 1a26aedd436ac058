"""Registration of the people of an enterprise."""

import re
from typing import Any

from allauth.account.forms import SignupForm
from allauth.account.models import EmailAddress
from allauth.account.utils import setup_user_email
from allauth.core import context
from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianqi.accounts.actions import create_person
from lianqi.accounts.models import User
from lianqi.engines.text import normalise
from lianqi.register.actions import accept_invitation, request_membership
from lianqi.register.models import Enterprise
from lianqi.shared.errors import Refusal
from lianqi.web.people.forms import INVITATION, enterprise_of_code

MOBILE = re.compile(r"1[3-9]\d{9}")


def clean_mobile(text: str) -> str:
    """A mobile number of mainland China, eleven digits.

    Raises:
        ValidationError: It is not one.
    """
    number = re.sub(r"[\s\-]|^(\+|00)86", "", normalise(text))
    if not MOBILE.fullmatch(number):
        raise forms.ValidationError(_("Enter a mobile number with eleven digits."))
    return number


class EnterpriseSignupForm(SignupForm):  # type: ignore[misc]  # allauth ships no types
    """Registers a person for an enterprise that is in the register, or that has invited the person.

    The mobile number becomes the sign-in name; the e-mail address works as well.
    """

    field_order = ("credit_code", "name", "mobile", "email", "password1", "password2")
    credit_code = forms.CharField(
        label=gettext_lazy("Unified social credit code"),
        max_length=40,
        help_text=gettext_lazy("18 characters, as on the business licence"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "lq-code"}),
    )
    name = forms.CharField(
        label=gettext_lazy("Your name"),
        max_length=50,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    mobile = forms.CharField(
        label=gettext_lazy("Mobile number"),
        max_length=20,
        help_text=gettext_lazy("You sign in with this number or with the e-mail address."),
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.invitation: str = context.request.session.get(INVITATION, "")
        if self.invitation:
            del self.fields["credit_code"]

    def clean_credit_code(self) -> Enterprise | None:
        return enterprise_of_code(self.cleaned_data["credit_code"])

    def clean_mobile(self) -> str:
        number = clean_mobile(self.cleaned_data["mobile"])
        if User.objects.filter(username=number).exists():
            raise forms.ValidationError(
                _("Somebody has registered with this mobile number already. Sign in instead.")
            )
        return number

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        if self.account_already_exists:
            self.add_error("email", _("This e-mail address is in use already. Sign in instead."))
        return cleaned

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        try:
            return self.save(request), None
        except Refusal as refusal:  # the invitation was used or ran out meanwhile
            request.session.pop(INVITATION, None)
            messages.error(request, str(refusal))
            return None, HttpResponseRedirect(reverse("account_signup"), status=303)

    def save(self, request: HttpRequest) -> User:
        """Create the person, and either accept the invitation or ask to be confirmed."""
        values, at = self.cleaned_data, timezone.now()
        with transaction.atomic():
            person = create_person(
                username=values["mobile"],
                name=values["name"],
                mobile=values["mobile"],
                email=values["email"],
                password=values["password1"],
                by=None,
                at=at,
            )
            setup_user_email(request, person, [EmailAddress(email=values["email"])])
            if self.invitation:
                accept_invitation(self.invitation, by=person, at=at)
            else:
                request_membership(code=values["credit_code"].code, by=person, at=at)
        request.session.pop(INVITATION, None)
        return person
