"""Guards: who may pass, and that reading writes nothing."""

import pytest
from django.contrib.auth.models import AnonymousUser, Group
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse, StreamingHttpResponse
from django.template.response import SimpleTemplateResponse

from lambeth_plans.accounts.access import Permission
from lambeth_plans.accounts.guards import WriteRefused, answers_programs, changes, personal, public, reads

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


GUARDS = [reads(), answers_programs(), answers_programs(None), changes(Permission.READ_PLANS), public, personal]


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


def test_a_page_of_several_purposes_opens_with_any_of_their_permissions(rf, scrutiny_member):
    request = rf.get("/")
    request.user = scrutiny_member
    either = changes(Permission.SET_UP_PLANS, Permission.READ_PLANS)(lambda request: HttpResponse())
    assert either(request).status_code == 200
    neither = changes(Permission.SET_UP_PLANS, Permission.EDIT_REGISTERS)(lambda request: HttpResponse())
    with pytest.raises(PermissionDenied):
        neither(request)


def test_only_public_pages_let_strangers_in():
    assert public(writing).login_required is False
    for guard in (reads(), changes(Permission.READ_PLANS), personal):
        assert getattr(guard(writing), "login_required", True)


# Programs


def test_a_program_is_refused_in_json_and_a_stranger_first_of_all(rf, nobody, scrutiny_member):
    view = answers_programs()(lambda request: HttpResponse("done"))
    statuses = {}
    for name, user in (("stranger", AnonymousUser()), ("nobody", nobody), ("reader", scrutiny_member)):
        for method in ("get", "head", "post", "options"):
            request = getattr(rf, method)("/")
            request.user = user
            response = view(request)
            statuses[name, method] = response.status_code
            assert response.status_code == 200 or response["Content-Type"] == "application/json"
    assert {status for (name, _), status in statuses.items() if name == "stranger"} == {401}
    assert [statuses["nobody", method] for method in ("get", "head", "post", "options")] == [403, 403, 405, 405]
    assert [statuses["reader", method] for method in ("get", "head", "post", "options")] == [200, 200, 405, 405]


def test_a_program_is_not_sent_to_log_in_and_is_asked_for_no_forms_token():
    view = answers_programs()(writing)
    assert view.login_required is False
    assert view.csrf_exempt
    assert (view.guard, answers_programs(None)(writing).guard) == (Permission.READ_PLANS, "public")


def test_a_streamed_answer_cannot_write_and_does_not_watch_others_between_its_parts(rf, scrutiny_member):
    def parts():
        yield b"one"
        Group.objects.create(name="made while streaming")
        yield b"two"

    request = rf.get("/")
    request.user = scrutiny_member
    streamed = iter(reads()(lambda request: StreamingHttpResponse(parts()))(request).streaming_content)
    assert next(streamed) == b"one"
    Group.objects.create(name="somebody else's")
    with pytest.raises(WriteRefused), transaction.atomic():
        next(streamed)
    assert not Group.objects.filter(name="made while streaming").exists()
