"""The description is valid OpenAPI, and every answer fits it."""

import hypothesis
import jsonschema_rs
import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)
from schemathesis.specs.openapi.definitions import OPENAPI_31

from lambeth_plans.api.registers import REGISTERS
from lambeth_plans.api.views import description
from tests.api.program import Program
from tests.environment import SOAK
from tests.stage import held, set_stage

pytestmark = pytest.mark.django_db

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    unsupported_method,
]


def test_the_description_is_valid_openapi():
    jsonschema_rs.validator_for(OPENAPI_31).validate(description())
    assert list(jsonschema_rs.validator_for(OPENAPI_31).iter_errors({**description(), "paths": []}))


def test_anybody_may_read_the_description(db):
    response = Client().get("/api/v1/openapi.json")
    assert response.status_code == 200
    assert response.json() == description()


def test_the_description_has_every_list_and_says_how_to_ask():
    paths = description()["paths"]
    for register in REGISTERS:
        assert {f"/api/v1/{register.name}", f"/api/v1/{register.name}.csv"} <= set(paths)
    operations = [operation for path in paths.values() for operation in path.values()]
    assert len({operation["operationId"] for operation in operations}) == len(operations)
    assert description()["components"]["securitySchemes"]["token"] == {"type": "http", "scheme": "bearer"}
    limit = next(each for each in paths["/api/v1/plans"]["get"]["parameters"] if each["name"] == "limit")
    assert (limit["schema"]["default"], limit["schema"]["maximum"]) == (100, 1000)


def test_only_reading_is_described():
    assert {method for path in description()["paths"].values() for method in path} == {"get"}


@pytest.fixture(scope="module")
def programs(django_db_setup, django_db_blocker):
    with held(django_db_blocker):
        here, elsewhere = set_stage("here"), set_stage("elsewhere")
        names = ("director", "scrutiny_member", "administrator", "nobody")
        found = {name: Program(here.people[name]) for name in names}
        yield {**found, "stranger": Program(elsewhere.people["director"])}


@pytest.fixture
def described(db):
    """The server as programs meet it, but for the connection: it stays that of the test."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
    for signal in signals:
        signal.connect(close_old_connections)


#: Who asks; all readers are answered alike, so that one of them stands for the others in a short run.
ASKERS = ["scrutiny_member", "anonymous"]
if SOAK:
    ASKERS += ["director", "administrator", "nobody", "stranger"]


@pytest.mark.campaign
@pytest.mark.parametrize("name", ASKERS)
def test_every_answer_to_any_question_fits_the_description(programs, described, rounds, name):
    headers = {} if name == "anonymous" else {"Authorization": f"Bearer {programs[name].secret}"}
    settings = hypothesis.settings(
        max_examples=rounds(2, 100),
        deadline=None,
        database=None,
        derandomize=rounds(1, 0) == 1,
        suppress_health_check=list(HealthCheck),
    )
    for found in described.get_all_operations():
        operation = found.ok()

        @settings
        @hypothesis.given(case=operation.as_strategy())
        def ask(case):
            case.call_and_validate(headers=headers, checks=CHECKS)

        ask()


@pytest.mark.parametrize("name", ["director", "stranger"])
def test_every_list_of_a_full_plan_fits_the_description(programs, described, name):
    """Without anything odd: what is asked for every day, and has items."""
    for register in REGISTERS:
        case = described[f"/api/v1/{register.name}"]["GET"].Case()
        response = case.call_and_validate(headers={"Authorization": f"Bearer {programs[name].secret}"}, checks=CHECKS)
        assert response.json()["count"] > 0
