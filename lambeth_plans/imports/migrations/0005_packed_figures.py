"""Figures of batches that were kept row by row are packed as `kpis/packing.py` keeps them since."""

from django.db import migrations

FACTS = ("value", "reason", "numerator", "denominator", "note")


def pack(apps, schema_editor):
    ImportBatch = apps.get_model("imports", "ImportBatch")
    Indicator = apps.get_model("kpis", "Indicator")
    Outturn = apps.get_model("kpis", "Outturn")
    for batch in ImportBatch.objects.filter(kind="figures").iterator():
        if not isinstance(batch.rows, list) or not batch.rows:
            continue
        keys = {row["indicator"] for row in batch.rows}
        indicators = Indicator.objects.filter(council_id=batch.council_id, key__in=keys)
        known = {indicator.key: indicator.pk for indicator in indicators}
        held = {
            (outturn.indicator_id, outturn.period_kind, outturn.period_start): outturn.pk
            for outturn in Outturn.objects.filter(indicator__in=known.values())
        }
        batch.rows = packed(batch.rows, known, held)
        batch.save(update_fields=["rows"])


def packed(rows, known, held):
    from kpis.figures import period_of_code

    indicators, periods, codes = {}, {}, {}
    named, same, reasons, moving = [], [], {}, []
    for row in rows:
        key = row["indicator"]
        if key not in indicators:
            indicators[key] = len(named)
            named.append([known.get(key, 0), key, row["title"], row["unit"]])
        when = periods.setdefault(row["period"], len(periods))
        code = codes.setdefault(row["code"], len(codes))
        period = period_of_code(row["period"])
        # Of a figure that is gone 0, which no other has: the batch must see that, not bring it in as a new one.
        pk = held.get((known.get(key), period.kind.value, period.start), 0) if row["version"] else None
        line = [row["row"], indicators[key], when, row["version"], pk, code]
        if row["action"] == "unchanged":
            if row["new"]["value"] is None:
                reasons[str(len(same))] = row["new"]["reason"]
            same.append([*line, row["new"]["value"]])
        else:
            new, old = ([row[name][fact] for fact in FACTS] + [""] for name in ("new", "old"))
            ratings = [row.get(name, "") for name in ("old_rag", "new_rag", "unusual")]
            moving.append([*line, new, old, row["stated"], "", *ratings])
    unchanged = [list(column) for column in zip(*same)] if same else [[] for _ in range(7)]  # noqa: B905
    return {
        "indicators": named,
        "periods": list(periods),
        "codes": list(codes),
        "unchanged": unchanged,
        "reasons": reasons,
        "moving": moving,
    }


class Migration(migrations.Migration):
    dependencies = [("imports", "0004_column_mapping"), ("kpis", "0001_version_0_2_0")]

    operations = [migrations.RunPython(pack, migrations.RunPython.noop)]
