"""Counting how often a document is read, without keeping who read it."""

import datetime as dt

from django.db import connection, transaction

from lianqi.policies.enums import Reader
from lianqi.policies.models import PolicyDocument, PolicyReadBy, PolicyReads
from lianqi.work.queries import local_date

COUNT = f"""
    INSERT INTO {PolicyReads._meta.db_table} (document_id, month, reader, count)
    VALUES (%s, %s, %s, 1)
    ON CONFLICT (document_id, month, reader)
    DO UPDATE SET count = {PolicyReads._meta.db_table}.count + 1
"""  # noqa: S608  # names of our own tables


@transaction.atomic
def count_reading(
    document: PolicyDocument,
    *,
    reader: Reader,
    at: dt.datetime,
    enterprise_ids: tuple[int, ...] = (),
) -> None:
    """Count one reading of a published document in its month; a draft is read by nobody.

    Args:
        reader: Which kind of reader it was.
        enterprise_ids: The enterprises whose people read it; each is counted once a month.
    """
    if not document.is_made_known:
        return
    month = local_date(at).replace(day=1)
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [document.pk, month, reader.value])
    PolicyReadBy.objects.bulk_create(
        [PolicyReadBy(document=document, month=month, enterprise_id=pk) for pk in enterprise_ids],
        ignore_conflicts=True,
    )
