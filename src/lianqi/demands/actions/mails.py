"""Mails of the zone's mailbox: known senders file a demand, the others wait for the dispatcher."""

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from lianqi.accounts.models import User
from lianqi.audit.actions import record
from lianqi.demands.actions.contact_people import checked_contacts, note_contacts
from lianqi.demands.actions.filing import take_in
from lianqi.demands.enums import Channel, MailState, ToldBy
from lianqi.demands.errors import EnterpriseNotNamed, MailDecided
from lianqi.demands.models import ContactGiven, Demand, DemandCategory, IncomingMail
from lianqi.engines.mails import Mail
from lianqi.engines.text import tidy
from lianqi.files.actions import hand_over, store_upload
from lianqi.notices.actions import write_letter
from lianqi.register.models import Contact, Enterprise, Membership
from lianqi.shared.errors import Refusal

TITLE_MAX, TEXT_MAX, MOST_FILES = 100, 5000, 10


@transaction.atomic
def take_mail(
    mail: Mail,
    *,
    category: DemandCategory | None,
    own_address: str,
    max_bytes: int,
    daemon: str,
    at: dt.datetime,
) -> IncomingMail:
    """Take a message in, once for each Message-ID; a repeated one returns what was made of it.

    A sender known as a contact or a user of exactly one enterprise files a demand; others wait.
    What no person wrote is noted and never answered.

    Args:
        category: In which mails are filed; None lets all of them wait.
        own_address: The mailbox's own: a mail from it has come round in a loop.
        max_bytes: The most that an attachment may have.
        daemon: `host:port` of the ClamAV daemon, empty for none.
    """
    found, is_new = IncomingMail.objects.get_or_create(
        message_id=mail.message_id,
        defaults={
            "sender": mail.sender[:254],
            "sender_name": mail.sender_name[:100],
            "subject": tidy(mail.subject)[:TITLE_MAX],
            "text": mail.text[:TEXT_MAX],
            "received_at": at,
            "state": MailState.WAITING,
        },
    )
    if not is_new:
        return found
    loops = "own address" if mail.sender == own_address.strip().lower() else ""
    if reason := mail.automatic or loops:
        found.state, found.reason = MailState.IGNORED, reason[:200]
        found.save(update_fields=["state", "reason"])
        return found
    _keep_attachments(found, mail, max_bytes=max_bytes, daemon=daemon, at=at)
    firm = _firm_of(mail.sender)
    if firm is None or category is None:
        return found
    try:
        with transaction.atomic():
            _file(found, enterprise=firm, firm_name="", category=category, by=None, at=at)
    except Refusal as refusal:  # the category or the entry is no longer in use: somebody decides
        found.reason = str(refusal)[:200]
        found.save(update_fields=["reason"])
    return found


@transaction.atomic
def assign_mail(
    mail_id: int,
    *,
    enterprise: Enterprise | None,
    category: DemandCategory,
    by: User,
    at: dt.datetime,
    firm_name: str = "",
) -> Demand:
    """Say whose mail it is; it becomes a demand with its attachments, and the sender is told.

    Raises:
        MailDecided: Somebody decided already.
        EnterpriseNotNamed: There is neither an enterprise nor a name.
    """
    mail = _waiting(mail_id, by=by)
    if enterprise is None and not tidy(firm_name):
        raise EnterpriseNotNamed
    mail.decided_by, mail.decided_at = by, at
    name = "" if enterprise else tidy(firm_name)
    return _file(mail, enterprise=enterprise, firm_name=name, category=category, by=by, at=at)


@transaction.atomic
def set_mail_aside(mail_id: int, *, reason: str, by: User, at: dt.datetime) -> IncomingMail:
    """Decide that a mail is no demand; it stays readable with the reason."""
    mail = _waiting(mail_id, by=by)
    mail.state, mail.reason = MailState.IGNORED, tidy(reason)[:200]
    mail.decided_by, mail.decided_at = by, at
    mail.save(update_fields=["state", "reason", "decided_by", "decided_at"])
    record("demand.mail_set_aside", mail, by=by, at=at, reason=mail.reason)
    return mail


def _waiting(mail_id: int, *, by: User) -> IncomingMail:
    if not by.has_perm("demands.sort_mails"):
        raise PermissionDenied
    mail = IncomingMail.objects.select_for_update().get(pk=mail_id)
    if mail.state != MailState.WAITING:
        raise MailDecided
    return mail


def _firm_of(sender: str) -> Enterprise | None:
    """The one enterprise this address belongs to; two are none, so that nothing is misfiled."""
    contacts = Contact.objects.filter(email__iexact=sender).values_list("enterprise", flat=True)
    members = Membership.objects.confirmed().filter(user__email__iexact=sender)
    ids = {*contacts, *members.values_list("enterprise", flat=True)}
    firms = list(Enterprise.objects.living().filter(pk__in=ids)[:2])
    return firms[0] if len(firms) == 1 else None


def _keep_attachments(
    found: IncomingMail, mail: Mail, *, max_bytes: int, daemon: str, at: dt.datetime
) -> None:
    """Each file with the checks of every upload; one that is refused is named in the text."""
    refused = []
    for attached in mail.attachments[:MOST_FILES]:
        uploaded = SimpleUploadedFile(attached.name, attached.content)
        try:
            with transaction.atomic():
                store_upload(
                    uploaded, subject=found, max_bytes=max_bytes, daemon=daemon, by=None, at=at
                )
        except Refusal as refusal:
            refused.append(str(refusal))
    refused += [each.name for each in mail.attachments[MOST_FILES:]]
    if refused:
        room = TEXT_MAX - sum(len(each) + 2 for each in refused) - 2
        found.text = "\n\n".join([found.text[: max(room, 0)], "\n".join(refused)])[:TEXT_MAX]
        found.save(update_fields=["text"])


def _file(
    mail: IncomingMail,
    *,
    enterprise: Enterprise | None,
    firm_name: str,
    category: DemandCategory,
    by: User | None,
    at: dt.datetime,
) -> Demand:
    demand = take_in(
        enterprise=enterprise,
        firm_name=firm_name,
        category=category,
        title=mail.subject or mail.text[:TITLE_MAX].partition("\n")[0] or mail.sender[:TITLE_MAX],
        text=mail.text or mail.subject,
        channel=Channel.MAIL,
        idempotency_key=f"mail-{mail.pk}",
        by=by,
        at=at,
    )
    # Noted after the filing: of that the letter below tells the sender.
    sender = ContactGiven(name=mail.sender_name[:50], email=mail.sender, told_by=ToldBy.MAIL)
    note_contacts(demand, checked_contacts([sender]))
    mail.state, mail.demand, mail.reason = MailState.TAKEN, demand, ""
    mail.save(update_fields=["state", "demand", "reason", "decided_by", "decided_at"])
    hand_over(mail, demand)
    write_letter(
        mail.sender,
        event="demand.mail_taken",
        names={"number": demand.number, "title": demand.title},
        at=at,
        key=f"demand.mail_taken:{mail.pk}",
    )
    return demand
