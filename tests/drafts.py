"""What people write after a plan was published: drafts, which its members never see."""

from decimal import Decimal

from django.contrib import admin
from django.db.models import CharField, TextField

from kpis.models import Outturn
from lambeth_plans import history
from lambeth_plans.accounts.models import Council, Officer
from lambeth_plans.cycles.digest import published_models
from lambeth_plans.fields import AsStatedField
from tests import factories
from tests.stage import Stage

#: A figure that nothing else has, and as a page prints it.
FIGURE, PRINTED = Decimal("98765"), "98,765"
#: Texts that are addresses or are read by the product.
FIXED = ("key", "slug", "kind", "normalised", "code")


def plant(stage: Stage, word: str) -> int:
    """Adds a word to every text of every record of the stage's plan and council, and more records; how many were
    changed. The council's own name is nobody's draft."""
    by, changed = stage.people["administrator"], 0
    for model in published_models():
        if model is Council:
            continue
        path = admin.site.get_model_admin(model).council_path
        rows = list(model._default_manager.filter(**{path: stage.council.pk}).order_by("pk"))
        for row in rows:
            for field in model._meta.concrete_fields:
                text = getattr(row, field.attname) if _is_free_text(field) else ""
                if text:
                    setattr(row, field.attname, f"{text} {word}"[: field.max_length])
            if isinstance(row, Outturn):
                row.value = FIGURE
        changed += len(history.change_all(rows, by=by, reason=f"Not decided yet: {word}."))
    factories.ActivityFactory(plan=stage.plan, objective=stage.records["objective"], title=f"New {word}", by=by)
    factories.OfficerFactory(council=stage.council, name=f"Newcomer {word}", by=by)
    factories.PlanFactory(council=stage.council, title=f"Next plan {word}", follows=stage.plan, by=by)
    assert Officer.objects.filter(council=stage.council, name__contains=word).exists()
    return changed


def _is_free_text(field) -> bool:
    if field.name in FIXED or field.choices or not field.editable or isinstance(field, AsStatedField):
        return False
    return type(field) in (CharField, TextField) and (field.max_length is None or field.max_length >= 100)
