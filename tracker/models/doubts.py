"""Citations as the desk looks at them when a copy of their source did not have their words, or not so.

It is the same table; what becomes of a doubt is `Citation`'s verbs' to say, which alone keep the history.
"""

from django.utils.translation import gettext_lazy as _

from .citations import Citation

__all__ = ["DoubtedCitation"]


class DoubtedCitation(Citation):
    """A citation in the desk's queue. Whoever may see or change citations may see or change these."""

    class Meta:
        proxy = True
        default_permissions = ()
        ordering = ("id",)
        verbose_name = _("check of words")
        verbose_name_plural = _("words to look at")
