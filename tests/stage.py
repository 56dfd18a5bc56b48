"""A whole council on the stage: one of every kind of record, everyone of the cast, and as much of it as is asked for.

For the tests that walk over all pages. Two stages use the same keys for their records ("ka1" is an activity in both),
so that a page that forgets the council shows the other one's. `mark` stands in every text of a stage, so that it can
be looked for where it must never be seen.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from lambeth_plans import history, periods
from lambeth_plans.accounts.models import Council, Officer, User
from lambeth_plans.fields import PartialDate
from lambeth_plans.rag import Rag
from objectives.models import Plan
from tests import factories
from tests.published import publish
from tests.stage_batches import set_batches
from tests.stage_boards import boards
from tests.stage_contracts import set_contracts
from tests.stage_findings import files_of, set_findings
from tests.stage_people import everybody
from tests.stage_registers import set_registers
from tests.stage_reminders import set_reminders
from tests.stage_resourcing import set_budget, set_workforce
from tests.stage_risks import set_risks
from tests.stage_rounds import set_rounds
from tests.stage_savings import make_saving
from tests.stage_scrutiny import set_scrutiny
from tests.stage_workbooks import refused_workbook, waiting_workbook

ROLES = ("administrator", "director", "analyst", "lead_member", "scrutiny_member")


@dataclass
class Stage:
    """A council, its plan and its people by name; `records` has the first record of each kind by its noun."""

    council: Council
    plan: Plan
    mark: str
    people: dict[str, User]
    records: dict[str, Model] = field(default_factory=dict)
    others: dict[str, Model] = field(default_factory=dict)


@contextmanager
def held(blocker) -> Iterator[None]:
    """A transaction for the tests of a whole module, taken back at its end. `blocker` is pytest-django's."""
    with blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


def set_stage(slug: str, *, times: int = 1, mark: str = "") -> Stage:
    """Makes a council with twice `times` records of every kind. Its people share the councils' keys, not names."""
    with factories.written_by(User.objects.system()):
        return _set_stage(slug, times, f" {mark}" if mark else "", mark)


def _set_stage(slug: str, times: int, words: str, mark: str) -> Stage:
    council = factories.CouncilFactory(slug=slug, name=f"Council of {slug}{words}")
    plan = factories.PlanFactory(
        council=council, slug=f"{slug}-plan", title=f"Plan of {slug}{words}", vision=f"A vision.{words}"
    )
    stage = Stage(council, plan, mark, everybody(council, words, ROLES))
    _posts(stage, times, words)
    _keep(stage, "board", boards(stage.council, (stage.records["officer"], stage.others["officer"]), times, words))
    _spine(stage, times, words)
    _activities(stage, times, words)
    _keep(stage, "round", set_rounds(plan, times, words))
    findings, evidence = set_findings(plan, stage.records, stage.others, times, words)
    _keep(stage, "finding", findings)
    _keep(stage, "evidence", evidence)
    _keep(stage, "file", files_of(plan, may_be_published=True))
    _keep(stage, "closed_file", files_of(plan, may_be_published=False))
    _indicators(stage, times, words)
    risks, matrices = set_risks(stage, times, words)
    _keep(stage, "risk", risks)
    _keep(stage, "matrix", matrices)
    _money(stage, times, words)
    _notes(stage, times, words)
    set_scrutiny(stage, times, words)
    figures = set_batches(stage, times, words)
    _keep(stage, "batch", figures)
    _keep(stage, "workbook", [waiting_workbook(stage, number, words) for number in range(2 * times)])
    stage.records["unreadable"] = refused_workbook(stage, words)
    _keep(stage, "register", set_registers(stage, times, words))
    first = factories.PublicationFactory(
        plan=plan, number=1, published_by=stage.people["analyst"], note=f"For the board.{words}"
    )
    exempt = {"exempt_parts": ["contracts"], "exempt_because": f"Paragraph 3.{words}"}
    asked = {"note": f"For the meeting.{words}", "decisions_asked": f"That it be noted.{words}"}
    second = publish(plan, meeting=stage.records["meeting"], **asked, **exempt)
    _keep(stage, "publication", [second, first])
    _keep(stage, "reminder", set_reminders(stage.plan, stage.people["director"], times, words))
    return stage


