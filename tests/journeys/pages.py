"""Every page that can be opened, as data. A page that is missing here fails tests/journeys/test_pages.py.

Who may open which page is said in one place, tests/permissions/expected.py.
"""

from django.contrib.auth.tokens import default_token_generator
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from lambeth_plans import history
from lambeth_plans.accounts.models import Council, User
from lambeth_plans.cycles.models import FollowUp, Meeting, Question, ReportingRound, Submission
from lambeth_plans.imports.actions import confirm_batch, upload_figures
from lambeth_plans.imports.doors import FIGURES
from lambeth_plans.imports.mappings import take_file
from lambeth_plans.imports.models import ImportBatch
from lambeth_plans.imports.registers.actions import confirm_register
from lambeth_plans.imports.workbook.actions import confirm_plan
from objectives.models import Plan
from tests import factories
from tests.environment import SOAK
from tests.imports.registers import bring
from tests.imports.workbooks import changed, put, upload, workbook_of
from tests.permissions.expected import ANYONE, PAGES, WHO

LAMBETH, EXAMPLE = "lambeth-directorate-plan-2020-21", "example-borough"
PLANS = (LAMBETH, EXAMPLE)
#: The tables of a real council are made like those of the invented one, and long: `make soak` looks at both.
COUNCILS = ("lambeth", "example-borough") if SOAK else ("example-borough",)

