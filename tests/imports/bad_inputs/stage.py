"""What every case finds: a council with four indicators, its analyst, and what they hold."""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from kpis.models import Outturn
from lambeth_plans.accounts.models import Council, User
from lambeth_plans.imports.audit import audit
from lambeth_plans.imports.models import ImportBatch
from tests import factories
from tests.imports.bad_inputs import HELD
from tests.imports.bad_inputs.files import lines

#: The clock of the cases: what they call a future period is one.
NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)


def set_up(council: Council) -> None:
    for key, title, code, unit in (
        ("assessments", "Health assessments on time", "LC.06", "%"),
        ("exclusions", "Exclusions", "LC.09", "%"),
        ("visits", "Visits", "1.10", "number"),
        ("spend", "Spend on agency staff", "F1", "£"),
    ):
        indicator = factories.IndicatorFactory(council=council, key=key, title=title, unit=unit)
        factories.IndicatorCodeFactory(indicator=indicator, code=code)
        for place, value in HELD.items():
            if place.startswith(key):
                period = place.rpartition(" ")[2]
                factories.OutturnFactory(indicator=indicator, period=period, value=Decimal(value))


def figures() -> dict[str, str]:
    """Every figure, or the reason why there is none, by key and period."""
    return {
        f"{row.indicator.key} {row.period.label}": row.reason if row.value is None else f"{row.value.normalize():f}"
        for row in Outturn.objects.select_related("indicator")
    }


def comments() -> dict[str, str]:
    """The notes of figures that have one."""
    noted = Outturn.objects.exclude(note="").select_related("indicator")
    return {f"{row.indicator.key} {row.period.label}": row.note for row in noted}


def differences() -> list[str]:
    """Where a figure or a batch is not what its latest history says, or that does not name a person."""
    return [str(each) for each in audit((Outturn, ImportBatch)).differences]


@dataclass(frozen=True)
class Stage:
    """A browser of the analyst's, and who else is there."""

    page: Client
    borough: Council
    analyst: User
    administrator: User
    settings: Any

    def send(self, content: bytes = lines(), name: str = "figures.csv", **answers: Any) -> HttpResponse:
        answers = {
            "door": "figures",
            "council": "borough",
            "reason": "Year end",
            "file": SimpleUploadedFile(name, content),
            **answers,
        }
        return self.page.post(reverse("import_new"), answers)

    def detail(self, number: str = "borough-0001") -> HttpResponse:
        return self.page.get(reverse("import_detail", args=[number]))

    def confirm(self, number: str = "borough-0001") -> HttpResponse:
        return self.page.post(reverse("import_confirm", args=[number]))

    def colleague(self, role: str = "analyst", council: Council | None = None) -> User:
        return factories.UserFactory(role=role, councils=[council or self.borough], name="Colleague")
