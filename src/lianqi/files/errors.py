"""Refusals of uploads: what, why, what now."""

from django.utils.translation import gettext_lazy as _

from lianqi.shared.errors import Refusal


class FileEmpty(Refusal):
    code = "file_empty"
    message = _(
        "“%(name)s” is empty: it has no content that could be kept. Choose the right file, or "
        "save it again in the program it comes from."
    )


class FileTooLarge(Refusal):
    code = "file_too_large"
    message = _(
        "“%(name)s” is larger than %(limit)s, the most a file may have here. Reduce its "
        "pictures or split it into several files."
    )


class FileTypeNotAllowed(Refusal):
    code = "file_type_not_allowed"
    message = _(
        "“%(name)s” is of a type that is not taken here. Save it as one of these types: "
        "%(allowed)s."
    )


class FileContentMismatch(Refusal):
    code = "file_content_mismatch"
    message = _(
        "“%(name)s” is called %(extension)s, but its content is something else or is damaged. "
        "Open it in the program it comes from and save it again as %(extension)s; renaming is "
        "not enough."
    )


class FileInfected(Refusal):
    code = "file_infected"
    message = _(
        "“%(name)s” was not kept: the scanner found malware in it (%(signature)s). Check your "
        "computer, then hand in a clean copy."
    )


class ScannerUnavailable(Refusal):
    code = "scanner_unavailable"
    message = _(
        "“%(name)s” was not kept: the malware scanner does not answer, and no file is taken "
        "unchecked. Try again in some minutes; if it lasts, tell the platform administrator."
    )
