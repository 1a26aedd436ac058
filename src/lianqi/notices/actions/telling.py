"""Writing notices and what of them leaves the house; marking them read."""

import datetime as dt
from collections.abc import Iterable, Mapping
from zoneinfo import ZoneInfo

from django.db import transaction

from lianqi.accounts.enums import Language
from lianqi.accounts.models import User
from lianqi.notices.enums import FOR_STAND_INS, Audience, Channel, Urgency
from lianqi.notices.models import Delivery, Notice
from lianqi.notices.queries import USUAL, Choice, Texts, audiences, choices_of, with_stand_ins
from lianqi.notices.queries.texts import TITLE_MAX

ZONE_TIME = ZoneInfo("Asia/Shanghai")


@transaction.atomic
def notify(
    people: Iterable[User],
    *,
    event: str,
    names: Mapping[str, object],
    url: str,
    at: dt.datetime,
    dedupe_key: str,
) -> None:
    """Tell people something, once: a person who has a notice with this key gets no second one.

    The text is made in the language of each reader, in the zone's own words or those of the
    program. It stands in the platform and leaves over the channels that the person chose for its
    topic, `send_waiting` sends it after the commit: at once, after the quiet hours, or in the
    daily summary. Whoever stands in for somebody who is away is told of work as well. People whose
    account is closed are left out. Titles are cut at 200 characters.

    Args:
        names: What the text may use. A value that is translated when it is shown, such as the
            label of a role, becomes text in the language of the reader.

    Raises:
        KeyError: There is no such event, or its text uses a name that is not given.
    """
    told = {person.pk: person for person in people if person.is_active}
    said = Texts(event, names)
    local = at.astimezone(ZONE_TIME)
    if said.event.topic in FOR_STAND_INS:
        told = with_stand_ins(told, on=local.date())
    readers = audiences(told, on=local.date())
    rows = []
    for person in told.values():
        title, body = said.to(readers[person.pk], Channel.IN_APP, person.language)
        rows.append(
            Notice(
                person=person,
                event=event,
                title=title,
                body=body,
                url=url,
                created_at=at,
                dedupe_key=dedupe_key,
            )
        )
    Notice.objects.bulk_create(rows, ignore_conflicts=True)
    reachable = {pk: found for pk, person in told.items() if (found := addresses_of(person))}
    if not reachable:
        return
    # Conflicts return no ids; the moment tells the notices of this call from earlier ones.
    fresh = Notice.objects.filter(dedupe_key=dedupe_key, created_at=at, person__in=reachable)
    choices = choices_of(reachable, said.event.topic)
    leaving: list[Delivery] = []
    for notice in fresh.order_by("pk"):
        person = told[notice.person_id]
        leaving += _deliveries(
            notice,
            said,
            (readers[person.pk], person.language),
            addresses=reachable[person.pk],
            choice=choices[person.pk],
            local=local,
        )
    Delivery.objects.bulk_create(leaving, ignore_conflicts=True)


def addresses_of(person: User) -> dict[Channel, str]:
    """Where somebody can be reached outside the platform."""
    known = {
        Channel.MAIL: person.email,
        Channel.SMS: person.mobile,
        Channel.WECOM: person.wecom_id,
    }
    return {channel: address for channel, address in known.items() if address}


def _deliveries(
    notice: Notice,
    said: Texts,
    reader: tuple[str, str],
    *,
    addresses: Mapping[Channel, str],
    choice: Choice,
    local: dt.datetime,
) -> list[Delivery]:
    """What of a notice leaves the house; the text is stored where a channel has its own words."""
    audience, language = reader
    topic, urgency = said.event.topic, said.event.urgency
    state, next_try_at = choice.moment(topic, urgency, local)
    rows = []
    for channel in choice.channels_for(topic, urgency, addresses):
        title, body = said.to(audience, channel, language)
        is_own = (title, body) != (notice.title, notice.body)
        rows.append(
            Delivery(
                notice=notice,
                person_id=notice.person_id,
                channel=channel,
                address=addresses[channel],
                title=title if is_own else "",
                body=body if is_own else "",
                state=state,
                next_try_at=next_try_at,
            )
        )
    return rows


def write_letter(
    address: str,
    *,
    event: str,
    names: Mapping[str, object],
    at: dt.datetime,
    key: str,
    channel: Channel = Channel.MAIL,
) -> None:
    """Put a letter to somebody without an account into the outbox, once per key.

    Nobody knows in which language the reader reads: a mail says it in both. A text message has
    room for Chinese only; it waits for the end of the usual quiet hours, and what is of little
    urgency is not sent by it at all.
    """
    said = Texts(event, names)
    leaves = at
    languages = list(Language)
    if channel == Channel.SMS:
        if said.event.urgency == Urgency.LOW:
            return
        _state, leaves = USUAL.moment(
            said.event.topic, said.event.urgency, at.astimezone(ZONE_TIME)
        )
        languages = [Language.ZH]
    texts = [said.to(Audience.ENTERPRISE, channel, language) for language in languages]
    Delivery.objects.bulk_create(
        [
            Delivery(
                channel=channel,
                address=address,
                title=" / ".join(title for title, _body in texts)[:TITLE_MAX],
                body="\n\n".join(body for _title, body in texts),
                letter_key=key,
                written_at=at,
                next_try_at=leaves,
            )
        ],
        ignore_conflicts=True,
    )


def mark_read(notice_ids: Iterable[int], *, person: User, at: dt.datetime) -> int:
    """Mark the person's own notices read; return how many were unread. The first reading counts."""
    own = Notice.objects.unread().filter(person=person, pk__in=list(notice_ids))
    return own.update(read_at=at)
