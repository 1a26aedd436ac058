"""The zone's own words for a message: checked before they are used, and taken back."""

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import transaction

from lianqi.accounts.enums import Language
from lianqi.accounts.models import User
from lianqi.audit.actions import record
from lianqi.engines.wording import has_stray_brace, places
from lianqi.notices.errors import EmptyTitle, PlaceMissing, StrayBrace, UnknownPlace
from lianqi.notices.models import OwnWording
from lianqi.notices.wordings import MessageEvent, message_events


def check_wording(event: MessageEvent, *, title: str, body: str) -> None:
    """Whether a text can be used for the event.

    Raises:
        EmptyTitle: There is nothing to call it by.
        UnknownPlace: It asks for a name that nobody fills in.
        StrayBrace: A brace belongs to no name.
        PlaceMissing: It leaves out what its reader needs, as the link of an invitation.
    """
    if not title.strip():
        raise EmptyTitle
    asked = places(title) | places(body)
    known = ", ".join(f"{{{name}}}" for name in event.names)
    if unknown := sorted(asked - set(event.names)):
        raise UnknownPlace(place=unknown[0], names=known)
    if has_stray_brace(title) or has_stray_brace(body):
        raise StrayBrace
    if missing := sorted(set(event.needed) - asked):
        raise PlaceMissing(place=missing[0])


@transaction.atomic
def change_wording(
    event: str,
    *,
    audience: str,
    channel: str,
    language: Language,
    title: str,
    body: str,
    by: User,
    at: dt.datetime,
) -> OwnWording:
    """Put the zone's own words in place of others, for messages written from now on."""
    _require(by)
    check_wording(message_events()[event], title=title, body=body)
    wording, _made = OwnWording.objects.update_or_create(
        event=event,
        audience=audience,
        channel=channel,
        language=language,
        defaults={
            "title": title.strip(),
            "body": body.strip(),
            "changed_by": by,
            "changed_at": at,
        },
    )
    record("notices.wording_changed", wording, by=by, at=at, wording=str(wording), title=title)
    return wording


@transaction.atomic
def reset_wording(
    event: str, *, audience: str, channel: str, language: Language, by: User, at: dt.datetime
) -> bool:
    """Go back to the words of the program; False if the zone had none of its own."""
    _require(by)
    own = (
        OwnWording.objects.select_for_update()
        .filter(event=event, audience=audience, channel=channel, language=language)
        .first()
    )
    if own is None:
        return False
    record("notices.wording_reset", own, by=by, at=at, wording=str(own), title=own.title)
    own.delete()
    return True


def _require(by: User) -> None:
    if not by.has_perm("notices.manage_wordings"):
        raise PermissionDenied
