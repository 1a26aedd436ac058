"""Refusals of supervision orders: what, why, what now."""

from django.utils.translation import gettext_lazy as _

from lianqi.shared.errors import Refusal


class OrderMoveNotPossible(Refusal):
    code = "supervision_move_not_possible"
    message = _(
        "Order %(number)s is now “%(status)s”; this step is no longer possible. Somebody else may "
        "have acted meanwhile: reload the page to see the present state."
    )


class OrderOpenAlready(Refusal):
    code = "supervision_order_open_already"
    message = _(
        "%(unit)s has order %(number)s about this matter already. Review or take back that one "
        "before you issue another."
    )


class OrderTextMissing(Refusal):
    code = "supervision_text_missing"
    message = _("Say in words what is meant; nobody can act on an empty text.")


class UnitTakesNoOrders(Refusal):
    code = "supervision_unit_not_in_use"
    message = _("%(unit)s is no longer in use. Choose another unit.")


class NothingToSupervise(Refusal):
    code = "supervision_step_done"
    message = _(
        "This step of “%(label)s” was done on %(done_on)s; there is nothing left to urge. Look at "
        "the record itself before you issue an order."
    )
