"""What a filled-in form of every page may change, as data: by the page, who fills it in, what they write (beside what
stands in the form), and which fields of which records then differ. Everything else must stay.

`own` in a name stands for the prefix of the row that the form has for the stage's own record.
"""

from dataclasses import dataclass, field

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

WHY = {"reason": "Because it was agreed."}


@dataclass(frozen=True)
class Filled:
    """`changed` are the fields that differ afterwards, by model; `created` how many records are new, `removed` gone."""

    by: str
    answers: dict[str, object]
    changed: dict[str, set[str]] = field(default_factory=dict)
    created: dict[str, int] = field(default_factory=dict)
    removed: dict[str, int] = field(default_factory=dict)
    status: int = 302


def figures_file() -> SimpleUploadedFile:
    return SimpleUploadedFile("figures.csv", b"Indicator,Period,Value\nin1,2015/16,12\n", "text/csv")


def register_file() -> SimpleUploadedFile:
    return SimpleUploadedFile("contracts.csv", b"Title\nA new contract\n", "text/csv")


def text_file() -> SimpleUploadedFile:
    return SimpleUploadedFile("notes.txt", b"What families say.", "text/plain")


def this_month() -> str:
    return f"{timezone.localdate():%B %Y}"


def no_workbook() -> SimpleUploadedFile:
    """A file that is kept as refused."""
    return SimpleUploadedFile("plan.xlsx", b"No workbook", "text/plain")


