"""One transaction for a whole year of actions."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def whole_transaction() -> Iterator[None]:
    """Let the transactions of the actions within be parts of one, without savepoints of their own.

    The demo zone is filled wholly or not at all, and what is played in here never refuses anything;
    a savepoint for each action would be a third of all that the database is asked.
    """
    features = connection.features
    usual = features.uses_savepoints
    with transaction.atomic():
        features.uses_savepoints = False
        try:
            yield
        finally:
            features.uses_savepoints = usual
