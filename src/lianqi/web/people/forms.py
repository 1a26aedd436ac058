"""Forms about people, units, roles and absences. They check shape; rules live in the actions."""

import datetime as dt
import re
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianqi.accounts.enums import Role, Scope, UnitKind
from lianqi.accounts.models import Unit, User
from lianqi.engines.text import CreditCodeError, check_credit_code
from lianqi.register.models import Chain, Enterprise, Grid, Industry
from lianqi.register.reasons import code_reason, reason_text
from lianqi.web.people.scopes import REACHES

INVITATION = "invitation"  # the session keeps the token of an invitation until it is used
ROLE_CHOICES = [("", "—"), *((role.value, role.label) for role in REACHES)]


class DayInput(forms.DateInput):
    """The browser's own date picker."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class PeopleFilter(forms.Form):
    q = forms.CharField(label=gettext_lazy("Name, mobile or e-mail"), required=False, max_length=60)
    role = forms.ChoiceField(
        label=gettext_lazy("Role"),
        required=False,
        choices=[("", gettext_lazy("All roles")), *Role.choices],
        widget=forms.Select(attrs={"data-autosubmit": ""}),
    )


class PersonForm(forms.Form):
    """A person's particulars."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=50)
    email = forms.EmailField(label=gettext_lazy("E-mail"), required=False, max_length=254)
    mobile = forms.CharField(label=gettext_lazy("Mobile number"), required=False, max_length=20)
    wecom_id = forms.CharField(
        label=gettext_lazy("WeCom account"),
        required=False,
        max_length=64,
        help_text=gettext_lazy("the account (userid) in the address book of WeCom"),
    )
    unit = forms.ModelChoiceField(
        Unit.objects.none(), label=gettext_lazy("Unit"), required=False, empty_label="—"
    )
    is_active = forms.BooleanField(label=gettext_lazy("May sign in"), required=False, initial=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = Unit.objects.active().order_by("path")  # type: ignore[attr-defined]  # a ModelChoiceField

    @staticmethod
    def particulars(person: User) -> dict[str, Any]:
        """What the form shows first."""
        return {
            "name": person.name,
            "email": person.email,
            "mobile": person.mobile,
            "wecom_id": person.wecom_id,
            "unit": person.unit_id,
            "is_active": person.is_active,
        }


class NewPersonForm(PersonForm):
    field_order = ("username", "name", "email", "mobile", "wecom_id", "unit", "password")
    username = forms.CharField(
        label=gettext_lazy("Sign-in name"),
        max_length=150,
        validators=[UnicodeUsernameValidator()],
    )
    password = forms.CharField(
        label=gettext_lazy("First password"),
        required=False,
        strip=False,
        help_text=gettext_lazy(
            "To be changed by the person. Leave empty for people who sign in by OpenID Connect."
        ),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["is_active"]

    def clean_username(self) -> str:
        username: str = self.cleaned_data["username"]
        if User.objects.filter(username=username).exists():
            raise forms.ValidationError(_("Somebody has this sign-in name already."))
        return username

    def clean_password(self) -> str | None:
        password: str = self.cleaned_data["password"]
        if not password:
            return None
        validate_password(password, User(username=self.cleaned_data.get("username", "")))
        return password


class RoleForm(forms.Form):
    """A role of the staff and what it reaches: role, scope, scope_id, from_on, until_on."""

    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=ROLE_CHOICES)
    unit = forms.ModelChoiceField(
        Unit.objects.none(),
        label=gettext_lazy("Unit"),
        required=False,
        empty_label="—",
        help_text=gettext_lazy("for handlers and department heads"),
    )
    grid = forms.ModelChoiceField(
        Grid.objects.in_use().order_by("code"),
        label=gettext_lazy("Grid"),
        required=False,
        empty_label="—",
        help_text=gettext_lazy("for liaison officers: a grid, a chain or one enterprise"),
    )
    chain = forms.ModelChoiceField(
        Chain.objects.in_use().order_by("name"),
        label=gettext_lazy("Industry chain"),
        required=False,
        empty_label="—",
    )
    enterprise = forms.CharField(
        label=gettext_lazy("Enterprise (credit code)"), required=False, max_length=40
    )
    from_on = forms.DateField(label=gettext_lazy("From"), required=False, widget=DayInput())
    until_on = forms.DateField(
        label=gettext_lazy("Until and including"), required=False, widget=DayInput()
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = Unit.objects.active().order_by("path")  # type: ignore[attr-defined]  # a ModelChoiceField

    def clean_enterprise(self) -> Enterprise | None:
        return enterprise_of_code(self.cleaned_data["enterprise"])

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if "role" not in values:
            return values
        role = Role(values["role"])
        chosen = {
            Scope(kind): values[kind]
            for kind in ("unit", "grid", "chain", "enterprise")
            if values.get(kind) and Scope(kind) in REACHES[role]
        }
        if Scope.ZONE in REACHES[role]:
            values |= {"scope": Scope.ZONE, "scope_id": None}
        elif len(chosen) == 1:
            ((scope, thing),) = chosen.items()
            values |= {"scope": scope, "scope_id": thing.pk}
        else:
            names = ", ".join(str(scope.label) for scope in REACHES[role])
            raise forms.ValidationError(
                _("Choose exactly one for the role “%(role)s”: %(names)s.")
                % {"role": role.label, "names": names}
            )
        if (
            values.get("from_on")
            and values.get("until_on")
            and (values["until_on"] < values["from_on"])
        ):
            self.add_error("until_on", _("The last day lies before the first."))
        return values


class TokenForm(forms.Form):
    label = forms.CharField(
        label=gettext_lazy("Used by"),
        max_length=60,
        help_text=gettext_lazy("the program or system, so that it can be recognised later"),
    )


class UnitForm(forms.Form):
    """What a unit is called, who leads it, what it supervises."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=100)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=UnitKind.choices)
    leader = forms.ModelChoiceField(
        User.people.none(),
        label=gettext_lazy("Leader in charge"),
        required=False,
        empty_label="—",
    )
    industries = forms.CharField(
        label=gettext_lazy("Industries supervised"),
        required=False,
        help_text=gettext_lazy("codes of GB/T 4754-2017, separated by commas: C39, I65, 7320"),
    )
    phone = forms.CharField(label=gettext_lazy("Telephone"), required=False, max_length=40)
    is_active = forms.BooleanField(label=gettext_lazy("In use"), required=False, initial=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        leaders = User.people.holding(Role.LEADER, on=timezone.localdate()).order_by("name", "pk")
        self.fields["leader"].queryset = leaders  # type: ignore[attr-defined]  # a ModelChoiceField

    def clean_industries(self) -> list[str]:
        given: str = self.cleaned_data["industries"]
        codes = re.split(r"[,，、;；\s]+", given.upper())
        wanted = list(dict.fromkeys(_bare(code) for code in codes if code))
        known = set(Industry.objects.filter(pk__in=wanted).values_list("pk", flat=True))
        if unknown := [code for code in wanted if code not in known]:
            raise forms.ValidationError(
                _("GB/T 4754-2017 has no code %(codes)s.") % {"codes": ", ".join(unknown)}
            )
        return wanted


class NewUnitForm(UnitForm):
    field_order = ("parent", "name", "kind", "leader", "industries", "phone")
    parent = forms.ModelChoiceField(Unit.objects.none(), label=gettext_lazy("Under"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["is_active"]
        self.fields["parent"].queryset = Unit.objects.active().order_by("path")  # type: ignore[attr-defined]  # a ModelChoiceField


class MoveForm(forms.Form):
    parent = forms.ModelChoiceField(Unit.objects.none(), label=gettext_lazy("Place under"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = Unit.objects.active().order_by("path")  # type: ignore[attr-defined]  # a ModelChoiceField


class AbsenceForm(forms.Form):
    """Who is away, from the first to the last day, and who stands in."""

    person = forms.ModelChoiceField(User.people.none(), label=gettext_lazy("Who is away"))
    from_on = forms.DateField(label=gettext_lazy("First day"), widget=DayInput())
    until_on = forms.DateField(label=gettext_lazy("Last day"), widget=DayInput())
    stand_in = forms.ModelChoiceField(
        User.people.none(),
        label=gettext_lazy("Stand-in"),
        help_text=gettext_lazy("New work goes to this person on all these days."),
    )

    def __init__(self, *args: Any, by: User, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        persons = User.people.absences_set_by(by).select_related("unit").order_by("name", "pk")
        staff = User.people.staff().order_by("unit__path", "name", "pk")
        self.fields["person"].queryset = persons  # type: ignore[attr-defined]  # a ModelChoiceField
        self.fields["person"].initial = by.pk
        self.fields["stand_in"].queryset = staff  # type: ignore[attr-defined]  # a ModelChoiceField

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        first, last = values.get("from_on"), values.get("until_on")
        if first and last and last < first:
            self.add_error("until_on", _("The last day lies before the first."))
        elif last and last < self.today:
            self.add_error("until_on", _("These days are over. Enter today or a later day."))
        if values.get("person") and values.get("person") == values.get("stand_in"):
            self.add_error("stand_in", _("Choose another person as the stand-in."))
        return values


class InviteForm(forms.Form):
    """A colleague whom the enterprise administrator invites."""

    email = forms.EmailField(
        label=gettext_lazy("E-mail"),
        required=False,
        max_length=254,
        help_text=gettext_lazy(
            "The link goes to this address. Leave it empty to hand the link over yourself."
        ),
    )
    role = forms.ChoiceField(
        label=gettext_lazy("Role"),
        choices=[
            (Role.ENTERPRISE_STAFF.value, Role.ENTERPRISE_STAFF.label),
            (Role.ENTERPRISE_ADMIN.value, Role.ENTERPRISE_ADMIN.label),
        ],
    )


class MembershipRequestForm(forms.Form):
    """Somebody with an account asks to act for an enterprise."""

    code = forms.CharField(
        label=gettext_lazy("Unified social credit code"),
        max_length=40,
        help_text=gettext_lazy("18 characters, as on the business licence"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "lq-code"}),
    )


def enterprise_of_code(text: str) -> Enterprise | None:
    """The enterprise with this code, following a merger; None for an empty text.

    Raises:
        ValidationError: The text is no code, or the register does not have it.
    """
    if not text:
        return None
    try:
        code = check_credit_code(text)
    except CreditCodeError as error:
        raise forms.ValidationError(reason_text(code_reason(error))) from error
    found = Enterprise.objects.select_related("merged_into").filter(code=code.value).first()
    if found is None:
        raise forms.ValidationError(
            _(
                "The register of this zone has no enterprise with the code %(code)s. Ask the "
                "service centre to enter it, then try again."
            )
            % {"code": code}
        )
    return found.merged_into or found


def _bare(code: str) -> str:
    """C39 is written with its section letter by most people; the table has 39."""
    return code[1:] if len(code) > 1 and code[0].isalpha() else code
