"""The columns that clean what goes into them: words, one-line text, notes, honest dates, language tags, slugs.

A field here knows its own value and its instance's other values, and never another row, except that a slug
looks for the ones already taken.
"""

import re
from abc import abstractmethod
from collections.abc import Callable, Collection, Iterable
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tracker import anchoring, dates, sanitizing
from tracker.sanitizing import slug_from

__all__ = [
    "NOT_COME_YET",
    "Called",
    "Compared",
    "ComputedField",
    "DayField",
    "Following",
    "HonestDateField",
    "LanguageField",
    "LineField",
    "NotesField",
    "SlugField",
    "SortNameField",
    "WordsField",
    "canonical_language",
    "has_not_come",
    "slug_from",
]

NOT_COME_YET = _("This day has not come yet.")


class _CleanedField(models.Field):
    """A text column whose value passes one cleaning rule, in a form and on every save alike."""

    @abstractmethod
    def cleaned(self, text: str) -> str:
        """The text as it is stored. Raises ValueError, in an editor's words."""

    def _checked(self, value: str) -> str:
        try:
            return self.cleaned(value)
        except ValueError as error:
            raise ValidationError(str(error)) from error

    def clean(self, value: Any, model_instance: models.Model | None) -> Any:
        return super().clean(self._checked(value) if value else value, model_instance)

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = getattr(model_instance, self.attname)
        if isinstance(value, str) and value:
            value = self._checked(value)
            setattr(model_instance, self.attname, value)
        return value


class WordsField(_CleanedField, models.TextField):
    """Words exactly as printed: NFC plain text, line ends as LF. See `sanitizing.plain_words`."""

    def cleaned(self, text: str) -> str:
        return sanitizing.plain_words(text)


class LineField(_CleanedField, models.CharField):
    """One line of plain text: a name, a headline, a title. See `sanitizing.plain_line`."""

    def cleaned(self, text: str) -> str:
        return sanitizing.plain_line(text)


class SortNameField(LineField):
    """What a list is sorted by: as given, or else the row's name."""

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        if not getattr(model_instance, self.attname):
            setattr(model_instance, self.attname, model_instance.name)  # type: ignore[attr-defined]
        return super().pre_save(model_instance, add)


class NotesField(_CleanedField, models.TextField):
    """The little HTML that a note may hold. See `sanitizing.clean_html`."""

    def cleaned(self, text: str) -> str:
        return sanitizing.clean_html(text)


class HonestDateField(_CleanedField, models.CharField):
    """A date as precisely as it is known: canonical EDTF text, '' when none is known (ISO 8601-2:2019)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 64)
        kwargs.setdefault("blank", True)
        kwargs.setdefault("default", "")
        super().__init__(*args, **kwargs)

    def cleaned(self, text: str) -> str:
        return dates.parse(text.strip()).text

    def clean(self, value: Any, model_instance: models.Model | None) -> Any:
        text = super().clean(value, model_instance)
        if text and dates.parse(text).tells_nothing:
            raise ValidationError(_("Leave it empty when nothing is known."))
        return text


def has_not_come(when: str | date | None) -> bool:
    """Whether an honest date, or a day, begins later than tomorrow: it may be tomorrow at the place already.

    A text that is no date has not been looked at: its field says what is wrong with it.
    """
    if isinstance(when, str):
        try:
            when = dates.parse(when).earliest
        except dates.DateError:
            return False
    return when is not None and when > timezone.now().date() + timedelta(days=1)


class LanguageField(_CleanedField, models.CharField):
    """A language tag in canonical case, '' when not known (BCP 47, RFC 5646 section 2.1.1)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 35)
        kwargs.setdefault("blank", True)
        kwargs.setdefault("default", "")
        super().__init__(*args, **kwargs)

    def cleaned(self, text: str) -> str:
        return canonical_language(text.strip())


_TAG = re.compile(
    r"[A-Za-z]{2,3}(-[A-Za-z]{4})?(-([A-Za-z]{2}|[0-9]{3}))?(-([A-Za-z0-9]{5,8}|[0-9][A-Za-z0-9]{3}))*\Z"
)


