"""tools/messages.py: what it finds in code and templates, what it merges, what it refuses."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import polib
import pytest

TOOL = Path(__file__).parents[2] / "tools" / "messages.py"


def _load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("lianqi_messages_tool", TOOL)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # NamedTuple looks its own module up while it is executed
    spec.loader.exec_module(module)
    return module


messages = _load()

PYTHON = """
from django.utils.translation import gettext_lazy as _, ngettext, pgettext
A = _("Accept")
B = ngettext("%(n)s demand", "%(n)s demands", n)
C = pgettext("light", "Done")
D = _(computed)
E = translation.gettext("joined " "together")
"""

TEMPLATE = """{% load i18n %}{% translate "Inbox" as label %}{% translate "Open" context "state" %}
{% blocktranslate trimmed count n=n %}
  one {{ n }} row
{% plural %}
  many {{ n }} rows
{% endblocktranslate %}
<p>_("not a message")</p>{% include "x.html" with label=_("Given") %}{{ _("Shown") }}"""


def _keys(found: list[tuple[tuple[str, str | None], str]]) -> set[tuple[str, str | None, str]]:
    return {(key[0], key[1], plural) for key, plural in found}


def test_python_messages_are_read_from_the_syntax_tree() -> None:
    found = list(messages.python_messages(PYTHON))

    assert _keys(found) == {
        ("Accept", None, ""),
        ("%(n)s demand", None, "%(n)s demands"),
        ("Done", "light", ""),
        ("joined together", None, ""),
    }


def test_template_messages_are_read_as_django_reads_them() -> None:
    found = list(messages.template_messages(TEMPLATE))

    assert _keys(found) == {
        ("Inbox", None, ""),
        ("Open", "state", ""),
        ("one %(n)s row", None, "many %(n)s rows"),
        ("Given", None, ""),
        ("Shown", None, ""),
    }


def test_translations_are_read_with_context_and_line_breaks(tmp_path: Path) -> None:
    table = tmp_path / "zh.tsv"
    table.write_text(
        "Done\t已办结\nDone\t已完成\tlight\n\n# note\na\\nb\t甲\\n乙\n", encoding="utf-8"
    )

    translations = messages.read_translations([table])

    assert translations == {
        ("Done", None): "已办结",
        ("Done", "light"): "已完成",
        ("a\nb", None): "甲\n乙",
    }


def test_a_line_that_is_no_translation_is_named(tmp_path: Path) -> None:
    table = tmp_path / "zh.tsv"
    table.write_text("Done\t已办结\nonly one column\n", encoding="utf-8")

    with pytest.raises(SystemExit, match=r"zh\.tsv:2"):
        messages.read_translations([table])


def _found(**plural_by_msgid: str) -> dict[object, object]:
    return {
        messages.Key(msgid.replace("_", " "), None): messages.Found(plural, ["src/lianqi/x.py"])
        for msgid, plural in plural_by_msgid.items()
    }


def test_merging_keeps_old_texts_takes_given_ones_and_drops_the_unused() -> None:
    old = polib.POFile()
    old.append(polib.POEntry(msgid="kept", msgstr="旧"))
    old.append(polib.POEntry(msgid="corrected", msgstr="错"))
    old.append(polib.POEntry(msgid="gone", msgstr="无"))

    catalogue = messages.merge(
        _found(kept="", corrected="", new=""), old, {("corrected", None): "对"}
    )

    assert {entry.msgid: entry.msgstr for entry in catalogue} == {
        "kept": "旧",
        "corrected": "对",
        "new": "",
    }


def test_a_plural_is_stored_in_the_one_chinese_form() -> None:
    catalogue = messages.merge(_found(row="rows"), polib.POFile(), {("row", None): "行"})

    assert catalogue[0].msgid_plural == "rows"
    assert catalogue[0].msgstr_plural == {0: "行"}


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        (polib.POEntry(msgid="row", msgstr=""), "empty"),
        (polib.POEntry(msgid="row", msgstr="行", flags=["fuzzy"]), "fuzzy"),
        (polib.POEntry(msgid="row", msgstr="%(n)s 行"), "other placeholders"),
        (polib.POEntry(msgid="column", msgstr="列"), "missing"),
    ],
)
def test_an_incomplete_catalogue_is_refused(entry: polib.POEntry, problem: str) -> None:
    catalogue = polib.POFile()
    catalogue.append(entry)

    found = list(messages.problems(_found(row=""), catalogue))

    assert found[0].startswith(problem)


def test_a_complete_catalogue_has_no_problem() -> None:
    catalogue = polib.POFile()
    catalogue.append(polib.POEntry(msgid="row", msgstr="行"))

    assert list(messages.problems(_found(row=""), catalogue)) == []


def test_update_compiles_what_check_accepts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "src" / "lianqi"
    source.mkdir(parents=True)
    (source / "a.py").write_text('_("Accept")\n', encoding="utf-8")
    table = tmp_path / "zh.tsv"
    table.write_text("Accept\t签收\n", encoding="utf-8")
    monkeypatch.setattr(messages, "SOURCE", source)
    monkeypatch.setattr(messages, "CATALOGUE", source / "locale" / "django.po")

    assert messages.check() == 1
    assert messages.update([table]) == 0
    assert messages.check() == 0

    (source / "locale" / "django.mo").write_bytes(b"old")
    assert messages.check() == 1
