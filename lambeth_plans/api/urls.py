"""The addresses of the API, each behind the guard that answers programs; and the page that explains it.

ninja makes the patterns; what it answers by itself (its documentation, its root) is left out. Every list and every
single record is found with and without a slash at the end, because many programs follow no redirect.
"""

from django.urls import URLPattern, path

from lambeth_plans.accounts.guards import answers_programs
from lambeth_plans.api.pages import data_guide
from lambeth_plans.api.views import answered_by, api, openapi


def _behind_the_guard(patterns: list[URLPattern]) -> list[URLPattern]:
    found = []
    for pattern in patterns:
        if str(pattern.name).startswith("api_"):
            route, view = str(pattern.pattern), answers_programs()(answered_by(pattern.callback))
            if not route.endswith(".csv"):
                found.append(path(f"api/v1/{route}/", view, name=pattern.name))
            found.append(path(f"api/v1/{route}", view, name=pattern.name))
    return found


urlpatterns = [
    path("api/", data_guide, name="data_guide"),
    path("api/v1/openapi.json", answers_programs(None)(openapi), name="api_description"),
    *_behind_the_guard(api.urls[0]),
]
