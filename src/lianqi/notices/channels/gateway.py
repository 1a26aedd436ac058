"""What every gateway has in common: a message, how it is refused, how a provider is away."""

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any, Protocol

from lianqi.engines.http import Answer, Unreachable, request

TOO_MANY = 429
BROKEN = 500


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message to one address; `key` is the same whenever it is handed over again."""

    address: str
    title: str
    body: str
    link: str
    key: str

    def in_one(self, most: int) -> str:
        """Title, text and link as one text; the text is cut first, the link is kept whole."""
        tail = f"\n{self.link}" if self.link else ""
        text = f"{self.title}\n{self.body}" if self.body else self.title
        room = most - len(tail)
        return (text if len(text) <= room else f"{text[: room - 1]}…") + tail


class Away(Exception):
    """The provider takes nothing now; the other messages need not be tried. `wait`: how long."""

    def __init__(self, reason: str, *, wait: dt.timedelta | None = None) -> None:
        super().__init__(reason)
        self.wait = wait


class NotTaken(Exception):
    """The provider answered and refused this message; if `is_final`, it always will."""

    def __init__(self, reason: str, *, is_final: bool = False) -> None:
        super().__init__(reason)
        self.is_final = is_final


class Gateway(Protocol):
    """One way out of the house."""

    is_simulated: bool

    def send(self, message: Outgoing, *, at: dt.datetime) -> str:
        """Hand one message over; return the provider's own id of it, or nothing.

        Raises:
            Away: Nothing is taken now.
            NotTaken: This message was refused.
        """
        ...

    def close(self) -> None:
        """End of a run."""


def post_json(
    url: str, body: bytes, headers: dict[str, str], *, method: str = "POST"
) -> tuple[Answer, dict[str, Any]]:
    """Ask a provider that answers in JSON.

    Raises:
        Away: It cannot be reached, is overloaded, or says nothing that can be understood.
    """
    try:
        answer = request(method, url, body=body, headers=headers)
    except Unreachable as trouble:
        raise Away(str(trouble)) from None
    if answer.status == TOO_MANY or answer.status >= BROKEN:
        raise Away(f"the provider answered {answer.status}", wait=_asked_to_wait(answer))
    try:
        said = json.loads(answer.body)
    except ValueError:
        raise Away(f"the provider answered {answer.status} without JSON") from None
    return answer, said if isinstance(said, dict) else {}


def _asked_to_wait(answer: Answer) -> dt.timedelta | None:
    seconds = answer.headers.get("retry-after", "")
    return dt.timedelta(seconds=min(int(seconds), 3600)) if seconds.isdecimal() else None
