"""Writing notices, sending those that leave by e-mail, marking them read."""

import datetime as dt
import re
import smtplib
from collections.abc import Iterable, Mapping
from zoneinfo import ZoneInfo

from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils import translation

from lianqi.accounts.enums import Language
from lianqi.accounts.models import User
from lianqi.engines.wording import fill
from lianqi.notices.enums import Audience, Channel, DeliveryState
from lianqi.notices.models import Mail, Notice
from lianqi.notices.queries import audiences
from lianqi.notices.wordings import MessageEvent, message_events, narrowest_first

# Minutes until the next attempt: eight attempts in a good half day, longer than a usual outage.
WAITS = (1, 5, 15, 30, 60, 180, 480)
MAX_ATTEMPTS = len(WAITS) + 1
_SMTP_SECONDS = 20
_TITLE_MAX = 200
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

    The text is made in the language of each reader, from the message of the event that the app
    keeps in `data/messages.toml`. Who has an e-mail address also gets it by mail;
    `send_waiting_mail` sends it after the commit. People whose account is closed are left out.
    Titles are cut at 200 characters.

    Args:
        names: What the text may use. A value that is translated when it is shown, such as the
            label of a role, becomes text in the language of the reader.

    Raises:
        KeyError: There is no such event, or its text uses a name that is not given.
    """
    told = {person.pk: person for person in people if person.is_active}
    said = _Texts(message_events()[event], names)
    readers = audiences(told, on=at.astimezone(ZONE_TIME).date())
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
    addresses = {pk: person.email for pk, person in told.items() if person.email}
    if not addresses:
        return
    # Conflicts return no ids; the moment tells the notices of this call from earlier ones.
    fresh = Notice.objects.filter(dedupe_key=dedupe_key, created_at=at, person__in=addresses)
    Mail.objects.bulk_create(
        [
            Mail(notice_id=pk, address=addresses[person], next_try_at=at)
            for pk, person in fresh.order_by("pk").values_list("pk", "person_id")
        ],
        ignore_conflicts=True,
    )


class _Texts:
    """What is said about one event, made once for each kind of reader, channel and language."""

    def __init__(self, event: MessageEvent, names: Mapping[str, object]) -> None:
        self.event, self.names = event, names
        self.made: dict[tuple[str, str, str], tuple[str, str]] = {}

    def to(self, audience: str, channel: str, language: str) -> tuple[str, str]:
        """Title, cut at 200 characters, and body."""
        key = (audience, channel, language)
        if key not in self.made:
            self.made[key] = self._make(*key)
        return self.made[key]

    def _make(self, audience: str, channel: str, language: str) -> tuple[str, str]:
        wordings = self.event.wordings
        place = next(each for each in narrowest_first(audience, channel) if each in wordings)
        title, body = wordings[place].in_language(language)
        with translation.override(language):
            values = {name: str(value) for name, value in self.names.items()}
        return fill(title, values)[:_TITLE_MAX], fill(body, values)


def write_letter(
    address: str, *, event: str, names: Mapping[str, object], at: dt.datetime, key: str
) -> None:
    """Put a letter to somebody without an account into the outbox, once per key.

    Nobody knows in which language the reader reads: the letter says it in both.
    """
    said = _Texts(message_events()[event], names)
    texts = [said.to(Audience.ENTERPRISE, Channel.MAIL, language) for language in Language]
    title = " / ".join(title for title, _body in texts)
    body = "\n\n".join(body for _title, body in texts)
    Mail.objects.bulk_create(
        [
            Mail(
                address=address,
                title=title[:_TITLE_MAX],
                body=body,
                letter_key=key,
                written_at=at,
                next_try_at=at,
            )
        ],
        ignore_conflicts=True,
    )


def send_waiting_mail(*, at: dt.datetime, limit: int, site: str = "") -> int:
    """Send mail whose time has come, at most `limit`; return how many were taken by the server.

    Each mail is claimed in a transaction of its own before it is sent: the attempt is counted and
    the next one set, so that a worker that dies in the middle leaves a mail that is tried again
    later, and two workers never hold the same one. A mail may therefore arrive twice, never not
    at all; its Message-ID stays the same. After eight attempts it is given up as failed.

    When the server cannot be reached the run ends: the other mails keep their attempts.

    Args:
        site: Address of the platform, put before the notice's own: `https://qy.example.gov.cn`.
    """
    sent = 0
    connection = get_connection(timeout=_SMTP_SECONDS)
    try:
        for _round in range(limit):
            mail = _claim(at)
            if mail is None:
                break
            trouble = _send(mail, connection, site)
            _note(mail, trouble)
            sent += trouble is None
            if isinstance(trouble, OSError) and not _is_about_the_mail(trouble):
                break
    finally:
        connection.close()
    return sent


@transaction.atomic
def _claim(at: dt.datetime) -> Mail | None:
    """Take the mail that has waited longest, count the attempt and set the time of the next.

    The last attempt is claimed as failed; success corrects it, and a crash leaves it true.
    """
    mail = (
        Mail.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("notice")
        .filter(state=DeliveryState.WAITING, next_try_at__lte=at)
        .order_by("next_try_at", "pk")
        .first()
    )
    if mail is None:
        return None
    mail.attempts += 1
    if mail.attempts < MAX_ATTEMPTS:
        mail.next_try_at = at + dt.timedelta(minutes=WAITS[mail.attempts - 1])
    else:
        mail.state, mail.error = DeliveryState.FAILED, "the last attempt did not end"
    mail.save(update_fields=["attempts", "next_try_at", "state", "error"])
    return mail


def _send(mail: Mail, connection: BaseEmailBackend, site: str) -> OSError | ValueError | None:
    """Hand one mail to the server. ValueError is a header that cannot be sent."""
    title, body, number = _contents(mail, site)
    message = EmailMessage(
        subject=re.sub(r"\s+", " ", title),
        body=body,
        to=[mail.address],
        headers={"Message-ID": f"<{number}@lianqi>"},
        connection=connection,
    )
    try:
        connection.open()
        message.send()
    except (OSError, ValueError) as trouble:
        connection.close()
        return trouble
    return None


def _contents(mail: Mail, site: str) -> tuple[str, str, str]:
    """Title and body of a mail, and a number that stays the same when it is sent again."""
    notice = mail.notice
    if notice is None:
        return mail.title, mail.body, f"letter-{mail.pk}-{mail.written_at:%Y%m%d%H%M%S%f}"
    link = f"{site}{notice.url}" if site and notice.url else ""
    body = "\n\n".join(part for part in (notice.body, link) if part)
    return notice.title, body, f"notice-{notice.pk}-{notice.created_at:%Y%m%d%H%M%S%f}"


def _note(mail: Mail, trouble: Exception | None) -> None:
    if trouble is None:
        mail.state, mail.error = DeliveryState.SENT, ""
    else:
        mail.error = f"{type(trouble).__name__}: {trouble}"[:1000]
    if mail.state != DeliveryState.WAITING:
        mail.body = ""  # a letter may carry a secret; a notice keeps its text elsewhere
    mail.save(update_fields=["state", "error", "body"])


def _is_about_the_mail(trouble: OSError) -> bool:
    """Whether the server answered and refused this mail, rather than being away."""
    refusals = (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused, smtplib.SMTPDataError)
    return isinstance(trouble, refusals)


def mark_read(notice_ids: Iterable[int], *, person: User, at: dt.datetime) -> int:
    """Mark the person's own notices read; return how many were unread. The first reading counts."""
    own = Notice.objects.unread().filter(person=person, pk__in=list(notice_ids))
    return own.update(read_at=at)
