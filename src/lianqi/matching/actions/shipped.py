"""The packs that come with the program: national ones hold at once, others when adopted."""

import datetime as dt
from pathlib import Path

from django.db import transaction

from lianqi.accounts.models import User
from lianqi.audit.actions import Automat, record
from lianqi.engines.packs import cases_file, pack_files, read
from lianqi.engines.packs.library import SHIPPED
from lianqi.matching.actions.packs import adopt_pack, enter, make_way
from lianqi.matching.enums import PackStatus
from lianqi.matching.errors import PackNotShipped
from lianqi.matching.models import RulePack, digest_of
from lianqi.policies.models import PolicyDocument


def shipped_names(folder: str = "regional") -> list[str]:
    """The names of the packs of a folder, as `rm19-haidian-rd`."""
    return [each.stem for each in pack_files((SHIPPED / folder,))]


@transaction.atomic
def load_national_packs(*, at: dt.datetime) -> int:
    """Publish the national packs that the zone has not, and those that changed with the program.

    A version that somebody of the zone entered or withdrew stays as it is. Their cases are tests of
    the program and are not run again.
    """
    loaded: list[RulePack] = []
    latest = {
        (each.key, each.version): each for each in RulePack.objects.for_list().order_by("revision")
    }
    digests = {each.digest for each in latest.values()}
    for file in pack_files((SHIPPED / "national",)):
        text, cases_text = _texts(file)
        if digest_of(text) in digests:
            continue
        pack = read(text, file.name)
        last = latest.get((pack.key, pack.version))
        if last is not None and (last.entered_by_id or last.status != PackStatus.PUBLISHED):
            continue
        row = enter(pack, text, cases_text, document=None, by=None, at=at)
        make_way(row, by=Automat(), at=at)
        row.status, row.published_at = PackStatus.PUBLISHED, at
        row.save(update_fields=["status", "published_at", "tells_newly"])
        loaded.append(row)
    if loaded:
        record(
            "matching.national_packs_loaded", loaded[0], by=Automat(), at=at,
            packs=[f"{each.key}/{each.version}" for each in loaded],
        )  # fmt: skip
    return len(loaded)


def adopt_shipped(
    name: str, *, by: User, at: dt.datetime, document: PolicyDocument | None = None
) -> RulePack:
    """Enter a pack that comes with the program as a draft, to be read and published.

    Raises:
        PackNotShipped: There is none of this name.
        PackDraftExists, PackUnchanged: The zone has it already.
    """
    files = {each.stem: each for each in pack_files((SHIPPED / "regional", SHIPPED / "national"))}
    if name not in files:
        raise PackNotShipped(name=name)
    return adopt_pack(*_texts(files[name]), by=by, at=at, document=document)


def _texts(file: Path) -> tuple[str, str]:
    beside = cases_file(file)
    return file.read_text("utf-8"), beside.read_text("utf-8") if beside.exists() else ""
