"""Mail over SMTP; without a server Django writes it into files."""

import datetime as dt
import smtplib
from functools import cached_property

from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from lianqi.notices.channels.gateway import Away, NotTaken, Outgoing

SMTP_SECONDS = 20
_ABOUT_THE_MAIL = (
    smtplib.SMTPRecipientsRefused,
    smtplib.SMTPSenderRefused,
    smtplib.SMTPDataError,
)


class MailGateway:
    """One connection per run. The Message-ID is the key: a mail server may know it again."""

    def __init__(self, *, is_simulated: bool = False, seconds: float = SMTP_SECONDS) -> None:
        self.is_simulated, self.seconds = is_simulated, seconds

    @cached_property
    def connection(self) -> BaseEmailBackend:
        return get_connection(timeout=self.seconds)

    def send(self, message: Outgoing, *, at: dt.datetime) -> str:  # noqa: ARG002  # as every gateway
        mail = EmailMessage(
            subject=message.title,
            body="\n\n".join(part for part in (message.body, message.link) if part),
            to=[message.address],
            headers={"Message-ID": f"<{message.key}@lianqi>"},
            connection=self.connection,
        )
        try:
            self.connection.open()
            mail.send()
        except (OSError, ValueError) as trouble:
            self.connection.close()
            said = f"{type(trouble).__name__}: {trouble}"
            # ValueError is a header that cannot be sent; it concerns this mail alone.
            if isinstance(trouble, (*_ABOUT_THE_MAIL, ValueError)):
                raise NotTaken(said) from None
            raise Away(said) from None
        return ""

    def close(self) -> None:
        if "connection" in self.__dict__:
            self.connection.close()
            del self.connection
