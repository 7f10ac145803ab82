"""What came of many articles, in words: for the commands and for the desk alike."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker.models import Capture

__all__ = ["in_words", "outcome_in_words"]

_OTHERS = {
    "put off": gettext_lazy("Put off: the site asks to be left alone"),
    "skipped": gettext_lazy("Looked at by somebody else meanwhile"),
    "new": gettext_lazy("New on record"),
    "not taken": gettext_lazy("Not taken"),
    "to review": gettext_lazy("Quotes to review"),
    "new copy": gettext_lazy("On record, with a new copy"),
}


def outcome_in_words(outcome: str) -> str:
    """“Unchanged”."""
    known = Capture.Outcome
    if outcome in known:
        return str(known(outcome).label)
    return str(_OTHERS.get(outcome, outcome))


def in_words(counts: Mapping[str, int]) -> str:
    """“Unchanged: 12; No page at this address: 1.”; '' when nothing came of it."""
    told = [
        _("%(what)s: %(count)s") % {"what": outcome_in_words(outcome), "count": f"{count:,}"}
        for outcome, count in sorted(counts.items(), key=lambda each: -each[1])
        if count
    ]
    return "; ".join(told) + "." if told else ""
