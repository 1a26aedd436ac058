"""The messages that come with the program: every app keeps its own in `data/messages.toml`.

What the names in them mean, with an example, stands in `notices/data/names.toml`.
"""

import functools
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from django.apps import apps

from lianqi.accounts.enums import Language
from lianqi.notices.enums import Audience, Topic, Urgency

ANY = "any"


@dataclass(frozen=True, slots=True)
class Wording:
    """Title and body of one message in both languages, with places for names: `{number}`."""

    title_zh: str
    title_en: str
    body_zh: str = ""
    body_en: str = ""

    def in_language(self, language: str) -> tuple[str, str]:
        """Title and body."""
        if language == Language.EN:
            return self.title_en, self.body_en
        return self.title_zh, self.body_zh


@dataclass(frozen=True, slots=True)
class MessageEvent:
    """Something people are told of.

    `names` is what a text about it may use and `needed` what it must use; `wordings` holds the
    text for everybody under (any, any) and others by audience and channel.
    """

    code: str
    topic: Topic
    urgency: Urgency
    names: tuple[str, ...]
    needed: tuple[str, ...]
    label_zh: str
    label_en: str
    wordings: Mapping[tuple[str, str], Wording]

    def label(self, language: str) -> str:
        return self.label_en if language == Language.EN else self.label_zh


@functools.cache
def message_events() -> Mapping[str, MessageEvent]:
    """All events by code, in the order of the apps and their files."""
    own = [app.path for app in apps.get_app_configs() if app.name.startswith("lianqi.")]
    files = [Path(folder) / "data" / "messages.toml" for folder in own]
    return {event.code: event for file in filter(Path.is_file, files) for event in _read(file)}


@dataclass(frozen=True, slots=True)
class Name:
    """A name that texts may use: what it stands for, and an example to show a text with."""

    name: str
    label_zh: str
    label_en: str
    example_zh: str
    example_en: str

    def label(self, language: str) -> str:
        return self.label_en if language == Language.EN else self.label_zh

    def example(self, language: str) -> str:
        return self.example_en if language == Language.EN else self.example_zh


@functools.cache
def _known_names() -> Mapping[str, Name]:
    file = Path(__file__).parent / "data" / "names.toml"
    table = tomllib.loads(file.read_text(encoding="utf-8"))
    return {name: Name(name=name, **each) for name, each in table.items()}


def names_of(event: MessageEvent) -> list[Name]:
    """The names that texts about this event may use; one that nobody described is its own label."""
    return [
        _known_names().get(name) or Name(name, name, name, f"«{name}»", f"«{name}»")
        for name in event.names
    ]


def narrowest_first(audience: str, channel: str) -> Iterable[tuple[str, str]]:
    """Where a text is looked for: the reader matters more than the channel."""
    return (audience, channel), (audience, ANY), (ANY, channel), (ANY, ANY)


def _read(file: Path) -> Iterator[MessageEvent]:
    for code, table in tomllib.loads(file.read_text(encoding="utf-8")).items():
        yield _event(code, table)


def _event(code: str, table: dict[str, Any]) -> MessageEvent:
    texts = {field.name for field in fields(Wording)}
    own = {name: text.lstrip("\n") for name, text in table.items() if name in texts}
    wordings = {(str(Audience.ANY), ANY): Wording(**own)}
    for other in table.get("other", []):
        said = {name: text for name, text in other.items() if name in texts}
        wordings[other.get("audience", ANY), other.get("channel", ANY)] = Wording(**own | said)
    return MessageEvent(
        code=code,
        topic=Topic(table["topic"]),
        urgency=Urgency(table["urgency"]),
        names=tuple(table["names"]),
        needed=tuple(table.get("needed", ())),
        label_zh=table["label_zh"],
        label_en=table["label_en"],
        wordings=wordings,
    )
