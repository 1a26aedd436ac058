"""One spelling for text that people write in several ways."""

import re
import unicodedata

CJK = (
    "\u3005\u3007"  # 々 and 〇
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"  # unified ideographs, extension A, compatibility
    "\U00020000-\U0003ffff"  # extensions B and later: rare characters of personal names
)
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u180e\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]"
)
_SPACE_BESIDE_CJK = re.compile(f"(?<=[{CJK}])\\s+|\\s+(?=[{CJK}])")
_SPACES = re.compile(r"\s+")
_FULL_WIDTH_ALNUM = {
    code: code - 0xFEE0
    for first, last in (("０", "９"), ("Ａ", "Ｚ"), ("ａ", "ｚ"))
    for code in range(ord(first), ord(last) + 1)
}


def _without_stray_spaces(text: str) -> str:
    return _SPACES.sub(" ", _SPACE_BESIDE_CJK.sub("", text)).strip()


def normalise(text: str) -> str:
    """Return the spelling in which two texts are compared; never shown to people.

    Full width becomes half width (Unicode NFKC), invisible characters and the spaces beside Chinese
    characters go, other runs of white space become one space, letters lose their case. Applying it
    twice changes nothing.

    Example:
        >>> normalise(" 海纳 科技（ＡＢＣ） ")
        '海纳科技(abc)'
    """
    visible = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text))
    # Folding case can leave a sequence that composes, hence the second round.
    folded = unicodedata.normalize("NFKC", visible.casefold())
    return _without_stray_spaces(_INVISIBLE.sub("", folded))


def compact(text: str) -> str:
    """Return the letters, digits and Chinese characters of `normalise(text)`, nothing else.

    Example:
        >>> compact("海纳（北京）科技 Co., Ltd.")
        '海纳北京科技coltd'
    """
    return "".join(character for character in normalise(text) if character.isalnum())


def tidy(text: str) -> str:
    """Return `text` as it should be stored and shown: what was meant, without typing accidents.

    Invisible characters and stray spaces go, full-width letters and digits become half width. Case
    and punctuation stay: a registered Chinese name has full-width brackets.

    Example:
        >>> tidy("海纳 科技（北京）　有限公司 ３")
        '海纳科技（北京）有限公司3'
    """
    return _without_stray_spaces(_INVISIBLE.sub("", text).translate(_FULL_WIDTH_ALNUM))
