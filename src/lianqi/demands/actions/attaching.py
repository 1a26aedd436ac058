"""Filing a demand together with its attachments: both or neither."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from lianqi.accounts.models import User
from lianqi.demands.actions.filing import file_demand
from lianqi.demands.models import Demand
from lianqi.files.actions import store_upload
from lianqi.files.models import StoredFile


@transaction.atomic
def file_demand_with_files(
    *,
    uploads: Sequence["UploadedFile[Any]"],
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
        max_bytes: The most that one of them may have.
        daemon: `host:port` of the ClamAV daemon, empty for none.
        by: Whoever files.
        at: Now.
        **filing: For `file_demand`.

    Raises:
        Refusal: From `file_demand` or, for a file, from `store_upload`.
    """
    demand = file_demand(by=by, at=at, **filing)
    if not StoredFile.objects.of(demand).exists():
        for uploaded in uploads:
            store_upload(uploaded, subject=demand, max_bytes=max_bytes, daemon=daemon, by=by, at=at)
    return demand
