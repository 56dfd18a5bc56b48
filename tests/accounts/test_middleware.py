"""What is read before we know who asks."""

import pytest

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/", "/imports/new/", "/accounts/login/", "/nowhere/"])
def test_what_is_far_too_large_is_refused_unread(client, settings, path):
    response = client.post(path, {"file": "x"}, CONTENT_LENGTH=str(settings.REQUEST_LIMIT_BYTES + 1))
    assert response.status_code == 413
    assert "larger than we can take" in response.content.decode()


def test_what_is_only_too_large_for_an_import_is_read_and_answered_by_its_form(settings):
    assert settings.REQUEST_LIMIT_BYTES > 2 * settings.UPLOAD_LIMIT_BYTES
