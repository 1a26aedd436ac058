"""Refusals of notices."""

from django.utils.translation import gettext_lazy as _

from lianqi.shared.errors import Refusal


class UnknownPlace(Refusal):
    code = "wording_unknown_place"
    message = _(
        "The text asks for {%(place)s}, which nobody fills in for this event: the reader would see "
        "the braces. Use only the names of the list: %(names)s."
    )


class StrayBrace(Refusal):
    code = "wording_stray_brace"
    message = _(
        "A brace in the text belongs to no name: the reader would see it. Write names as {number}, "
        "in lower case, and leave out other braces."
    )


class PlaceMissing(Refusal):
    code = "wording_place_missing"
    message = _(
        "Without {%(place)s} this message is of no use to its reader. Put the name into the title "
        "or the text."
    )


class EmptyTitle(Refusal):
    code = "wording_empty_title"
    message = _(
        "A message without a title cannot be told apart in a list. Write one, or go back to the "
        "default."
    )


class NotToBeSentAgain(Refusal):
    code = "delivery_not_to_be_sent_again"
    message = _(
        "Only a message that was given up can be sent again; this one is: %(state)s. Load the list "
        "anew."
    )


class TextIsGone(Refusal):
    code = "delivery_text_is_gone"
    message = _(
        "The text of this letter was deleted when it was given up, because it may have carried a "
        "secret such as the link of an invitation. Invite the person again."
    )


class ReaderIsGone(Refusal):
    code = "delivery_reader_is_gone"
    message = _(
        "%(name)s may not sign in any more, and nothing is sent to people who left. Tell somebody "
        "else if it still matters."
    )


class HalfQuietHours(Refusal):
    code = "quiet_hours_half"
    message = _(
        "Quiet hours need a beginning and an end. Fill in both, or leave both empty to have none."
    )


class ObligatoryTopic(Refusal):
    code = "topic_obligatory"
    message = _(
        "Messages about “%(topic)s” are obligatory: they cannot wait for the daily summary. Choose "
        "to get them at once."
    )
