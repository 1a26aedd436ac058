"""What the commands do once they have a database and Django."""

import contextlib
from collections.abc import Callable, Iterator, Sequence

from django.core.management import execute_from_command_line

from lianqi.ops import prepare
from lianqi.ops.database import usable_database
from lianqi.ops.environment import settle_demo, settle_environment
from lianqi.ops.places import make_data_dir

Echo = Callable[[str], None]


@contextlib.contextmanager
def _ready() -> Iterator[None]:
    """A database, the settings of `lianqi run`, and Django set up."""
    data_dir = make_data_dir(settle_environment())
    settle_demo(data_dir)
    with usable_database(data_dir):
        prepare.set_up_django()
        try:
            yield
        finally:
            prepare.close_connections()


def migrate(echo: Echo) -> None:
    """Apply the migrations that are missing and say so."""
    with _ready():
        prepare.migrate(echo)
        echo("The database is up to date.")


def verify_audit(echo: Echo) -> int:
    """Walk the audit chain; return 0 if it holds, 1 if not, and say where it breaks."""
    with _ready():
        from lianqi.audit.queries import verify_chain

        found = verify_chain()
        if found.broken is not None:
            echo(f"Broken at event {found.broken.event_id}: {found.broken.reason}.")
            echo(f"The {found.events} events before it hold.")
            return 1
        echo(f"{found.events} events, the chain holds. Last digest: {found.head or 'none'}")
        return 0


def fill_demo(echo: Echo) -> None:
    """Bring an empty database to the demo zone; leave one with people in it as it is."""
    with _ready():
        prepare.migrate(echo)
        prepare.load_reference()
        filled = prepare.fill_demo(echo)
        echo("The demo zone is filled." if filled else "There is data already; nothing was filled.")


def load_reference() -> None:
    """Load the official tables."""
    with _ready():
        prepare.load_reference()


def manage(arguments: Sequence[str], *, with_database: bool) -> None:
    """Pass on to Django what `lianqi manage` was given."""
    data_dir = settle_environment()
    database = usable_database(data_dir) if with_database else contextlib.nullcontext()
    with database:
        execute_from_command_line(["lianqi manage", *arguments])
