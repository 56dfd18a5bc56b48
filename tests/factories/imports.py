"""Import batches, and how columns were chosen."""

import factory
from django.utils import timezone

from lambeth_plans.imports.models import ColumnMapping, ImportBatch
from tests.factories.accounts import CouncilFactory, UserFactory
from tests.factories.record import RecordFactory


class ImportBatchFactory(RecordFactory):
    """A batch of an analyst's that waits to be confirmed, without rows; applied ones also need `applied_at`."""

    class Meta:
        model = ImportBatch

    council = factory.SubFactory(CouncilFactory)
    number = factory.Sequence("batch-{}".format)
    made_by = factory.SubFactory(
        UserFactory, role="analyst", councils=factory.List([factory.SelfAttribute("...council")])
    )
    made_by_name = factory.SelfAttribute("made_by.name")
    made_at = factory.LazyFunction(timezone.now)
    file_name = "figures.csv"
    sha256 = factory.Sequence("{:064x}".format)
    state = ImportBatch.State.PREVIEWED


class ColumnMappingFactory(RecordFactory):
    """A long sheet of figures whose first column is left out."""

    class Meta:
        model = ColumnMapping

    council = factory.SubFactory(CouncilFactory)
    kind = "figures"
    shape = factory.Sequence("{:064x}".format)
    headings = factory.List(["Team", "KPI", "When", "Result"])
    columns = factory.List(["", "code", "period", "value"])
    chosen_by_name = "An analyst"
    chosen_at = factory.LazyFunction(timezone.now)
