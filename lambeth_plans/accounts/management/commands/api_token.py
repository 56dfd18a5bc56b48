"""`manage.py api_token USERNAME`: a token for a program that reads the API as that person."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from lambeth_plans.accounts.actions import issue_token, revoke_tokens
from lambeth_plans.accounts.models import User


class Command(BaseCommand):
    help = "Prints a new API token of a person, for “Authorization: Bearer …”. It is shown this once and kept nowhere."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--revoke", action="store_true", help="take all tokens of the person back instead")

    def handle(self, *args: Any, username: str, revoke: bool = False, **options: Any) -> None:
        user = User.objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"Nobody has the user name “{username}”.")
        by, reason = User.objects.system(), "manage.py api_token on the server."
        if revoke:
            count = len(revoke_tokens(user=user, by=by, reason=reason))
            self.stdout.write(f"{count} token{'' if count == 1 else 's'} of {username} taken back.")
            return
        try:
            self.stdout.write(issue_token(user=user, by=by, reason=reason))
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
