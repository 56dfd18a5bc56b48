"""Which registers come in and go out, by the short names of addresses and of the command line."""

from finance.budget_register import BudgetRegister
from finance.contract_register import ContractsRegister
from finance.saving_register import SavingsRegister
from finance.workforce_register import WorkforceRegister
from kpis.resources import BenchmarksRegister, TargetsRegister
from lambeth_plans.accounts.register_sheets import Register
from risks.resources import RisksRegister

REGISTERS: dict[str, type[Register]] = {
    register.slug: register
    for register in (
        ContractsRegister,
        RisksRegister,
        SavingsRegister,
        BudgetRegister,
        WorkforceRegister,
        TargetsRegister,
        BenchmarksRegister,
    )
}
