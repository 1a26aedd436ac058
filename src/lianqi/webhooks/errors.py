"""Refusals of webhooks."""

from django.utils.translation import gettext_lazy as _

from lianqi.shared.errors import Refusal


class AddressNotAllowed(Refusal):
    code = "webhook_address_not_allowed"
    message = _(
        "The address must begin with https:// and name a server, without user name or fragment: "
        "what is sent would otherwise be readable on the way. Enter such an address."
    )


class AddressNotPublic(Refusal):
    code = "webhook_address_not_public"
    message = _(
        "%(host)s leads to a private address. The platform sends nothing into its own network, "
        "because it could be used to reach what is protected there. Enter a public server, or ask "
        "the operator to allow this host."
    )


class AddressNotKnown(Refusal):
    code = "webhook_address_not_known"
    message = _("There is no server called %(host)s. Check the spelling of the address.")


class NothingChosen(Refusal):
    code = "webhook_nothing_chosen"
    message = _("Without an event nothing would ever be sent. Choose at least one.")


class SwitchedOff(Refusal):
    code = "webhook_switched_off"
    message = _("This webhook is switched off and sends nothing. Switch it on first.")


class NotToBeSentAgain(Refusal):
    code = "webhook_not_to_be_sent_again"
    message = _(
        "This message is on its way already: %(state)s. Load the page anew to see what becomes of "
        "it."
    )
