"""Learns to choose one of several candidates: a conditional logit over sparse features.

The probability of a candidate is the softmax of the candidates' scores (McFadden 1974); a score is
the sum of the weights of its features. Trained by Adagrad (Duchi et al. 2011) on the likelihood
that one of the right candidates is chosen. Pure Python, and the same weights on every run.
"""

import math
import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

__all__ = ["Choice", "learn", "probabilities"]


@dataclass(frozen=True, slots=True)
class Choice:
    """The candidates' features, and the numbers of the candidates that are right."""

    candidates: Sequence[Sequence[str]]
    right: frozenset[int]


def probabilities(weights: Mapping[str, float], candidates: Sequence[Sequence[str]]) -> list[float]:
    """How likely each candidate is the right one, given that one of them is."""
    get = weights.get
    return _softmax([sum([get(name, 0.0) for name in features]) for features in candidates])


def _softmax(scores: Sequence[float]) -> list[float]:
    highest = max(scores)
    powers = [math.exp(score - highest) for score in scores]
    total = sum(powers)
    return [power / total for power in powers]


def learn(
    choices: Sequence[Choice],
    *,
    rounds: int = 8,
    rate: float = 0.12,
    shrink: float = 2e-3,
    rarest: int = 3,
    advance: Callable[[], None] = lambda: None,
) -> dict[str, float]:
    """The weights of the features that stand with `rarest` candidates or more.

    `shrink` is the strength of the L2 penalty for each choice; `advance` is called after each round.
    """
    counts = Counter(name for choice in choices for names in choice.candidates for name in names)
    numbers = {
        name: n for n, name in enumerate(sorted(name for name in counts if counts[name] >= rarest))
    }
    usable = [
        ([[numbers[name] for name in names if name in numbers] for names in c.candidates], c.right)
        for c in choices
        if c.right and len(c.right) < len(c.candidates)
    ]
    weights, squares = [0.0] * len(numbers), [1e-3] * len(numbers)
    sums = [0.0] * len(numbers)
    order = random.Random(4)  # noqa: S311 - any fixed order will do
    for _ in range(rounds):
        order.shuffle(usable)
        for candidates, right in usable:
            _step(weights, squares, candidates, right, rate, shrink)
        sums = [total + weight for total, weight in zip(sums, weights, strict=True)]
        advance()
    means = (total / max(rounds, 1) for total in sums)
    return {
        name: round(mean, 3)
        for name, mean in zip(numbers, means, strict=True)
        if abs(mean) >= 0.015
    }


def _step(
    weights: list[float],
    squares: list[float],
    candidates: Sequence[Sequence[int]],
    right: frozenset[int],
    rate: float,
    shrink: float,
) -> None:
    """Move the weights towards the right candidates of one choice."""
    chances = _softmax([sum([weights[n] for n in names]) for names in candidates])
    good = sum(chances[i] for i in right) or 1e-12
    gradients: dict[int, float] = {}
    for i, names in enumerate(candidates):
        pull = (chances[i] / good if i in right else 0.0) - chances[i]
        if -1e-4 < pull < 1e-4:
            continue
        for n in names:
            gradients[n] = gradients.get(n, 0.0) + pull
    for n, gradient in gradients.items():
        gradient -= shrink * weights[n]
        squares[n] += gradient * gradient
        weights[n] += rate * gradient / math.sqrt(squares[n])
