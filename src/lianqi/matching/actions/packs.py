"""Rule packs: entered as drafts, changed, published, withdrawn; published ones never change."""

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Max

from lianqi.accounts.models import User
from lianqi.audit.actions import Actor, record
from lianqi.engines.flow import IllegalMove
from lianqi.engines.packs import Library, Pack, PackError
from lianqi.engines.packs.joining import contradicts
from lianqi.engines.packs.linting import Severity, sentence_of
from lianqi.matching.actions.pack_reviews import look_through
from lianqi.matching.enums import PackStatus
from lianqi.matching.errors import (
    FactContradicted,
    PackCasesFail,
    PackChangedMeanwhile,
    PackClashes,
    PackContradicts,
    PackDraftExists,
    PackFaulty,
    PackMoveNotPossible,
    PackNeedsReason,
    PackRenamed,
    PackTooLong,
    PackUnchanged,
    PackWithoutCases,
    WithdrawalWithoutReason,
)
from lianqi.matching.flow import BESIDE, PACK_FLOW
from lianqi.matching.models import MOST_TEXT, MatchRun, PackReview, RulePack, digest_of
from lianqi.matching.queries import Checked, checked, packs_of, reader_language
from lianqi.policies.models import PolicyDocument

NOTED = ("text", "cases_text", "document_id")
_KEPT = ("fault", "problem", "measure", "where")


@transaction.atomic
def adopt_pack(
    text: str,
    cases_text: str,
    *,
    by: User,
    at: dt.datetime,
    document: PolicyDocument | None = None,
) -> RulePack:
    """Enter a pack as a draft; key, version and dates are those of its text.

    Raises:
        PackTooLong, PackFaulty: It cannot be read.
        PackDraftExists: Somebody is at work on this version.
        PackUnchanged: This text is published already.
    """
    if not by.has_perm("matching.edit_packs"):
        raise PermissionDenied
    text, cases_text = _tidy(text), _tidy(cases_text)
    pack = _readable(text, cases_text)
    row = enter(pack, text, cases_text, document=document, by=by, at=at)
    look_through(row, pack, at=at)
    _note("matching.pack_entered", row, by=by, at=at)
    return row


@transaction.atomic
def change_pack(
    pack_id: int,
    text: str,
    cases_text: str,
    *,
    by: User,
    at: dt.datetime,
    document: PolicyDocument | None = None,
    over: tuple[str, str] | None = None,
) -> RulePack:
    """Replace the text of a draft.

    Args:
        over: The text and cases that the new ones were made from, where only a part was changed.

    Raises:
        PackChangedMeanwhile: Others stand there by now.
        PackMoveNotPossible: It was published or thrown away meanwhile.
        PackTooLong, PackFaulty: It cannot be read.
        PackRenamed: The text is of another document or version.
    """
    row = _locked_beside(pack_id, "change", by=by)
    if over is not None and over != (row.text, row.cases_text):
        raise PackChangedMeanwhile(title=row.title)
    before = {name: getattr(row, name) for name in NOTED}
    text, cases_text = _tidy(text), _tidy(cases_text)
    pack = _readable(text, cases_text)
    if (pack.key, pack.version) != (row.key, row.version):
        raise PackRenamed(key=row.key, version=row.version)
    _write(row, pack, text, cases_text, document)
    if changed := [name for name, value in before.items() if getattr(row, name) != value]:
        row.save()
        look_through(row, pack, at=at)
        _note("matching.pack_changed", row, by=by, at=at, fields=changed)
    return row


@transaction.atomic
def revise_pack(pack_id: int, *, by: User, at: dt.datetime) -> RulePack:
    """Begin the next revision as a copy; what is published holds until the copy is.

    Raises:
        PackMoveNotPossible: It is still a draft.
        PackDraftExists: The next revision was begun already.
    """
    earlier = _locked_beside(pack_id, "revise", by=by)
    pack = _readable(earlier.text, earlier.cases_text)
    row = enter(
        pack, earlier.text, earlier.cases_text, document=earlier.document, by=by, at=at,
        may_repeat=True,
    )  # fmt: skip
    _note("matching.pack_revision_begun", row, by=by, at=at, earlier=earlier.pk)
    return row


