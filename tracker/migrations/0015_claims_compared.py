"""The text of a claim as it is compared, so that its case matters in no script, on either database."""

from django.db import migrations, models

import tracker.models.fields
from tracker import anchoring

_LONGEST = 600
_AT_ONCE = 1_000


def fill(apps, schema_editor):
    """Of what the desk has now, and of its history."""
    for name in ("Claim", "HistoricalClaim"):
        rows = apps.get_model("tracker", name)._base_manager.only("text")
        last = 0
        while batch := list(rows.filter(pk__gt=last).order_by("pk")[:_AT_ONCE]):
            for row in batch:
                row.folded = anchoring.fold(row.text)[:_LONGEST]
            rows.bulk_update(batch, ["folded"])
            last = batch[-1].pk


_FOLDED = {
    "name": "folded",
    "field": tracker.models.fields.ComputedField(
        by="folded_text",
        default="",
        editable=False,
        max_length=_LONGEST,
        of="text",
        verbose_name="claim, folded",
    ),
}


class Migration(migrations.Migration):
    dependencies = [("tracker", "0014_reviews_hold_together")]

    operations = [
        migrations.AddField(model_name="claim", **_FOLDED),
        migrations.AddField(model_name="historicalclaim", **_FOLDED),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(fields=["folded"], name="claims_by_folded_text"),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
