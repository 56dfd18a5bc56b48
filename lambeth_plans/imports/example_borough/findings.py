"""Where the plan's work was identified, what each piece of work delivers, and the evidence beside the figures."""

import hashlib
from datetime import date, timedelta

from activities.models import Activity, Evidence, EvidenceContent, EvidenceFile, Output
from lambeth_plans.fields import PartialDate
from lambeth_plans.imports.example_borough.chronicle import Chronicle
from objectives.models import Finding, Objective, Plan, Source

KIND = Source.Kind
#: key, kind, title, who it comes from, months from the running one.
SOURCES = (
    ("inspection", KIND.INSPECTION, "Inspection of services for children", "Inspectorate", -23),
    ("peer-challenge", KIND.REVIEW, "Peer challenge on special educational needs", "Neighbouring councils", -22),
    ("care-leavers", KIND.FEEDBACK, "What care leavers told the council", "Care leavers' forum", -21),
    ("self-evaluation", KIND.SELF_EVALUATION, "Self-evaluation", "Example Borough", -22),
)

#: reference, title, its source; a reference of two parts stands under the first.
FINDINGS = (
    ("EBF1", "Help comes too late for some families", "inspection"),
    ("EBF1.1", "Contacts at the front door wait too long for an answer", "inspection"),
    ("EBF1.2", "Services do not agree on how to respond to neglect", "inspection"),
    ("EBF1.3", "Fathers are left out of assessments", "inspection"),
    ("EBF2", "Children in care move home too often", "inspection"),
    ("EBF2.1", "Too few foster families live in the borough", "inspection"),
    ("EBF2.2", "Health assessments are finished late", "inspection"),
    ("EBF3", "Social workers change too often", "inspection"),
    ("EBS1", "Plans take far longer than 20 weeks", "peer-challenge"),
    ("EBS2", "Schools suspend pupils with special needs more than others", "peer-challenge"),
    ("EBS3", "Parents hear nothing between two annual reviews", "peer-challenge"),
)

#: Number of an activity → the findings it answers, and the sources that are named as a whole.
ANSWERS = {
    1: (("ebf1",), ("self-evaluation",)),
    3: (("ebf3",), ()),
    4: (("ebf1-1",), ()),
    6: (("ebf1-2",), ()),
    7: (("ebf2-1",), ()),
    8: ((), ("care-leavers",)),
    9: (("ebf2-2",), ()),
    10: ((), ("care-leavers",)),
    13: (("ebs1",), ()),
    14: (("ebs2",), ()),
    19: ((), ("self-evaluation",)),
}

#: Number of an activity → what it delivers, and for each how many months ago it was done (None: not yet).
OUTPUTS = {
    1: (("A lease for each of the three buildings", 14), ("One register of families for all hubs", 6)),
    3: (("A recruitment page that shows real teams", 11), ("An offer for social workers in their first year", None)),
    4: (("A rota that covers evenings", 12), ("A count of contacts by hour, every Monday", 9)),
    6: (("One way to describe neglect", 8), ("Joint training for health visitors and schools", None)),
    7: (("An evening each month for people who think of fostering", 10), ("A mentor for every new family", None)),
    13: (("A weekly list of plans by week reached", 7), ("Advice from health within six weeks", None)),
    14: (("A promise signed by every secondary school", None),),
    20: (("A list of every field that two systems hold", 5), ("One number for every child", None)),
}

EVIDENCE_KIND = Evidence.Kind
#: kind, title, months from the running one, sample, grade, theme, summary, findings, activities, objectives.
EVIDENCE = (
    (
        EVIDENCE_KIND.AUDIT,
        "Audit of contacts at the front door",
        -2,
        "40 contacts of one week",
        "31 good, 7 require improvement, 2 inadequate",
        "Timeliness",
        "Answers come more quickly; the reason for a decision is not always written down.",
        ("ebf1-1",),
        (4,),
        (1,),
    ),
    (
        EVIDENCE_KIND.FAMILY_FEEDBACK,
        "What families say of the hubs",
        -4,
        "62 families",
        "",
        "Early help",
        "Nine in ten would come again; opening hours do not suit parents who work.",
        ("ebf1",),
        (1,),
        (1,),
    ),
    (
        EVIDENCE_KIND.YOU_SAID,
        "You said, we did: advisers who keep their word",
        -6,
        "Care leavers' forum",
        "",
        "Care leavers",
        "You said that advisers change without a word. Each change now comes with a joint visit.",
        (),
        (8, 10),
        (2,),
    ),
    (
        EVIDENCE_KIND.STAFF_VIEWS,
        "Survey of social workers",
        -8,
        "112 of 160 answered",
        "",
        "Workload",
        "Two in three would recommend the team; visits in the evening wear people out.",
        ("ebf3",),
        (3,),
        (1,),
    ),
    (
        EVIDENCE_KIND.REVIEW,
        "Parents look at ten new plans",
        -3,
        "10 plans",
        "6 clear, 4 unclear",
        "Quality of plans",
        "Clear plans name who does what by when.",
        ("ebs1",),
        (13,),
        (3,),
    ),
)

