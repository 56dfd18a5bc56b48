"""One account per role, for the demo only. Running it again keeps what people changed in them."""

import os
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from lambeth_plans import history
from lambeth_plans.accounts.access import ROLES
from lambeth_plans.accounts.actions import change_password
from lambeth_plans.accounts.models import Council, Officer, User

DEFAULT_PASSWORD = "improving-lives-together"  # noqa: S105 - printed on the screen; demo accounts only
#: The councils the accounts belong to, and the posts that the demo director holds.
COUNCILS = ("lambeth", "lewisham", "example-borough")
DIRECTOR_POSTS = {"lambeth": "abi-onaboye", "example-borough": "director-of-commissioning"}


class Command(BaseCommand):
    help = "Makes one demo account per role, named after it. Refused outside demo and test mode."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--password", help="of all demo accounts (default: DEMO_PASSWORD, or a printed one)")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.MODE not in {"demo", "test"}:
            raise CommandError(f"Demo accounts belong to demo mode. This is {settings.MODE} mode.")
        password = options["password"] or os.environ.get("DEMO_PASSWORD") or DEFAULT_PASSWORD
        with transaction.atomic():
            by = User.objects.system()
            users = {name: _user(name, password, by) for name in ROLES}
            own = _of_their_own(users, password, by)
            for council, post in DIRECTOR_POSTS.items():
                _hold_post(council, post, users["director"], by)
        self.stdout.write(f"Password {password}: {', '.join(name for name in users if name not in own)}.")
        if own:
            self.stdout.write(f"Password of their own: {', '.join(own)}.")


def _user(name: str, password: str, by: User) -> User:
    """The account of a role, made at the first run, and a member of the councils that are there by now.

    A council it once belonged to and no longer does was taken from it by people, and is not given again.
    """
    user = User.objects.filter(username=name).first()
    if user is None:
        label = ROLES[name].label
        user = User(username=name, name=f"Demo {label.lower()}", email=f"{name}@example.org", role=name, is_demo=True)
        user.set_password(password)
        present, past = [], set()
    elif user.is_demo:
        present = list(user.councils.all())
        past = {pk for entry in user.history.all() for pk in entry.links.get("councils", [])}
    else:
        raise CommandError(f"There is an account “{name}” that is not a demo account.")
    new = Council.objects.filter(slug__in=COUNCILS).exclude(pk__in=past)
    return history.save(user, by=by, reason="Demo account.", links={"councils": [*present, *new]})


def _of_their_own(users: dict[str, User], password: str, by: User) -> list[str]:
    """Lets a changed DEMO_PASSWORD take effect; returns who keeps a password that people chose.

    As long as one account has the password it is the same as last time, so those that differ were changed by people.
    """
    different = [name for name, user in users.items() if not user.check_password(password)]
    if len(different) < len(users):
        return different
    for user in users.values():
        change_password(user=user, raw_password=password, by=by, reason="DEMO_PASSWORD changed.")
    return []


def _hold_post(council: str, key: str, user: User, by: User) -> None:
    """Gives a post to the account, unless somebody holds it or the account held it before and people took it away."""
    post = Officer.objects.filter(council__slug=council, key=key, user=None).first()
    if post and not post.history.filter(user_id=user.pk).exists():
        post.user = user
        history.save(post, by=by, reason="Demo account.")
