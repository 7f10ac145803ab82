"""How one record is chosen in a form of the desk: by what its search box offers or, where no scripts run, by its number.

Knows no model by name, and asks for no more than what is shown.
"""

from typing import Any

from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.db import models
from django.forms.utils import flatatt
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _

__all__ = ["Choice", "Choices", "is_id"]

_LONGEST_ID = 18  # digits that fit a BigAutoField


def is_id(value: Any) -> bool:
    return str(value).isascii() and str(value).isdecimal() and len(str(value)) <= _LONGEST_ID


class Choice(AutocompleteSelect):
    """Shows what is chosen; what is no id at all shows as nothing, beside its error.

    Of records that its editor may not see it shows the number. One that is `known` is not asked for.
    """

    shows_names = True
    known: models.Model | None = None

    def optgroups(self, name: str, value: Any, attr: Any = None) -> Any:
        chosen = list(filter(is_id, value))
        if not self.shows_names:
            noun = capfirst(self._chosen_from._meta.verbose_name)
            labels = [f"{noun} {pk}" for pk in chosen]
        elif self.known is not None and chosen == [str(self.known.pk)]:
            labels = [self.choices.field.label_from_instance(self.known)]
        else:
            return super().optgroups(name, chosen, attr)
        named = zip(chosen, labels, strict=True)
        options = [
            self.create_option(name, pk, label, True, n) for n, (pk, label) in enumerate(named)
        ]
        empty = [] if self.is_required else [self.create_option(name, "", "", False, 0)]
        return [(None, empty + options, 0)]

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> Any:
        box = super().render(name, value, attrs, renderer)
        return format_html("{}{}", box, self._by_number(name, value, attrs or {}))

    @property
    def _chosen_from(self) -> Any:
        return self.field.remote_field.model

    def _by_number(self, name: str, value: Any, attrs: dict[str, Any]) -> str:
        """Without scripts the box offers nothing. This has its name and comes after it, so that it is what counts."""
        number: dict[str, Any] = {"name": name, "value": "" if value is None else str(value)}
        told = ("aria-describedby", "aria-invalid")
        number.update((key, attrs[key]) for key in told if key in attrs)
        return format_html(
            '<noscript class="desk-number"><label>{} '
            '<input type="text" inputmode="numeric" autocomplete="off"{}></label> {}</noscript>',
            _("Number of the %(noun)s") % {"noun": self._chosen_from._meta.verbose_name},
            flatatt(number),
            self._where_numbers_are() if self.shows_names else "",
        )

    def _where_numbers_are(self) -> str:
        opts = self._chosen_from._meta
        page = f"{self.admin_site.name}:{opts.app_label}_{opts.model_name}_changelist"
        told = _("Find it in the list: its number stands in the address of its form")
        return format_html('<a href="{}" target="_blank">{}</a>', reverse(page), told)


class Choices(AutocompleteSelectMultiple):
    """Several: what is no id at all shows as nothing, beside its error."""

    def optgroups(self, name: str, value: Any, attr: Any = None) -> Any:
        return super().optgroups(name, list(filter(is_id, value)), attr)
