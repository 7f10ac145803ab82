"""Tells Django about the one app there is, and keeps the search index whole after migrations."""

from typing import Any

from django.apps import AppConfig
from django.db import connection
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

__all__ = ["TrackerConfig"]


class TrackerConfig(AppConfig):
    name = "tracker"
    verbose_name = _("On Record")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        post_migrate.connect(_keep_the_index, sender=self)


def _keep_the_index(*, using: str, **_kwargs: Any) -> None:
    """Put missing triggers back, as SQLite drops those of a table that a migration rebuilds; then what was
    changed meanwhile is not known, and the index is made anew."""
    from tracker import search  # it needs the settings

    if using != "default" or search.CLAIMS.row not in connection.introspection.table_names():
        return
    if search.ensure_triggers():
        search.rebuild()
    else:
        search.catch_up()