#: In a short run two ways to search are enough.
FURTHER_SEARCHES = ["", "?q=CSKA08", "?q=early&kind=activity"] if SOAK else []
#: Pages that name nothing, each with the filters under which it looks different.
PLAIN = {
    "home": [""],
    "roles": [""],
    "glossary": [""],
    "accessibility": [""],
    "login": [""],
    "password_change": [""],
    "password_reset": [""],
    "password_reset_done": [""],
    "password_reset_complete": [""],
    "set_up_home": [""],
    "plan_create": [""],
    "user_list": [""],
    "reminder_list": [""],
    "user_create": [""],
    "my_updates": [f"?plan={EXAMPLE}&not_reported=on", *(["?plan=*"] if SOAK else [])],
    "round_list": [""],
    "import_list": [""],
    "import_new": [""],
    "plan_list": [""],
    "scrutiny": [""],
    "data_guide": [""],
    "plan_import_new": [""],
    "search": [
        "?q=early+help",
        "?q=no+record+says+this",
        *(["", "?q=CSKA08", "?q=early&kind=activity"] if SOAK else []),
    ],
}
#: Pages of a plan, for both plans.
OF_PLANS = {
    "plan_edit": [""],
    "plan_status": [""],
    "roll_forward": [""],
    "round_table": [""],
    "round_create": [""],
    "objective_table": [""],
    "activity_table": ["", "?without=source"],
    "indicator_table": ["", "?without=activities"],
    "plan_dashboard": [""],
    "plan_one_page": [""],
    "objective_list": [""],
    "activity_list": ["", "?text=no+record+says+this"],
    "timeline": [""],
    "indicator_list": [""],
    "indicator_exceptions": [""],
    "indicator_multiples": [""],
    "indicator_due": [""],
    "risk_list": [""],
    "saving_list": [""],
    "contract_list": [""],
    "budget": [""],
    "workforce": [""],
    "narrative": [""],
    "change_list": [""],
    "change_between": [""],
    "pack_preview": [""],
    "data_quality": [""],
    "publication_list": [""],
    "publication_create": [""],
    "question_list": [""],
    "golden_thread": ["", "?from=measures"],
    "thread_health": ["", "?check=indicators-without-activities"],
    "disagreement_list": [""],
    "finding_list": ["", "?answered=no"],
    "evidence_list": [""],
    "evidence_create": ["", "?finding=ebf1"],
    "workforce_create": [""],
}
#: Pages of one record: the plan, the key, and whatever else the address names.
OF_RECORDS = {
    "objective_detail": [(LAMBETH, "csob02"), (EXAMPLE, "objective-1")],
    "goal_detail": [(LAMBETH, "2-1"), (EXAMPLE, "goal-1-1")],
    "activity_detail": [(LAMBETH, "cska24"), (LAMBETH, "pupil-place-planning"), (EXAMPLE, "eba20")],
    "indicator_detail": [(LAMBETH, "ei4"), (EXAMPLE, "eb01"), (EXAMPLE, "eb11")],
    "risk_detail": [(LAMBETH, "cssr0004"), (EXAMPLE, "ebr01")],
    "saving_detail": [(LAMBETH, "19-20-chn-006"), (EXAMPLE, "ebs1")],
    "contract_detail": [(LAMBETH, "camhs"), (EXAMPLE, "ebc01")],
    "finding_detail": [(EXAMPLE, "ebf1"), (EXAMPLE, "ebf1-3")],
    "evidence_detail": [(EXAMPLE, "evidence-1")],
    "evidence_edit": [(EXAMPLE, "evidence-1")],
    "evidence_file_create": [(EXAMPLE, "evidence-1")],
    "evidence_file_edit": [(EXAMPLE, "evidence-1", 1)],
    "evidence_file_remove": [(EXAMPLE, "evidence-1", 1)],
    "question_ask": [(EXAMPLE, "activity", "eba20")],
    "follow_up": [(EXAMPLE, "indicator", "eb01")],
    "progress_report": [(LAMBETH, "cska08"), (EXAMPLE, "eba20")],
    "target_edit": [(EXAMPLE, "eb01")],
    "figure_add": [(LAMBETH, "ri49"), (EXAMPLE, "eb01")],
    "figure_edit": [(LAMBETH, "ri49", "2019-20")],
    "risk_edit": [(LAMBETH, "cssr0004"), (EXAMPLE, "ebr01")],
    "risk_score": [(EXAMPLE, "ebr06")],
    "mitigation_table": [(EXAMPLE, "ebr01")],
    "saving_edit": [(LAMBETH, "19-20-chn-006"), (EXAMPLE, "ebs1")],
    "saving_revise": [(EXAMPLE, "ebs1")],
    "contract_edit": [(LAMBETH, "camhs"), (EXAMPLE, "ebc01")],
    "budget_edit": [(LAMBETH, "education-and-learning"), (EXAMPLE, "education-general")],
    "forecast_edit": [(LAMBETH, "education-and-learning"), (EXAMPLE, "education-general")],
    "workforce_edit": [(LAMBETH, "december-2019")],
}
OF_PUBLICATIONS = {
    "publication_detail": [(EXAMPLE, 1), (EXAMPLE, 4)],
    "pack_page": [(EXAMPLE, 4)],
    "pack_wait": [(EXAMPLE, 4, "word")],
}
OF_COUNCILS = {
    "officer_table": [(council,) for council in COUNCILS],
    "division_table": [(council,) for council in COUNCILS],
    "board_table": [(council,) for council in COUNCILS],
    "matrix_list": [(council,) for council in COUNCILS],
    "matrix_create": [("example-borough",)],
    "matrix_edit": [("lambeth", "lambeth"), ("example-borough", "five-by-five")],
    "matrix_agree": [("lambeth", "lambeth")],
    "matrix_replace": [("example-borough", "five-by-five-2")],
    "matrix_rescore": [("example-borough", "five-by-five-2")],
    "officer_list": [(council,) for council in COUNCILS],
    "board_list": [(council,) for council in COUNCILS],
    "officer_edit": [("lambeth", "abi-onaboye"), ("example-borough", "director-of-commissioning")],
    "hand_over": [("lambeth", "abi-onaboye")],
    "officer_detail": [("lambeth", "abi-onaboye"), ("lambeth", "cllr-davie"), ("example-borough", "head-of-inclusion")],
    "board_detail": [("example-borough", "performance-board")],
    "meeting_table": [("example-borough", "performance-board")],
    "user_edit": [("director",)],
}
#: Addresses without a page to look at.
NO_PAGES = {
    "healthz": "a line for machines",
    "import_template": "a file",
    "import_errors": "a file",
    "import_marked": "a file",
    "import_confirm": "only posted to",
    "plan_workbook": "a file",
    "plan_figures": "a file",
    "my_calendar": "a file",
    "plan_register": "a file",
    "contract_publication": "a file",
    "evidence_file": "a file",
    "pack_make": "only posted to",
    "pack_word": "a file",
    "pack_workbook": "a file",
    "register_import_errors": "a file",
    "register_import_marked": "a file",
    "register_import_confirm": "only posted to",
    "plan_import_marked": "a file",
    "plan_template": "a file",
    "plan_import_errors": "a file",
    "plan_import_confirm": "only posted to",
    "password_link_send": "only posted to",
    "reminder_send_again": "only posted to",
    "logout": "only posted to",
} | {name: "for programs" for name in PAGES if name.startswith("api_")}
#: Made by a test before it opens them, by make_imports, make_plan_imports, make_registers, make_round, make_questions
#: and reset_link.
MADE = ("import_detail", "import_columns", "import_undo", "plan_import_detail", "plan_import_undo")
MADE += ("register_import_detail", "register_import_undo", "password_reset_confirm", "round_detail", "round_edit")
ABOUT_QUESTIONS = ("question_detail", "question_answer", "question_recommend")
AT_MEETINGS = ("meeting_detail", "meeting_action_table")
MADE += (*ABOUT_QUESTIONS, *AT_MEETINGS)

