"""Adding or correcting one figure of an indicator."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone

from kpis import figures
from kpis.actions import record_figure
from kpis.forms import FigureForm, NewFigureForm
from kpis.models import Outturn, PlanIndicator
from lambeth_plans.accounts.access import Permission
from lambeth_plans.accounts.guards import changes
from lambeth_plans.accounts.set_up import form_answer
from lambeth_plans.periods import Period
from objectives.registers import register_context, register_page


def place_of_plan(request: HttpRequest, plan: str, key: str) -> PlanIndicator:
    """An indicator of a plan of my councils; 404 for any other."""
    places = PlanIndicator.objects.visible_to(request.user).select_related("plan__council", "indicator")
    return get_object_or_404(places, plan__slug=plan, key=key)


def _sentence(place: PlanIndicator, outturn: Outturn) -> str:
    words = figures.words(outturn.value, outturn.reason, place.indicator.unit)
    return f"{place.code or place.title} for {outturn.period} is now {words}."


def _save(request: HttpRequest, form: FigureForm, outturn: Outturn | None) -> Outturn:
    return record_figure(
        indicator=form.instance.indicator,
        period=form.period,
        outturn=outturn,
        facts=form.facts,
        stated=form.stated,
        by=request.user,
        reason=form.cleaned_data["reason"],
        is_published=form.cleaned_data.get("is_published"),
    )


@changes(Permission.EDIT_REGISTERS)
def figure_add(request: HttpRequest, plan: str, key: str) -> HttpResponse:
    place = place_of_plan(request, plan, key)
    name = place.code or place.title
    today = place.plan.read_as_at(timezone.localdate())
    return form_answer(
        request,
        make=lambda data: NewFigureForm(data, indicator=place.indicator, today=today),
        save=lambda form: _save(request, form, None),
        sentence=lambda outturn: _sentence(place, outturn),
        done=lambda outturn: register_page(place, "indicator_detail"),
        context=register_context(place, "indicator_detail", name, f"{name}: add a figure"),
    )


def _period(code: str) -> Period:
    try:
        return figures.period_of_code(code)
    except ValueError as error:
        raise Http404("There is no such period.") from error


@changes(Permission.EDIT_REGISTERS)
def figure_edit(request: HttpRequest, plan: str, key: str, period: str) -> HttpResponse:
    place = place_of_plan(request, plan, key)
    wanted = _period(period)
    held = Outturn.objects.filter(indicator=place.indicator).select_related("indicator")
    outturn = get_object_or_404(held, period_kind=wanted.kind.value, period_start=wanted.start)
    name = place.code or place.title
    return form_answer(
        request,
        make=lambda data: FigureForm(data, instance=get_object_or_404(held, pk=outturn.pk)),
        save=lambda form: _save(request, form, form.instance),
        sentence=lambda saved: _sentence(place, saved),
        done=lambda saved: register_page(place, "indicator_detail"),
        context=register_context(place, "indicator_detail", name, f"{name}: correct the figure for {wanted.label}"),
    )
