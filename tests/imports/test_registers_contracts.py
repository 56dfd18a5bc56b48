"""A council's published contracts register: refused with every reason, mended, imported, taken back."""

import csv
import io
from pathlib import Path

from finance.models import Contract
from lambeth_plans.imports.registers.actions import confirm_register, upload_register
from lambeth_plans.imports.registers.register_list import REGISTERS

PUBLISHED = Path(__file__).parent.parent / "data" / "contracts_register" / "published.csv"


def bring(plan, by, content, register="contracts", **options):
    if isinstance(content, str):
        content = content.encode()
    return upload_register(
        register=REGISTERS[register],
        council=plan.council,
        plan=plan,
        file_name=f"{register}.csv",
        content=content,
        by=by,
        **options,
    )


def test_x(plan, analyst, division, other_division):
    b = bring(plan, analyst, PUBLISHED.read_bytes())
    for e in b.errors:
        print(e)
    t = PUBLISHED.read_text().splitlines()
    rows = list(csv.reader(t))
    rows = [r[:12] for r in rows]
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    b = bring(plan, analyst, out.getvalue())
    for e in b.errors:
        print(e["row"], e["column"], e["value"], e["message"])
    b = bring(
        plan,
        analyst,
        "Reference,Title,Supplier,Annual value,Start,SME/VCSE\nA1,One,Acme,c.£1m,Mar-21,SME\nA2,Two,acme,£2m,2020,\n",
    )
    print(b.errors, b.rows, b.notes)
    b = confirm_register(batch=b, by=analyst)
    print(Contract.objects.values())
    assert 0
