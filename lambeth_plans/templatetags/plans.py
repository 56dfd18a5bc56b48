"""Filters and tags of every template (a built-in of the template engine, so nothing needs loading)."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from html import escape
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localtime

from lambeth_plans.forms import error_lines
from lambeth_plans.glossary import ABBREVIATIONS
from lambeth_plans.rag import plain

register = template.Library()

#: Longest first, so that "EHCP" is not read as "EHC" and a P; a plural s belongs to the word ("KPIs").
_ABBREVIATION = re.compile(
    r"(?<!\w)(" + "|".join(sorted(map(re.escape, ABBREVIATIONS), key=len, reverse=True)) + r")(?=s?\b)(?![-/]?\d)"
)
NOT_STATED = "not stated"
#: So many changes of a record are shown at once, the newest first; `?history=all` shows each.
SHOWN_CHANGES = 20


@lru_cache(maxsize=64)
def _not_stated(words: str = NOT_STATED) -> SafeString:
    return format_html('<span class="app-not-stated">{}</span>', words)


@register.filter
def pounds(amount: Decimal | int | None) -> str:
    """Pounds with thousands, pence only where there are any: £18,765,000, −£1,200.50; None is "not stated"."""
    if amount is None:
        return _not_stated()
    amount = Decimal(amount)
    pattern = ",.0f" if amount == amount.to_integral_value() else ",.2f"
    return f"{'−' if amount < 0 else ''}£{abs(amount):{pattern}}"


@register.filter
def pounds_thousand(amount: Decimal | int | None) -> str:
    """Pounds in thousands, as the savings tables print them: 2859000 is "2,859"; None is "not stated"."""
    if amount is None:
        return _not_stated()
    return plain(Decimal(amount) / 1000)


@register.filter
def number(value: Decimal | int | None) -> str:
    """A number with thousands and no needless zeros: 1,234.5; None is "not stated"."""
    if value is None:
        return _not_stated()
    return plain(Decimal(value))


@register.filter
def stated(value: Any, words: str = NOT_STATED) -> Any:
    """The value itself, or "not stated" (or other words) where a document leaves it out."""
    return _not_stated(words) if value is None or value == "" else value


@register.filter(is_safe=True, needs_autoescape=True)
def abbreviations(text: Any, autoescape: bool = True) -> SafeString:
    """Explains each known abbreviation where it first stands in the text; the rest of the text is escaped.

    Takes plain text; text that is already HTML may hold no attributes with abbreviations in them.
    """
    explained: set[str] = set()

    def explain(found: re.Match[str]) -> str:
        term = found[1]
        if term in explained:
            return term
        explained.add(term)
        return format_html('<abbr title="{}">{}</abbr>', ABBREVIATIONS[term], term)

    escaped = conditional_escape(text) if autoescape else str(text)
    return mark_safe(_ABBREVIATION.sub(explain, escaped))  # noqa: S308 - escaped in the line above


@register.inclusion_tag("components/error_summary.html")
def error_summary(subject: Any) -> dict[str, Any]:
    """The error summary of a form or a formset: nothing while there are no errors."""
    return {"errors": error_lines(subject)}


@register.simple_tag
def chart(figure: Any) -> SafeString:
    """Draws a chart of lambeth_plans.charts with its title, source and table."""
    return render_to_string(figure.template_name, {"chart": figure})


# What a page draws hundreds of times

# Each of these is one of few drawings, or plain text between fixed tags: as templates they took most of a page's time.


@lru_cache(maxsize=256, typed=True)  # typed, because a rating and its bare text are equal
def _drawn(component: str, **parts: Any) -> SafeString:
    return render_to_string(f"components/{component}.html", parts)


@register.simple_tag
def rag(rating: Any, small: bool = False) -> SafeString | str:
    """A rating by components/rag.html; nothing where there is none."""
    return _drawn("rag", rag=rating, small=small) if rating else ""


@register.simple_tag
def spc(variation: Any, assurance: Any = None) -> SafeString:
    """What process control says, by components/spc.html."""
    return _drawn("spc", variation=variation, assurance=assurance)


@register.simple_tag
def spc_shape(mark: str) -> SafeString:
    """The shape of an unusual figure, by components/spc_shape.html."""
    return _drawn("spc_shape", mark=mark)


@register.simple_tag
def due_state(state: Any) -> SafeString:
    """How a period stands, by components/due_state.html."""
    return _drawn("due_state", state=state)


@lru_cache(maxsize=4096)
def _moment(when: datetime, form: str) -> SafeString:
    when = localtime(when)
    return format_html('<time datetime="{}">{}</time>', when.isoformat(), date_format(when, form))


@register.filter
def moment(when: datetime, form: str = "j F Y, H:i") -> SafeString:
    """A moment in words, and as machines read it."""
    return _moment(when, form)


@register.filter
def cells(row: Sequence[str]) -> SafeString:
    """The cells of a row of components/table.html: the first is its heading, the others are figures."""
    heading, *figures = (conditional_escape(cell) for cell in row)
    first = f'<th scope="row" class="govuk-table__header">{heading}</th>'
    rest = "".join(f'<td class="govuk-table__cell govuk-table__cell--numeric">{figure}</td>' for figure in figures)
    return mark_safe(first + rest)  # noqa: S308 - escaped in the first line


@register.simple_tag
def lines(places: Iterable[Any], kind: str) -> SafeString:
    """Lines of a chart (x1, y1, x2, y2: positions, never words) with the class `app-chart__` and their kind."""
    drawn = (
        f'<line class="app-chart__{kind}" x1="{line.x1}" y1="{line.y1}" x2="{line.x2}" y2="{line.y2}"/>'
        for line in places
    )
    return mark_safe("".join(drawn))  # noqa: S308 - numbers only


@register.simple_tag
def points(places: Iterable[Any], small: bool = False) -> SafeString:
    """The points of a line (x, y, label, is_provisional, mark), each at its place; small where many stand close."""
    size = 2 if small else 4
    usual = f'<circle class="app-dot__halo" r="8"/><circle class="app-chart__point" r="{size}"/>'
    hollow = f'<circle class="app-chart__point app-chart__point--provisional" r="{size}"/>'
    drawn = []
    for point in places:
        label, marked, shape = escape(point.label), "", usual
        if point.mark or point.is_provisional:
            marked = f" app-spc--{point.mark}" if point.mark else ""
            halo = f'<circle class="app-dot__halo" r="{11 if point.mark else 8}"/>'
            shape = halo + (hollow if point.is_provisional else spc_shape(point.mark))
        drawn.append(
            f'<svg class="app-dot{marked}" x="{point.x}" y="{point.y}" data-point="{label}">'
            f"<title>{label}</title>{shape}</svg>"
        )
    return mark_safe("".join(drawn))  # noqa: S308 - labels are escaped, all else is ours


@register.inclusion_tag("components/history.html", takes_context=True)
def history(context: template.Context, entries: Sequence[Any]) -> dict[str, Any]:
    """What happened to a record: the newest changes and a link to all, or all of them where the address asks."""
    request = context["request"]
    is_whole = request.GET.get("history") == "all"
    return {
        "entries": entries if is_whole else entries[:SHOWN_CHANGES],
        "total": len(entries),
        "is_long": len(entries) > SHOWN_CHANGES,
        "is_whole": is_whole,
        "query": request.GET,
    }
