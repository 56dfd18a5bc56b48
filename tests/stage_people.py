"""Everyone of the cast of a council on the stage (tests/stage.py)."""

from collections.abc import Iterable

from lambeth_plans.accounts.models import Council, User
from tests import factories


def everybody(council: Council, words: str, roles: Iterable[str]) -> dict[str, User]:
    people = {}
    names = {role: role for role in roles} | {"other_director": "director", "other_analyst": "analyst", "nobody": ""}
    for name, role in names.items():
        people[name] = factories.UserFactory(
            username=f"{council.slug}-{name}",
            name=f"{name.replace('_', ' ').capitalize()}{words}",
            email=f"{name}@{council.slug}.example",
            role=role,
            councils=[council],
        )
    factories.ApiTokenFactory(user=people["analyst"], because=f"For a report.{words}")
    return people
