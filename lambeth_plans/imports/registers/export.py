"""A register as a file: what goes out comes in again and changes nothing."""

from collections.abc import Iterator

from kpis.finding import Indicators
from kpis.withholding import NOTHING, Withholding
from lambeth_plans.accounts.register_sheets import Register
from lambeth_plans.imports.registers.lookup import RegisterLookup
from lambeth_plans.imports.workbook.holdings import Holdings
from objectives.models import Plan


def register_lines(register: type[Register], plan: Plan, withheld: Withholding = NOTHING) -> Iterator[list[str]]:
    """The headings and the rows of a plan's register; of targets and benchmarks, those of the plan's indicators."""
    lookup = RegisterLookup(Holdings(plan.council, plan, withheld=withheld), Indicators(plan.council))
    yield register.columns()
    yield from register.rows(lookup)
