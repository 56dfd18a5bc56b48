"""Publishing in tests: what members of a council see."""

from typing import Any

from lambeth_plans.accounts.models import User
from lambeth_plans.cycles.models import Publication
from lambeth_plans.dashboards import actions
from objectives.models import Plan


def publish(plan: Plan, **terms: Any) -> Publication:
    """Publishes a plan as it is now, after whatever was published of it."""
    after = plan.publications.count()
    return actions.publish(plan=plan, after=after, **{"by": User.objects.system(), **terms})
