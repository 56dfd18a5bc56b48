"""Django's admin: for administrators, within their councils, through the history."""

import re

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.urls import NoReverseMatch, reverse

from activities.models import Activity
from lambeth_plans import history
from lambeth_plans.accounts.admin import RecordAdmin
from lambeth_plans.accounts.models import Council, Officer, User
from lambeth_plans.history import StaleRecord, recorded_models
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

ADMINS = [pytest.param(model, id=model._meta.label_lower) for model in recorded_models()]


@pytest.fixture
def administrator_client(client, administrator):
    client.force_login(administrator)
    return client


def address(model, page, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def fields_of(response):
    """What a browser would post of a change form, untouched."""
    fields = {}
    for bound in response.context["adminform"].form:
        value = bound.value()
        if value is True:
            fields[bound.html_name] = "on"
        elif isinstance(value, list):
            fields[bound.html_name] = [getattr(each, "pk", each) for each in value]
        elif value is not None and value is not False and value != "":
            fields[bound.html_name] = str(value)
    return fields


def text(response):
    return response.content.decode()


# What is there


def test_every_recorded_model_is_there_and_nothing_else():
    assert set(admin.site._registry) == set(recorded_models())
    assert all(isinstance(model_admin, RecordAdmin) for model_admin in admin.site._registry.values())


def test_groups_and_failed_log_ins_are_not_edited_here():
    assert not admin.site.is_registered(Group)
    with pytest.raises(NoReverseMatch):
        reverse("admin:axes_accessattempt_changelist")


@pytest.mark.parametrize("model", ADMINS)
def test_an_administrator_can_open_every_list_and_form(administrator_client, model):
    model_admin = admin.site.get_model_admin(model)
    assert administrator_client.get(address(model, "changelist")).status_code == 200
    expected = 200 if model_admin.has_add_permission(administrator_client.get("/admin/").wsgi_request) else 403
    assert administrator_client.get(address(model, "add")).status_code == expected


@pytest.mark.parametrize("model", ADMINS)
def test_every_list_can_be_searched_where_it_has_a_box(administrator_client, model):
    assert administrator_client.get(address(model, "changelist"), {"q": "care"}).status_code in (200, 302)


# Who may


@pytest.mark.parametrize("role", ["director", "analyst", "lead_member", "scrutiny_member", ""])
@pytest.mark.parametrize("path", ["/admin/", "/admin/login/", "/admin/accounts/user/", "/admin/accounts/user/add/"])
def test_the_admin_is_for_administrators_only(client, borough, role, path):
    client.force_login(factories.UserFactory(role=role, councils=[borough]))
    assert client.get(path).status_code == 403
    assert client.post(path, {"username": "a", "password": "b"}).status_code == 403


def test_a_stranger_is_led_to_the_log_in_page(client):
    assert client.get("/admin/").url == "/accounts/login/?next=/admin/"


def test_log_in_and_password_have_one_page_each(administrator_client):
    assert administrator_client.get("/admin/login/").url == "/admin/"
    assert administrator_client.get("/admin/password_change/").url == "/accounts/password-change/"


def test_another_council_does_not_exist_for_an_administrator(administrator_client, administrator, stranger, elsewhere):
    plan = factories.PlanFactory(council=elsewhere, title="Secret plan")
    foreign = [
        elsewhere,
        stranger,
        plan,
        factories.OfficerFactory(council=elsewhere, name="Secret officer"),
        factories.ActivityFactory(plan=plan, title="Secret activity"),
        factories.ProgressUpdateFactory(activity__plan=plan),
        factories.OutturnFactory(indicator__council=elsewhere),
        factories.MitigationFactory(risk__plan=plan),
        factories.RiskStepFactory(matrix__council=elsewhere),
        factories.SavingYearFactory(saving__plan=plan),
        factories.WorkforceBandFactory(snapshot__plan=plan),
    ]
    for record in foreign:
        model = type(record)
        listed = administrator_client.get(address(model, "changelist"))
        assert record not in listed.context["cl"].queryset
        for page in ("change", "history"):
            assert administrator_client.get(address(model, page, record.pk)).status_code == 302
        response = administrator_client.post(address(model, "change", record.pk), {"change_reason": "Hm."})
        assert response.status_code in (302, 403)
        assert record.history.count() == 1


def test_records_of_another_council_are_not_offered(administrator_client, activity, elsewhere):
    factories.PlanFactory(council=elsewhere, title="Secret plan")
    factories.OfficerFactory(council=elsewhere, name="Secret officer")
    page = text(administrator_client.get(address(Activity, "add")))
    assert "Secret" not in page
    assert "Director of Care" in page


def test_what_belongs_to_different_councils_is_not_joined(administrator_client, administrator, activity, elsewhere):
    user = User.objects.get(pk=administrator.pk)
    history.save(user, by=user, reason="Helps out.", links={"councils": Council.objects.all()})
    outsider = factories.OfficerFactory(council=elsewhere)
    path = address(Activity, "change", activity.pk)
    fields = fields_of(administrator_client.get(path)) | {"owner": outsider.pk, "change_reason": "Hm."}
    assert "What you chose belongs to different councils." in text(administrator_client.post(path, fields))
    assert activity.history.count() == 1


# Saving


def test_a_record_and_its_links_change_in_one_history_row(administrator_client, administrator, activity, other_post):
    path = address(Activity, "change", activity.pk)
    fields = fields_of(administrator_client.get(path))
    fields |= {"title": "Reworded", "further_owners": [other_post.pk], "due_date": "March 2021"}
    response = administrator_client.post(path, fields | {"change_reason": "As agreed."})
    assert response.status_code == 302
    activity.refresh_from_db()
    assert (activity.title, str(activity.due_date)) == ("Reworded", "March 2021")
    assert str(activity.original_due_date) == "March 2021"
    assert list(activity.further_owners.all()) == [other_post]
    assert activity.history.count() == 2
    row = activity.history.order_by("history_id").last()
    assert (row.history_user_id, row.history_change_reason) == (administrator.pk, "As agreed.")
    assert row.links["further_owners"] == [other_post.pk]


def test_a_new_record_and_its_links_begin_with_one_history_row(administrator_client, administrator, plan, post):
    fields = {"plan": plan.pk, "key": "ka9", "order": "0", "title": "Brand new", "lead_members": [post.pk]}
    administrator_client.post(address(Activity, "add"), fields | {"change_reason": "Forgotten."})
    activity = Activity.objects.get(key="ka9")
    assert list(activity.lead_members.all()) == [post]
    row = activity.history.get()
    assert (row.history_type, row.history_user_id, row.history_change_reason) == ("+", administrator.pk, "Forgotten.")
    assert row.links["lead_members"] == [post.pk]


def test_a_change_without_a_reason_is_not_saved(administrator_client, activity):
    path = address(Activity, "change", activity.pk)
    fields = fields_of(administrator_client.get(path)) | {"title": "Reworded"}
    assert "This field is required." in text(administrator_client.post(path, fields))
    assert activity.history.count() == 1


def test_a_record_opened_and_saved_untouched_writes_nothing(administrator_client, activity):
    path = address(Activity, "change", activity.pk)
    fields = fields_of(administrator_client.get(path)) | {"change_reason": "Nothing."}
    assert administrator_client.post(path, fields).status_code == 302
    assert activity.history.count() == 1


@pytest.mark.parametrize("version", ["1", "", "7", "x"])
def test_what_someone_else_changed_is_not_overwritten(administrator_client, director, activity, version):
    path = address(Activity, "change", activity.pk)
    fields = fields_of(administrator_client.get(path))
    activity.title = "Newer title"
    history.save(activity, by=director, reason="First.")
    fields |= {"title": "Typed title", "opened_version": version, "change_reason": "Second."}
    response = administrator_client.post(path, fields)
    assert "Someone else changed this while your page was open." in text(response)
    assert "Typed title" in text(response)
    activity.refresh_from_db()
    assert (activity.title, activity.history.count()) == ("Newer title", 2)


def test_whoever_is_overtaken_between_reading_and_saving_is_told(administrator_client, director, activity, monkeypatch):
    model_admin = admin.site.get_model_admin(Activity)
    read = model_admin.get_object

    def read_after_them(*args):
        monkeypatch.undo()
        newer = Activity.objects.get(pk=activity.pk)
        newer.title = "Newer title"
        history.save(newer, by=director, reason="First.")
        return read(*args)

    def overtaken(*args, **circumstances):
        monkeypatch.setattr(model_admin, "get_object", read_after_them)
        raise StaleRecord(activity)

    path = address(Activity, "change", activity.pk)
    fields = fields_of(administrator_client.get(path)) | {"title": "Typed title", "change_reason": "Second."}
    monkeypatch.setattr(model_admin, "write", overtaken)
    response = administrator_client.post(path, fields)
    assert "Someone else changed this while your page was open." in text(response)
    assert "Typed title" in text(response)
    activity.refresh_from_db()
    assert (activity.title, activity.history.count()) == ("Newer title", 2)


def test_only_declared_fields_can_be_posted(administrator_client, activity, elsewhere):
    other_plan = factories.PlanFactory(council=elsewhere)
    path = address(Activity, "change", activity.pk)
    fields = fields_of(administrator_client.get(path))
    fields |= {
        "plan": other_plan.pk,
        "key": "hacked",
        "version": "77",
        "id": "9",
        "history_user": "1",
        "last_reported_at_0": "2001-01-01",
        "title": "Reworded",
        "change_reason": "Hm.",
    }
    plan = activity.plan_id
    administrator_client.post(path, fields)
    activity.refresh_from_db()
    assert (activity.title, activity.plan_id, activity.key, activity.version) == ("Reworded", plan, "ka1", 2)


def test_nothing_is_deleted_here(administrator_client, activity):
    path = address(Activity, "delete", activity.pk)
    assert administrator_client.get(path).status_code == 403
    assert administrator_client.post(path, {"post": "yes"}).status_code == 403
    bulk = {"action": "delete_selected", "_selected_action": [activity.pk], "post": "yes"}
    administrator_client.post(address(Activity, "changelist"), bulk)
    assert Activity.objects.filter(pk=activity.pk).exists()


def test_two_codes_that_mean_the_same_are_refused_with_a_message(administrator_client, borough):
    from kpis.models import IndicatorCode

    known = factories.IndicatorCodeFactory(indicator__council=borough, code="LC.06")
    fields = {"council": borough.pk, "indicator": known.indicator_id, "code": "LC06", "change_reason": "New."}
    response = administrator_client.post(address(IndicatorCode, "add"), fields, follow=True)
    assert "There is a record like this already. Nothing was saved." in text(response)
    assert IndicatorCode.objects.count() == 1


def test_whoever_adds_a_council_belongs_to_it(administrator_client, administrator):
    fields = {"slug": "third", "name": "Third", "change_reason": "New."}
    administrator_client.post(address(Council, "add"), fields)
    third = Council.objects.get(slug="third")
    assert third in administrator.councils.all()
    assert third.history.count() == 1
    assert administrator.history.count() == 2


# Accounts


def test_an_account_is_changed_without_seeing_a_password(administrator_client, administrator, director, borough):
    path = address(User, "change", director.pk)
    page = administrator_client.get(path)
    assert director.password not in text(page)
    fields = fields_of(page)
    fields |= {"role": "analyst", "is_superuser": "on", "password": "known", "username": "hacked", "groups": "1"}
    administrator_client.post(path, fields | {"change_reason": "Moved."})
    changed = User.objects.get(pk=director.pk)
    assert (changed.role, changed.is_superuser, changed.username) == ("analyst", False, "director")
    assert changed.password == director.password
    assert changed.history.count() == 2
    assert changed.history.order_by("history_id").last().history_user_id == administrator.pk


def test_a_council_keeps_an_administrator_here_too(administrator_client, administrator):
    path = address(User, "change", administrator.pk)
    fields = fields_of(administrator_client.get(path)) | {"role": "director", "change_reason": "Tired."}
    response = administrator_client.post(path, fields, follow=True)
    assert "would be left without an administrator" in text(response)
    administrator.refresh_from_db()
    assert (administrator.role, administrator.history.count()) == ("administrator", 1)


def test_a_new_account_has_no_password(administrator_client, borough):
    fields = {"username": "ann", "name": "Ann", "email": "", "role": "analyst", "councils": [borough.pk]}
    administrator_client.post(address(User, "add"), fields | {"is_active": "on", "change_reason": "Joins."})
    ann = User.objects.get(username="ann")
    assert not ann.has_usable_password()
    assert ann.history.count() == 1


# History and what is only read


def test_the_history_tells_who_changed_what_and_why(administrator_client, administrator, activity, post, other_post):
    activity.owner = other_post
    history.save(activity, by=administrator, reason="Moved over.", links={"further_owners": [post]})
    page = text(administrator_client.get(address(Activity, "history", activity.pk)))
    assert "Owner: Director of Care → Director of Learning" in page
    assert "Further owners: (empty) → Director of Care" in page
    assert "Moved over." in page
    assert "Administrator" in page
    assert "<form" not in re.sub(r'<form id="logout-form".*?</form>', "", page, flags=re.DOTALL)


def test_the_history_cannot_be_posted_to(administrator_client, activity):
    path = address(Activity, "history", activity.pk)
    assert administrator_client.post(path, {"title": "Old"}).status_code == 405
    first = activity.history.first()
    assert administrator_client.post(f"{path}{first.pk}/", {"title": "Old"}).status_code in (302, 404)
    assert activity.history.count() == 1


def test_reports_are_only_read_here(administrator_client, activity):
    update = factories.ProgressUpdateFactory(activity=activity)
    path = address(type(update), "change", update.pk)
    assert administrator_client.get(path).status_code == 200
    assert administrator_client.post(path, {"rag": "red", "change_reason": "Hm."}).status_code == 403
    assert administrator_client.get(address(type(update), "add")).status_code == 403
    assert update.history.count() == 1


def test_a_post_holder_gets_deputies_here_too(administrator_client, post, other_post):
    path = address(Officer, "change", post.pk)
    fields = fields_of(administrator_client.get(path)) | {"deputies": [other_post.pk], "change_reason": "Leave."}
    administrator_client.post(path, fields)
    assert list(post.deputies.all()) == [other_post]
    assert post.history.count() == 2
