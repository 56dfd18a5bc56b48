"""The council, its divisions, posts and borough plan."""

from lambeth_plans.accounts.models import Board, Council, Division, Officer
from lambeth_plans.imports.example_borough.chronicle import Chronicle
from objectives.models import BoroughGoal

SLUG = "example-borough"

DIVISIONS = (
    (
        "commissioning",
        "Commissioning and Performance",
        "Plans, buys and checks services for children, and looks after the figures.",
        "director-of-commissioning",
    ),
    (
        "social-care",
        "Children's Social Care",
        "Helps families early, protects children and cares for those who cannot live at home.",
        "director-of-social-care",
    ),
    (
        "education",
        "Education and Inclusion",
        "Works with schools so that every child learns, whatever help they need.",
        "director-of-education",
    ),
)

#: key, post, division. The name of an officer is the post: nobody here has a person's name.
POSTS = (
    ("director-of-childrens-services", "Director of Children's Services", None),
    ("director-of-commissioning", "Director of Commissioning and Performance", "commissioning"),
    ("head-of-commissioning", "Head of Commissioning", "commissioning"),
    ("head-of-performance", "Head of Performance and Data", "commissioning"),
    ("director-of-social-care", "Director of Children's Social Care", "social-care"),
    ("head-of-early-help", "Head of Early Help", "social-care"),
    ("head-of-safeguarding", "Head of Safeguarding", "social-care"),
    ("head-of-corporate-parenting", "Head of Corporate Parenting", "social-care"),
    ("director-of-education", "Director of Education and Inclusion", "education"),
    ("head-of-inclusion", "Head of Inclusion", "education"),
    ("head-of-school-improvement", "Head of School Improvement", "education"),
)
LEAD_MEMBER = ("lead-member", "Lead Member for Children and Young People")
DEPUTIES = {
    "director-of-commissioning": "head-of-commissioning",
    "director-of-social-care": "head-of-safeguarding",
    "director-of-education": "head-of-inclusion",
}

#: key, kind, number, title, parent.
GOALS = (
    ("pillar-1", BoroughGoal.Kind.PILLAR, "1", "A good start for every child", None),
    ("goal-1-1", BoroughGoal.Kind.GOAL, "1.1", "Children are safe and families get help early", "pillar-1"),
    ("goal-1-2", BoroughGoal.Kind.GOAL, "1.2", "Children in our care have a stable home", "pillar-1"),
    ("goal-1-3", BoroughGoal.Kind.GOAL, "1.3", "Every child enjoys school and does well", "pillar-1"),
    ("pillar-2", BoroughGoal.Kind.PILLAR, "2", "A fair borough", None),
    ("goal-2-1", BoroughGoal.Kind.GOAL, "2.1", "Disabled children take part in everything", "pillar-2"),
    ("goal-2-2", BoroughGoal.Kind.GOAL, "2.2", "Young people find work, training and a home", "pillar-2"),
    ("pillar-3", BoroughGoal.Kind.PILLAR, "3", "A council that works", None),
    ("goal-3-1", BoroughGoal.Kind.GOAL, "3.1", "Every pound is well spent", "pillar-3"),
    ("goal-3-2", BoroughGoal.Kind.GOAL, "3.2", "Decisions rest on good figures", "pillar-3"),
    ("openness", BoroughGoal.Kind.VALUE, "", "Openness", None),
    ("kindness", BoroughGoal.Kind.VALUE, "", "Kindness", None),
)


#: key, name, purpose, how often it meets, its chair, what it reports to.
BOARDS = (
    (
        "partnership-board",
        "Children's Partnership Board",
        "Brings the council, health, police and schools together.",
        "quarterly",
        "director-of-childrens-services",
        None,
    ),
    (
        "performance-board",
        "Performance Board",
        "Looks every month at what is off course.",
        "monthly",
        "director-of-commissioning",
        "partnership-board",
    ),
)


def make_council(chronicle: Chronicle) -> Council:
    council = Council(slug=SLUG, name="Example Borough", is_invented=True)
    return chronicle.write(council, chronicle.founded)


def make_officers(chronicle: Chronicle, council: Council) -> dict[str, Officer]:
    """The posts by key. A division comes before its officers, and is then given its director."""
    divisions = {
        key: Division(council=council, key=key, name=name, purpose=purpose, order=order)
        for order, (key, name, purpose, _) in enumerate(DIVISIONS, start=1)
    }
    chronicle.write_all(list(divisions.values()), chronicle.founded)
    officers = {
        key: Officer(council=council, key=key, name=post, post=post, division=divisions.get(division))
        for key, post, division in POSTS
    }
    key, post = LEAD_MEMBER
    officers[key] = Officer(council=council, key=key, name=post, kind=Officer.Kind.MEMBER)
    for key, officer in reversed(officers.items()):
        deputies = [officers[DEPUTIES[key]]] if key in DEPUTIES else []
        chronicle.write(officer, chronicle.founded, deputies=deputies)
    for key, _, _, director in DIVISIONS:
        divisions[key].director = officers[director]
    chronicle.change_all(list(divisions.values()), chronicle.founded)
    return officers


def make_goals(chronicle: Chronicle, council: Council) -> dict[str, BoroughGoal]:
    """The borough plan of the year in which everything begins, by key."""
    edition = f"Our Borough {chronicle.founded.year} to {chronicle.founded.year + 8}"
    goals: dict[str, BoroughGoal] = {}
    for order, (key, kind, number, title, parent) in enumerate(GOALS, start=1):
        goal = BoroughGoal(
            council=council, edition=edition, key=key, kind=kind, number=number, title=title, order=order
        )
        goal.parent = goals.get(parent)
        goals[key] = chronicle.write(goal, chronicle.founded)
    return goals


def make_boards(chronicle: Chronicle, council: Council, officers: dict[str, Officer]) -> list[Board]:
    boards: dict[str, Board] = {}
    for order, (key, name, purpose, rhythm, chair, above) in enumerate(BOARDS, start=1):
        board = Board(
            council=council, key=key, name=name, purpose=purpose, rhythm=rhythm, chair=officers[chair], order=order
        )
        reports_to = [boards[above]] if above else []
        boards[key] = chronicle.write(
            board, chronicle.founded, members=[officers["lead-member"]], reports_to=reports_to
        )
    return list(boards.values())
