"""What every page has: the menu of the role, and defaults for what a view may say about its plan."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from lambeth_plans.accounts.access import Permission, may

#: The menu in its order: who sees an entry, its words, the name of its page. The first one a person sees is their home.
MENU = (
    (Permission.REPORT_PROGRESS, "My updates", "my_updates"),
    (Permission.IMPORT_FIGURES, "Imports", "import_list"),
    (Permission.SET_UP_PLANS, "Set up", "set_up_home"),
    (Permission.ASK_QUESTIONS, "Scrutiny", "scrutiny"),
    (Permission.READ_PLANS, "Plans", "plan_list"),
)


@dataclass(frozen=True)
class NavigationItem:
    label: str
    url: str
    is_current: bool


def menu(user: Any, path: str = "") -> list[NavigationItem]:
    """The menu of a person's role, with the page they are on marked. No query beyond the user."""
    entries = [(label, reverse(name)) for permission, label, name in MENU if may(user, permission)]
    return [NavigationItem(label, url, path.startswith(url)) for label, url in entries]


def navigation(request: HttpRequest) -> dict[str, Any]:
    """`council`, `plan`, `breadcrumbs` and `is_search` are empty until a view fills them."""
    user = getattr(request, "user", None)
    empty = {"council": None, "plan": None, "breadcrumbs": [], "is_search": False}
    return {"navigation": menu(user, request.path), **empty}