def canonical_language(tag: str) -> str:
    """`zh-hant-tw` -> `zh-Hant-TW`; language, script, region and variants (RFC 5646 section 2.1).

    Raises ValueError, in an editor's words, for anything else.
    """
    if not _TAG.match(tag):
        raise ValueError(
            f"“{tag}” is not a language tag. Write for example en, ko, zh-Hant or pt-BR."
        )
    language, *rest = tag.split("-")
    shaped = [
        part.title()
        if len(part) == 4 and part.isalpha()
        else part.upper()
        if len(part) <= 3
        else part.lower()
        for part in rest
    ]
    return "-".join([language.lower(), *shaped])


class Following(models.Model):
    """Abstract: a column that follows from another (DayField, ComputedField) is saved whenever that one is."""

    class Meta:
        abstract = True

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        if update_fields is not None:
            named = set(update_fields)
            columns = self._meta.concrete_fields
            update_fields = named | {c.name for c in columns if getattr(c, "of", None) in named}
        super().save(*args, update_fields=update_fields, **kwargs)

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        super().clean_fields(exclude=exclude)
        for (
            column
        ) in self._meta.concrete_fields:  # constraints look at the days before they are saved
            if isinstance(column, DayField) and column.of not in (exclude or ()):
                column.pre_save(self, add=False)


class DayField(models.DateField):
    """The earliest or the latest day of an honest date in the same row, computed on every save.

    NULL when no date is known; 0001-01-01 and 9999-12-31 for an open or unknown end.
    """

    def __init__(self, *args: Any, of: str, bound: str, **kwargs: Any) -> None:
        self.of, self.bound = of, bound
        kwargs.update(null=True, blank=True, editable=False)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "of": self.of, "bound": self.bound}

    def pre_save(self, model_instance: models.Model, add: bool) -> date | None:
        text = getattr(model_instance, self.of)
        day = getattr(dates.parse(text.strip()), self.bound) if text else None
        setattr(model_instance, self.attname, day)
        return day


class ComputedField(models.CharField):
    """Text that follows from the column `of` (`by` names the method that says it), computed on every save."""

    def __init__(self, *args: Any, of: str, by: str, **kwargs: Any) -> None:
        self.of, self.by = of, by
        kwargs.update(editable=False)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "of": self.of, "by": self.by}

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        compute: Callable[[], str | None] | None = getattr(model_instance, self.by, None)
        if compute is None:  # a row of history keeps what was computed then
            return getattr(model_instance, self.attname)
        value = compute()
        setattr(model_instance, self.attname, value)
        return value


class Compared(Following):
    """Abstract: a record with a text that is looked for as it is compared (SQLite knows the case of ASCII alone)."""

    LONGEST_FOLDED = 600  # a name is at most 200 characters, of which some fold to eighteen

    class Meta:
        abstract = True

    @classmethod
    def as_compared(cls, text: str) -> str:
        """A text as the column `folded` holds it: case, width and the kind of quotation mark do not matter."""
        return anchoring.fold(text)[: cls.LONGEST_FOLDED]


class Called(Compared):
    """Abstract: a record with a name, and that name as it is compared."""

    folded = ComputedField(
        _("name, folded"),
        max_length=Compared.LONGEST_FOLDED,
        default="",
        of="name",
        by="folded_name",
    )

    class Meta:
        abstract = True

    def folded_name(self) -> str:
        return self.as_compared(self.name)  # type: ignore[attr-defined]


class SlugField(models.CharField):
    """The readable part of an address: made once from the row's name, Unicode kept, unique among slugs old and new.

    Its column is declared `unique=True` where it is used: a row of history repeats it.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 100)
        kwargs.update(blank=True, editable=False)
        super().__init__(*args, **kwargs)

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        slug: str = getattr(model_instance, self.attname)
        if not slug:
            slug = model_instance.free_slug()  # type: ignore[attr-defined]
            setattr(model_instance, self.attname, slug)
        return slug
