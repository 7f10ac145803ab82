"""The form that brings an article to the desk: an address, a pasted text or a file, and what the page does not say."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from tracker.importing import LARGEST, ArticleError, Facts, Origin, Source
from tracker.models import Article

__all__ = ["ArticleForm"]

_MEGABYTES = LARGEST // 1_000_000
_FIELDS = {"origin": "original", "byline": "headline"}


class ArticleForm(forms.Form):
    url = forms.CharField(
        label=_("Web address"),
        required=False,
        max_length=2000,
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off"}),
        help_text=_("It is fetched, unless you paste its text or choose its file below."),
    )
    text = forms.CharField(
        label=_("Text"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "data-most": LARGEST}),
        help_text=_(
            "For what is behind a paywall or on paper: paste the article’s words, or the HTML of its page."
        ),
    )
    file = forms.FileField(
        label=_("File"),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(
            attrs={"accept": ".html,.htm,.xhtml,.txt,text/html,text/plain", "data-most": LARGEST}
        ),
        help_text=_("A page that you saved (HTML), or a plain text, of at most %(most)d MB.")
        % {"most": _MEGABYTES},
    )
    words = forms.CharField(
        label=_("Words that you selected"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("They become a card of their own, beside what is found."),
    )
    relation = forms.ChoiceField(
        label=_("This article is a"),
        required=False,
        choices=[("", _("work of its own, or not known")), *Article.Relation.choices],
    )
    original = forms.CharField(
        label=_("of"),
        required=False,
        max_length=2000,
        help_text=_("The web address of the other article, or its number here."),
    )
    headline = forms.CharField(label=_("Headline"), required=False, max_length=500)
    publisher = forms.CharField(label=_("Publisher"), required=False, max_length=200)
    published_on = forms.CharField(
        label=_("Published on"),
        required=False,
        max_length=64,
        help_text=_("A year, month or day: 2025, 2025-05, 2025-05-26, 2025-05~."),
    )
    language = forms.CharField(
        label=_("Language"),
        required=False,
        max_length=35,
        help_text=_("A tag such as en, ko or fr."),
    )

    FACTS = ("headline", "publisher", "published_on", "language")
    FROM = ("relation", "original")

    def clean_file(self) -> UploadedFile | None:
        file: UploadedFile | None = self.cleaned_data["file"]
        if file is not None and not file.size:
            raise ValidationError(_("The file is empty."))
        if file is not None and (file.size or 0) > LARGEST:
            raise ValidationError(
                _("The file is larger than %(most)d MB. Paste the article’s text instead.")
                % {"most": _MEGABYTES}
            )
        return file

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not any(given.get(name) for name in ("url", "text", "file")) and not self.errors:
            self.add_error(
                "url", _("Give an address, or paste the article’s text, or choose a file.")
            )
        if bool(given.get("relation")) != bool(given.get("original")):
            missing = "original" if given.get("relation") else "relation"
            self.add_error(missing, _("Give both: as its what, and of which article."))
        return given

    def source(self) -> Source:
        given, file = self.cleaned_data, self.cleaned_data["file"]
        facts = Facts(**{name: given[name] for name in self.FACTS})
        content = file.read() if file else b""
        return Source(url=given["url"], text=given["text"], file=content, facts=facts)

    def origin(self) -> Origin | None:
        given, relation = self.cleaned_data["original"], self.cleaned_data["relation"]
        if not relation:
            return None
        number = given.lstrip("#")
        if number.isascii() and number.isdecimal() and len(number) <= 18:
            return Origin(relation=relation, article=int(number))
        return Origin(relation=relation, url=given)

    def tell(self, error: ArticleError) -> None:
        """Put an error beside the field that it is about."""
        name = _FIELDS.get(error.field, error.field)
        self.add_error(name if name in self.fields else None, str(error))

    @property
    def opened(self) -> set[str]:
        """The parts of the form that are open: those with something in them, or something wrong."""
        parts = {"facts": self.FACTS, "from": self.FROM}
        return {
            part
            for part, names in parts.items()
            if any(self[name].value() or self[name].errors for name in names)
        }
