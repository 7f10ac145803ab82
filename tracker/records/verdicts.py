"""How verdicts are drawn and called: a shape, and always its word."""

from dataclasses import dataclass

from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import get_language

from tracker.models import ClaimKind, Scale, Verdict, VerdictName

__all__ = ["VerdictSign", "scale_signs", "verdict_sign", "verdict_signs"]

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
    name: str = ""  # its own, in English, whatever the reader's language


def verdict_sign(verdict: Verdict, word: str = "") -> VerdictSign:
    """From a verdict with its scale and its names; or with the `word` for it, where that is known."""
    shape = _SHAPES[ClaimKind(verdict.scale.kind)]
    word = word or verdict.label
    return VerdictSign(
        verdict.slug, f"{shape} {verdict.sign}", word, verdict.meaning, verdict.final, verdict.name
    )


def verdict_signs() -> dict[int, VerdictSign]:
    """Every verdict of every scale by its id, in one query: there are few, and a list of claims may need any of them."""
    language = (get_language() or "en").split("-")[0]
    own = Q(language=language) | Q(language__startswith=f"{language}-")
    names = VerdictName.objects.filter(own, verdict=OuterRef("pk")).order_by("-language")
    called = Verdict.objects.select_related("scale").annotate(
        word=Subquery(names.values("name")[:1])
    )
    return {each.pk: verdict_sign(each, each.word or each.name) for each in called}


def scale_signs(scale: Scale, current: Verdict | None) -> tuple[VerdictSign, ...]:
    """The whole scale in its order, from a scale with its verdicts and their names; retired ones only where in use."""
    return tuple(
        verdict_sign(each) for each in scale.verdicts.all() if not each.retired or each == current
    )
