"""The program `lianqi`. What is slow to import is imported by the command that needs it."""

import datetime as dt
import os
import sys
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from lianqi.ops.trouble import Trouble, give_up

# Management commands that look at the code only; the others get a database.
_WITHOUT_DATABASE = frozenset(
    {"check", "collectstatic", "compilemessages", "diffsettings", "help", "makemessages", "version"}
)


class _Program(click.Group):
    """A group that answers expected failures with one sentence and exit code 2."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except Trouble as trouble:
            give_up(trouble)
        except OSError as error:
            if isinstance(error, BrokenPipeError) or error.filename is None:
                raise
            give_up(Trouble(f"Cannot use {error.filename}: {error.strerror}."))


@click.group(cls=_Program, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="lianqi")
def main() -> None:
    """Lianqi (联企): serves the enterprises of a high-tech zone."""


@main.command()
@click.option("--stop-with-parent", is_flag=True, help="End when the starting process ends.")
def run(*, stop_with_parent: bool) -> None:
    """Start everything and keep it running until Ctrl-C.

    LIANQI_PORT chooses the port (8000), LIANQI_DATA_DIR the folder for data (var),
    LIANQI_DATABASE_URL a PostgreSQL of your own, LIANQI_DEMO=0 an empty zone.
    """
    from lianqi.ops.run import run as run_everything

    run_everything(stop_with_parent=stop_with_parent)


@main.group()
def db() -> None:
    """The database: start, stop, address, migrations."""


@db.command("start")
def db_start() -> None:
    """Start the embedded server and leave it running."""
    from lianqi.ops.database import start_embedded, stays_up
    from lianqi.ops.environment import settle_environment
    from lianqi.ops.places import make_data_dir

    data_dir = make_data_dir(settle_environment())
    server = start_embedded(data_dir, with_parent=False)
    stays_up(data_dir).touch()
    click.echo(server.url)


@db.command("stop")
def db_stop() -> None:
    """Stop the embedded server."""
    from lianqi.ops import embedded
    from lianqi.ops.database import stays_up
    from lianqi.ops.environment import settle_environment
    from lianqi.ops.places import database_place, make_data_dir

    data_dir = make_data_dir(settle_environment())
    stays_up(data_dir).unlink(missing_ok=True)
    embedded.stop(database_place(data_dir, name="pg", programs=embedded.programs()))


@db.command("url")
def db_url() -> None:
    """Print the address of the database, for psql and other programs."""
    from lianqi.ops import embedded
    from lianqi.ops.database import VARIABLE
    from lianqi.ops.environment import settle_environment
    from lianqi.ops.places import database_place, make_data_dir

    data_dir = make_data_dir(settle_environment())
    place = database_place(data_dir, name="pg", programs=embedded.programs())
    click.echo(os.environ.get(VARIABLE) or embedded.url(place))


@db.command("migrate")
def db_migrate() -> None:
    """Apply the migrations that are missing."""
    from lianqi.ops.commands import migrate

    migrate(click.echo)


@main.group()
def audit() -> None:
    """The audit trail: verify."""


@audit.command("verify")
def audit_verify() -> None:
    """Walk the chain of events; exit code 1 and the first broken link if it does not hold."""
    from lianqi.ops.commands import verify_audit

    sys.exit(verify_audit(click.echo))


@main.group()
def people() -> None:
    """People: the first administrator of a new installation."""


@people.command("first-admin")
@click.argument("username")
@click.option("--name", required=True, help="The person's name.")
@click.password_option(help="Asked for when not given.")
def people_first_admin(username: str, name: str, password: str) -> None:
    """Make the first platform administrator, who then adds everybody else in the browser."""
    from lianqi.ops.commands import add_administrator

    sys.exit(add_administrator(username, name, password, click.echo))


@main.group()
def demo() -> None:
    """The demo zone: fill."""


@demo.command("fill")
def demo_fill() -> None:
    """Fill an empty database with the demo zone."""
    from lianqi.ops.commands import fill_demo

    fill_demo(click.echo)


@main.group()
def reference() -> None:
    """Official tables: load."""


@reference.command("load")
def reference_load() -> None:
    """Load the working days, industries and other official tables; twice changes nothing."""
    from lianqi.ops.commands import load_reference

    load_reference()


@main.group()
def categories() -> None:
    """Demand categories: load the first catalogue."""


@categories.command("load")
@click.argument("username")
def categories_load(username: str) -> None:
    """Add the categories of the first catalogue that are missing, in the name of an administrator.

    Those that are there stay as they are; loading twice changes nothing.
    """
    from lianqi.ops.commands import load_categories

    sys.exit(load_categories(username, click.echo))


@main.group()
def policy() -> None:
    """Policies as rules: check packs, explain them to one applicant, match them with many."""


def _usual_language() -> str:
    spoken = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return "zh" if next(filter(None, spoken), "").startswith("zh") else "en"


_in_language = click.option(
    "--lang",
    type=click.Choice(["en", "zh"]),
    default=_usual_language,
    help="The language of mistakes and summaries; that of the terminal if not given.",
)


@policy.command("check")
@click.argument("packs", nargs=-1, type=click.Path(path_type=Path))
@click.option("--remarks", is_flag=True, help="Tell what to look at before publication, too.")
@_in_language
def policy_check(packs: tuple[Path, ...], *, remarks: bool, lang: str) -> None:
    """Check PACKS (files or folders) and their cases; without any, those that come with Lianqi.

    Exit code 1 if something is wrong; every mistake is told with file, line and column.
    """
    from lianqi.ops.policy.checking import check_packs

    on = _today() if remarks else None
    sys.exit(check_packs(packs, click.echo, remarks_on=on, language=lang))


def _today() -> dt.date:
    return dt.datetime.now(ZoneInfo("Asia/Shanghai")).date()


@policy.command("explain")
@click.argument("pack", type=click.Path(path_type=Path))
@click.option("--facts", required=True, type=click.Path(path_type=Path), help="A file of facts.")
@click.option("--on", "day", type=click.DateTime(["%Y-%m-%d"]), help="The day; today if not given.")
@click.option("--measure", default="", help="The key of one measure; all that are in force if not.")
@click.option("--json", "as_json", is_flag=True, help="The assessment as it is saved.")
@_in_language
def policy_explain(
    pack: Path, facts: Path, day: dt.datetime | None, measure: str, *, as_json: bool, lang: str
) -> None:
    """Say whether one applicant fulfils a PACK, for how much, and what is missing."""
    from lianqi.ops.policy.checking import explain

    on = day.date() if day else _today()
    sys.exit(explain(pack, facts, on, click.echo, measure=measure, as_json=as_json, language=lang))


@policy.command("match")
@click.option(
    "--packs",
    multiple=True,
    type=click.Path(path_type=Path),
    help="A pack or a folder of packs, may be given again; those that come with Lianqi if not.",
)
@click.option(
    "--enterprises",
    required=True,
    type=click.Path(path_type=Path),
    help="The register: .xlsx, .csv or .parquet, one enterprise a row, one fact a column.",
)
@click.option("--on", "day", type=click.DateTime(["%Y-%m-%d"]), help="The day; today if not given.")
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path),
    help="The result: .xlsx or .csv for people, .parquet for programs.",
)
@click.option("--applicant", default="", help="The column that names the enterprises.")
@click.option("--engine", default="local", show_default=True, help="local or spark.")
@click.option("--zone", default="", help="With spark: the column of the zone.")
@_in_language
def policy_match(
    packs: tuple[Path, ...],
    enterprises: Path,
    day: dt.datetime | None,
    out: Path,
    applicant: str,
    engine: str,
    zone: str,
    lang: str,
) -> None:
    """Match all measures in force on a day with a register of enterprises.

    Exit code 1 if a pack or the register has mistakes; each is told with its place.
    """
    from lianqi.engines.packs.library import SHIPPED
    from lianqi.ops.policy.matching import Task, match

    places = packs or (SHIPPED / "national", SHIPPED / "regional")
    on = day.date() if day else _today()
    task = Task(places, enterprises, on, out, applicant, zone, lang)
    sys.exit(match(task, click.echo, engine=engine))


@policy.command("settle")
@click.argument("packs", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--applicants",
    required=True,
    type=click.Path(path_type=Path),
    help="Who applies: .xlsx, .csv or .parquet, one a row, in the order of the applications.",
)
@click.option("--on", "day", type=click.DateTime(["%Y-%m-%d"]), help="The day; today if not given.")
@click.option(
    "--out", required=True, type=click.Path(path_type=Path), help="The result: .xlsx or .csv."
)
@click.option("--measure", "measures", multiple=True, help="A measure; all of the packs if not.")
@click.option(
    "--budget", "budgets", multiple=True, help="MEASURE=500万元: a sum, or another than the text's."
)
@click.option("--applicant", default="", help="The column that names the applicants.")
@_in_language
def policy_settle(
    packs: tuple[Path, ...],
    applicants: Path,
    day: dt.datetime | None,
    out: Path,
    measures: tuple[str, ...],
    budgets: tuple[str, ...],
    applicant: str,
    lang: str,
) -> None:
    """Settle the measures of PACKS for all who apply: ranks, exclusions, common caps, budgets.

    Exit code 1 if a pack or the table has mistakes; each is told with its place.
    """
    from lianqi.ops.policy.settling import Task, settle

    on = day.date() if day else _today()
    task = Task(packs, applicants, on, out, measures, budgets, applicant, lang)
    sys.exit(settle(task, click.echo))


@main.command(
    add_help_option=False,
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def manage(arguments: tuple[str, ...]) -> None:
    """Run a management command of Django: lianqi manage COMMAND."""
    from lianqi.ops.commands import manage as manage_django

    manage_django(arguments, with_database=_needs_database(arguments))


def _needs_database(arguments: tuple[str, ...]) -> bool:
    return bool(arguments) and not (
        arguments[0] in _WITHOUT_DATABASE or arguments[0].startswith("-") or "--help" in arguments
    )
