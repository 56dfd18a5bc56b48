"""The API itself: its description, and an answer for each list, file and single record."""

import json
from collections.abc import Callable
from datetime import date
from functools import cache, wraps
from itertools import islice
from typing import Annotated, Any, Generic, TypeVar

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.utils import timezone
from ninja import Field, NinjaAPI, Path, Query, Schema
from ninja.errors import HttpError, ValidationError

from lambeth_plans.accounts.guards import PREFIX, refusal
from lambeth_plans.api.analysis import AnalysisItem, Frequency, analysis_of, find_indicator
from lambeth_plans.api.csv_files import csv_parts
from lambeth_plans.api.items import Item
from lambeth_plans.api.reading import Reading
from lambeth_plans.api.registers import REGISTERS, Register
from lambeth_plans.api.spine import PlanItem, plan_item

DEFAULT_LIMIT, HIGHEST_LIMIT, HIGHEST_OFFSET = 100, 1_000, 1_000_000_000
SLUG = r"^[-a-zA-Z0-9_]+$"

DESCRIPTION = """\
Everything the pages show, for other programs. It is only read.

- **Who asks**: somebody who has logged in, or a program with a token: `Authorization: Bearer …`
  (`manage.py api_token USERNAME` prints one). Either sees what that person sees on the pages.
- **Lists** are `{"count", "items"}`, in an order that does not change; `limit` is at most 1000. Each is also a CSV file
  with everything in it.
- **References**: an item points at another one by its reference, or by its key where it has none; people, goals and
  sources, which have no references, by name. The key stands beside it.
- **Null** means not stated. What a document prints stands beside what was understood (`…_as_stated`).
- **Amounts** are exact decimals as text, in pounds. Dates are as precise as they are stated: `2024`, `2024-03`.
- **Errors** are `{"detail": "…"}`.
"""

api = NinjaAPI(
    title="Lambeth Plans",
    version="1",
    description=DESCRIPTION,
    docs_url=None,
    openapi_url=None,  # answered below, behind our own guard
    urls_namespace="api",
)


class Problem(Schema):
    """What is wrong, in words."""

    detail: str


Row = TypeVar("Row", bound=Item)


class Listing(Schema, Generic[Row]):
    """`count` is how many there are in all, whatever the limit."""

    count: int
    items: list[Row]


PROBLEMS = dict.fromkeys((401, 403, 404, 405, 422), Problem)


class Question(Schema):
    plan: str | None = Field(None, description="The slug of one plan. Without it: all plans you may see.")


class PastDay(Schema):
    # Ten characters only: a bare number would be read as seconds since 1970.
    at: Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$", json_schema_extra={"format": "date"})] | None = (
        Field(None, description="As it stood at the end of this day, for example 2024-03-31.")
    )


class Page(Question):
    limit: int = Field(DEFAULT_LIMIT, ge=1, le=HIGHEST_LIMIT, description="How many items at once.")
    offset: int = Field(0, ge=0, le=HIGHEST_OFFSET, description="How many items to leave out first.")


class PastPage(Page, PastDay):
    """A page of a list that has a past."""


class Whole(Question):
    limit: int | None = Field(None, ge=1, le=HIGHEST_OFFSET, description="How many items; without it, all of them.")
    offset: int = Field(0, ge=0, le=HIGHEST_OFFSET, description="How many items to leave out first.")


class PastWhole(Whole, PastDay):
    """A file of a list that has a past."""


def reading_of(request: HttpRequest, plan: str | None, at: str | None) -> Reading:
    """What is asked for. Raises HttpError for a day that does not exist or has not come."""
    return Reading(request.user, plan or "", _day(at) if at else None)


def _day(text: str) -> date:
    try:
        at = date.fromisoformat(text)
    except ValueError:
        raise HttpError(422, f"at: {text} is not a day that exists.") from None
    if at > timezone.localdate():
        raise HttpError(422, f"at: {text} has not come yet. Ask for a day that has passed, or for today.")
    return at


def _serve_list(register: Register) -> None:
    question = PastPage if register.has_past else Page

    @api.get(
        f"/{register.name}",
        response={200: Listing[register.item], **PROBLEMS},
        url_name=f"api_{register.name}",
        operation_id=register.name,
        summary=register.title,
        description=register.about,
        tags=["Lists"],
    )
    def answer(request: HttpRequest, asked: question = Query(...)):  # noqa: B008 - how ninja is told of a query
        items = list(register.read(reading_of(request, asked.plan, getattr(asked, "at", None))))
        return {"count": len(items), "items": items[asked.offset : asked.offset + asked.limit]}


