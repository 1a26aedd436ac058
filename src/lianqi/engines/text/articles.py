"""Breaking the pasted text of a policy into its articles."""

import re
from dataclasses import dataclass

_NUMERAL = "一二三四五六七八九十百零〇\\d"
_ARTICLE = re.compile(rf"(第[{_NUMERAL}]{{1,6}}条)[\s:：、.．]*(.*)")
_ITEM = re.compile(rf"([（(][{_NUMERAL}]{{1,4}}[)）]|\d{{1,3}}[.．、])\s*(.+)")
_HEADING = re.compile(
    rf"(?:第([{_NUMERAL}]{{1,4}})[章节]|([一二三四五六七八九十]{{1,3}})、)\s*(.+)"
)
LONGEST_HEADING = 60
_SENTENCE_ENDS = "。；;，,:："


@dataclass(frozen=True, slots=True)
class DividedArticle:
    """An article of a text; `aspect` is the heading it stands under, "" before the first."""

    aspect: str
    number: str
    wording: str


def divide_articles(text: str) -> list[DividedArticle]:
    r"""Return the articles of a policy text in order, each under its heading.

    Articles are marked by 第…条; in a text without such marks by （一） or 1.; in one without any
    mark every line is an article. Short lines marked by 第…章 or 一、 are headings. Lines between
    two marks belong to the article before them; what stands before the first mark is dropped, as
    title and address do. Numbers that begin anew under each heading carry the heading's number.

    Example:
        >>> divide_articles("一、金融\n（一）贴息。\n二、税费\n（一）缓缴。")[1]
        DividedArticle(aspect='税费', number='二（一）', wording='缓缴。')
    """
    lines = [line for line in map(str.strip, text.splitlines()) if line]
    mark = next((each for each in (_ARTICLE, _ITEM) if any(map(each.fullmatch, lines))), None)
    begun: list[tuple[str, str, str, list[str]]] = []
    aspect = place = ""
    for line in lines:
        marked = mark.fullmatch(line) if mark else None
        if marked is None and (heading := _heading(line)) is not None:
            place, aspect = heading
        elif marked is not None:
            begun.append((aspect, place, _bare(marked[1]), [marked[2]]))
        elif mark is None:
            begun.append((aspect, place, str(len(begun) + 1), [line]))
        elif begun and begun[-1][0] == aspect:
            begun[-1][3].append(line)
    numbers = [number for _aspect, _place, number, _lines in begun]
    repeats = len(set(numbers)) < len(numbers)
    return [
        DividedArticle(
            each_aspect, f"{each_place}{number}" if repeats else number, "\n".join(said).strip()
        )
        for each_aspect, each_place, number, said in begun
    ]


def _heading(line: str) -> tuple[str, str] | None:
    """Number and words of a heading; None for a line that is a sentence."""
    found = _HEADING.fullmatch(line)
    if found is None or len(line) > LONGEST_HEADING or line[-1] in _SENTENCE_ENDS:
        return None
    return found[1] or found[2], found[3].strip()


def _bare(mark: str) -> str:
    """The mark without what only divides it from the text."""
    return mark.rstrip(".．、")
