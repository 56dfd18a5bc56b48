"""Example Borough: a wholly invented council whose plan shows movement on every page.

Posts, no people's names. The same `today` gives the same figures everywhere; the history is dated backwards from it.
"""

from datetime import date

from django.db import transaction

from lambeth_plans.accounts.models import Council, User
from lambeth_plans.imports.example_borough import (
    activities,
    contracts,
    council,
    findings,
    indicators,
    narrative,
    plan,
    resourcing,
    risks,
    savings,
)
from lambeth_plans.imports.example_borough.chronicle import Chronicle

SLUG = council.SLUG


@transaction.atomic
def make(today: date) -> bool:
    """Writes Example Borough as it stands in the morning of `today`, all or nothing.

    Returns False, having changed nothing, where it is there already: what people entered is kept.
    """
    if Council.objects.filter(slug=SLUG).exists():
        return False
    chronicle = Chronicle(by=User.objects.system(), today=today)
    borough = council.make_council(chronicle)
    officers = council.make_officers(chronicle, borough)
    goals = council.make_goals(chronicle, borough)
    boards = council.make_boards(chronicle, borough, officers)
    its_plan = plan.make_plan(chronicle, borough, boards)
    objectives = plan.make_objectives(chronicle, its_plan, goals)
    sources, its_findings = findings.make_findings(chronicle, its_plan)
    its_activities = activities.make_activities(
        chronicle, its_plan, objectives, goals, officers, (sources, its_findings)
    )
    findings.make_outputs(chronicle, its_plan, its_activities)
    findings.make_evidence(chronicle, its_plan, objectives, its_findings, its_activities)
    indicators.make_indicators(chronicle, its_plan, objectives, goals, officers, its_activities)
    savings.make_savings(chronicle, its_plan, objectives, officers, its_activities)
    contracts.make_contracts(chronicle, its_plan, objectives, officers)
    risks.make_risks(chronicle, its_plan, objectives, officers, its_activities)
    resourcing.make_budget(chronicle, its_plan)
    resourcing.make_workforce(chronicle, its_plan)
    narrative.make_narrative(chronicle, its_plan, officers, objectives)
    return True