@transaction.atomic
def discard_pack(pack_id: int, *, by: User, at: dt.datetime) -> None:
    """Throw a draft away; the event keeps its title.

    Raises:
        PackMoveNotPossible: It was published meanwhile; from then it can be withdrawn.
    """
    row = _locked_beside(pack_id, "discard", by=by)
    # A preview that is at work finishes what it is writing, and finds its run gone.
    list(MatchRun.objects.of_pack(row).select_for_update())
    _note("matching.pack_discarded", row, by=by, at=at)
    row.delete()


@transaction.atomic
def publish_pack(pack_id: int, *, by: User, at: dt.datetime, reason: str = "") -> RulePack:
    """Let the rules of a draft hold; the published revision of the same version makes way.

    Args:
        reason: Why it is published though there are remarks about it; kept in the event.

    Raises:
        PackContradicts: No enterprise could fulfil a measure.
        PackNeedsReason: There are remarks, and nobody says why they do not matter.
        PackMoveNotPossible: Somebody acted meanwhile.
        PackFaulty, PackWithoutCases, PackCasesFail: It does not do what its own cases say.
        PackClashes, FactContradicted: It contradicts a pack that is published.
    """
    row, target = _locked(pack_id, "publish", by=by)
    found = checked(row.text, row.cases_text)
    pack = _required(found)
    if not found.cases and not found.case_errors:
        raise PackWithoutCases(title=row.title)
    if found.case_errors:
        first = found.case_errors[0]
        raise PackCasesFail(count=len(found.case_errors), line=first.line, first=said(first))
    others = _others(row)
    _require_no_clash(pack, others)
    review = look_through(row, pack, at=at)
    _require_reviewed(review, reason)
    make_way(row, by=by, at=at)
    row.status, row.published_at = target, at
    row.save(update_fields=["status", "published_at", "tells_newly"])
    remarks = [{name: each[name] for name in _KEPT} for each in review.remarks]
    _note(
        "matching.pack_published", row, by=by, at=at,
        digest=row.digest, reason=reason.strip(), remarks=remarks,
    )  # fmt: skip
    return row


@transaction.atomic
def withdraw_pack(pack_id: int, *, reason: str, by: User, at: dt.datetime) -> RulePack:
    """Let the rules hold no more, for any day; the text stays.

    A document that ends is not withdrawn: its pack says until when it was in force.

    Raises:
        PackMoveNotPossible: Somebody acted meanwhile.
        WithdrawalWithoutReason: Nobody would know why.
    """
    row, target = _locked(pack_id, "withdraw", by=by)
    if not reason.strip():
        raise WithdrawalWithoutReason
    row.status, row.withdrawn_at, row.withdrawal_reason = target, at, reason.strip()
    row.save(update_fields=["status", "withdrawn_at", "withdrawal_reason"])
    _note("matching.pack_withdrawn", row, by=by, at=at, reason=row.withdrawal_reason)
    return row


def enter(
    pack: Pack,
    text: str,
    cases_text: str,
    *,
    document: PolicyDocument | None,
    by: User | None,
    at: dt.datetime,
    may_repeat: bool = False,
) -> RulePack:
    """Write a draft with the next number of its version.

    Raises:
        PackDraftExists, PackUnchanged: There is one already.
    """
    versions = RulePack.objects.of_version(pack.key, pack.version)
    if versions.drafts().exists():
        raise PackDraftExists(key=pack.key, version=pack.version)
    same = versions.published().filter(digest=digest_of(text), cases_text=cases_text)
    if not may_repeat and same.exists():
        raise PackUnchanged(key=pack.key, version=pack.version)
    last = versions.aggregate(last=Max("revision"))["last"] or 0
    row = RulePack(revision=last + 1, entered_at=at, entered_by=by)
    row.key, row.version = pack.key, pack.version
    _write(row, pack, text, cases_text, document)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise PackDraftExists(key=pack.key, version=pack.version) from error
    return row


