r"""Keeps the Simplified Chinese catalogue: extracts, merges and checks, without system gettext.

    tools/messages.py update [translations.tsv …]
    tools/messages.py check

`update` collects the message ids of the Python files and templates under src/lianqi, drops the ones
nobody uses, merges translations from files of `msgid<TAB>msgstr[<TAB>msgctxt]` lines (`\n` stands
for a line break) and compiles the catalogue. `check` fails where an id is missing or left over,
empty, fuzzy, has other placeholders than its translation, or where django.mo is older than
django.po. English is the language of the ids and has no catalogue.
"""

import argparse
import ast
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import polib
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "lianqi"
CATALOGUE = SOURCE / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"

METADATA = {
    "Project-Id-Version": "Lianqi",
    "Language": "zh_Hans",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=1; plural=0;",
}

# Which arguments of each function are context, singular and plural.
ROLES: dict[str, tuple[str, ...]] = {
    "_": ("msgid",),
    "gettext": ("msgid",),
    "gettext_noop": ("msgid",),
    "gettext_lazy": ("msgid",),
    "ngettext": ("msgid", "plural"),
    "ngettext_lazy": ("msgid", "plural"),
    "pgettext": ("context", "msgid"),
    "pgettext_lazy": ("context", "msgid"),
    "npgettext": ("context", "msgid", "plural"),
    "npgettext_lazy": ("context", "msgid", "plural"),
}

_STRING = r"""u?("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')"""
_TEMPLATE_CALL = re.compile(
    rf"(?<!\w)(_|n?p?gettext)\(\s*{_STRING}(?:\s*,\s*{_STRING})?(?:\s*,\s*{_STRING})?", re.DOTALL
)
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


class Key(NamedTuple):
    """What makes two messages the same one in a catalogue."""

    msgid: str
    context: str | None


class Message(NamedTuple):
    """One use of a message in the code."""

    key: Key
    plural: str


class Found(NamedTuple):
    """A message with every file that uses it."""

    plural: str
    files: list[str]


def _message(function: str, arguments: Iterable[str]) -> Message:
    parts = dict(zip(ROLES[function], arguments, strict=False))
    return Message(Key(parts["msgid"], parts.get("context")), parts.get("plural", ""))


def _name(call: ast.Call) -> str:
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""


def python_messages(text: str) -> Iterator[Message]:
    """Messages of a Python file; a call whose id is computed has none and is passed over."""
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call) or _name(node) not in ROLES:
            continue
        function = _name(node)
        arguments = [
            argument.value
            for argument in node.args[: len(ROLES[function])]
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
        ]
        if len(arguments) == len(ROLES[function]):
            yield _message(function, arguments)


def template_messages(text: str) -> Iterator[Message]:
    """Messages of a template, as Django's own makemessages sees them."""
    for function, *literals in _TEMPLATE_CALL.findall(templatize(text)):
        yield _message(function, [ast.literal_eval(literal) for literal in literals if literal])


def extract(source: Path) -> dict[Key, Found]:
    """Every message under a folder, with the files that use it."""
    readers = {".py": python_messages, ".html": template_messages, ".txt": template_messages}
    plurals: dict[Key, str] = {}
    files: dict[Key, set[str]] = defaultdict(set)
    for path in sorted(source.rglob("*")):
        if path.suffix not in readers or "static" in path.parts:
            continue
        for message in readers[path.suffix](path.read_text(encoding="utf-8")):
            plurals[message.key] = message.plural or plurals.get(message.key, "")
            files[message.key].add(path.relative_to(source.parent.parent).as_posix())
    return {key: Found(plurals[key], sorted(files[key])) for key in sorted(files, key=str)}


def read_translations(paths: Iterable[Path]) -> dict[tuple[str, str | None], str]:
    """Translations by (msgid, context); the context is None where the line names none."""
    translations: dict[tuple[str, str | None], str] = {}
    for path in paths:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if not line.strip() or line.startswith("#"):
                continue
            columns = [part.replace("\\n", "\n") for part in line.split("\t")]
            match columns:
                case [msgid, text]:
                    translations[msgid, None] = text
                case [msgid, text, context]:
                    translations[msgid, context] = text
                case _:
                    sys.exit(f"{path}:{number}: expected msgid<TAB>msgstr[<TAB>msgctxt]")
    return translations


def _key(entry: polib.POEntry) -> Key:
    return Key(entry.msgid, entry.msgctxt)


