"""What the plan says in words: sections, achievements, events, and notes on its figures."""

from datetime import timedelta

from lambeth_plans import periods
from lambeth_plans.accounts.models import Officer
from lambeth_plans.fields import PartialDate
from lambeth_plans.imports.example_borough.chronicle import Chronicle
from objectives.models import Achievement, DataQualityNote, Event, Milestone, Objective, Plan, Section

SECTIONS = (
    (
        "Foreword",
        "lead-member",
        (
            "Children told us what matters to them: a safe home, a good school, friends, and adults who keep their "
            "word. This plan says what we will do about it, who answers for it, and how everybody can see whether it "
            "works."
        ),
    ),
    (
        "Where we stand",
        "director-of-childrens-services",
        (
            "More families get help early than two years ago. Plans for children with special educational needs still "
            "take too long, and we depend on agency staff and on placements that we can hardly pay for."
        ),
    ),
    (
        "How we follow this plan",
        "director-of-commissioning",
        (
            "Directors report every month. The performance board looks at what is off course, and the scrutiny "
            "committee sees the same page as the directors."
        ),
    ),
)

#: claim, figure, years before the plan begins, source.
ACHIEVEMENTS = (
    ("Families helped by a family hub in its first year", "1,140", 1, "Early help system"),
    ("Young people who say that their adviser keeps their word", "81%", 1, "Survey of care leavers"),
    ("Schools judged good or outstanding", "55 of 62", 1, "Inspection reports"),
    ("Foster families approved in a year", "9", 2, "Fostering panel"),
)

#: title, who held it, judgement, months from the running one.
EVENTS = (
    ("Inspection of services for children", "Inspectorate", "Requires improvement to be good", -23),
    ("Peer challenge on special educational needs", "Neighbouring councils", "Six recommendations, all accepted", -11),
    ("Focused visit to the front door", "Inspectorate", "Contacts are answered more quickly than before", -3),
    ("Annual conversation with the inspectorate", "Inspectorate", "", 2),
)

KIND = DataQualityNote.RecordKind
NOTES = (
    (
        KIND.INDICATOR,
        "eb08",
        "Which way is better",
        "Nothing is said",
        "Fewer days are better",
        "No board has agreed it. It is assumed, so the figures have no colour.",
    ),
    (
        KIND.INDICATOR,
        "eb11",
        "Figures",
        "Two months are missing",
        "No figures were sent",
        "The early help system was replaced in those months.",
    ),
    (
        KIND.ACTIVITY,
        "eba06",
        "Owner",
        "To be agreed",
        "Nobody answers for it yet",
        "The post that held it was deleted.",
    ),
    (
        KIND.CONTRACT,
        "ebc03",
        "Annual value",
        "c.£1.9m",
        "£1,900,000",
        "The register gives a rounded amount.",
    ),
    (
        KIND.CONTRACT,
        "ebc08",
        "End date",
        "to be confirmed",
        "The end date is not known",
        "The contract is part of a larger one that is being read again.",
    ),
)


#: title, number of the event at which it is looked for (None: at none), months from the running one, objective.
MILESTONES = (
    ("Every contact is answered within one working day", 4, 2, 1),
    ("No audit of a new plan finds it inadequate", 4, 2, 3),
    ("Twenty foster families of our own are approved", None, 7, 2),
    ("The three hubs are open", None, -5, 1),
)


def make_narrative(chronicle: Chronicle, plan: Plan, officers: dict[str, Officer], objectives: list[Objective]) -> None:
    sections = [
        Section(plan=plan, key=f"section-{order}", order=order, title=title, body=body, author=officers[author])
        for order, (title, author, body) in enumerate(SECTIONS, start=1)
    ]
    chronicle.write_all(sections, chronicle.drafted)
    achievements = [
        Achievement(
            plan=plan,
            key=f"achievement-{order}",
            order=order,
            claim=claim,
            figure=figure,
            period=periods.financial_year(chronicle.plan_year - before).label,
            source=source,
        )
        for order, (claim, figure, before, source) in enumerate(ACHIEVEMENTS, start=1)
    ]
    chronicle.write_all(achievements, chronicle.drafted)
    events = []
    for order, (title, body, judgement, offset) in enumerate(EVENTS, start=1):
        month = chronicle.month(offset)
        event = Event(
            plan=plan,
            key=f"event-{order}",
            order=order,
            title=title,
            event_date=PartialDate(f"{month.start:%Y-%m}"),
            body=body,
            judgement=judgement,
        )
        written = min(month.end, chronicle.today - timedelta(days=10))
        events.append(chronicle.write(event, max(written, chronicle.drafted)))
    for order, (title, at, offset, objective) in enumerate(MILESTONES, start=1):
        milestone = Milestone(
            plan=plan,
            key=f"milestone-{order}",
            order=order,
            title=title,
            due_date=PartialDate(f"{chronicle.month(offset).start:%Y-%m}"),
            event=events[at - 1] if at else None,
            objective=objectives[objective - 1],
        )
        chronicle.write(milestone, chronicle.today - timedelta(days=9))
    notes = [
        DataQualityNote(
            plan=plan,
            key=f"note-{order}",
            order=order,
            record_kind=kind,
            record_key=key,
            field=field,
            printed=printed,
            understood=understood,
            why=why,
        )
        for order, (kind, key, field, printed, understood, why) in enumerate(NOTES, start=1)
    ]
    chronicle.write_all(notes, chronicle.today - timedelta(days=9))
