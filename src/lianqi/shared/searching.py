"""How a model with `search_text` and `search_tokens` is asked for the words of a search."""

from collections.abc import Iterable

from django.db.models import Q

from lianqi.engines.text import QueryTokens


def found_by(tokens: QueryTokens, *, by_index: bool = True) -> Q:
    """Rows that hold every word of a search, or begin their syllables with its one Latin word.

    The token index finds candidates, the comparison of the text keeps those that really hold them.

    Args:
        tokens: What was asked, two characters or more.
        by_index: False compares row by row, for a look at a few rows; the same are found.
    """
    is_plain = not by_index and tokens.is_said_by_words
    reach = Q() if is_plain else Q(search_tokens__contains=list(tokens.name))
    for word in tokens.words:
        reach &= Q(search_text__contains=word)
    if tokens.initials:
        reach |= marked(tokens.by_initials, tokens.initials)
    return reach


def marked(tokens: Iterable[str], word: str) -> Q:
    """Rows that hold `word` under tokens of a kind of their own, as initials and codes have."""
    return Q(search_tokens__contains=list(tokens), search_text__contains=word)
