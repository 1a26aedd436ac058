"""A YAML file as plain data and back: texts, lists and mappings, nothing guessed."""

import re
from typing import Any

import yaml

# libyaml where the wheel has it.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NOTHING = frozenset({"", "null", "~"})
_SHORT = 100  # characters of a mapping or list that stands in one line
_COMMENT = re.compile(r"^\s*#|\s#")


class _Dumper(yaml.SafeDumper):
    """Texts as they are, in quotes only where the reader would not take them for texts."""

    yaml_implicit_resolvers = {  # as the base class has them
        sign: [each for each in resolvers if each[0] == "tag:yaml.org,2002:null"]
        for sign, resolvers in yaml.SafeDumper.yaml_implicit_resolvers.items()
    }

    def represent_sequence(self, tag: str, sequence: Any, flow_style: Any = None) -> Any:
        return _folded(super().represent_sequence(tag, sequence, flow_style=flow_style))

    def represent_mapping(self, tag: str, mapping: Any, flow_style: Any = None) -> Any:
        return _folded(super().represent_mapping(tag, mapping, flow_style=flow_style))


def _folded(node: Any) -> Any:
    """In one line what is short and holds nothing that is nested itself."""
    parts = [part for each in node.value for part in (each if isinstance(each, tuple) else (each,))]
    if all(isinstance(each, yaml.ScalarNode) for each in parts):
        node.flow_style = sum(len(each.value) + 2 for each in parts) <= _SHORT
    return node


def read(text: str) -> Any:
    """The data of a file.

    Raises:
        yaml.YAMLError: It is no YAML.
        RecursionError: It is too deep.
    """
    node = yaml.compose(text, Loader=_LOADER)
    return None if node is None else _plain(node)


def _plain(node: yaml.Node) -> Any:
    if isinstance(node, yaml.MappingNode):
        return {str(_plain(key)): _plain(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_plain(each) for each in node.value]
    is_nothing = isinstance(node, yaml.ScalarNode) and not node.style and node.value in _NOTHING
    return "" if is_nothing else str(node.value).strip()


def dumped(data: Any) -> str:
    return yaml.dump(data, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=1_000)


def in_one_line(value: Any) -> str:
    """A value as a file has it between brackets."""
    text = yaml.safe_dump(
        value, allow_unicode=True, sort_keys=False, width=10**6, default_flow_style=True
    )
    return text.removesuffix("...\n").strip()


def has_comments(text: str) -> bool:
    """Whether something may be a comment, which rows do not keep."""
    return any(_COMMENT.search(line) for line in text.split("\n"))


def path_at(text: str, line: int, column: int) -> tuple[tuple[str | int, ...], int]:
    """Where in the data a place of the file lies, and how many characters into the value.

    The place where a mapping begins is that of the mapping, not of its first name.

    Args:
        line, column: From 1.
    """
    wanted = (line - 1, column - 1)
    node = yaml.compose(text, Loader=_LOADER)
    found: tuple[str | int, ...] = ()
    while isinstance(node, yaml.CollectionNode):
        step = None if _begins(node, wanted) else _step(node, wanted)
        if step is None:
            return found, 0
        name, node = step
        found = (*found, name)
    if not isinstance(node, yaml.ScalarNode) or node.start_mark.line != wanted[0]:
        return found, 0
    return found, max(0, wanted[1] - node.start_mark.column - bool(node.style))


def _begins(node: Any, place: tuple[int, int]) -> bool:
    start = (node.start_mark.line, node.start_mark.column)
    return isinstance(node, yaml.MappingNode) and start == place


def _step(node: Any, wanted: tuple[int, int]) -> tuple[str | int, yaml.Node] | None:
    """The entry of a mapping or list that holds a place."""
    parts: list[tuple[str | int, Any, Any]] = [
        (index, each, each) for index, each in enumerate(node.value)
    ]
    if isinstance(node, yaml.MappingNode):
        parts = [(str(key.value), key, value) for key, value in node.value]
    found = None
    for name, first, value in parts:
        if (first.start_mark.line, first.start_mark.column) > wanted:
            break
        found = (name, value)
    return found