def _text(entry: polib.POEntry) -> str:
    return str(entry.msgstr_plural.get(0, "")) if entry.msgid_plural else str(entry.msgstr)


def _entry(key: Key, found: Found, text: str, *, fuzzy: bool) -> polib.POEntry:
    flags = ["fuzzy"] if fuzzy else []
    if "%" in key.msgid + found.plural:
        flags.append("python-format")
    entry = polib.POEntry(
        msgid=key.msgid,
        msgctxt=key.context,
        occurrences=[(file, "") for file in found.files],
        flags=flags,
    )
    if found.plural:
        entry.msgid_plural = found.plural
        entry.msgstr_plural = {0: text}
    else:
        entry.msgstr = text
    return entry


def merge(
    found: dict[Key, Found],
    old: polib.POFile,
    translations: dict[tuple[str, str | None], str],
) -> polib.POFile:
    """The new catalogue: a given translation wins over the old one, unused entries go."""
    known = {_key(entry): entry for entry in old if not entry.obsolete}
    catalogue = polib.POFile(wrapwidth=100)
    catalogue.metadata = METADATA
    for key, where in found.items():
        given = translations.get((key.msgid, key.context), translations.get((key.msgid, None)))
        before = known.get(key)
        text = given if given is not None else (_text(before) if before else "")
        fuzzy = given is None and before is not None and before.fuzzy
        catalogue.append(_entry(key, where, text, fuzzy=fuzzy))
    return catalogue


def _same_placeholders(entry: polib.POEntry) -> bool:
    def placeholders(text: str) -> set[str]:
        return set(_PLACEHOLDER.findall(text.replace("%%", "")))

    return placeholders(_text(entry)) == placeholders(entry.msgid_plural or entry.msgid)


def problems(found: dict[Key, Found], catalogue: polib.POFile) -> Iterator[str]:
    """What stands in the way of a complete catalogue, one sentence each."""
    entries = {_key(entry): entry for entry in catalogue if not entry.obsolete}
    for key in found.keys() - entries.keys():
        yield f"missing: {key.msgid!r} ({found[key].files[0]})"
    for key in entries.keys() - found.keys():
        yield f"used nowhere: {key.msgid!r}"
    for key, entry in entries.items():
        if entry.fuzzy:
            yield f"fuzzy: {key.msgid!r}"
        if not _text(entry):
            yield f"empty: {key.msgid!r}"
        elif not _same_placeholders(entry):
            yield f"other placeholders: {key.msgid!r} → {_text(entry)!r}"


def _load() -> polib.POFile:
    return polib.pofile(str(CATALOGUE)) if CATALOGUE.exists() else polib.POFile()


def update(paths: Iterable[Path]) -> int:
    """Writes django.po and django.mo; says what is still without a translation."""
    translations = read_translations(paths)
    found = extract(SOURCE)
    catalogue = merge(found, _load(), translations)
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    catalogue.save(str(CATALOGUE))
    catalogue.save_as_mofile(str(CATALOGUE.with_suffix(".mo")))
    used = {key.msgid for key in found}
    for msgid in sorted({msgid for msgid, _ in translations} - used):
        print(f"translated but used nowhere: {msgid!r}")
    empty = [entry.msgid for entry in catalogue if not _text(entry)]
    for msgid in empty:
        print(f"without translation: {msgid!r}")
    print(f"{len(catalogue)} messages, {len(empty)} without translation")
    return 0


def check() -> int:
    """Prints every problem of the catalogue; the number of them is not the exit code, 1 is."""
    catalogue = _load()
    lines = sorted(problems(extract(SOURCE), catalogue))
    compiled = CATALOGUE.with_suffix(".mo")
    if not compiled.exists() or compiled.read_bytes() != catalogue.to_binary():
        lines.append("django.mo is older than django.po")
    print("\n".join([*lines, f"{len(catalogue)} messages, {len(lines)} problems"]))
    if lines:
        print("Run `tools/messages.py update` and translate what is empty.")
    return 1 if lines else 0


def main() -> int:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("update").add_argument("translations", nargs="*", type=Path)
    commands.add_parser("check")
    arguments = parser.parse_args()
    if not settings.configured:
        settings.configure(USE_I18N=True)
    return update(arguments.translations) if arguments.command == "update" else check()


if __name__ == "__main__":
    sys.exit(main())
