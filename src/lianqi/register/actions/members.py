"""Who acts for an enterprise: requests, invitations, decisions."""

import datetime as dt
import secrets

from django.db import transaction

from lianqi.accounts.actions import assign_role, remove_role
from lianqi.accounts.enums import ENTERPRISE_ROLES, Role, Scope
from lianqi.accounts.models import User, token_digest
from lianqi.audit.actions import record
from lianqi.engines.text import CreditCodeError, check_credit_code, tidy
from lianqi.notices.actions import notify, write_letter
from lianqi.register.actions.enterprises import ZONE_TIME, locked, require
from lianqi.register.enums import MembershipState
from lianqi.register.errors import (
    AlreadyInvited,
    AlreadyMember,
    InvitationNotValid,
    MembershipDecided,
    NotARoleOfEnterprises,
    NotInRegister,
    RefusalReasonMissing,
    WrongCreditCode,
)
from lianqi.register.models import Enterprise, Membership
from lianqi.register.permissions import DATA_KEEPERS

INVITATION_DAYS = 14
SHORTEST_REASON = 2


@transaction.atomic
def request_membership(*, code: str, by: User, at: dt.datetime) -> Membership:
    """Ask to act for the enterprise with this code; the zone confirms it.

    The first person asks to be its administrator, later ones to be its staff. The code of a merged
    entry leads to the entry that remains.

    Raises:
        WrongCreditCode, NotInRegister: The code is wrong or unknown.
        AlreadyMember: The person belongs to it, or has asked.
    """
    try:
        verified = check_credit_code(code).value
    except CreditCodeError as error:
        raise WrongCreditCode(error) from error
    entry = Enterprise.objects.select_related("merged_into").filter(code=verified).first()
    if entry is None:
        raise NotInRegister(code=verified)
    enterprise = locked((entry.merged_into or entry).pk)
    _refuse_twice(enterprise, by)
    administrators = Membership.objects.confirmed().filter(
        enterprise=enterprise, role=Role.ENTERPRISE_ADMIN
    )
    membership = Membership.objects.create(
        enterprise=enterprise,
        user=by,
        state=MembershipState.WAITING,
        asked_at=at,
        role=Role.ENTERPRISE_STAFF if administrators.exists() else Role.ENTERPRISE_ADMIN,
    )
    _note("register.membership_requested", membership, by=by, at=at)
    _tell_the_keepers(membership, at=at)
    return membership


@transaction.atomic
def confirm_membership(
    membership_id: int, *, by: User, at: dt.datetime, role: Role | None = None
) -> Membership:
    """Let the person act for the enterprise, as asked or with another role of enterprises.

    Raises:
        MembershipDecided: Somebody decided meanwhile.
    """
    membership = _locked_membership(membership_id, MembershipState.WAITING)
    require(by, "register.confirm_members", membership.enterprise)
    membership.role = _role_of_enterprises(role or Role(membership.role))
    _decide(membership, MembershipState.CONFIRMED, by=by, at=at)
    _give_role(membership, by=by, at=at)
    _note("register.membership_confirmed", membership, by=by, at=at)
    _tell_the_applicant(
        membership,
        "membership.confirmed",
        names={"role": Role(membership.role).label},
        url=f"/register/{membership.enterprise_id}/",
        at=at,
    )
    return membership


@transaction.atomic
def refuse_membership(membership_id: int, *, reason: str, by: User, at: dt.datetime) -> Membership:
    """Do not let the person act for the enterprise; the person is told the reason.

    Raises:
        RefusalReasonMissing: Nothing, or next to nothing, was said.
        MembershipDecided: Somebody decided meanwhile.
    """
    membership = _locked_membership(membership_id, MembershipState.WAITING)
    require(by, "register.confirm_members", membership.enterprise)
    membership.reason = tidy(reason)
    if len(membership.reason) < SHORTEST_REASON:
        raise RefusalReasonMissing
    _decide(membership, MembershipState.REFUSED, by=by, at=at)
    _note("register.membership_refused", membership, by=by, at=at)
    _tell_the_applicant(
        membership,
        "membership.refused",
        names={"reason": membership.reason},
        url="/people/waiting/",
        at=at,
    )
    return membership


@transaction.atomic
def invite_member(
    enterprise_id: int, *, email: str, role: Role, by: User, at: dt.datetime, site: str = ""
) -> str:
    """Invite somebody to act for the enterprise and return the secret of the link.

    The link works once, for 14 days. Only its SHA-256 is stored; the letter that carries it is
    emptied as soon as it has left.

    Args:
        email: Where the letter goes; without it the administrator hands the link over himself.
        site: Address of the platform for the link in the letter; without it no letter is written.

    Raises:
        AlreadyInvited: An invitation to this address still works.
    """
    enterprise = locked(enterprise_id)
    require(by, "register.invite", enterprise)
    _refuse_second_invitation(enterprise, email, at=at)
    secret = secrets.token_urlsafe(32)
    membership = Membership.objects.create(
        enterprise=enterprise,
        role=_role_of_enterprises(role),
        state=MembershipState.INVITED,
        email=email,
        token=token_digest(secret),
        asked_at=at,
    )
    _note("register.member_invited", membership, by=by, at=at)
    if email and site:
        _send_the_link(membership, f"{site}/people/invitations/{secret}/", by=by, at=at)
    return secret