FILLED: dict[str, Filled] = {
    "password_change": Filled(
        "nobody",
        {
            "old_password": "a-password-for-tests-only",
            "new_password1": "plums-and-custard",
            "new_password2": "plums-and-custard",
        },
        {"accounts.User": {"password"}},
    ),
    "password_reset": Filled("anonymous", {"email": "director@here.example"}),
    "publication_create": Filled(
        "analyst",
        {"note": "For the next meeting.", "decisions_asked": "To note it."},
        created={"cycles.Publication": 1},
    ),
    "plan_create": Filled(
        "administrator",
        {"council": "here", "title": "New plan", "start_date": "1/4/2030", "end_date": "31/3/2031", **WHY},
        created={"objectives.Plan": 1},
    ),
    "plan_edit": Filled("administrator", {"title": "Another title", **WHY}, {"objectives.Plan": {"title"}}),
    "plan_status": Filled("administrator", {"status": "closed", **WHY}, {"objectives.Plan": {"status"}}),
    "roll_forward": Filled(
        "administrator",
        {"title": "Next plan", "confirm": "yes", **WHY},
        created={
            "objectives.Plan": 1,
            "objectives.Objective": 2,
            "objectives.Milestone": 2,
            "objectives.Source": 1,
            "objectives.Finding": 2,
            "activities.Activity": 2,
            "activities.Output": 2,
            "kpis.PlanIndicator": 2,
            "risks.Risk": 2,
            "risks.RiskScore": 4,
            "risks.Mitigation": 4,
            "finance.Saving": 2,
            "finance.SavingYear": 2,
            "finance.Contract": 1,
        },
    ),
    "objective_table": Filled(
        "administrator", {"row-ob1-title": "Another title", **WHY}, {"objectives.Objective": {"title"}}
    ),
    "activity_table": Filled(
        "administrator",
        {"row-ka1-title": "Another title", "new-1-ref": "KA99", "new-1-title": "A new one", **WHY},
        {"activities.Activity": {"title"}},
        {"activities.Activity": 1},
    ),
    "indicator_table": Filled(
        "administrator", {"row-in1-title": "Another title", **WHY}, {"kpis.PlanIndicator": {"title"}}
    ),
    "officer_table": Filled(
        "administrator",
        {"row-head-0-post": "Another post", "new-1-name": "A new head", **WHY},
        {"accounts.Officer": {"post"}},
        {"accounts.Officer": 1},
    ),
    "officer_edit": Filled("administrator", {"post": "Another post", **WHY}, {"accounts.Officer": {"post"}}),
    "division_table": Filled(
        "administrator", {"row-care-purpose": "Another purpose", **WHY}, {"accounts.Division": {"purpose"}}
    ),
    "hand_over": Filled(
        "administrator",
        {"successor": "head-1", "confirm": "yes", **WHY},
        {
            "accounts.Board": {"chair_id", "members"},
            "accounts.Division": {"director_id"},
            "accounts.Officer": {"deputies"},
            "activities.Activity": {"owner_id"},
            "finance.Contract": {"director_id"},
            "finance.Saving": {"owner_id"},
            "kpis.PlanIndicator": {"owner_id"},
            "risks.Risk": {"owner_id"},
        },
    ),
    "board_table": Filled(
        "administrator",
        {"row-board-0-rhythm": "monthly", "new-1-name": "A new board", **WHY},
        {"accounts.Board": {"rhythm"}},
        {"accounts.Board": 1},
    ),
    "meeting_table": Filled(
        "administrator",
        {"row-meeting-0-place": "Another room", "new-1-meeting_date": "1/2/2090", **WHY},
        {"cycles.Meeting": {"place"}},
        {"cycles.Meeting": 1},
    ),
    "meeting_action_table": Filled(
        "administrator",
        {"row-action-0-done_date": "1/2/2020", "new-1-what": "A new one", **WHY},
        {"cycles.MeetingAction": {"done_date"}},
        {"cycles.MeetingAction": 1},
    ),
    "question_ask": Filled("scrutiny_member", {"text": "Why?"}, created={"cycles.Question": 1}),
    "follow_up": Filled("scrutiny_member", {"note": "Ask again."}, created={"cycles.FollowUp": 1}),
    "question_answer": Filled(
        "director", {"text": "Because."}, {"cycles.Question": {"answered_at"}}, {"cycles.Answer": 1}
    ),
    "question_recommend": Filled(
        "administrator",
        {"title": "Do it sooner", **WHY},
        {"cycles.Question": {"finding_id"}},
        {"objectives.Finding": 1, "objectives.Source": 1},
    ),
    "user_create": Filled(
        "administrator",
        {
            "username": "new-person",
            "name": "New person",
            "email": "new@here.example",
            "role": "scrutiny_member",
            "councils": ["here"],
            **WHY,
        },
        created={"accounts.User": 1},
    ),
    "user_edit": Filled("administrator", {"name": "Another name", **WHY}, {"accounts.User": {"name"}}),
    "round_create": Filled(
        "administrator",
        {
            "month_date": this_month,
            "opens_date": "2/1/2020",
            "due_date": "9/1/2020",
            "grace_days": "2",
            "closes_date": "20/1/2020",
            **WHY,
        },
        created={"cycles.ReportingRound": 1},
    ),
    "round_edit": Filled("administrator", {"grace_days": "5", **WHY}, {"cycles.ReportingRound": {"grace_days"}}),
    "round_detail": Filled(
        "analyst",
        {"step": "check", "items": ["ka1/1"]},
        {"cycles.Submission": {"state", "step_by_id", "step_by_name", "step_at"}},
    ),
    "my_updates": Filled(
        "director",
        {"own-rag": "green", "own-what_happened": "All is well."},
        {"activities.Activity": {"last_reported_at"}},
        {"activities.ProgressUpdate": 1},
    ),
    "progress_report": Filled(
        "director",
        {"rag": "green", "what_happened": "All is well."},
        {"activities.Activity": {"last_reported_at"}},
        {"activities.ProgressUpdate": 1},
    ),
    "import_new": Filled(
        "analyst",
        {"door": "contracts", "council": "here", "plan": "here-plan", "file": register_file, **WHY},
        created={"imports.ImportBatch": 1},
    ),
    "import_columns": Filled(
        "analyst",
        {"column_A": "code", "column_B": "period", "column_C": "value"},
        {"imports.ImportBatch": {"state", "rows", "new_count"}},
        {"imports.ColumnMapping": 1},
    ),
    "import_confirm": Filled("analyst", {}, {"imports.ImportBatch": {"state", "applied_at"}}, {"kpis.Outturn": 2}),
    "import_undo": Filled(
        "analyst",
        WHY,
        {"imports.ImportBatch": {"state", "undone_at", "undone_by_name", "undone_because"}},
        removed={"kpis.Outturn": 2},
    ),
    "plan_import_new": Filled("administrator", {"file": no_workbook, **WHY}, created={"imports.ImportBatch": 1}),
    "plan_import_confirm": Filled(
        "administrator", {}, {"imports.ImportBatch": {"state", "applied_at"}, "objectives.Objective": {"title"}}
    ),
    "plan_import_undo": Filled(
        "administrator",
        WHY,
        {"imports.ImportBatch": {"state", "undone_at", "undone_by_name", "undone_because"}},
        removed={"finance.Supplier": 1},
    ),
    "register_import_confirm": Filled(
        "analyst", {}, {"imports.ImportBatch": {"state", "applied_at"}, "finance.Contract": {"note"}}
    ),
    "register_import_undo": Filled(
        "analyst",
        WHY,
        {"imports.ImportBatch": {"state", "undone_at", "undone_by_name", "undone_because"}},
        removed={"finance.Supplier": 1},
    ),
    # What it would do is shown first.
    "target_edit": Filled(
        "analyst", {"first": "2014/15", "last": "2015/16", "value": "12", "rule_kind": "none", **WHY}, status=200
    ),
    "figure_add": Filled("analyst", {"period_text": "2014/15", "figure": "12", **WHY}, created={"kpis.Outturn": 1}),
    "figure_edit": Filled("analyst", {"figure": "12", **WHY}, {"kpis.Outturn": {"value", "value_as_stated"}}),
    "risk_edit": Filled("analyst", {"title": "Another title", **WHY}, {"risks.Risk": {"title"}}),
    "risk_score": Filled(
        "director",
        {"likelihood": "5", "impact": "2", "reason": "It is worse."},
        {"risks.RiskScore": {"likelihood", "impact", "score", "reason"}},
    ),
    "mitigation_table": Filled(
        "analyst",
        {"row-1-kind": "control", "new-1-text": "A new one", **WHY},
        {"risks.Mitigation": {"kind"}},
        {"risks.Mitigation": 1},
    ),
    "matrix_create": Filled(
        "administrator",
        {"name": "A new matrix", "start": "4x4", **WHY},
        created={"risks.RiskMatrix": 1, "risks.RiskStep": 8, "risks.RiskBand": 3},
    ),
    "matrix_edit": Filled("administrator", {"escalate_after": "2", **WHY}, {"risks.RiskMatrix": {"escalate_after"}}),
    "matrix_agree": Filled(
        "administrator",
        {"agreed_by": "Another board", "agreed_date": "1/2/2020", **WHY},
        {"risks.RiskMatrix": {"agreed_by", "agreed_date"}},
    ),
    "matrix_replace": Filled(
        "administrator",
        {"confirm": "on", **WHY},
        created={"risks.RiskMatrix": 1, "risks.RiskStep": 10, "risks.RiskBand": 3},
    ),
    "matrix_rescore": Filled("analyst", {"chosen": "here-plan/ri1/1-1-1", **WHY}, {"risks.Risk": {"matrix_id"}}),
    "saving_edit": Filled("analyst", {"own-planned": "123", **WHY}, {"finance.SavingYear": {"planned"}}),
    "saving_revise": Filled("analyst", {"title": "Another title", **WHY}, {"finance.Saving": {"title"}}),
    "evidence_create": Filled(
        "analyst", {"kind": "audit", "title": "A new audit", **WHY}, created={"activities.Evidence": 1}
    ),
    "evidence_edit": Filled("analyst", {"title": "Another title", **WHY}, {"activities.Evidence": {"title"}}),
    "evidence_file_create": Filled("analyst", {"file": text_file, **WHY}, created={"activities.EvidenceFile": 1}),
    "evidence_file_edit": Filled(
        "analyst", {"may_be_published": "on", **WHY}, {"activities.EvidenceFile": {"may_be_published"}}
    ),
    "evidence_file_remove": Filled("analyst", {**WHY}, removed={"activities.EvidenceFile": 1}),
    "reminder_send_again": Filled(
        "administrator",
        {},
        {"cycles.ReminderDigest": {"state", "day_date", "due_at", "attempts", "error"}},
    ),
    "budget_edit": Filled("analyst", {"title": "Another title", **WHY}, {"finance.BudgetLine": {"title"}}),
    "forecast_edit": Filled("analyst", {"own-forecast": "1,060,000", **WHY}, {"finance.BudgetMonitor": {"forecast"}}),
    "workforce_create": Filled(
        "analyst", {"title": "A new snapshot", "snapshot_date": "2019", **WHY}, created={"finance.WorkforceSnapshot": 1}
    ),
    "workforce_edit": Filled("analyst", {"headcount": "99", **WHY}, {"finance.WorkforceSnapshot": {"headcount"}}),
    "contract_edit": Filled("analyst", {"note": "Another note", **WHY}, {"finance.Contract": {"note"}}),
}

#: Pages whose POST takes nothing that could be kept.
NOTHING_TO_FILL_IN = {
    "login",
    "logout",
    "password_reset_confirm",
    "password_link_send",
    "pack_make",
}
