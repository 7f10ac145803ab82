"""Tells Django about the one app there is."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

__all__ = ["TrackerConfig"]


class TrackerConfig(AppConfig):
    name = "tracker"
    verbose_name = _("On Record")
    default_auto_field = "django.db.models.BigAutoField"
