"""Documents that tests read: what they name exists, what is generated is current, words agree."""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from urllib.parse import unquote

import polib
import pytest
from django.utils.translation import override

from lianqi.ops.demo import ACCOUNTS

ROOT = Path(__file__).parents[2]
CATALOGUE = ROOT / "src/lianqi/locale/zh_Hans/LC_MESSAGES/django.po"
READMES = ("README.md", "README.zh-CN.md")
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
# Words of the tools around the program, which no zone sets.
TOOL_VARIABLES = {"LIANQI_CHROMIUM"}


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def tool(name: str) -> ModuleType:
    """The module of a file in tools/."""
    spec = importlib.util.spec_from_file_location(f"tools_{name}", ROOT / "tools" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def rows_of(markdown: str) -> list[list[str]]:
    """The cells of all table rows, heads and rules left out."""
    lines = markdown.splitlines()
    return [
        [cell.strip() for cell in line.strip("| ").split("|")]
        for line, after in zip(lines, [*lines[1:], ""], strict=True)
        if line.startswith("|") and not line.startswith("|---") and not after.startswith("|---")
    ]


def glossary() -> list[tuple[str, str, str]]:
    """Chinese term, English term, variants that must not be used."""
    rows = [
        [cell.strip() for cell in line.removeprefix("|").removesuffix("|").split("|")]
        for line in text_of("docs/glossary.md").splitlines()
        if line.startswith("| ") and not line.startswith("| Chinese")
    ]
    return [(row[0], row[1], row[3]) for row in rows]


@pytest.mark.parametrize("name", ["flows", "openapi"])
def test_a_generated_document_is_current(name: str) -> None:
    module = tool(name)

    with override("en"):
        made = module.document()

    assert module.DOCUMENT.read_text(encoding="utf-8") == made


@pytest.mark.django_db
def test_the_table_of_permissions_is_current() -> None:
    module = tool("permissions")

    with override("en"):
        made = module.document()

    assert module.DOCUMENT.read_text(encoding="utf-8") == made


def test_every_path_of_the_architecture_exists() -> None:
    pattern = r"`((?:src|tests|docs|tools|bench)(?:/[\w.\-]+)*|\.ci/run)`"
    named = re.findall(pattern, text_of("ARCHITECTURE.md"))

    assert len(named) > 40
    assert [path for path in named if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_within_the_project_leads_somewhere(document: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", document.read_text(encoding="utf-8"))
    inner = [unquote(link) for link in links if "://" not in link]

    assert [link for link in inner if not (document.parent / link).exists()] == []


@pytest.mark.parametrize("name", [*READMES, "CONTRIBUTING.md", "SECURITY.md", "ARCHITECTURE.md"])
def test_every_command_of_make_exists(name: str) -> None:
    targets = set(re.findall(r"^([a-z]+):", text_of("Makefile"), flags=re.MULTILINE))
    spoken = re.findall(r"(?:^ {4}|`)make ([a-z]+)", text_of(name), flags=re.MULTILINE)

    assert set(spoken) - targets == set()


@pytest.mark.parametrize("name", READMES)
def test_a_readme_shows_the_two_commands(name: str) -> None:
    shown = re.findall(r"^ {4}(\S.*)$", text_of(name), flags=re.MULTILINE)

    assert shown == ["make run", "make test"]


@pytest.mark.parametrize("name", READMES)
def test_a_readme_lists_the_demo_accounts(name: str) -> None:
    people = [(row[0], row[1]) for row in rows_of(text_of(name)) if len(row) == 3]
    accounts = {username.strip("`") for username, _ in people if "LIANQI_" not in username}
    password = {password for _, _, password in ACCOUNTS}

    assert accounts == {username for _, username, _ in ACCOUNTS}
    assert all(f"`{each}`" in text_of(name) for each in password)


@pytest.mark.parametrize("name", READMES)
def test_a_readme_explains_every_variable(name: str) -> None:
    read = {
        variable
        for path in (ROOT / "src/lianqi").rglob("*.py")
        for variable in re.findall(r"LIANQI_[A-Z_]+[A-Z]", path.read_text(encoding="utf-8"))
    }
    explained = set(re.findall(r"LIANQI_[A-Z_]+[A-Z]", text_of(name)))

    assert explained == read | TOOL_VARIABLES


def test_the_decision_records_are_numbered_without_gaps_and_complete() -> None:
    records = sorted((ROOT / "docs/adr").glob("*.md"))

    assert [path.name[:4] for path in records] == [f"{n:04}" for n in range(1, len(records) + 1)]
    for path in records:
        text = path.read_text(encoding="utf-8")
        assert text.startswith(f"# {path.name[:4]} "), path.name
        assert re.search(r"^Date: \d{4}-\d\d-\d\d\. Status: \w+", text, flags=re.MULTILINE)
        assert re.findall(r"^## (.*)$", text, flags=re.MULTILINE) == [
            "Context", "Decision", "Consequences",
        ]  # fmt: skip


def test_the_glossary_has_one_english_name_for_one_chinese_term() -> None:
    chinese = [row[0] for row in glossary()]
    english = [row[1] for row in glossary()]

    assert len(chinese) >= 60
    assert len(set(chinese)) == len(chinese)
    assert len(set(english)) == len(english)
    assert all(row[2] for row in glossary())


def test_the_glossary_forbids_none_of_its_own_terms() -> None:
    terms = [row[0] for row in glossary()]
    forbidden = [word for row in glossary() for word in row[2].split("、")]

    assert [word for word in forbidden if any(word in term for term in terms)] == []


def test_the_catalogue_uses_no_word_that_the_glossary_forbids() -> None:
    forbidden = {word: row[0] for row in glossary() for word in row[2].split("、")}
    entries = polib.pofile(str(CATALOGUE))

    used = [
        f"{word} (say {term}): {line}"
        for entry in entries
        for line in [entry.msgstr, *entry.msgstr_plural.values()]
        for word, term in forbidden.items()
        if word in line
    ]

    assert used == []


def test_the_catalogue_translates_terms_as_the_glossary_does() -> None:
    terms = {english: chinese for chinese, english, _ in glossary()}
    entries = polib.pofile(str(CATALOGUE))

    other = [
        f"{entry.msgid}: {entry.msgstr} (say {terms[entry.msgid.lower()]})"
        for entry in entries
        if not entry.msgctxt
        and entry.msgid.lower() in terms
        and terms[entry.msgid.lower()] not in entry.msgstr
    ]

    assert other == []


def test_the_licence_is_apache_2() -> None:
    text = text_of("LICENSE")

    assert text.split()[:4] == ["Apache", "License", "Version", "2.0,"]
    assert text.rstrip().endswith("limitations under the License.")


def test_both_changelogs_tell_of_the_same_versions_and_changes() -> None:
    shape = [
        [
            len(re.findall(pattern, text_of(name), flags=re.MULTILINE))
            for pattern in (r"^## \[", r"^### ", r"^- ")
        ]
        for name in ("CHANGELOG.md", "CHANGELOG.zh-CN.md")
    ]

    assert shape[0] == shape[1]


@pytest.mark.slow
def test_the_tools_say_that_their_documents_are_current() -> None:
    """A tool is its own program: it finds settings and sources without the test runner's help."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("LIANQI_", "DJANGO_"))}
    python = shutil.which("python", path=str(ROOT / ".venv/bin")) or sys.executable

    for name in ("flows", "openapi"):
        done = subprocess.run(
            [python, f"tools/{name}.py", "check"],
            cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip

        assert (done.returncode, done.stdout) == (0, ""), done.stderr
