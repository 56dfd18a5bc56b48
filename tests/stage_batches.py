"""The imports of figures of a stage: applied, waiting, refused, and asked for their columns."""

from typing import Any

from kpis.models import Indicator
from lambeth_plans.accounts.models import User
from lambeth_plans.imports.actions import confirm_batch, upload_figures
from lambeth_plans.imports.doors import FIGURES
from lambeth_plans.imports.mappings import take_file
from lambeth_plans.imports.models import ImportBatch
from tests import factories


def set_batches(stage: Any, times: int, words: str) -> list[ImportBatch]:
    """Applied, waiting, refused and asked ones; answers with two that wait: the analyst's, and the other analyst's."""
    analyst, other = stage.people["analyst"], stage.people["other_analyst"]
    applied = _upload(stage, analyst, "Apr 2000", words)
    stage.records["applied"] = applied = confirm_batch(batch=applied, by=analyst)
    refused = _upload(stage, analyst, "no period", words)
    waiting = [_upload(stage, by, "2018/19", words) for by in (analyst, other)]
    asked = stage.records["asked"], stage.others["asked"] = [_ask(stage, by, words) for by in (analyst, other)]
    for number in range(1, times):  # reading many files again would take long
        for batch in (applied, refused, *waiting, *asked):
            _again(batch, f"{batch.number}-{number}")
    stage.records["refused"] = _upload(stage, analyst, "no period", words)
    return waiting


def _again(batch: ImportBatch, number: str) -> None:
    """The same batch once more under another number."""
    fields = {field.name: getattr(batch, field.name) for field in batch._meta.concrete_fields}
    factories.ImportBatchFactory(**{name: value for name, value in fields.items() if name != "id"} | {"number": number})


def _content(stage: Any, headings: str, period: str) -> bytes:
    keys = Indicator.objects.filter(council=stage.council).order_by("pk").values_list("key", flat=True)
    lines = [f"{key},{period},{50 + number}" for number, key in enumerate(keys)]
    return "\n".join([headings, *lines]).encode()


def _ask(stage: Any, by: User, words: str) -> ImportBatch:
    """A file with headings that nobody knows."""
    return take_file(
        door=FIGURES,
        council=stage.council,
        file_name=f"return{words}.csv",
        content=_content(stage, f"Measure{words},When,Result", "2018/19"),
        reason=f"Quarterly return.{words}",
        by=by,
    )


def _upload(stage: Any, by: User, period: str, words: str):
    return upload_figures(
        council=stage.council,
        file_name=f"figures{words}.csv",
        content=_content(stage, "Indicator,Period,Value", period),
        sheet="",
        reason=f"Quarterly return.{words}",
        by=by,
    )
