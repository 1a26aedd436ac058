"""Parts that rules have in common: each stands once, so that executors compute it once."""

from collections.abc import Iterator

from lianqi.engines.rules.binding import rebuilt, without_names
from lianqi.engines.rules.nodes import (
    FALSE,
    TRUE,
    And,
    Judged,
    Node,
    Or,
    walk,
)
from lianqi.engines.rules.rule import Rule


class Parts:
    """Nodes by what they are: of equal nodes there is one."""

    def __init__(self) -> None:
        self._held: dict[Node, Node] = {}

    def __iter__(self) -> Iterator[Node]:
        return iter(self._held.values())

    def ready(self, node: Node) -> Node:
        """The one node that means the same, its names replaced and idle parts left out."""
        return self._shared(trimmed(without_names(node)))

    def whole(self, rule: Rule) -> Node:
        """What has to hold for a measure: scope, clauses, and a benefit that applies."""
        return self.ready(And((rule.scope, *rule.condition.items)))

    def _shared(self, node: Node) -> Node:
        if node not in self._held:
            shared = rebuilt(node, self._shared)
            self._held.setdefault(shared, shared)
        return self._held[node]


def trimmed(node: Node) -> Node:
    """The node without parts that change nothing: `x and true` is `x`."""
    node = rebuilt(node, trimmed)
    if isinstance(node, And | Or):
        idle = TRUE if isinstance(node, And) else FALSE
        items = tuple(dict.fromkeys(each for each in node.items if each != idle))
        return items[0] if len(items) == 1 else type(node)(items) if items else idle
    return node


def asks_for_facts(node: Node) -> bool:
    """Whether an open answer of the condition asks for a fact, and for no person's answer."""
    return not any(isinstance(each, Judged) for each in walk(node))