def make_way(row: RulePack, *, by: Actor, at: dt.datetime) -> None:
    """End the published revision of the same version."""
    versions = RulePack.objects.of_version(row.key, row.version)
    for earlier in versions.published().exclude(pk=row.pk).select_for_update():
        earlier.status = PACK_FLOW.target("replace", status=PackStatus(earlier.status))
        earlier.withdrawn_at = at
        row.tells_newly = row.tells_newly or earlier.tells_newly
        earlier.save(update_fields=["status", "withdrawn_at"])
        _note("matching.pack_replaced", earlier, by=by, at=at, later=row.pk)


def _write(
    row: RulePack, pack: Pack, text: str, cases_text: str, document: PolicyDocument | None
) -> None:
    row.text, row.cases_text, row.document = text, cases_text, document
    row.digest = digest_of(text)
    row.title, row.issuer = pack.document.title[:300], pack.document.issuer[:200]
    row.number = pack.document.number[:120]
    row.valid_from, row.valid_until = pack.span.start, pack.span.end


def _tidy(text: str) -> str:
    """As a file would hold it."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _readable(text: str, cases_text: str) -> Pack:
    if max(len(text), len(cases_text)) > MOST_TEXT:
        raise PackTooLong(most=MOST_TEXT)
    return _required(checked(text, ""))


def said(error: PackError) -> str:
    """What is wrong, in the language in which the refusal is read."""
    return error.told(reader_language()).message


def _required(found: Checked) -> Pack:
    if found.pack is None:
        first = found.errors[0]
        raise PackFaulty(count=len(found.errors), line=first.line, first=said(first))
    return found.pack


def _require_reviewed(review: PackReview, reason: str) -> None:
    """Nothing that cannot be is published, and nothing doubtful without a reason."""
    language = reader_language()
    for each in review.remarks:
        if each["severity"] == Severity.STOPS:
            raise PackContradicts(
                measure=each["measure"],
                where=", ".join(each["where"]),
                first=sentence_of(each, language),
            )
    if review.remarks and not reason.strip():
        first = sentence_of(review.remarks[0], language)
        raise PackNeedsReason(count=len(review.remarks), first=first)


def _others(row: RulePack) -> list[RulePack]:
    """All published packs but this version, locked where they are of the same document."""
    list(RulePack.objects.select_for_update().filter(key=row.key).order_by("pk"))
    published = RulePack.objects.published().for_list()
    return list(published.exclude(key=row.key, version=row.version))


def _require_no_clash(pack: Pack, others: list[RulePack]) -> None:
    known = packs_of(others)
    versions = [known[each.digest] for each in others if each.key == pack.key]
    if clashes := Library([pack, *versions]).clashes(reader_language()):
        raise PackClashes(clash=clashes[0])
    mine = {each.key: each for each in pack.own_facts}
    for other in known.values():
        for spec in other.own_facts:
            if spec.key in mine and contradicts(spec, mine[spec.key]):
                raise FactContradicted(fact=spec.label, other=other.title)


def _locked(pack_id: int, verb: str, *, by: User) -> tuple[RulePack, PackStatus]:
    row = RulePack.objects.select_for_update(of=("self",)).get(pk=pack_id)
    try:
        target = PACK_FLOW.target(verb, status=PackStatus(row.status))
    except IllegalMove as error:
        raise _moved(row) from error
    if not by.has_perm("matching.edit_packs", row):
        raise PermissionDenied
    return row, target


def _locked_beside(pack_id: int, act: str, *, by: User) -> RulePack:
    row = RulePack.objects.select_for_update(of=("self",)).get(pk=pack_id)
    if row.status not in BESIDE[act]:
        raise _moved(row)
    if not by.has_perm("matching.edit_packs", row):
        raise PermissionDenied
    return row


def _moved(row: RulePack) -> PackMoveNotPossible:
    return PackMoveNotPossible(title=row.title, status=row.get_status_display())


def _note(verb: str, row: RulePack, *, by: Actor, at: dt.datetime, **detail: object) -> None:
    record(
        verb, row, by=by, at=at,
        title=row.title, key=row.key, version=row.version, revision=row.revision, **detail,
    )  # fmt: skip