#: Entry, name, what is in it, and whether members may open it.
FILES = (
    (
        1,
        "Audit of contacts, results.csv",
        "csv",
        "Judgement,Contacts\r\nGood,31\r\nRequires improvement,7\r\nInadequate,2\r\n",
        False,
    ),
    (1, "Audit of contacts, summary.txt", "txt", "Answers come more quickly.\r\n40 contacts were read.\r\n", True),
    (2, "What families said.txt", "txt", "62 families answered.\r\nNine in ten would come again.\r\n", False),
)


def make_findings(chronicle: Chronicle, plan: Plan) -> tuple[dict[str, Source], dict[str, Finding]]:
    """Sources and findings by key: before the activities, which name them."""
    sources = {
        key: Source(
            plan=plan,
            key=key,
            order=order,
            kind=kind,
            title=title,
            body=body,
            source_date=PartialDate(f"{chronicle.month(offset).start:%Y-%m}"),
        )
        for order, (key, kind, title, body, offset) in enumerate(SOURCES, start=1)
    }
    chronicle.write_all(list(sources.values()), chronicle.drafted)
    findings: dict[str, Finding] = {}
    for order, (ref, title, source) in enumerate(FINDINGS, start=1):
        finding = Finding(plan=plan, key=_key(ref), order=order, ref=ref, title=title, source=sources[source])
        finding.parent = findings.get(_key(ref.partition(".")[0])) if "." in ref else None
        findings[finding.key] = chronicle.write(finding, chronicle.drafted)
    return sources, findings


def _key(ref: str) -> str:
    return ref.lower().replace(".", "-")


def make_outputs(chronicle: Chronicle, plan: Plan, activities: dict[str, Activity]) -> None:
    order = 0
    for number, outputs in OUTPUTS.items():
        for title, done in outputs:
            order += 1
            output = Output(
                plan=plan, key=f"output-{order}", order=order, activity=activities[f"eba{number:02d}"], title=title
            )
            chronicle.write(output, chronicle.drafted)
            if done is not None:
                month = chronicle.month(-done)
                output.done_date = PartialDate(f"{month.start:%Y-%m}")
                chronicle.write(output, month.end, because="It is done.")


def make_evidence(
    chronicle: Chronicle,
    plan: Plan,
    objectives: list[Objective],
    findings: dict[str, Finding],
    activities: dict[str, Activity],
) -> None:
    for order, entry in enumerate(EVIDENCE, start=1):
        kind, title, offset, sample, grade, theme, summary, on_findings, on_activities, on_objectives = entry
        month = chronicle.month(offset)
        evidence = Evidence(
            plan=plan,
            key=f"evidence-{order}",
            order=order,
            kind=kind,
            title=title,
            evidence_date=PartialDate(f"{month.start:%Y-%m}"),
            sample=sample,
            grade=grade,
            theme=theme,
            summary=summary,
        )
        chronicle.write(
            evidence,
            min(month.end, chronicle.today - timedelta(days=1)),
            findings=[findings[key] for key in on_findings],
            activities=[activities[f"eba{number:02d}"] for number in on_activities],
            objectives=[objectives[number - 1] for number in on_objectives],
        )
        _make_files(chronicle, evidence, order, min(month.end, chronicle.today - timedelta(days=1)))


def _make_files(chronicle: Chronicle, evidence: Evidence, order: int, day: date) -> None:
    own = [entry for entry in FILES if entry[0] == order]
    for number, (_, name, kind, text, may_be_published) in enumerate(own, start=1):
        content = text.encode()
        file = EvidenceFile(
            plan=evidence.plan,
            evidence=evidence,
            number=number,
            file_name=name,
            kind=kind,
            size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            may_be_published=may_be_published,
        )
        chronicle.write(file, day)
        EvidenceContent(file=file, content=content).save(force_insert=True)
