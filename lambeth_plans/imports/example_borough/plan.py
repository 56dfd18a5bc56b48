"""The plan and its four objectives."""

from lambeth_plans.accounts.models import Board, Council, Division
from lambeth_plans.imports.example_borough.chronicle import Chronicle
from objectives.models import BoroughGoal, Objective, Plan

#: title, goals, rationale, how we will know.
OBJECTIVES = (
    (
        "Children are safe at home and families get help early",
        ("goal-1-1",),
        "Too many families come to us only when things have gone badly wrong, and some come back within a year.",
        "Fewer children are referred again, assessments are on time, and social workers have time for each child.",
    ),
    (
        "Children in our care and care leavers thrive",
        ("goal-1-2", "goal-2-2"),
        "Children who move home often do less well, and too many of our children live far from the borough.",
        "More children live with our own foster carers, and more care leavers study or work and have a good home.",
    ),
    (
        "Every child does well at school, whatever help they need",
        ("goal-1-3", "goal-2-1"),
        "Plans for children with special educational needs take too long, and too many days of school are lost.",
        "Education, health and care plans are finished within 20 weeks, and fewer days are lost to suspension.",
    ),
    (
        "We plan, buy and run services well",
        ("goal-3-1", "goal-3-2"),
        "Costs rise faster than our budget, and our figures sit in four systems that do not talk to each other.",
        "We live within the budget, depend less on agency staff, and everybody works from the same figures.",
    ),
)


def make_plan(chronicle: Chronicle, council: Council, boards: list[Board]) -> Plan:
    """First a draft; published, it is the council's current plan."""
    first, last = chronicle.plan_start.year, chronicle.plan_end.year
    plan = Plan(
        slug="example-borough",
        council=council,
        title=f"Example Borough Children and Young People's Plan {first} to {last}",
        edition="Draft",
        start_date=chronicle.plan_start,
        end_date=chronicle.plan_end,
        source_document="Invented: no such document exists.",
        vision="Every child in Example Borough grows up safe, well and hopeful, with adults who listen to them.",
    )
    divisions = list(Division.objects.filter(council=council))
    chronicle.write(plan, chronicle.drafted, boards=boards, divisions=divisions)
    plan.status = Plan.Status.CURRENT
    plan.edition = "Final"
    plan.published_date = chronicle.published
    return chronicle.write(plan, chronicle.published)


def make_objectives(chronicle: Chronicle, plan: Plan, goals: dict[str, BoroughGoal]) -> list[Objective]:
    return [
        chronicle.write(
            Objective(
                plan=plan,
                key=f"objective-{number}",
                order=number,
                ref=f"EBO{number}",
                title=title,
                rationale=rationale,
                how_we_will_know=how_we_will_know,
            ),
            chronicle.drafted,
            goals=[goals[key] for key in its_goals],
        )
        for number, (title, its_goals, rationale, how_we_will_know) in enumerate(OBJECTIVES, start=1)
    ]
