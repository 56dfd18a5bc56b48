"""Which sheets need no looking at: found in their XML with a few searches, for their elements are millions."""

import re

#: What makes it worth while to look at each element of a sheet: something hidden, merged, calculated or broken, a
#: declaration, and what could write any of these otherwise: letters as numbers, blanks beside the equals sign.
_DOUBTFUL = (
    b"<!",
    b"&#",
    b" =",
    b"= ",
    b"\t",
    b"hidden=",
    b"mergeCell",
    b"<f>",
    b"<f ",
    b"<f/",
    b't="e"',
    b"t='e'",
    b' ht="0',
    b" ht='0",
    b' width="0',
    b" width='0",
)
#: Named a second time, it gives elements a prefix.
_NAMESPACE = b"spreadsheetml/2006/main"
_ROW = re.compile(rb"""<row r=["']([0-9]+)""")


def is_plain(part: bytes, *, most_rows: int, most_cells: int) -> bool:
    """Whether a sheet's XML, as spreadsheet programs write it, holds nothing but rows of cells in their order and
    within the limits. Whatever else it is, it is looked at."""
    if b"<worksheet" not in part[:1000] or any(each in part for each in _DOUBTFUL) or part.count(_NAMESPACE) != 1:
        return False
    if not all(not line or line.endswith(b">") for line in part.splitlines()):
        return False  # a line ends within an element
    numbers = [*map(int, _ROW.findall(part))]
    if len(numbers) != part.count(b"<row") or part.count(b"<c ") > most_cells:
        return False
    return numbers == sorted(set(numbers)) and max(numbers, default=0) <= most_rows
