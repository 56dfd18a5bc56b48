"""Whatever happens to a plan, a past moment shows what a snapshot really taken then showed."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random

import pytest
from django.utils import timezone

from activities.models import ProgressUpdate
from kpis.models import Outturn, Target
from lambeth_plans import history
from lambeth_plans.dashboards.state import PlanState
from lambeth_plans.rag import Rag
from objectives.models import Plan
from tests import factories
from tests.dashboards.test_state import everything

pytestmark = [pytest.mark.campaign, pytest.mark.django_db]

FIRST = datetime(2026, 1, 1, 12, tzinfo=UTC)


class Chronicle:
    """Random changes, one a day, each written as if on its day."""

    def __init__(self, seed, plan, posts, by):
        self.chance, self.plan, self.posts, self.by = Random(seed), plan, posts, by
        self.day = 0

    @property
    def at(self):
        return FIRST + timedelta(days=self.day)

    def write(self, record, links=None):
        history.save(record, by=self.by, reason=f"Day {self.day}.", at=self.at, links=links)

    def live(self):
        return everything(PlanState(plan=self.plan, at=None, as_of=self.at.date()))

    def past(self, day):
        at = FIRST + timedelta(days=day)
        return everything(PlanState(plan=self.plan, at=at, as_of=at.date()))

    def one_of(self, manager):
        return self.chance.choice(list(manager.order_by("pk")))

    def change(self):
        step = self.chance.choice([name for name in dir(self) if name.startswith("then_")])
        getattr(self, step)()

    def then_an_activity_moves(self):
        activity = self.one_of(self.plan.activity_set)
        activity.title, activity.owner = f"Title {self.day}", self.chance.choice(self.posts)
        activity.due_date = f"20{self.chance.randint(26, 31)}-0{self.chance.randint(1, 9)}"
        self.write(activity, {"further_owners": self.chance.sample(self.posts, self.chance.randint(0, 2))})

    def then_somebody_reports(self):
        activity = self.one_of(self.plan.activity_set)
        revision = ProgressUpdate.objects.filter(activity=activity, period_start="2026-02-01").count() + 1
        rag = self.chance.choice(list(Rag))
        factories.ProgressUpdateFactory(
            activity=activity, period="Feb 2026", revision=revision, rag=rag, reported_at=self.at, at=self.at
        )

    def then_a_figure_comes_changes_or_goes(self):
        indicator = self.one_of(self.plan.planindicator_set).indicator
        found = Outturn.objects.filter(indicator=indicator).order_by("pk").first()
        if found is None:
            factories.OutturnFactory(indicator=indicator, period="Jan 2026", at=self.at)
            return
        if self.chance.random() < 0.3:
            history.remove_all([found], by=self.by, reason="Wrong.", at=self.at)
            return
        found.value = Decimal(self.chance.randint(10, 990)) / 10
        self.write(found)

    def then_a_target_is_set(self):
        indicator = self.one_of(self.plan.planindicator_set).indicator
        target = Target.objects.filter(indicator=indicator).first()
        if target is None:
            factories.TargetFactory(indicator=indicator, period="Jan 2026", at=self.at)
            return
        target.value = Decimal(self.chance.randint(50, 90))
        self.write(target)

    def then_a_risk_is_scored(self):
        risk = self.one_of(self.plan.risk_set)
        score = self.chance.randint(1, 20)
        factories.RiskScoreFactory(risk=risk, score=score, scored_date=self.at.date(), at=self.at)
        self.write(risk, {"objectives": list(self.plan.objective_set.all()[: self.chance.randint(0, 2)])})

    def then_a_saving_slips_or_the_plan_is_renamed(self):
        saving = self.one_of(self.plan.saving_set)
        saving.title = f"Saving {self.day}"
        self.write(saving, {"activities": [self.one_of(self.plan.activity_set)]})

    def then_something_new_begins(self):
        name, objective = f"new-{self.day}", self.one_of(self.plan.objective_set)
        factories.ActivityFactory(plan=self.plan, key=name, title=name, objective=objective, at=self.at)


@pytest.mark.parametrize("seed", range(3))
def test_a_past_day_equals_a_snapshot_that_was_taken_then(plan, fill, post, other_post, administrator, rounds, seed):
    fill(2)
    for model in history.recorded_models():
        model.history.update(history_date=FIRST - timedelta(days=1))
    chronicle = Chronicle(seed, Plan.objects.select_related("council").get(), [post, other_post], administrator)
    taken = {}
    for day in range(rounds(12, 200)):
        chronicle.day = day
        chronicle.change()
        taken[day] = chronicle.live()
    assert len({repr(each) for each in taken.values()}) > len(taken) / 2  # there was something to tell apart
    for day, snapshot in taken.items():
        past = chronicle.past(day)
        different = [part for part in snapshot if past[part] != snapshot[part]]
        assert not different, f"day {day}: {different}"
    assert timezone.now() > chronicle.at
