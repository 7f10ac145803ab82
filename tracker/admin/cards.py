"""The cards of a review: what stands in each form of one, and what an editor's answers on it mean."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.forms.renderers import BaseRenderer
from django.template.backends.jinja2 import Jinja2
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from tracker import dates
from tracker.extraction import TICKED_FROM
from tracker.importing import ACCEPT, LATER, REJECT, Card, Kept, Offer, Shared, mark_of, why_refused
from tracker.models import Citation, Finding, Position, Quote, Speaker

from .desk import is_id

__all__ = ["CardForm", "SharedForm", "initial_of", "is_above", "name_to_look_up", "told_doubts"]

_DECISIONS = ((ACCEPT, _("Save")), (LATER, _("Later")), (REJECT, _("No quote")))
_DOUBTS = {
    "speaker_not_found": _("nobody was found who may have said it"),
    "speaker_unclear": _("somebody else may have said it"),
    "speaker_not_named": _("the speaker is described, and no name was found"),
    "speaker_from_elsewhere": _("the speaker is named in another paragraph"),
    "known_by_last_name": _("the article may mean somebody else of the same last name"),
    "words_unclear": _("the words may begin or end elsewhere"),
    "cue_not_found": _("nothing beside it says that something is said"),
    "mark_not_closed": _("a quotation mark is opened and not closed"),
    "may_be_no_quote": _("it may be a title or a turn of phrase, and nobody’s words"),
    "by_pattern": _("found by its quotation marks alone"),
    "not_looked_at_closely": _("the article is long, and this part was looked at less closely"),
}
_CONFIDENCE = (
    (TICKED_FROM, _("very likely right")),
    (0.7, _("probably right")),
    (0.45, _("uncertain")),
    (0.0, _("a guess")),
)
_PRONOUNS = frozenset(
    (
        *("he", "she", "they", "it", "who", "i", "we", "you", "him", "her", "them", "his", "their"),
        *("one", "그", "그는", "그녀", "그녀는"),
    )
)
# What tells an organisation from a person, near enough for a box that an editor sees ticked.
_ORGANISATION = re.compile(
    r"\b(party|committee|council|ministry|university|company|group|agency|court|department|"
    r"association|bank|union|institute|inc|ltd|corp|foundation|government|police)\b"
    r"|(당|위원회|부|청|은행|대학교|협회)$",
    re.IGNORECASE,
)
_INITIALS = re.compile(r"[A-Z][a-z]*[A-Z]{2,}[A-Za-z]*|[A-Z]+[a-z]+[A-Z]+|[A-Z]{2,}")
_NAMES = {
    "list": "names",
    "autocomplete": "off",
    "hx-get": reverse_lazy("admin:tracker_article_names"),
    "hx-trigger": "input changed delay:150ms",
    "hx-target": "#names",
    "hx-swap": "innerHTML",
    "hx-sync": "this:replace",
}


class _Renderer(BaseRenderer):
    """Jinja2, which renders the two thousand fields of a hundred cards several times faster."""

    engine = Jinja2(
        {
            "NAME": "cards",
            "DIRS": [settings.BASE_DIR / "templates", Path(forms.__path__[0]) / "jinja2"],
            "APP_DIRS": False,
            "OPTIONS": {},
        }
    )
    field_template_name = "admin/tracker/article/_field.jinja"

    def get_template(self, template_name: str) -> Any:
        return self.engine.get_template(template_name)


class _IdField(forms.IntegerField):
    """The id of a record: a longer number is none, and the database is not asked for it."""

    def to_python(self, value: Any) -> int | None:
        typed = str(value if value is not None else "").strip()
        if typed and not is_id(typed):
            raise ValidationError(_("Give the number of a record, in digits."))
        return super().to_python(typed)


class SharedForm(forms.Form):
    """What holds for every card that does not say otherwise."""

    prefix = "shared"
    default_renderer = _Renderer

    said_on = forms.CharField(
        label=_("Said on"),
        required=False,
        help_text=_("2025-05-26, 2025-05, 1948~; empty: undated"),
    )
    occasion = forms.CharField(label=_("Occasion"), required=False, max_length=200)
    place = forms.CharField(label=_("Place"), required=False, max_length=200)
    topics = forms.CharField(
        label=_("Topics"), required=False, help_text=_("With semicolons between.")
    )
    language = forms.CharField(label=_("Language of the words"), required=False, max_length=35)
    translated_by = forms.CharField(
        label=_("Translated by"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"list": "known-translators"}),
    )
    basis = forms.ChoiceField(label=_("Basis"), required=False, choices=Citation.Basis)

    def shared(self) -> Shared:
        given = {name: value for name, value in self.cleaned_data.items() if value}
        return Shared(**given)


class CardForm(forms.Form):
    """One card. Everything but the decision stays as it was found unless an editor mends it."""

    default_renderer = _Renderer

    finding = forms.IntegerField(required=False, widget=forms.HiddenInput)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    decision = forms.ChoiceField(choices=_DECISIONS, required=False, widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("Words"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=Quote.Kind)
    speaker = forms.CharField(
        label=_("Speaker"), required=False, max_length=200, widget=forms.TextInput(attrs=_NAMES)
    )
    speaker_id = _IdField(required=False, widget=forms.HiddenInput)
    is_new = forms.BooleanField(label=_("new speaker"), required=False)
    as_new = forms.CharField(required=False, widget=forms.HiddenInput)
    is_organisation = forms.BooleanField(label=_("an organisation"), required=False)
    description = forms.CharField(
        label=_("Told apart by"),
        required=False,
        max_length=500,
        help_text=_("Of a new speaker, when somebody of that name is on record."),
    )
    described_as = forms.CharField(
        label=_("Or unnamed, described as"),
        required=False,
        max_length=200,
        help_text=_("“a senior official”; then leave the speaker empty."),
    )
    title = forms.CharField(label=_("As what, then"), required=False, max_length=200)
    organisation = forms.CharField(
        label=_("Where"), required=False, max_length=200, widget=forms.TextInput(attrs=_NAMES)
    )
    said_on = forms.CharField(label=_("Said on, if otherwise"), required=False, max_length=64)
    said_on_as_given = forms.CharField(
        label=_("as the source gives it"), required=False, max_length=200
    )
    topics = forms.CharField(label=_("Topics, if otherwise"), required=False, max_length=500)
    attributed_as = forms.CharField(label=_("Named there as"), required=False, max_length=200)
    translated_by = forms.CharField(
        label=_("Translated by, if otherwise"), required=False, max_length=200
    )
    wording_of = _IdField(label=_("Another wording of quote number"), required=False, min_value=1)

    MENDED = (
        *("words", "kind", "speaker", "is_new", "is_organisation", "description", "described_as"),
        *("title", "organisation", "said_on", "said_on_as_given", "topics", "attributed_as"),
        *("translated_by", "wording_of"),
    )

    FURTHER = (
        *("said_on", "said_on_as_given", "topics", "attributed_as", "translated_by"),
        *("description", "wording_of"),
    )

    def __init__(self, *args: Any, card: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.card = card  # what the page shows beside it
        self.namesakes: Sequence[Any] = ()

    def card_given(self) -> Card:
        given = {name: value for name, value in self.cleaned_data.items() if value is not None}
        given.pop("seen", None)
        given["finding"] = self.found_id
        given["decision"] = given.get("decision") or LATER
        return Card(**given)

    @property
    def found_id(self) -> int | None:
        """The finding that it is about, while that is there; none of words that were marked by hand."""
        return self.card.finding.pk if self.card and self.card.finding else None

    @property
    def is_blank(self) -> bool:
        """A card by hand on which nothing is written."""
        return self.found_id is None and not self.cleaned_data.get("words", "").strip()

    @property
    def is_mended(self) -> bool:
        return any(name in self.changed_data for name in self.MENDED if not self._is_ours(name))

    def _is_ours(self, name: str) -> bool:
        """Whether it was the page that said this, of a speaker who came on record after it was made."""
        given = self.cleaned_data
        if self.initial.get("is_new") or not given.get("is_new"):
            return False
        if given.get("as_new") != given.get("speaker"):
            return False
        empty = name in ("title", "organisation") and not given.get(name)
        return empty or name in ("speaker", "is_new", "is_organisation", "attributed_as")

    def kept(self) -> Kept:
        given = self.cleaned_data
        entered = {name: given[name] for name in (*self.MENDED, "speaker_id") if given.get(name)}
        return Kept(
            finding=self.found_id,
            words=given["words"],
            entered={**dict.fromkeys(self.MENDED, ""), **entered},
            seen=given["seen"],
        )

    def add_error(self, field: str | None, error: Any) -> None:
        """What is wrong with the chosen speaker is told where the speaker stands: the choice itself is hidden."""
        super().add_error("speaker" if field == "speaker_id" else field, error)

    def tell(self, problems: Mapping[str, str]) -> None:
        for name, message in problems.items():
            self.add_error(name if name in self.fields else None, message)

    @property
    def is_opened(self) -> bool:
        """Whether its fields are shown at once: something is wrong or missing."""
        if self.found_id is None and not self["words"].value():
            return True
        lacks = not (self["speaker"].value() or self["described_as"].value())
        return bool(self.errors) or lacks

    @property
    def is_opened_further(self) -> bool:
        """Whether the fields that few cards need are shown at once."""
        wrong = any(name in self.errors for name in self.FURTHER) if self.is_bound else False
        return wrong or any(self[name].value() for name in ("said_on", "topics", "translated_by"))


def name_to_look_up(finding: Finding) -> str:
    """Whom the card of an open finding takes for new; '' when it names somebody on record, or nobody."""
    entered = finding.entered
    if entered:
        is_new = entered.get("is_new") and not entered.get("description")
        return str(entered.get("speaker") or "") if is_new else ""
    return "" if finding.speaker_id else finding.name


def initial_of(
    finding: Finding,
    positions: Sequence[Position],
    offered: Sequence[Offer],
    published_on: str,
    called: Sequence[Speaker] = (),
) -> dict[str, Any]:
    """What a card says before anybody mends it. `called` are on record now of the `name_to_look_up`."""
    named = finding.speaker.name if finding.speaker else finding.name
    initial: dict[str, Any] = {
        "finding": finding.pk,
        "seen": mark_of(finding.entered),
        "decision": ACCEPT if is_above(finding, offered) else LATER,
        "words": finding.text,
        "kind": finding.kind,
        "speaker": named,
        "speaker_id": finding.speaker_id,
        "is_new": bool(named) and finding.speaker is None and not called,
        "is_organisation": finding.speaker is None and _is_organisation(named),
        "described_as": "" if named else _description(finding.mention),
        "attributed_as": finding.mention if _is_telling(finding.mention, named) else "",
    }
    if held := _held_then(positions, published_on):
        initial |= {"title": held.title, "organisation": held.organisation.name}
    initial |= finding.entered
    if finding.entered and called:
        initial |= {"is_new": "", "speaker_id": called[0].pk if len(called) == 1 else None}
    took_for_new = initial["is_new"] and not initial.get("description")
    return initial | {"as_new": initial["speaker"] if took_for_new else ""}


def is_above(finding: Finding, offered: Sequence[Offer]) -> bool:
    """Whether it stands above the line: likely right, like nothing on record, and fit to be saved."""
    is_likely = (finding.confidence or 0) >= TICKED_FROM
    return is_likely and not (offered or finding.entered or why_refused(finding))


def _held_then(positions: Sequence[Position], published_on: str) -> Position | None:
    """The one position that the speaker may have held when the article was published."""
    if published_on:
        day = dates.parse(published_on)
        positions = [
            each
            for each in positions
            if not (each.since_earliest and each.since_earliest > day.latest)
            and not (each.until_latest and each.until_latest < day.earliest)
        ]
    return positions[0] if len(positions) == 1 else None


def _description(mention: str) -> str:
    return "" if mention.casefold() in _PRONOUNS else mention[:200]


def _is_organisation(name: str) -> bool:
    return bool(_ORGANISATION.search(name) or _INITIALS.fullmatch(name))


def _is_telling(mention: str, name: str) -> bool:
    return mention.casefold() not in _PRONOUNS and mention != name and len(mention) <= 200


def told_doubts(finding: Finding) -> list[str]:
    return [str(_DOUBTS[each]) for each in finding.doubts if each in _DOUBTS]


def told_confidence(finding: Finding) -> str:
    if finding.confidence is None:
        return str(_("marked by an editor"))
    return str(next(words for least, words in _CONFIDENCE if finding.confidence >= least))
