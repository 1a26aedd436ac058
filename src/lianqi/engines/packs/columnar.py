"""A register that comes as Parquet: what its columns are, before it is matched.

Columns bear the names of slots (revenue@2024, titles) and hold base units and the words of the
catalogue. A word that is not in a vocabulary would simply never match, so it is told.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from lianqi.engines.packs.errors import Wrong, told
from lianqi.engines.packs.registers import APPLICANT, IDENTIFIERS, NAMES, NoApplicantError
from lianqi.engines.rules.bulk.columns import Wanted
from lianqi.engines.rules.bulk.matching import batches_of
from lianqi.engines.rules.catalogue import Catalogue
from lianqi.engines.rules.errors import Told

_SHOWN = 3


class NotParquetError(ValueError):
    """A file that should be Parquet is not."""


@dataclass
class Columns:
    """What a Parquet file holds.

    Attributes:
        applicant, name: The columns of the enterprise's code and, if there is one, name.
        unread: Columns of facts that no rule of the day reads.
        meant: Columns that are called otherwise than the slot they seem to be, with the slot.
        errors: What cannot be used.
    """

    rows: int
    applicant: str
    name: str = ""
    unread: list[str] = field(default_factory=list)
    meant: list[tuple[str, str]] = field(default_factory=list)
    errors: list["WordError"] = field(default_factory=list)


@dataclass(frozen=True)
class WordError:
    """A word in a column that its fact does not know.

    Attributes:
        params: What the sentence is filled with.
    """

    column: str
    params: Mapping[str, object]

    def told(self, language: str = "en") -> Told:
        return told(Wrong.WORD_IN_COLUMN, self.params, language)

    def line_in(self, language: str) -> str:
        """Column, sentence and advice in one line, for a terminal."""
        said = self.told(language)
        if language == "zh":
            return f"列{self.column}：{said.message}{said.advice}"
        return f"column {self.column}: {said.message} ({said.advice})"


def columns_of(
    path: Path, *, catalogue: Catalogue, wanted: Mapping[str, Wanted], applicant: str = ""
) -> Columns:
    """Look at the columns of a file, and at the words in those that have a vocabulary.

    Raises:
        NotParquetError: It cannot be read as Parquet.
        NoApplicantError: No column names the enterprises.
    """
    try:
        file = pq.ParquetFile(path)
    except (pa.ArrowInvalid, OSError) as error:
        raise NotParquetError(str(error).partition("\n")[0]) from error
    names = file.schema_arrow.names
    found = Columns(file.metadata.num_rows, _who(names, applicant), _named(names))
    for column in names:
        if column in wanted or column in (found.applicant, found.name):
            continue
        called, at, period = column.partition("@")
        spec = catalogue.find(called)
        if spec is None:
            continue
        slot = f"{spec.key}{at}{period}"
        if slot != column and slot in wanted:
            found.meant.append((column, slot))
        else:
            found.unread.append(column)
    found.errors += _strange_words(file, catalogue, [each for each in names if each in wanted])
    return found


def _who(names: list[str], applicant: str) -> str:
    if applicant and applicant not in names:
        raise NoApplicantError(applicant)
    known = (APPLICANT, *IDENTIFIERS, *NAMES)
    found = applicant or next((each for each in known if each in names), "")
    if not found:
        raise NoApplicantError
    return found


def _named(names: list[str]) -> str:
    return next((each for each in NAMES if each in names), "")


def _strange_words(
    file: pq.ParquetFile, catalogue: Catalogue, slots: list[str]
) -> Iterator[WordError]:
    for slot in slots:
        spec = catalogue.find(slot.partition("@")[0])
        if spec is None or not spec.values:
            continue
        strange = sorted(_words(file, slot) - set(spec.values))
        labels = {label: value for value, label in spec.values.items()}
        for word in strange[:_SHOWN]:
            near = labels.get(word) or next(iter(get_close_matches(word, spec.values, n=1)), "")
            known = ", ".join(spec.values)
            meant = (
                {"en": f"write {near}", "zh": f"请写成{near}。"}
                if near
                else {"en": f"one of {known}", "zh": f"可用的有：{known}。"}
            )
            yield WordError(slot, {"written": word, "name": spec.label, "meant": meant})


def _words(file: pq.ParquetFile, slot: str) -> set[str]:
    """The different texts of a column; none where it holds something else."""
    found: set[str] = set()
    for batch in batches_of(file, [slot]):
        array = batch.column(0)
        if pa.types.is_list(array.type) or pa.types.is_large_list(array.type):
            array = array.flatten()
        if pa.types.is_dictionary(array.type):
            array = array.dictionary
        if not (pa.types.is_string(array.type) or pa.types.is_large_string(array.type)):
            return set()
        found |= {each for each in pc.unique(array).to_pylist() if each is not None}
    return found
