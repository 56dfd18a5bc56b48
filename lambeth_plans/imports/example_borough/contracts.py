"""The contract register, a contract in each state: ended, ended and still in use, ended and not asked yet, the last day
for notice gone by, near and far, and one of which nobody knows when it ends."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.utils.text import slugify

from finance.models import Contract, Saving, Supplier
from lambeth_plans.accounts.models import Officer
from lambeth_plans.fields import PartialDate
from lambeth_plans.imports.example_borough.chronicle import Chronicle
from objectives.models import Objective, Plan


@dataclass(frozen=True)
class Agreement:
    """A contract. It begins some years after the plan's first April and ends so many months after the running one
    (on the 10th, at the month's end, or in that month or year: `precision`; None: nobody knows). `longer_by` says by
    how many months it was made longer lately, `extends_by` by how many it may be made longer at most; `said` in which
    month it was said whether it is `still_in_use`."""

    title: str
    supplier: str
    begins: int
    ends: int | None
    precision: str
    annual_value: int | None
    director: str | None
    objectives: tuple[int, ...]
    value_as_stated: str = ""
    shared: tuple[str, ...] = ()
    longer_by: int = 0
    note: str = ""
    notice_months: int | None = None
    extension: str = ""
    extends_by: int = 0
    still_in_use: bool | None = None
    said: int = 0
    saving: str = ""


AGREEMENTS = (
    Agreement(
        "Home to school transport",
        "Example Transport Ltd",
        0,
        5,
        "tenth",
        2_480_000,
        "director-of-commissioning",
        (3, 4),
        shared=("director-of-education",),
        saving="New transport contract",
    ),
    Agreement("Supported lodgings", "Made-Up Homes Ltd", 0, 1, "day", 640_000, "director-of-commissioning", (2,)),
    Agreement(
        "Agency social workers",
        "Example Staffing Ltd",
        0,
        14,
        "tenth",
        1_900_000,
        "director-of-commissioning",
        (1, 4),
        value_as_stated="c.£1.9m",
        shared=("director-of-social-care",),
        notice_months=18,
    ),
    Agreement(
        "Parenting courses",
        "Example Voices Charity",
        0,
        -2,
        "day",
        118_500,
        "director-of-social-care",
        (1,),
        note="The family hubs run the courses themselves from now on.",
        still_in_use=False,
        said=-1,
    ),
    Agreement(
        "Case management system",
        "Invented Software Ltd",
        -1,
        8,
        "day",
        312_000,
        "director-of-commissioning",
        (4,),
        longer_by=12,
        note="Made longer by a year, until the records of four systems are together.",
        notice_months=6,
        extension="Two further years, one at a time.",
        extends_by=24,
    ),
    Agreement(
        "Speech and language therapy", "Example Health Trust", 1, 10, "month", 455_750, "director-of-education", (3,)
    ),
    Agreement("School meals", "Made-Up Meals Ltd", -1, 30, "year", 3_020_000, "director-of-education", (3,)),
    Agreement(
        "Advocacy for children in care",
        "Example Voices Charity",
        1,
        None,
        "",
        None,
        None,
        (2,),
        value_as_stated="part of a larger contract",
    ),
    Agreement(
        "Interpreting and translation",
        "Example Voices Charity",
        0,
        -4,
        "day",
        96_000,
        "director-of-social-care",
        (1,),
        note="Used month by month until the new framework is signed.",
        still_in_use=True,
        said=-3,
    ),
    Agreement("Minibuses on lease", "Example Transport Ltd", 0, -1, "day", 74_200, "director-of-education", (3,)),
)


def make_contracts(chronicle: Chronicle, plan: Plan, objectives: list[Objective], officers: dict[str, Officer]) -> None:
    names = sorted({agreement.supplier for agreement in AGREEMENTS})
    suppliers = {name: Supplier(council=plan.council, key=slugify(name), name=name) for name in names}
    chronicle.write_all(list(suppliers.values()), chronicle.founded)
    savings = {saving.title: saving for saving in Saving.objects.filter(plan=plan)}
    for number, agreement in enumerate(AGREEMENTS, start=1):
        director = officers.get(agreement.director)
        is_told_later = agreement.longer_by or agreement.said
        contract = Contract(
            plan=plan,
            key=f"ebc{number:02d}",
            order=number,
            ref=f"EBC{number:02d}",
            title=agreement.title,
            supplier=suppliers[agreement.supplier],
            annual_value=None if agreement.annual_value is None else Decimal(agreement.annual_value),
            annual_value_as_stated=agreement.value_as_stated,
            start_date=date(chronicle.plan_year + agreement.begins, 4, 1),
            end_date=_end(chronicle, agreement, -agreement.longer_by),
            end_date_as_stated="" if agreement.precision else "to be confirmed",
            notice_months=agreement.notice_months,
            extension_options=agreement.extension,
            latest_end_date=_end(chronicle, agreement, agreement.extends_by) if agreement.extends_by else None,
            director=director,
            division=director.division if director else None,
            note="" if is_told_later else agreement.note,
        )
        chronicle.write(
            contract,
            chronicle.drafted,
            objectives=[objectives[number - 1] for number in agreement.objectives],
            further_directors=[officers[key] for key in agreement.shared],
            savings=[savings[title] for title in [agreement.saving] if title in savings],
        )
        if agreement.longer_by:
            contract.end_date, contract.note = _end(chronicle, agreement), agreement.note
            chronicle.write(contract, chronicle.month(-1).start + timedelta(days=27), because=agreement.note)
        if agreement.said:
            contract.is_still_in_use, contract.note = agreement.still_in_use, agreement.note
            chronicle.write(
                contract, chronicle.month(agreement.said).start + timedelta(days=13), because=agreement.note
            )


def _end(chronicle: Chronicle, agreement: Agreement, later_by: int = 0) -> PartialDate | None:
    if agreement.ends is None:
        return None
    month = chronicle.month(agreement.ends + later_by)
    day = month.start + timedelta(days=9) if agreement.precision == "tenth" else month.end
    return PartialDate(day.isoformat()[: {"year": 4, "month": 7}.get(agreement.precision, 10)])
