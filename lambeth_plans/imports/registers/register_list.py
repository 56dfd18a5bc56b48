"""Which registers come in and go out, by the short names of addresses and of the command line."""

from finance.resources import ContractsRegister
from lambeth_plans.accounts.register_sheets import Register

REGISTERS: dict[str, type[Register]] = {register.slug: register for register in (ContractsRegister,)}
