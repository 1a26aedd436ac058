"""Who acts for an enterprise: requests, invitations, decisions."""

import datetime as dt
import secrets

from django.db import transaction

from lianqi.accounts.actions import assign_role, remove_role
from lianqi.accounts.enums import ENTERPRISE_ROLES, Role, Scope
from lianqi.accounts.models import User, token_digest
from lianqi.audit.actions import record
from lianqi.engines.text import CreditCodeError, check_credit_code
from lianqi.register.actions.enterprises import locked, require
from lianqi.register.enums import MembershipState
from lianqi.register.errors import (
    AlreadyMember,
    InvitationNotValid,
    MembershipDecided,
    NotARoleOfEnterprises,
    NotInRegister,
    WrongCreditCode,
)
from lianqi.register.models import Enterprise, Membership

INVITATION_DAYS = 14


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
    return membership


@transaction.atomic
def refuse_membership(membership_id: int, *, by: User, at: dt.datetime) -> Membership:
    """Do not let the person act for the enterprise.

    Raises:
        MembershipDecided: Somebody decided meanwhile.
    """
    membership = _locked_membership(membership_id, MembershipState.WAITING)
    require(by, "register.confirm_members", membership.enterprise)
    _decide(membership, MembershipState.REFUSED, by=by, at=at)
    _note("register.membership_refused", membership, by=by, at=at)
    return membership


@transaction.atomic
def invite_member(enterprise_id: int, *, email: str, role: Role, by: User, at: dt.datetime) -> str:
    """Invite somebody to act for the enterprise and return the secret of the link, kept nowhere.

    The link works once, for 14 days. Only its SHA-256 is stored.
    """
    enterprise = locked(enterprise_id)
    require(by, "register.invite", enterprise)
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
        .filter(token=token_digest(token), state=MembershipState.INVITED)
        .filter(asked_at__gt=at - dt.timedelta(days=INVITATION_DAYS))
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
