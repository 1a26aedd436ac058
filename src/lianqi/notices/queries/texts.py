"""The words of a message: the zone's own where it has some, else those of the program."""

from collections.abc import Mapping

from django.utils import translation

from lianqi.engines.wording import fill
from lianqi.notices.models import OwnWording
from lianqi.notices.wordings import MessageEvent, message_events, narrowest_first

TITLE_MAX = 200
Place = tuple[str, str, str]
"""Audience, channel and language of a wording."""


def own_wordings(event: str) -> dict[Place, tuple[str, str]]:
    """Title and body of every wording that the zone has of its own for this event."""
    rows = OwnWording.objects.filter(event=event).values_list(
        "audience", "channel", "language", "title", "body"
    )
    return {
        (audience, channel, lang): (title, body) for audience, channel, lang, title, body in rows
    }


def template_of(
    event: MessageEvent, own: Mapping[Place, tuple[str, str]], place: Place
) -> tuple[str, str]:
    """Title and body with their places for names, as they hold for a reader.

    The narrowest words win; at the same width those of the zone.
    """
    audience, channel, language = place
    for each in narrowest_first(audience, channel):
        if (*each, language) in own:
            return own[*each, language]
        if each in event.wordings:
            return event.wordings[each].in_language(language)
    raise KeyError(event.code)


class Texts:
    """What is said about one event, made once for each kind of reader, channel and language.

    Raises:
        KeyError: There is no such event, or its text uses a name that is not given.
    """

    def __init__(self, event: str, names: Mapping[str, object]) -> None:
        self.event, self.names = message_events()[event], names
        self.own = own_wordings(event)
        self.made: dict[Place, tuple[str, str]] = {}

    def to(self, audience: str, channel: str, language: str) -> tuple[str, str]:
        """Title, cut at 200 characters, and body."""
        place = (audience, channel, language)
        if place not in self.made:
            title, body = template_of(self.event, self.own, place)
            with translation.override(language):
                values = {name: str(value) for name, value in self.names.items()}
            self.made[place] = fill(title, values)[:TITLE_MAX], fill(body, values)
        return self.made[place]


def events_with_own_words() -> set[str]:
    return set(OwnWording.objects.values_list("event", flat=True).distinct())
