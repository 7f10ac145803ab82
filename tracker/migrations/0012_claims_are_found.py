"""The tables of the search index for claims, of the engine in use. `post_migrate` fills them, as it fills those of quotes."""

from django.db import migrations

from tracker.search.engines import engine
from tracker.search.shelves import CLAIMS


def make(apps, schema_editor):
    for statement in engine().make(CLAIMS):
        schema_editor.execute(statement, params=None)


def remove(apps, schema_editor):
    for statement in engine().remove_triggers():
        schema_editor.execute(statement, params=None)
    for name in (*CLAIMS.tables, CLAIMS.fts):
        schema_editor.execute(f"DROP TABLE IF EXISTS {name}", params=None)


class Migration(migrations.Migration):
    dependencies = [("tracker", "0011_attribution")]
    operations = [migrations.RunPython(make, remove)]
