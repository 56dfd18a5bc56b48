"""Guards: who may pass, and that reading writes nothing."""

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse
from django.template.response import SimpleTemplateResponse

from lambeth_plans.accounts.access import Permission
from lambeth_plans.accounts.guards import WriteRefused, changes, personal, public, reads

pytestmark = pytest.mark.django_db


def writing(request):
    Group.objects.create(name="made while reading")
    return HttpResponse("done")


class WritingResponse(SimpleTemplateResponse):
    @property
    def rendered_content(self):
        Group.objects.create(name="made while rendering")
        return "done"


def rendering(request):
    return WritingResponse("none.html")


GUARDS = [reads(), changes(Permission.READ_PLANS), public, personal]


@pytest.mark.parametrize("view", [writing, rendering])
@pytest.mark.parametrize("guard", GUARDS)
def test_a_page_that_is_read_cannot_write_not_even_while_it_renders(rf, scrutiny_member, guard, view):
    request = rf.get("/")
    request.user = scrutiny_member
    with pytest.raises(WriteRefused), transaction.atomic():
        guard(view)(request)
    assert not Group.objects.filter(name__startswith="made").exists()


@pytest.mark.parametrize("guard", [changes(Permission.READ_PLANS), public, personal])
def test_a_page_that_is_posted_to_may_write(rf, scrutiny_member, guard):
    request = rf.post("/")
    request.user = scrutiny_member
    assert guard(writing)(request).content == b"done"


def test_a_page_that_only_reads_takes_no_post(rf, scrutiny_member):
    request = rf.post("/")
    request.user = scrutiny_member
    assert reads()(writing)(request).status_code == 405


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_guard_refuses_whoever_lacks_the_permission(rf, scrutiny_member, method):
    request = getattr(rf, method)("/")
    request.user = scrutiny_member
    with pytest.raises(PermissionDenied):
        changes(Permission.SET_UP_PLANS)(writing)(request)


def test_only_public_pages_let_strangers_in():
    assert public(writing).login_required is False
    for guard in (reads(), changes(Permission.READ_PLANS), personal):
        assert getattr(guard(writing), "login_required", True)
