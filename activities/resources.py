"""Which sheets of a plan's workbook hold activities, what they deliver, and what is reported on them."""

from activities.models import Activity, Evidence, Output, ProgressUpdate
from lambeth_plans.accounts.record_sheets import sheet_of

ACTIVITIES = sheet_of(Activity, "Activities")
OUTPUTS = sheet_of(Output, "Outputs")
#: Who reported stands there by name; the log-in behind it stays with the product.
PROGRESS = sheet_of(
    ProgressUpdate,
    "Progress",
    leave_out=("reported_by",),
    headings={
        "rag": "Rating",
        "forecast_rag": "Forecast rating",
        "reported_by_name": "Reported by",
        "floor": "Best known",
    },
)
EVIDENCE = sheet_of(Evidence, "Evidence")
