"""A provider that takes everything and sends nothing: for the demo zone and for trying out."""

import datetime as dt
from collections.abc import Callable

from lianqi.notices.channels.gateway import Outgoing


class SimulatedGateway:
    """The outbox keeps what would have been sent, and says that it was not.

    `check` refuses what the real provider would.
    """

    is_simulated = True

    def __init__(self, check: Callable[[Outgoing], object] = str) -> None:
        self.check, self.taken = check, list[Outgoing]()

    def send(self, message: Outgoing, *, at: dt.datetime) -> str:  # noqa: ARG002  # as every gateway
        self.check(message)
        self.taken.append(message)
        return ""

    def close(self) -> None:
        self.taken.clear()
