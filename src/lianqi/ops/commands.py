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
        from django.utils import timezone

        from lianqi.audit.actions import check_chain

        found = check_chain(at=timezone.now())
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


def add_administrator(username: str, name: str, password: str, echo: Echo) -> int:
    """Make the first platform administrator; return 1 and the reason if that is refused."""
    with _ready():
        from django.contrib.auth.password_validation import validate_password
        from django.core.exceptions import ValidationError
        from django.utils import timezone

        from lianqi.accounts.actions import create_first_administrator
        from lianqi.shared.errors import Refusal

        prepare.migrate(echo)
        prepare.load_reference()
        try:
            validate_password(password)
            create_first_administrator(username, name=name, password=password, at=timezone.now())
        except ValidationError as error:
            echo(" ".join(error.messages))
            return 1
        except Refusal as refusal:
            echo(str(refusal))
            return 1
        echo(f"{username} may sign in and add everybody else.")
        return 0


def load_reference() -> None:
    """Load the official tables."""
    with _ready():
        prepare.load_reference()


def load_categories(username: str, echo: Echo) -> int:
    """Add what is missing of the first catalogue; return 1 and the reason if that is refused."""
    with _ready():
        from django.utils import timezone

        from lianqi.accounts.models import User
        from lianqi.demands.actions import load_default_categories

        person = User.people.filter(username=username, is_active=True).first()
        if person is None or not person.has_perm("demands.manage_categories"):
            echo(f"{username} is not an administrator of the platform; nothing was changed.")
            return 1
        created = load_default_categories(by=person, at=timezone.now())
        echo(f"{len(created)} categories were added.")
        return 0


def manage(arguments: Sequence[str], *, with_database: bool) -> None:
    """Pass on to Django what `lianqi manage` was given."""
    data_dir = settle_environment()
    database = usable_database(data_dir) if with_database else contextlib.nullcontext()
    with database:
        execute_from_command_line(["lianqi manage", *arguments])
