"""How verdicts are drawn and called: a shape, and always its word."""

from dataclasses import dataclass

from tracker.models import ClaimKind, Scale, Verdict

__all__ = ["VerdictSign", "scale_signs", "verdict_sign"]

# Facts are discs; what was said of the future is a square.
_SHAPES = {
    ClaimKind.FACTUAL: "ball",
    ClaimKind.PROMISE: "ball promise",
    ClaimKind.PREDICTION: "ball promise",
}


@dataclass(frozen=True, slots=True)
class VerdictSign:
    """One verdict. The shape `css` only decorates; `word` tells it."""

    slug: str
    css: str
    word: str
    meaning: str
    final: bool


def verdict_sign(verdict: Verdict, word: str = "") -> VerdictSign:
    """From a verdict with its scale, and with its names unless its `word` is given."""
    shape = _SHAPES[ClaimKind(verdict.scale.kind)]
    word = word or verdict.label
    return VerdictSign(
        verdict.slug, f"{shape} {verdict.sign}", word, verdict.meaning, verdict.final
    )


def scale_signs(scale: Scale, current: Verdict | None) -> tuple[VerdictSign, ...]:
    """The whole scale in its order, from a scale with its verdicts and their names; retired ones only where in use."""
    return tuple(
        verdict_sign(each) for each in scale.verdicts.all() if not each.retired or each == current
    )
