"""Filing a demand together with its attachments: both or neither."""

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from lianqi.accounts.models import User
from lianqi.demands.actions.filing import file_demand
from lianqi.demands.models import Demand, DemandEvidence
from lianqi.files.actions import store_upload
from lianqi.files.models import StoredFile


@transaction.atomic
def file_demand_with_files(
    *,
    uploads: Sequence["UploadedFile[Any]"],
    documents: Mapping[int, "UploadedFile[Any]"] | None = None,
    max_bytes: int,
    daemon: str,
    by: User,
    at: dt.datetime,
    **filing: Any,
) -> Demand:
    """Take a demand in with its attachments; `filing` are the other arguments of `file_demand`.

    A refused file refuses the whole: nobody believes a paper handed in that was not. A repeated
    call finds the files of the first one and stores none twice.

    Args:
        uploads: The attachments.
        documents: What is handed in as evidence, by the id of its kind.
        max_bytes: The most that one of them may have.
        daemon: `host:port` of the ClamAV daemon, empty for none.
        by: Whoever files.
        at: Now.
        **filing: For `file_demand`.

    Raises:
        Refusal: From `file_demand` or, for a file, from `store_upload`.
    """
    documents = documents or {}
    demand = file_demand(by=by, at=at, evidence=documents.keys(), **filing)
    if StoredFile.objects.of(demand).exists():
        return demand
    store_attachments(demand, uploads, documents, max_bytes=max_bytes, daemon=daemon, by=by, at=at)
    return demand


def store_attachments(
    demand: Demand,
    uploads: Sequence["UploadedFile[Any]"],
    documents: Mapping[int, "UploadedFile[Any]"],
    *,
    max_bytes: int,
    daemon: str,
    by: User,
    at: dt.datetime,
) -> None:
    """Keep the files of a demand that was just filed, on behalf of the action that filed it."""
    store = partial(store_upload, subject=demand, max_bytes=max_bytes, daemon=daemon, by=by, at=at)
    for kind, uploaded in documents.items():
        stored = store(uploaded)
        DemandEvidence.objects.create(demand=demand, kind_id=kind, file=stored)
    for uploaded in uploads:
        store(uploaded)
