"""Refusals of accounts."""

from django.utils.translation import gettext_lazy as _

from lianqi.shared.errors import Refusal


class StandInLoop(Refusal):
    code = "stand_in_loop"
    message = _(
        "%(name)s is away in those days as well and would be represented by the same people in a "
        "circle. Choose somebody who is present."
    )


class StandInGone(Refusal):
    code = "stand_in_gone"
    message = _(
        "%(name)s may not sign in any more and cannot receive work. Choose somebody who is present."
    )


class AbsenceOverlaps(Refusal):
    code = "absence_overlaps"
    message = _(
        "%(name)s already has an absence from %(from_on)s to %(until_on)s. Take it back first."
    )


class UnitLoop(Refusal):
    code = "unit_loop"
    message = _("%(name)s cannot be placed under itself or a unit below it. Choose another parent.")


class LastAdministrator(Refusal):
    code = "last_administrator"
    message = _(
        "%(name)s is the only platform administrator; without one nobody could give roles any "
        "more. Give the role to somebody else first."
    )


class AdministratorExists(Refusal):
    code = "administrator_exists"
    message = _(
        "This installation already has a platform administrator. Sign in as that person to add "
        "others."
    )