def _keep(stage: Stage, noun: str, records: list) -> None:
    """The first record is the director's own, the second the other director's."""
    stage.records[noun], stage.others[noun] = records[:2]


def _posts(stage: Stage, times: int, words: str) -> None:
    divisions = []
    for number, key in enumerate(("care", "learning")):
        name = ("director", "other_director")[number]
        user = stage.people[name]
        division = factories.DivisionFactory(
            council=stage.council, key=key, name=f"{key.capitalize()}{words}", purpose=f"Its purpose.{words}"
        )
        officer = factories.OfficerFactory(
            council=stage.council, key=name, name=f"Post of {name}{words}", division=division, user=user
        )
        division.director = officer
        history.save(division, by=user, reason=f"Appointed.{words}")
        divisions.append(division)
    posts = list(Officer.objects.filter(council=stage.council).order_by("pk"))
    for number in range(2 * times):
        posts.append(
            factories.OfficerFactory(
                council=stage.council,
                key=f"head-{number}",
                name=f"Head {number}{words}",
                post=f"Head of service {number}{words}",
                division=divisions[number % 2],
                deputies=posts[:1],
            )
        )
    _keep(stage, "division", divisions)
    _keep(stage, "officer", posts)
    member = factories.OfficerFactory(council=stage.council, key="member", name=f"Cabinet member{words}", kind="member")
    stage.records["member"] = member


def _spine(stage: Stage, times: int, words: str) -> None:
    pillar = factories.BoroughGoalFactory(
        council=stage.council, key="pillar-1", kind="pillar", number="1", title=f"Pillar{words}"
    )
    goals, objectives = [pillar], []
    for number in range(2 * times):
        goals.append(
            factories.BoroughGoalFactory(
                council=stage.council, key=f"goal-{number}", title=f"Goal {number}{words}", parent=pillar, order=number
            )
        )
        objectives.append(
            factories.ObjectiveFactory(
                plan=stage.plan,
                key=f"ob{number + 1}",
                ref=f"OB{number + 1}",
                title=f"Objective {number + 1}{words}",
                rationale=f"Because.{words}",
                goals=[goals[-1]],
                order=number,
            )
        )
        factories.SectionFactory(
            plan=stage.plan,
            key=f"section-{number}",
            title=f"Section {number}{words}",
            body=f"What it says.{words}",
            author=stage.records["member"],
        )
        factories.AchievementFactory(plan=stage.plan, key=f"achievement-{number}", claim=f"Claim {number}{words}")
        factories.EventFactory(plan=stage.plan, key=f"event-{number}", title=f"Inspection {number}{words}")
    _keep(stage, "goal", goals[1:])
    _keep(stage, "objective", objectives)


def _activities(stage: Stage, times: int, words: str) -> None:
    ratings = (Rag.AMBER, Rag.RED, Rag.GREEN, Rag.BLUE)
    month = periods.month_of(timezone.localdate())
    before = periods.previous_month(month)
    activities = []
    for number in range(2 * times):
        noun = ("director", "other_director")[number % 2]
        owner = stage.records["officer"] if number % 2 == 0 else stage.others["officer"]
        user = stage.people[noun]
        activity = factories.ActivityFactory(
            plan=stage.plan,
            key=f"ka{number + 1}",
            ref=f"KA{number + 1}",
            title=f"Activity {number + 1}{words}",
            objective=stage.records["objective"],
            owner=owner,
            goal=stage.records["goal"],
            programme=f"Programme{words}",
            intended_outcome=f"Better.{words}",
            due_date=PartialDate.of(month.end),
            original_due_date=PartialDate.of(before.end),
            lead_members=[stage.records["member"]],
            further_goals=[stage.others["goal"]],
            further_objectives=[stage.others["objective"]],
            order=number,
            because=f"Set up.{words}",
        )
        for place, period in enumerate((periods.previous_month(before), before)):
            factories.ProgressUpdateFactory(
                activity=activity,
                period=period,
                rag=ratings[(number + place) % 4],
                what_happened=f"Happened {number}{words}",
                path_to_green=f"Path {number}{words}",
                reported_by=user,
                reported_by_name=f"{user.name}",
                because=f"Reported.{words}",
            )
        activities.append(activity)
    _keep(stage, "activity", activities)


