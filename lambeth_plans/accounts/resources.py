"""Which sheets of a plan's workbook hold the council, its divisions, people and boards. Log-ins are in none."""

from lambeth_plans.accounts.models import Board, Council, Division, Officer
from lambeth_plans.accounts.record_sheets import sheet_of

COUNCIL = sheet_of(Council, "Council", identity=("slug",), headings={"slug": "Short name"})
DIVISIONS = sheet_of(Division, "Divisions")
PEOPLE = sheet_of(Officer, "People", leave_out=("user",))
BOARDS = sheet_of(Board, "Boards")
