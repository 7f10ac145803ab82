"""The tables of the search index, of the engine in use. They hold nothing that is not in the record: `post_migrate` fills them."""

from django.db import migrations

from tracker.search.engines import engine
from tracker.search.shelves import QUOTES
from tracker.search.tables import TABLES


def make(apps, schema_editor):
    for statement in (*engine().make(QUOTES), *engine().create()):
        schema_editor.execute(statement, params=None)


def remove(apps, schema_editor):
    tables = [f"DROP TABLE IF EXISTS {name}" for name in (*TABLES, *QUOTES.tables, QUOTES.fts)]
    for statement in (*engine().remove_triggers(), *tables):
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("tracker", "0002_desk_pages")]
    operations = [migrations.RunPython(make, remove)]
