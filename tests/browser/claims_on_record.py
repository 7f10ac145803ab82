"""What the browser tests' small record has besides when it is about claims, and about words that answer words."""

from datetime import date
from types import SimpleNamespace

from claiming import a_claim, a_review, the_verdicts

from tracker.models import Claim, Correction, FieldChange, QuoteLink

__all__ = ["SIDE_BY_SIDE", "over_time", "reviewed_claim"]

# Kwon and OpenAI, who both said something on 26 May 2025.
SIDE_BY_SIDE = "/quotes/?speaker=jason-kwon&speaker=openai&view=side"


def over_time(record: SimpleNamespace) -> str:
    """The address of Kwon's words on infrastructure, of which the later answer the earlier."""
    record.private.topics.add(record.infrastructure)
    link = QuoteLink.objects.create(
        later=record.private, earlier=record.destiny, kind="says otherwise", note="Of markets."
    )
    link.publish(by=None)
    return "/speakers/jason-kwon/topics/ai-infrastructure/"


def reviewed_claim(record: SimpleNamespace) -> Claim:
    """A promise with a current and an earlier finding, evidence of every sort, a denial, and corrections."""
    the_verdicts()
    made = a_claim(record.destiny, due="2025-12", topics=(record.infrastructure,))
    for quote, role in (
        (record.both, "repeats"),
        (record.born_free, "denies"),
        (record.cake, "repeats"),
    ):
        made.claim_quotes.create(quote=quote, role=role)
    first = a_review(made, "in-the-works", reviewed_on=date(2025, 6, 1))
    evidence = [
        {"article": record.aimatters, "note": "It opened.", "happened_on": "2025-09-10"},
        {"article": record.private.lead.article, "bearing": "contradicts", "note": "It did not."},
        {"bearing": "nothing found", "note": "The register was searched."},
    ]
    a_review(
        made,
        supersedes=first,
        evidence=evidence,
        explanation="<p>As <b>two</b> papers say.</p><ul><li>One</li></ul>",
        reply_asked_on=date(2025, 9, 1),
    )
    change = FieldChange("words", "infrastructure destiny", "infrastructure is destiny")
    for each in (made, record.destiny):
        Correction.objects.note(
            each, kind="correction", text="A word was missing.", by=None, changes=[change]
        )
    return made
