import pytest

from tests.api.program import Program


@pytest.fixture
def program(onlooker):
    """Reads as somebody of the borough who sees drafts."""
    return Program(onlooker)