#: One page that each role may not open, for the page that says so.
FORBIDDEN = {
    "administrator": "my_updates",
    "director": "import_list",
    "analyst": "set_up_home",
    "lead_member": "import_new",
    "scrutiny_member": "user_list",
}


#: The pages in parts of about the same size, so that they can be looked at side by side.
PARTS = ("plain", "example", "records of example", "others")
if SOAK:  # the pages of a real plan are made like those of the invented one
    PARTS += ("lambeth", "records of lambeth")


def listed() -> set[str]:
    return {*PLAIN, *OF_PLANS, *OF_RECORDS, *OF_PUBLICATIONS, *OF_COUNCILS, *NO_PAGES, *MADE}


#: The pages on which most of a plan stands, in all its states.
SHOW_MOST = {"plan_dashboard", "activity_list", "indicator_list", "golden_thread", "narrative", "data_quality"}
SHOW_MOST |= {"objective_detail", "activity_detail", "indicator_detail", "saving_detail", "contract_detail"}


def open_to(role: str, part: str, names: set[str] | None = None) -> list[str]:
    """The addresses of the pages of a part that somebody of this role may open; "" is a stranger.

    `names` are those that are asked for; all, where none are named.
    """
    allowed = {name for name, page in PAGES.items() if (role in WHO[page.who] if role else page.who == ANYONE)}
    allowed &= names or allowed
    if part == "others":
        return _others(role, allowed)
    if part == "plain":
        return [reverse(name) + query for name, queries in PLAIN.items() if name in allowed for query in queries]
    plan = LAMBETH if "lambeth" in part else EXAMPLE
    if part.startswith("records"):
        of_plan = [(name, parts) for name, found in OF_RECORDS.items() for parts in found if parts[0] == plan]
        return [reverse(name, args=parts) for name, parts in of_plan if name in allowed]
    of_plan = [(name, query) for name, queries in OF_PLANS.items() for query in queries]
    return [reverse(name, args=[plan]) + query for name, query in of_plan if name in allowed]


def _others(role: str, allowed: set[str]) -> list[str]:
    found = OF_COUNCILS | OF_PUBLICATIONS
    addresses = [reverse(name, args=parts) for name, each in found.items() if name in allowed for parts in each]
    if "import_detail" in allowed:
        batches = make_imports()
        addresses += [reverse("import_detail", args=[batch.number]) for batch in batches]
        addresses.append(reverse("import_undo", args=[batches[0].number]))
        addresses.append(reverse("import_columns", args=[batches[-1].number]))
    if "register_import_detail" in allowed:
        batches = make_registers()
        addresses += [reverse("register_import_detail", args=[batch.number]) for batch in batches]
        addresses.append(reverse("register_import_undo", args=[batches[0].number]))
    if allowed & {*ABOUT_QUESTIONS, *AT_MEETINGS}:
        meeting, question = make_questions()
        addresses += [reverse(name, args=[EXAMPLE, question.key]) for name in ABOUT_QUESTIONS if name in allowed]
        place = ("example-borough", meeting.board.key, meeting.meeting_date)
        addresses += [reverse(name, args=place) for name in AT_MEETINGS if name in allowed]
    if "plan_import_detail" in allowed:
        batches = make_plan_imports()
        addresses += [reverse("plan_import_detail", args=[batch.number]) for batch in batches]
        addresses.append(reverse("plan_import_undo", args=[batches[0].number]))
    if allowed & {"round_detail", "round_edit"}:
        key = make_round().key
        addresses += [reverse(name, args=[EXAMPLE, key]) for name in ("round_detail", "round_edit") if name in allowed]
    if not role:
        addresses.append(reset_link(User.objects.get(username="director")))
    if role in FORBIDDEN:
        addresses.append(reverse(FORBIDDEN[role]))
    return [*addresses, reverse("plan_dashboard", args=["no-such-plan"])]


