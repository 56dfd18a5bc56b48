"""Whether a figure is unlike the indicator's own others: a slip of the pen shows here before a board sees it.

Pure. It never refuses anything: it says what to look at again.
"""

from collections.abc import Sequence
from decimal import Decimal

from kpis.spc import lines_of
from lambeth_plans.rag import plain, with_unit

#: Where there are enough others for an XmR chart, its limits are asked (kpis/spc.py; unscreened, as in the workbooks of
#: "Making Data Count"). With fewer, only what lies far outside all of them is named.
FEW = 3
FAR = 3


def unusual(value: Decimal | None, others: Sequence[Decimal], unit: str) -> str:
    """A sentence where `value` is unlike `others`, empty where it is not. `others` are the figures of the same kind of
    period in the order of time, without this one; all in the indicator's unit."""
    if value is None or len(others) < FEW or min(others) <= value <= max(others):
        return ""
    least, most = min(others), max(others)
    if lines := lines_of(others, screen=False):
        is_unusual = lines.side_of(value) != 0
    else:
        is_unusual = least >= 0 and (value < 0 or value * FAR < least or value > most * FAR)
    if not is_unusual:
        return ""
    lowest, highest = (with_unit(plain(edge), unit) for edge in (least, most))
    lie = f"are all {lowest}" if least == most else f"lie between {lowest} and {highest}"
    return f"The other {len(others)} figures of this kind {lie}."
