"""Names of files as people see them. What lies on the disk has a name of our own."""

import re
import unicodedata

LONGEST_NAME = 200
# Control and format characters: the right-to-left override shows `gpj.exe` as `exe.jpg`.
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_NOT_IN_NAMES = re.compile(r'[<>:"|?*]')


def safe_name(name: str) -> str:
    r"""The name without folders, invisible characters and those that Windows forbids in a name.

    Long names are cut before the extension, to 200 characters.

    >>> safe_name("C:\\资料\\报告<最终>.PDF ")
    '报告_最终_.PDF'
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    visible = "".join(char for char in last if unicodedata.category(char) not in _INVISIBLE)
    plain = _NOT_IN_NAMES.sub("_", " ".join(visible.split())).rstrip(". ")
    stem, dot, extension = plain.rpartition(".")
    if not dot:
        return plain[:LONGEST_NAME] or "file"
    return f"{(stem.strip('. ') or 'file')[: LONGEST_NAME - len(extension) - 1]}.{extension}"[
        -LONGEST_NAME:
    ]


def extension_of(name: str) -> str:
    """The extension in small letters without the dot; empty if there is none."""
    _stem, dot, extension = name.rpartition(".")
    return extension.lower() if dot else ""
