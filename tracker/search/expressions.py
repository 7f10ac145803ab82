"""What must hold for a quote to match, said once for both engines: tokens and phrases joined by and, or, not."""

from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["AllOf", "AnyOf", "ButNot", "Expression", "Phrase", "all_of", "any_of"]


@dataclass(frozen=True, slots=True)
class Phrase:
    """Tokens one behind the other; the last one may go on when `prefix` is set."""

    tokens: tuple[str, ...]
    prefix: bool = False
    in_names: bool = False
    in_words: bool = False  # in a wording, and not in what else is known of the quote


@dataclass(frozen=True, slots=True)
class AllOf:
    parts: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    parts: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class ButNot:
    wanted: "Expression"
    unwanted: "Expression"


Expression = Phrase | AllOf | AnyOf | ButNot


def all_of(parts: Iterable[Expression]) -> Expression:
    """All of one or more expressions."""
    found = tuple(parts)
    return found[0] if len(found) == 1 else AllOf(found)


def any_of(parts: Iterable[Expression]) -> Expression:
    """Any of one or more expressions."""
    found = tuple(parts)
    return found[0] if len(found) == 1 else AnyOf(found)
