"""Mails as they arrive: who writes, what, with which attachments, and whether a person did.

Bounces, absence notes and lists are told by RFC 3834 (Auto-Submitted, an empty return path),
RFC 3464 (multipart/report), RFC 2919 (List-Id) and the older Precedence. Answering one of them
would make two programs write to one another without end.
"""

import email
import hashlib
import re
from dataclasses import dataclass
from email.message import EmailMessage, MIMEPart
from email.policy import default
from email.utils import parseaddr
from html.parser import HTMLParser

_QUIET = frozenset({"bulk", "junk", "list", "auto_reply"})
_BLOCKS = frozenset({"p", "div", "br", "tr", "li", "h1", "h2", "h3", "table", "blockquote"})
_UNSEEN = frozenset({"script", "style", "head", "title"})


@dataclass(frozen=True, slots=True)
class Attached:
    """A file that came with a mail, under the name its sender gave."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail in plain text. `automatic`: the header that shows that no person wrote it, or ""."""

    message_id: str
    sender: str
    sender_name: str
    subject: str
    text: str
    attachments: tuple[Attached, ...]
    automatic: str


def read_mail(raw: bytes) -> Mail:
    """Read the bytes of a message; what is broken in it becomes empty rather than an error."""
    message = email.message_from_bytes(raw, policy=default)
    assert isinstance(message, EmailMessage)
    name, sender = parseaddr(_header(message, "From"))
    own_id = _header(message, "Message-ID").strip("<> ")
    return Mail(
        message_id=own_id[:200] or hashlib.sha256(raw).hexdigest(),
        sender=sender.strip().lower(),
        sender_name=name,
        subject=re.sub(r"\s+", " ", _header(message, "Subject")).strip(),
        text=_text(message),
        attachments=tuple(_attachments(message)),
        automatic=_automatic(message),
    )


def text_of_html(html: str) -> str:
    r"""What a reader sees of a page: words and line breaks, no markup, script or style.

    Example:
        >>> text_of_html("<p>停电&amp;停水</p><script>alert(1)</script><div>三次</div>")
        '停电&停水\n三次'
    """
    reader = _Words()
    reader.feed(html)
    reader.close()
    lines = (re.sub(r"[ \t\xa0]+", " ", line).strip() for line in "".join(reader.said).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip().replace("\n\n", "\n")


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        self._hidden += tag in _UNSEEN
        if tag in _BLOCKS:
            self.said.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._hidden = max(0, self._hidden - (tag in _UNSEEN))
        if tag in _BLOCKS:
            self.said.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.said.append(data)


def _header(message: EmailMessage, name: str) -> str:
    try:
        return str(message[name] or "")
    except (ValueError, IndexError, AttributeError):  # a header no mail program would write
        return ""


def _automatic(message: EmailMessage) -> str:
    if (said := _header(message, "Auto-Submitted").strip().lower()) and said != "no":
        return f"Auto-Submitted: {said}"
    if (said := _header(message, "Precedence").strip().lower()) in _QUIET:
        return f"Precedence: {said}"
    if message["List-Id"] is not None:
        return "List-Id"
    if _header(message, "Return-Path").strip() == "<>":
        return "Return-Path: <>"
    if message.get_content_type() == "multipart/report":
        return "multipart/report"
    return ""


def _text(message: EmailMessage) -> str:
    body = message.get_body(preferencelist=("plain", "html"))
    if body is None:
        return ""
    said = _content(body)
    return text_of_html(said) if body.get_content_type() == "text/html" else said.strip()


def _content(part: MIMEPart) -> str:
    try:
        said = part.get_content()
    except (LookupError, KeyError):  # a charset nobody knows
        payload = part.get_payload(decode=True)
        said = payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""
    return said if isinstance(said, str) else ""


def _attachments(message: EmailMessage) -> list[Attached]:
    found = []
    for part in message.iter_attachments():
        content = part.get_payload(decode=True)
        if (name := part.get_filename()) and isinstance(content, bytes):
            found.append(Attached(name, content))
    return found
