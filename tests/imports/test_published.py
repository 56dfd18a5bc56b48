import json
import re
import shutil
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.db.models import QuerySet
from django.utils.timezone import localdate

from activities.models import Activity
from kpis.models import Indicator
from lambeth_plans import history
from lambeth_plans.accounts.models import Council, Officer, User
from lambeth_plans.imports import published
from lambeth_plans.imports.published import (
    FIXTURES,
    PUBLISHED_PLANS,
    PublishedPlan,
    PublishedPlanError,
    first_day_of,
    load_published_plan,
)
from objectives.models import Plan
from tests import factories

SLUG = "lambeth-directorate-plan-2020-21"


def everything():
    """Every record and every history entry, as values."""
    found = {}
    for model in history.recorded_models():
        found[model] = list(model._default_manager.order_by("pk").values())
        found[model.history.model] = list(model.history.order_by("pk").values())
    return found


def counts():
    return {model: len(rows) for model, rows in everything().items()}


def test_loading_names_the_system_the_reason_and_the_first_day(db, capsys):
    call_command("load_published_plans")
    assert re.search(r"Lambeth: Children's Directorate Plan 2020/21 loaded, \d+ records\.", capsys.readouterr().out)
    entry = Plan.objects.get(slug=SLUG).history.get()
    assert entry.history_user == User.objects.system()
    assert entry.history_change_reason == published.REASON_WITHOUT_DATE
    assert entry.history_date.isoformat() == "2020-03-31T23:00:00+00:00"  # midnight in London, in summer time


def test_loading_twice_changes_nothing(db, capsys):
    call_command("load_published_plans")
    before = everything()
    call_command("load_published_plans")
    assert everything() == before
    assert "is already there and was left alone" in capsys.readouterr().out


def test_loading_again_keeps_what_people_changed(db):
    load_published_plan(SLUG, by=User.objects.system())
    activity = Activity.objects.get(key="cska08")
    activity.title = "Deliver the plan sooner"
    history.save(activity, by=User.objects.system(), reason="Agreed.")
    again = load_published_plan(SLUG, by=User.objects.system())
    assert again.records == 0
    assert Activity.objects.get(key="cska08").title == "Deliver the plan sooner"
    assert activity.history.count() == 2


def test_council_and_officers_that_are_there_are_left_alone(db, monkeypatch, tmp_path):
    by = User.objects.system()
    load_published_plan(SLUG, by=by)
    officers = Officer.objects.count()
    plan = {"slug": "second", "council": ["lambeth"], "title": "Second", "start_date": "2023-04-01"}
    record = {"model": "objectives.plan", "fields": {**plan, "end_date": "2026-03-31"}}
    (tmp_path / "second.json").write_text(json.dumps([record]))
    shutil.copy(FIXTURES / "lambeth.json", tmp_path)
    monkeypatch.setattr(published, "PUBLISHED_PLANS", {})
    monkeypatch.setattr(published, "FIXTURES", tmp_path)
    monkeypatch.setitem(published.PUBLISHED_PLANS, "second", PublishedPlan("second", council="lambeth"))
    loaded = load_published_plan("second", by=by)
    assert loaded.records == 1
    assert loaded.plan.history.get().history_date.isoformat() == "2023-03-31T23:00:00+00:00"
    assert Officer.objects.count() == officers
    assert Council.objects.get().history.count() == 1


@pytest.mark.django_db(transaction=True)
def test_record_that_people_made_is_never_overwritten():
    lambeth = factories.CouncilFactory(slug="lambeth")
    for key in ("merlin-joseph", "alex-kubeyinje", "abi-onaboye", "cathy-twist"):
        factories.OfficerFactory(council=lambeth, key=key)
    for key in ("maggie-harriott", "clare-dudman", "stuart-boffin", "kristian-aspinall", "ruth-hutt"):
        factories.OfficerFactory(council=lambeth, key=key)
    for key in ("cllr-davie", "cllr-dyer", "cllr-seedat", "cllr-wilson"):
        factories.OfficerFactory(council=lambeth, key=key)
    factories.OfficerFactory(council=lambeth, key="all-childrens-services-directors-adult-services")
    for key in ("childrens-social-care", "commissioning-and-community-safety", "education-and-learning"):
        factories.DivisionFactory(council=lambeth, key=key)
    factories.IndicatorFactory(council=lambeth, key="ei4", title="Our own measure")
    before = counts()
    with pytest.raises(PublishedPlanError, match=r"21 records of kpis\.indicator, but 20 of them are new"):
        load_published_plan(SLUG, by=User.objects.system())
    assert counts() == before
    assert Indicator.objects.get(key="ei4").title == "Our own measure"


def test_shared_record_that_people_changed_is_left_alone(db):
    lambeth = factories.CouncilFactory(slug="lambeth", name="London Borough of Lambeth")
    factories.IndicatorFactory(council=lambeth, key="lc06", title="Our own measure")
    load_published_plan(SLUG, by=User.objects.system())
    assert Indicator.objects.get(key="lc06").title == "Our own measure"
    assert Council.objects.get().name == "London Borough of Lambeth"
    assert Officer.objects.count() == 14


def test_what_several_plans_share_begins_with_the_earliest(db):
    load_published_plan(SLUG, by=User.objects.system())
    earliest = min(first_day_of(each) for each in PUBLISHED_PLANS.values() if each.council == "lambeth")
    assert localdate(Officer.objects.get(key="cllr-davie").history.get().history_date) == earliest
    assert localdate(Indicator.objects.get(key="lc06").history.get().history_date) == earliest
    assert localdate(Indicator.objects.get(key="ei4").history.get().history_date) == date(2020, 4, 1)


def test_a_field_that_the_product_learnt_later_is_filled_in_once(db):
    plan = load_published_plan(SLUG, by=User.objects.system()).plan
    administrator = factories.UserFactory(role="administrator", councils=[plan.council])
    divisions = list(plan.divisions.all())
    # As an earlier release left it: its trail knows nothing of the field.
    plan.history.update(goals_edition="", links={})
    QuerySet(Plan).filter(pk=plan.pk).update(goals_edition="")
    plan.divisions.clear()
    again = load_published_plan(SLUG, by=administrator)
    assert again.records == 0
    plan.refresh_from_db()
    assert plan.goals_edition == "Borough Plan referred to in 2020/21"
    assert list(plan.divisions.all()) == divisions
    assert plan.history.count() == plan.version == 2
    plan.goals_edition = ""
    history.save(plan, by=administrator, reason="Not that one.", links={"divisions": []})
    load_published_plan(SLUG, by=administrator)
    plan.refresh_from_db()
    assert (plan.goals_edition, plan.divisions.count(), plan.history.count()) == ("", 0, 3)


def test_command_says_what_is_in_the_way(db, monkeypatch):
    def refuse(slug, *, by):
        raise PublishedPlanError("The council is in the way.")

    monkeypatch.setattr("lambeth_plans.imports.management.commands.load_published_plans.load_published_plan", refuse)
    with pytest.raises(CommandError, match=r"The council is in the way\."):
        call_command("load_published_plans")


def test_plan_that_is_not_published_is_refused(db):
    with pytest.raises(KeyError):
        load_published_plan("no-such-plan", by=User.objects.system())


@pytest.mark.parametrize("file", sorted(FIXTURES.glob("*.json")), ids=lambda file: file.name)
def test_fixtures_hold_natural_keys_only(file):
    records = json.loads(file.read_text())
    assert records
    assert not [record for record in records if "pk" in record or any(isinstance(v, int) for v in links(record))]


def links(record):
    return [key for value in record["fields"].values() if isinstance(value, list) for key in value]
