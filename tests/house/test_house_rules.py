"""The rules of the house that no tool checks. What a tool checks stands in pyproject.toml."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

from lianqi.accounts.backends import permission_table
from lianqi.conversions.flow import CONVERSION_FLOW
from lianqi.demands.flow import CLASS_FLOW, DEMAND_FLOW
from lianqi.freetests.flow import FREE_TEST_FLOW
from lianqi.freetests.flow import ORDER_FLOW as LAB_ORDER_FLOW
from lianqi.needs.flow import NEED_FLOW
from lianqi.plans.flow import BESIDE, BESIDE_MEASURE, PLAN_FLOW
from lianqi.supervision.flow import ORDER_FLOW
from lianqi.taskforces.flow import FORCE_FLOW
from lianqi.visits.flow import ROUND_FLOW

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "lianqi"
TEMPLATES = PACKAGE / "web" / "templates"
SUBJECTS = (
    "accounts", "audit", "conversions", "demands", "files", "freetests", "matching", "needs", "notices",
    "plans",
    "policies", "register",
    "supervision", "taskforces", "visits", "webhooks", "work",
)  # fmt: skip
# Whatever has a name of its own gets a home of its own; a new module here needs a decision record.
SHARED = {"__init__.py", "errors.py", "searching.py"}
WRITES = {
    "abulk_create", "acreate", "adelete", "asave", "aupdate", "bulk_create", "bulk_update",
    "create", "delete", "get_or_create", "save", "update", "update_or_create",
}  # fmt: skip
CLOCKS = {
    ("timezone", "now"), ("timezone", "localdate"), ("timezone", "localtime"),
    ("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"),
    ("time", "time"), ("time", "time_ns"),
}  # fmt: skip
# Functions that take the name of a permission, and where in their arguments it stands.
ASKS = {"has_perm": 0, "permission_required": 0, "require": 1, "_require": 1}
PUBLIC_VIEWS = {
    "lianqi.config.urls.set_language",
    "lianqi.web.home.views.home",
    "lianqi.web.home.views.public_figures",
    "lianqi.web.people.members.invitation",
    "lianqi.web.points.views.points",
    "lianqi.web.policies.duties.export_sheet",
    "lianqi.web.policies.duties.sheet",
    "lianqi.web.policies.views.compare",
    "lianqi.web.policies.views.policies",
    "lianqi.web.policies.views.policy",
    "lianqi.web.tips.views.follow",
    "lianqi.web.tips.views.reply",
    "lianqi.web.tips.views.write",
}
# Templates that a library or Django asks for by name.
FOREIGN = ("account/", "allauth/", "mfa/", "socialaccount/", "403", "404", "500")


def sources(*folders: str) -> list[Path]:
    """The Python files below these folders of the package, migrations left out."""
    found = [path for folder in folders for path in sorted((PACKAGE / folder).rglob("*.py"))]
    return [path for path in found if "migrations" not in path.parts]


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def place(path: Path, node: ast.expr | ast.stmt) -> str:
    return f"{path.relative_to(ROOT)}:{node.lineno}"


def last_name(node: ast.expr) -> str:
    """`b` for `a.b` and for `b`."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def calls(path: Path) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree_of(path)) if isinstance(node, ast.Call))


def imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module or ""] if isinstance(node, ast.ImportFrom) else []


def own_models() -> list[type[models.Model]]:
    return [each for each in apps.get_models() if each.__module__.startswith("lianqi.")]


def test_shared_holds_only_its_closed_list() -> None:
    found = {path.name for path in (PACKAGE / "shared").iterdir() if path.suffix == ".py"}

    assert found == SHARED


def test_nothing_above_the_actions_writes() -> None:
    readers = [PACKAGE / app / "queries.py" for app in SUBJECTS]
    readers += [PACKAGE / app / "permissions.py" for app in SUBJECTS]
    street = sources("web", "api", "config")

    written = [
        place(path, call)
        for path in [*filter(Path.is_file, readers), *street]
        for call in calls(path)
        if isinstance(call.func, ast.Attribute)
        and call.func.attr in WRITES
        and last_name(call.func.value) != "self"
    ]

    assert written == []


def test_nothing_below_the_street_reads_the_clock() -> None:
    read = [
        place(path, call)
        for path in sources("engines", "shared", *SUBJECTS)
        for call in calls(path)
        if isinstance(call.func, ast.Attribute)
        and (last_name(call.func.value), call.func.attr) in CLOCKS
    ]

    assert read == []


def test_nothing_below_the_street_reads_settings() -> None:
    """What a zone decided is handed down; a model may still name the class of a user."""
    read = [
        place(path, node)
        for path in sources("engines", "shared", *SUBJECTS)
        for node in ast.walk(tree_of(path))
        if (
            isinstance(node, ast.Import | ast.ImportFrom)
            and "django.conf" in imported(node)
            and "models" not in {path.stem, path.parent.name}
        )
        or (
            isinstance(node, ast.Attribute)
            and last_name(node.value) == "settings"
            and node.attr != "AUTH_USER_MODEL"
        )
    ]

    assert read == []


def test_migrations_do_not_import_the_program() -> None:
    grown_in = [
        place(path, node)
        for path in sorted(PACKAGE.glob("*/migrations/*.py"))
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Import | ast.ImportFrom)
        and any(name.split(".")[0] == "lianqi" for name in imported(node))
    ]

    assert grown_in == []