def _indicators(stage: Stage, times: int, words: str) -> None:
    """`times` makes more indicators, and a longer series of each."""
    places = []
    for number in range(2 * times):
        indicator = factories.IndicatorFactory(
            council=stage.council,
            key=f"in{number + 1}",
            title=f"Indicator {number + 1}{words}",
            definition=f"Counted so.{words}",
            source=f"Its source{words}",
        )
        factories.IndicatorCodeFactory(indicator=indicator, code=f"IN.{number + 1:02d}")
        places.append(
            factories.PlanIndicatorFactory(
                plan=stage.plan,
                indicator=indicator,
                code=f"IN.{number + 1:02d}",
                group=f"Group {number % 3}{words}",
                objective=stage.records["objective"],
                goal=stage.records["goal"],
                owner=stage.records["officer"],
                activities=[stage.records["activity"]],
                order=number,
            )
        )
        factories.TargetFactory(indicator=indicator)
        group = factories.ComparatorGroupFactory(council=stage.council, name=f"Comparators {number}{words}")
        factories.BenchmarkFactory(indicator=indicator, group=group, area=f"Area {number}{words}")
        if number:
            factories.RelatedIndicatorFactory(
                indicator=places[0].indicator, other=indicator, reason=f"They only sound alike.{words}"
            )
        for back in range(2 * times):
            month = periods.month_of(timezone.localdate() - timedelta(days=31 * (back + 1)))
            factories.OutturnFactory(
                indicator=indicator, period=month, note=f"A note{words}", because=f"Entered{words}"
            )
    factories.RebaseFactory(indicator=places[0].indicator, reason=f"Recorded anew.{words}")
    _keep(stage, "indicator", places)


def _money(stage: Stage, times: int, words: str) -> None:
    savings = [make_saving(stage.plan, stage.records, number, words) for number in range(2 * times)]
    factories.PrintedTotalFactory(plan=stage.plan, key="printed", label=f"Printed total{words}")
    _keep(stage, "saving", savings)
    _keep(stage, "contract", set_contracts(stage, savings, words))
    _keep(stage, "budget_line", [set_budget(stage, number, words) for number in range(2 * times)])
    _keep(stage, "workforce", [set_workforce(stage, number, words) for number in range(2 * times)])


def _notes(stage: Stage, times: int, words: str) -> None:
    kinds = ("objective", "activity", "indicator", "risk", "saving", "contract")
    for number in range(times):
        for kind in kinds:
            factories.DataQualityNoteFactory(
                plan=stage.plan,
                key=f"note-{kind}-{number}",
                record_kind=kind,
                record_key=stage.records[kind].key,
                printed=f"Printed {number}{words}",
                understood=f"Understood{words}",
                why=f"A slip.{words}",
            )


def address(stage: Stage, noun: str, *, own: bool = True) -> dict[str, str]:
    """What every name of a part of an address stands for: that of a record of this noun. Take those a URL has."""
    records = stage.records if own else stage.others
    plan, council = stage.plan, stage.council
    if noun == "council":
        return {"slug": council.slug, "council": council.slug}
    if noun == "user":
        user = User.objects.get(pk=stage.people["director" if own else "other_director"].pk)  # a log-in ends the token
        token = default_token_generator.make_token(user)
        return {"username": user.username, "uidb64": urlsafe_base64_encode(force_bytes(user.pk)), "token": token}
    if noun == "plan":
        return {"plan": plan.slug, "slug": plan.slug, "register": "contracts"}
    one_of = ("applied", "refused", "unreadable", "misread", "registered", "brought")
    record = stage.records[noun] if noun in one_of else records[noun]
    if noun in ("batch", "asked", "workbook", "register", *one_of):
        return {"number": record.number}
    if noun in ("file", "closed_file"):
        return {"plan": plan.slug, "key": record.evidence.key, "number": record.number}
    if noun == "reminder":
        return {"username": record.person.username, "day": f"{record.digest.day_date:%Y-%m-%d}"}
    if noun == "publication":
        return {"plan": plan.slug, "number": record.number, "kind": "word"}
    if noun in ("officer", "division", "board", "matrix"):
        return {"slug": council.slug, "council": council.slug, "key": record.key}
    if noun == "meeting":
        place = {"slug": council.slug, "council": council.slug, "key": record.board.key}
        return place | {"date": record.meeting_date.isoformat()}
    return {"plan": plan.slug, "slug": plan.slug, "kind": noun, "key": record.key, "ref": record.key}
