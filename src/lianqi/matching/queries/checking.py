"""A pack as it is read: what is wrong with it, and whether its cases come out."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import get_language

from lianqi.engines.packs import Pack, PackError, check, check_cases
from lianqi.matching.models import RulePack

FILE, CASES_FILE = "pack.yaml", "pack.cases.yaml"


@dataclass(frozen=True, slots=True)
class Checked:
    """A pack and what is wrong with it.

    Attributes:
        pack: None if it cannot be read.
        errors: Of the pack, by line.
        cases: How many examples it has.
        case_errors: Where an example cannot be read, or comes out otherwise.
    """

    pack: Pack | None
    errors: tuple[PackError, ...]
    cases: int = 0
    case_errors: tuple[PackError, ...] = ()

    @property
    def is_ready(self) -> bool:
        """Whether it could be published as far as its own text goes."""
        return self.pack is not None and self.cases > 0 and not self.case_errors


def reader_language() -> str:
    """The language in which sentences of the rules are shown: "en" or "zh"."""
    return "zh" if (get_language() or "").startswith("zh") else "en"


def checked(text: str, cases_text: str) -> Checked:
    """The same as `lianqi policy check` does with two files."""
    pack, errors = check(_lines(text), FILE)
    if pack is None:
        return Checked(None, errors)
    if not cases_text.strip():
        return Checked(pack, errors)
    return Checked(pack, errors, *check_cases(pack, _lines(cases_text), CASES_FILE))


def _lines(text: str) -> str:
    """Browsers send another end of line than files have."""
    return text.replace("\r\n", "\n")


_READ: dict[str, Pack] = {}
MOST_READ = 2000
"""Packs a process keeps; a zone has some hundred."""


def packs_of(rows: Iterable[RulePack]) -> dict[str, Pack]:
    """Packs by their digest; each text is read once in a process."""
    digests = {each.digest for each in rows}
    if missing := digests - _READ.keys():
        if len(_READ) > MOST_READ:
            _READ.clear()
            missing = digests
        texts = RulePack.objects.filter(digest__in=missing).order_by("pk")
        for digest, text in dict(texts.values_list("digest", "text")).items():
            pack, _errors = check(_lines(text), FILE)
            if pack is not None:  # a later program may know a fact by another name
                _READ[digest] = pack
    return {digest: _READ[digest] for digest in digests if digest in _READ}