def expected_status(role: str, address: str) -> int:
    """What an address of `open_to` answers a browser, which follows wherever it is sent."""
    if role in FORBIDDEN and address == reverse(FORBIDDEN[role]):
        return 403
    return 404 if role and address == reverse("plan_dashboard", args=["no-such-plan"]) else 200


def make_imports() -> list[ImportBatch]:
    """An import in each of its states: applied, without changes, waiting, refused, asked for its columns."""
    analyst = User.objects.get(username="analyst")
    council = Council.objects.get(slug="example-borough")

    def upload(text: str) -> ImportBatch:
        return upload_figures(
            council=council, file_name="figures.csv", content=text.encode(), sheet="", reason="Monthly.", by=analyst
        )

    figures = "Indicator,Period,Value,Note\nEB01,2020/21,21.4,From the return\nEB02,2020/21,80,\n"
    applied = upload(figures)
    confirm_batch(batch=applied, by=analyst)
    unchanged = upload(figures)
    waiting = upload("Indicator,Period,Value\nEB01,2020/21,22.4\nEB02,2020/21,80\nEB03,2020/21,61\n")
    refused = upload("Indicator,Period,Value\nEB99,2020/21,22.4\nEB02,soon,many\n")
    months = ",".join(f"{month} 2019" for month in ("Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct"))
    asked = take_file(
        door=FIGURES,
        council=council,
        file_name="board.csv",
        content=f"Figures of the board\nMeasure,Name,{months},\nEB02,Visits,1,2,3,4,5,6,7,x\n".encode(),
        reason="Monthly.",
        by=analyst,
    )
    return [applied, unchanged, waiting, refused, asked]


def make_registers() -> list[ImportBatch]:
    """A register that was applied, and one that was refused."""
    analyst, plan = User.objects.get(username="analyst"), Plan.objects.select_related("council").get(slug=EXAMPLE)
    applied = bring("contracts", "Title,Supplier,Start date\nA new contract,A new supplier,Mar-21\n", plan, analyst)
    confirm_register(batch=applied, by=analyst)
    refused = bring("contracts", "Title,Start date\nA new contract,31/02/2021\nTotal,\n", plan, analyst)
    return [applied, refused]


def make_round() -> ReportingRound:
    """A round of the invented council of which reports stand in each of their states, and some are still owed."""
    made = ReportingRound.objects.filter(plan__slug=EXAMPLE).first()
    there = made.submissions.filter(state=Submission.State.SUBMITTED).first()
    if there and not made.submissions.filter(state=Submission.State.SIGNED_OFF).exists():
        there.state = Submission.State.SIGNED_OFF
        history.save(there, by=User.objects.system(), reason="Signed off early.")
    return made


def make_questions() -> tuple[Meeting, Question]:
    """The invented council's last meeting, with its actions, and its question that is answered; a member follows up."""
    plan = Plan.objects.get(slug=EXAMPLE)
    over = Meeting.objects.filter(council=plan.council, meeting_date__lt=timezone.localdate())
    meeting = over.order_by("meeting_date").last()
    question = Question.objects.exclude(answered_at=None).get(plan=plan)
    member = User.objects.get(username="scrutiny_member")
    if not FollowUp.objects.filter(user=member).exists():
        factories.FollowUpFactory(plan=plan, user=member, record_key="eb01")
    return meeting, question


def make_plan_imports() -> list[ImportBatch]:
    """A plan's workbook in each of its states: applied, without changes, waiting, waiting in vain, refused."""
    administrator = User.objects.get(username="administrator")
    plan = factories.PlanFactory(council=Council.objects.get(slug="example-borough"), slug="small-plan")
    factories.ActivityFactory(plan=plan, objective=factories.ObjectiveFactory(plan=plan))
    whole = workbook_of(plan.slug)

    def retitled(title: str) -> bytes:
        return changed(whole, put("Objectives", 2, "Title", title))

    in_vain, applied = upload(retitled("Too late"), administrator), upload(retitled("In time"), administrator)
    confirm_plan(batch=applied, by=administrator)
    unchanged = upload(workbook_of(plan.slug), administrator)
    waiting = upload(retitled("Next"), administrator)
    refused = upload(changed(whole, put("Objectives", 2, "Order", "many")), administrator)
    not_a_workbook = upload(b"no workbook", administrator)
    return [applied, unchanged, waiting, in_vain, refused, not_a_workbook]


def reset_link(user: User) -> str:
    identifier = urlsafe_base64_encode(force_bytes(user.pk))
    return reverse("password_reset_confirm", args=[identifier, default_token_generator.make_token(user)])