@transaction.atomic
def accept_invitation(token: str, *, by: User, at: dt.datetime) -> Membership:
    """Become a member by an invitation; whoever holds the link may accept it.

    Raises:
        InvitationNotValid: Used, withdrawn, too old, or never issued.
        AlreadyMember: The person belongs to the enterprise, or has asked.
    """
    membership = (
        Membership.objects.select_for_update(of=("self",))
        .select_related("enterprise")
        .invited(after=at - dt.timedelta(days=INVITATION_DAYS))
        .filter(token=token_digest(token))
        .first()
    )
    if membership is None:
        raise InvitationNotValid(days=INVITATION_DAYS)
    _refuse_twice(membership.enterprise, by)
    membership.user, membership.token = by, ""
    _decide(membership, MembershipState.CONFIRMED, by=by, at=at)
    _give_role(membership, by=by, at=at)
    _note("register.invitation_accepted", membership, by=by, at=at)
    return membership


@transaction.atomic
def end_membership(membership_id: int, *, by: User, at: dt.datetime) -> Membership:
    """Take back a membership or an unused invitation; the role goes at once.

    Allowed to the enterprise's administrator, to the zone, and to the person himself.
    """
    membership = _locked_membership(
        membership_id, MembershipState.CONFIRMED, MembershipState.INVITED, MembershipState.WAITING
    )
    if membership.user_id != by.pk and not by.has_perm("register.invite", membership.enterprise):
        require(by, "register.confirm_members", membership.enterprise)
    was_confirmed = membership.state == MembershipState.CONFIRMED
    membership.token = ""
    _decide(membership, MembershipState.ENDED, by=by, at=at)
    if was_confirmed and membership.user is not None:
        remove_role(
            membership.user,
            Role(membership.role),
            by=by,
            at=at,
            scope=Scope.ENTERPRISE,
            scope_id=membership.enterprise_id,
        )
    _note("register.membership_ended", membership, by=by, at=at)
    return membership


def _refuse_twice(enterprise: Enterprise, person: User) -> None:
    if Membership.objects.current().filter(enterprise=enterprise, user=person).exists():
        raise AlreadyMember(name=enterprise.name)


def _refuse_second_invitation(enterprise: Enterprise, email: str, *, at: dt.datetime) -> None:
    if not email:
        return
    open_ones = Membership.objects.invited(after=at - dt.timedelta(days=INVITATION_DAYS))
    earlier = open_ones.filter(enterprise=enterprise, email__iexact=email).first()
    if earlier is not None:
        day = earlier.asked_at.astimezone(ZONE_TIME).date()
        raise AlreadyInvited(email=email, day=day.isoformat())


def _role_of_enterprises(role: Role) -> Role:
    if role not in ENTERPRISE_ROLES:
        raise NotARoleOfEnterprises
    return role


def _locked_membership(membership_id: int, *states: MembershipState) -> Membership:
    membership = (
        Membership.objects.select_for_update(of=("self",))
        .select_related("enterprise", "user")
        .get(pk=membership_id)
    )
    if membership.state not in states:
        raise MembershipDecided(state=membership.get_state_display())
    return membership


def _decide(membership: Membership, state: MembershipState, *, by: User, at: dt.datetime) -> None:
    membership.state, membership.decided_by, membership.decided_at = state, by, at
    membership.save()


def _give_role(membership: Membership, *, by: User, at: dt.datetime) -> None:
    assert membership.user is not None
    assign_role(
        membership.user,
        Role(membership.role),
        by=by,
        at=at,
        scope=Scope.ENTERPRISE,
        scope_id=membership.enterprise_id,
    )


def _tell_the_keepers(membership: Membership, *, at: dt.datetime) -> None:
    """Whoever may decide hears of it."""
    day = at.astimezone(ZONE_TIME).date()
    notify(
        [person for role in DATA_KEEPERS for person in User.people.holding(role, on=day)],
        event="membership.requested",
        names={
            "enterprise": membership.enterprise,
            "person": membership.user,
            "role": Role(membership.role).label,
        },
        url="/people/memberships/",
        at=at,
        dedupe_key=f"membership.requested:{membership.pk}",
    )


def _tell_the_applicant(
    membership: Membership, event: str, *, names: dict[str, object], url: str, at: dt.datetime
) -> None:
    assert membership.user is not None
    notify(
        [membership.user],
        event=event,
        names={"enterprise": membership.enterprise, **names},
        url=url,
        at=at,
        dedupe_key=f"{event}:{membership.pk}",
    )


def _send_the_link(membership: Membership, link: str, *, by: User, at: dt.datetime) -> None:
    write_letter(
        membership.email,
        event="membership.invited",
        names={
            "enterprise": membership.enterprise,
            "role": Role(membership.role).label,
            "by": by,
            "days": INVITATION_DAYS,
            "link": link,
        },
        at=at,
        key=f"membership.invited:{membership.pk}",
    )


def _note(verb: str, membership: Membership, *, by: User, at: dt.datetime) -> None:
    record(
        verb,
        membership,
        by=by,
        at=at,
        enterprise_id=membership.enterprise_id,
        person=membership.user_id,
        role=membership.role,
    )