def _serve_file(register: Register) -> None:
    question = PastWhole if register.has_past else Whole

    @api.get(
        f"/{register.name}.csv",
        response={200: None, **PROBLEMS},
        url_name=f"api_{register.name}_csv",
        operation_id=f"{register.name}_csv",
        summary=f"{register.title}, as a CSV file",
        description=register.about,
        tags=["Files"],
        openapi_extra={"responses": {200: {"content": {"text/csv": {"schema": {"type": "string"}}}}}},
    )
    def answer(request: HttpRequest, asked: question = Query(...)):  # noqa: B008
        reading = reading_of(request, asked.plan, getattr(asked, "at", None))
        _ = reading.plans  # what is wrong with the question is said before the file begins
        items = islice(register.read(reading), asked.offset, asked.limit and asked.offset + asked.limit)
        parts = (register.name, reading.plan, reading.at and reading.at.isoformat())
        name = "-".join(part for part in parts if part)
        return StreamingHttpResponse(
            csv_parts(register.item, items),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
        )


def _serve_single(register: Register) -> None:
    @api.get(
        f"/plans/{{slug:plan}}/{register.name}/{{slug:key}}",
        response={200: register.item, **PROBLEMS},
        url_name=f"api_{register.singular}",
        operation_id=register.singular,
        summary=f"One {register.singular}",
        description=f"One item of the list of {register.name}.",
        tags=["Single records"],
    )
    def answer(
        request: HttpRequest,
        plan: Annotated[str, Path(pattern=SLUG)],
        key: Annotated[str, Path(pattern=SLUG)],
        asked: PastDay = Query(...),  # noqa: B008
    ):
        for item in register.read(reading_of(request, plan, asked.at)):
            if item.key == key:
                return item
        raise Http404(f"This plan has no such {register.singular}.")


@api.get(
    "/plans/{slug:plan}",
    response={200: PlanItem, **PROBLEMS},
    url_name="api_plan",
    operation_id="plan",
    summary="One plan",
    tags=["Single records"],
)
def plan_detail(request: HttpRequest, plan: Annotated[str, Path(pattern=SLUG)]):
    return plan_item(reading_of(request, plan, None).plans[0])


class AnalysisQuestion(PastDay):
    plan: Annotated[str, Field(pattern=SLUG, description="The slug of the plan in which the indicator stands.")]
    frequency: Frequency | None = Field(None, description="Where an indicator has figures of several.")


@api.get(
    "/indicators/{str:ref}/analysis",
    response={200: AnalysisItem, **PROBLEMS},
    url_name="api_analysis",
    operation_id="analysis",
    summary="One indicator judged",
    description="Its control chart (XmR), colour, directions and other areas, as its page says. `ref` is its code or "
    "its key. Where something may not be said it is null, with the reason beside it.",
    tags=["Single records"],
)
def analysis_detail(
    request: HttpRequest,
    ref: Annotated[str, Path(description="Its code or key, like LC.06.")],
    asked: AnalysisQuestion = Query(...),  # noqa: B008
):
    for state in reading_of(request, asked.plan, asked.at).states():
        indicator = find_indicator(state, ref)
        if indicator is not None:
            return analysis_of(state, indicator, asked.frequency)
    raise Http404("This plan has no such indicator.")


for _register in REGISTERS:
    _serve_list(_register)
    _serve_file(_register)
    if _register.singular:
        _serve_single(_register)


@api.exception_handler(Http404)
def not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    return refusal(404, str(error))


@api.exception_handler(HttpError)
def refused(request: HttpRequest, error: HttpError) -> HttpResponse:
    return refusal(error.status_code, str(error))


@api.exception_handler(ValidationError)
def not_understood(request: HttpRequest, error: ValidationError) -> HttpResponse:
    return refusal(422, " ".join(f"{problem['loc'][-1]}: {problem['msg']}." for problem in error.errors))


@api.exception_handler(SuspiciousOperation)
def suspicious(request: HttpRequest, error: SuspiciousOperation) -> HttpResponse:
    return refusal(400, "The question is not one that can be read.")


@cache
def description() -> dict:
    """The OpenAPI description, with the two ways to say who asks."""
    found = json.loads(json.dumps(api.get_openapi_schema(path_prefix=PREFIX)))  # a status is a text in JSON
    found["components"]["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer"},
        "session": {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME},
    }
    found["security"] = [{"token": []}, {"session": []}]
    return found


def openapi(request: HttpRequest) -> JsonResponse:
    return JsonResponse(description())


def answered_by(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view of ninja's, which knows GET only: HEAD is as GET, and the server leaves the body out."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        method, request.method = request.method, "GET"
        try:
            return view(request, *args, **kwargs)
        finally:
            request.method = method

    return answer
