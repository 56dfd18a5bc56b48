"""A program that asks the API as somebody, with their token and without a session."""

import csv
import io

from django.http import HttpResponse
from django.test import Client

from lambeth_plans.accounts.actions import issue_token
from lambeth_plans.accounts.models import User


class Program:
    def __init__(self, user: User) -> None:
        self.user = user
        self.secret = issue_token(user=user, by=user, reason="For a test.")
        self.client = Client(headers={"Authorization": f"Bearer {self.secret}"})

    def get(self, path: str, **query: object) -> HttpResponse:
        return self.client.get(f"/api/v1/{path}", query)

    def listing(self, name: str, **query: object) -> dict:
        response = self.get(name, **query)
        assert response.status_code == 200, response.content
        return response.json()

    def items(self, name: str, **query: object) -> list[dict]:
        return self.listing(name, limit=1000, **query)["items"]

    def only(self, name: str, **query: object) -> dict:
        (item,) = self.items(name, **query)
        return item

    def rows(self, name: str, **query: object) -> list[dict[str, str]]:
        """The lines of a file by their headings."""
        response = self.get(f"{name}.csv", **query)
        assert response.status_code == 200, response.getvalue()
        return list(csv.DictReader(io.StringIO(response.getvalue().decode("utf-8-sig"), newline="")))
