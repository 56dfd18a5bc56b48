"""Councils, divisions, officers and people who log in."""

import factory
from django.contrib.auth.hashers import make_password

from lambeth_plans.accounts.models import ApiToken, Board, Council, Division, Officer, User
from tests.factories.record import RecordFactory

#: What every UserFactory person logs in with, unless told otherwise.
PASSWORD = "a-password-for-tests-only"


class CouncilFactory(RecordFactory):
    class Meta:
        model = Council

    slug = factory.Sequence("council-{}".format)
    name = factory.Sequence("Council {}".format)


class DivisionFactory(RecordFactory):
    class Meta:
        model = Division

    council = factory.SubFactory(CouncilFactory)
    key = factory.Sequence("division-{}".format)
    name = factory.Sequence("Division {}".format)


class OfficerFactory(RecordFactory):
    """A post holder of a new council, or of the division's or the user's (first) one."""

    class Meta:
        model = Officer

    class Params:
        of_council = factory.SubFactory(CouncilFactory)

    @factory.lazy_attribute
    def council(self):
        if self.division:
            return self.division.council
        own = self.user.councils.first() if self.user else None
        return own or self.of_council

    division = None
    user = None
    key = factory.Sequence("officer-{}".format)
    name = factory.Sequence("Officer {}".format)
    post = factory.LazyAttribute(lambda officer: f"Post of {officer.name}")


class BoardFactory(RecordFactory):
    class Meta:
        model = Board

    council = factory.SubFactory(CouncilFactory)
    key = factory.Sequence("board-{}".format)
    name = factory.Sequence("Board {}".format)


class UserFactory(RecordFactory):
    """Somebody with a log-in: `UserFactory(role="analyst", councils=[council])`. The password is PASSWORD."""

    class Meta:
        model = User

    username = factory.Sequence("person-{}".format)
    name = factory.Sequence("Person {}".format)
    email = factory.LazyAttribute(lambda user: f"{user.username}@council.example")
    role = "scrutiny_member"
    password = factory.LazyFunction(lambda: make_password(PASSWORD))


class ApiTokenFactory(RecordFactory):
    """A token that nobody knows, unless its secret is told: `ApiTokenFactory(user=user, secret="lp_…")`."""

    class Meta:
        model = ApiToken

    class Params:
        secret = factory.LazyFunction(ApiToken.new_secret)

    user = factory.SubFactory(UserFactory)
    digest = factory.LazyAttribute(lambda token: ApiToken.digest_of(token.secret))
