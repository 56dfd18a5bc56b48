"""Filters and tags of every template (a built-in of the template engine, so nothing needs loading)."""

import re
from decimal import Decimal
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from lambeth_plans.forms import error_lines
from lambeth_plans.glossary import ABBREVIATIONS
from lambeth_plans.rag import plain

register = template.Library()

#: Longest first, so that "EHCP" is not read as "EHC" and a P; a plural s belongs to the word ("KPIs").
_ABBREVIATION = re.compile(
    r"(?<!\w)(" + "|".join(sorted(map(re.escape, ABBREVIATIONS), key=len, reverse=True)) + r")(?=s?\b)(?![-/]?\d)"
)
NOT_STATED = "not stated"


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