def test_every_permission_asked_for_is_in_a_table() -> None:
    asked = {}
    for path in sources(""):
        for call in calls(path):
            position = ASKS.get(last_name(call.func))
            if position is None or len(call.args) <= position:
                continue
            name = call.args[position]
            if isinstance(name, ast.Constant):
                asked[place(path, call)] = name.value

    unknown = {where: name for where, name in asked.items() if name not in permission_table()}

    assert len(asked) > 30
    assert unknown == {}


def test_every_permission_of_a_table_is_asked_for() -> None:
    """A permission to view may also be the single form of `visible_to`, which the walk compares."""
    words = {f"demands.{verb}" for verb in DEMAND_FLOW.moves}  # actions and buttons ask by verb
    words |= {f"demands.{verb}_class" for verb in CLASS_FLOW.moves}
    words |= {f"needs.{verb}" for verb in NEED_FLOW.moves}
    words |= {f"supervision.{verb}" for verb in ORDER_FLOW.moves}
    words |= {f"taskforces.{verb}" for verb in FORCE_FLOW.moves}
    words |= {f"visits.{verb}_round" for verb in ROUND_FLOW.moves}
    words |= {f"conversions.{verb}" for verb in CONVERSION_FLOW.moves}
    words |= {f"plans.{verb}" for verb in (*PLAN_FLOW.moves, *BESIDE, *BESIDE_MEASURE)}
    words |= {f"freetests.{verb}" for verb in (*FREE_TEST_FLOW.moves, *LAB_ORDER_FLOW.moves)}
    for path in sources(""):
        if path.name != "permissions.py":
            words |= {
                node.value
                for node in ast.walk(tree_of(path))
                if isinstance(node, ast.Constant) and isinstance(node.value, str)
            }

    unused = [name for name in permission_table() if name not in words]

    assert [name for name in unused if not name.partition(".")[2].startswith("view")] == []


def test_every_permission_a_template_asks_for_is_in_a_table() -> None:
    asked = {
        f"{app}.{name}": path.relative_to(TEMPLATES).as_posix()
        for path in TEMPLATES.rglob("*.html")
        for app, name in re.findall(r"\bperms\.(\w+)\.(\w+)", path.read_text(encoding="utf-8"))
    }

    assert {name: page for name, page in asked.items() if name not in permission_table()} == {}


def test_every_public_view_is_on_the_list() -> None:
    public = set()
    for path in sources("web", "api", "config"):
        module = ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts)
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.FunctionDef):
                names = {last_name(each) for each in node.decorator_list}
                public |= {f"{module}.{node.name}"} if "login_not_required" in names else set()
            elif isinstance(node, ast.Call) and last_name(node.func) == "login_not_required":
                public.add(f"{module}.{last_name(node.args[0])}")

    assert public == PUBLIC_VIEWS


def test_who_and_when_are_known_together() -> None:
    """Where `x_by` and `x_at` may both be empty, the database refuses one without the other."""
    loose = []
    for model in own_models():
        fields = {field.name: field for field in model._meta.get_fields() if hasattr(field, "null")}
        for name, field in fields.items():
            when = fields.get(f"{name.removesuffix('_by')}_at")
            if not name.endswith("_by") or when is None or not (field.null and when.null):
                continue
            rules = [str(each) for each in model._meta.constraints]
            if not any(name in rule and when.name in rule for rule in rules):
                loose.append(f"{model.__name__}.{name}")

    assert loose == []


def test_no_model_orders_itself() -> None:
    assert [each.__name__ for each in own_models() if each._meta.ordering] == []


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: path.stem)
def test_a_template_with_words_loads_their_translation(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    speaks = re.search(r"{%-?\s*(translate|trans|blocktranslate|blocktrans|language)\b", text)

    assert not speaks or re.search(r"{%\s*load\s[^%]*\bi18n\b", text)


def test_a_form_in_a_part_of_its_own_gets_the_token() -> None:
    """`include … only` leaves everything behind, the token against forged forms as well."""
    without = [
        f"{path.relative_to(TEMPLATES)}: {part}"
        for path in TEMPLATES.rglob("*.html")
        for part, given in re.findall(
            r'{% include "([^"#]+)[^"]*"([^%]*) only %}', path.read_text("utf-8")
        )
        if "csrf_token" in (TEMPLATES / part).read_text("utf-8") and "csrf_token=" not in given
    ]
    assert without == []


def test_every_template_is_used() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in sources("web", "api"))
    code += "\n".join(
        path.read_text(encoding="utf-8") for path in sorted((ROOT / "tests/web").glob("*.py"))
    )
    pages = {
        path.relative_to(TEMPLATES).as_posix(): path.read_text(encoding="utf-8")
        for path in TEMPLATES.rglob("*.html")
    }

    unused = [
        name
        for name in pages
        if not name.startswith(FOREIGN)
        and name not in code
        and not any(f'"{name}' in text for other, text in pages.items() if other != name)
    ]

    assert unused == []


def test_an_ignored_type_error_states_its_reason() -> None:
    silent = [
        f"{path.relative_to(ROOT)}:{number}"
        for folder in ("src", "tools")
        for path in sorted((ROOT / folder).rglob("*.py"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if re.search(r"#\s*type:\s*ignore(?!\[[a-z\-, ]+\]\s+# \w)", line)
    ]

    assert silent == []


def test_the_walls_have_no_holes() -> None:
    walls = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = walls["tool"]["importlinter"]["contracts"]

    assert [each["name"] for each in contracts if "ignore_imports" in each] == []
    assert "ignore_imports" not in walls["tool"]["importlinter"]
