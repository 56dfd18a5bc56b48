"""Registers for the tests: brought in as CSV files."""

from lambeth_plans.accounts.models import User
from lambeth_plans.imports.models import ImportBatch
from lambeth_plans.imports.registers.actions import upload_register
from lambeth_plans.imports.registers.register_list import REGISTERS
from objectives.models import Plan


def bring(register: str, content: str | bytes, plan: Plan, by: User) -> ImportBatch:
    return upload_register(
        register=REGISTERS[register],
        council=plan.council,
        plan=plan,
        file_name=f"{register}.csv",
        content=content.encode() if isinstance(content, str) else content,
        by=by,
    )


def told(batch: ImportBatch) -> list[str]:
    """What a refused batch says: "3 D (Start date): message"."""
    return [f"{error['row']} {error['column']}: {error['message']}" for error in batch.errors]
