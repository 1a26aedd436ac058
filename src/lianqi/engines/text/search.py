"""Tokens for finding a name by any two of its characters or by its pinyin initials.

An index holds `search_tokens` of every name; a query asks for records that hold all its tokens and
then rechecks the words, because tokens that all occur need not occur beside each other.
"""

import re
import unicodedata
from dataclasses import dataclass

from lianqi.engines.text.normal import compact, normalise

SHORTEST_WORD = 2
INITIALS_MARK = "~"
_RUN = re.compile(r"[^\W_]+")
_LATIN = re.compile(r"[a-z0-9]+")


def bigrams(text: str) -> tuple[str, ...]:
    """Return the overlapping pairs of each run of letters, digits and Chinese characters.

    In order of first occurrence, each once. A run ends at punctuation or a space; Chinese beside
    Latin is one run, so that a pair across the seam is found too. Runs of one character give none.

    Example:
        >>> bigrams("海纳3A（北京）")
        ('海纳', '纳3', '3a', '北京')
    """
    pairs = (
        run[start : start + 2]
        for run in _RUN.findall(normalise(text))
        for start in range(len(run) - 1)
    )
    return tuple(dict.fromkeys(pairs))


def initials(name: str) -> str:
    """Return the pinyin initials of `name`, Latin letters and digits kept in lower case.

    Characters with several readings get the one of the word they stand in, else the usual one.

    Example:
        >>> initials("重庆海纳3D科技")
        'cqhn3dkj'
    """
    from pypinyin import Style, lazy_pinyin  # large dictionaries: loaded by whoever needs them

    parts = lazy_pinyin(compact(name), style=Style.FIRST_LETTER)
    return "".join(
        unicodedata.normalize("NFKD", part)[0] if part[:1].isalpha() and len(part) == 1 else part
        for part in parts
    )


def search_tokens(name: str, *former_names: str) -> tuple[str, ...]:
    """Return what the index holds for a record: pairs of its names and of their initials, sorted.

    Punctuation is dropped first, so that "海纳北京" finds "海纳（北京）". Pairs of initials start
    with `INITIALS_MARK`, which keeps them apart from Latin letters in the name.
    """
    tokens: set[str] = set()
    for each in (name, *former_names):
        tokens.update(bigrams(compact(each)))
        tokens.update(INITIALS_MARK + pair for pair in bigrams(initials(each)))
    return tuple(sorted(tokens))


@dataclass(frozen=True)
class QueryTokens:
    """What a record must hold to answer a query: all of `name`, or all of `by_initials`.

    Attributes:
        words: Each occurs in `compact(name)` of a record that is found by name.
        name: Tokens that cover the words; empty when the query is too short to search for. Of
            Chinese words not every overlapping pair: they are compared anyway, and half the pairs
            find the candidates in half the time. Latin pairs are common, so all of them count.
        initials: Occurs in `initials(name)` of a record found by initials; "" when the query
            cannot be initials because it has Chinese characters or several words.
        by_initials: Marked tokens of `initials`.
    """

    words: tuple[str, ...]
    name: tuple[str, ...]
    initials: str
    by_initials: tuple[str, ...]

    @property
    def is_too_short(self) -> bool:
        return not self.name

    @property
    def is_said_by_words(self) -> bool:
        """The words alone say what is found: none of them could be initials or part of a code."""
        return not any(_LATIN.fullmatch(word) for word in self.words)


def _cover(word: str) -> tuple[str, ...]:
    """Pairs side by side that cover a word; the last overlaps where the length is odd.

    All overlapping pairs of a Latin word or number.

    Example:
        >>> _cover("海纳科技园")
        ('海纳', '科技', '技园')
    """
    if _LATIN.fullmatch(word):
        return bigrams(word)
    starts = [*range(0, len(word) - 1, 2), len(word) - 2]
    return tuple(dict.fromkeys(word[start : start + 2] for start in starts))


def _words(query: str) -> tuple[str, ...]:
    words = tuple(word for word in map(compact, query.split()) if word)
    if all(len(word) >= SHORTEST_WORD for word in words):
        return words
    # A single character beside a space is a slip of the hand ("海 纳科技"), not a word.
    return ("".join(words),)


def query_tokens(query: str) -> QueryTokens:
    """Return the tokens of what a person typed into a search box.

    Words apart by spaces must all occur, in any order. Fewer than two characters give no tokens.
    """
    words = _words(query)
    covers = (_cover(word) for word in words if len(word) >= SHORTEST_WORD)
    name = tuple(dict.fromkeys(pair for cover in covers for pair in cover))
    alone = words[0] if len(words) == 1 and _LATIN.fullmatch(words[0]) else ""
    marked = tuple(INITIALS_MARK + pair for pair in bigrams(alone))
    return QueryTokens(words, name, alone if marked else "", marked)
