import pytest

from tests.api.program import Program


@pytest.fixture
def program(scrutiny_member):
    """Reads as a scrutiny member of the borough."""
    return Program(scrutiny_member)
