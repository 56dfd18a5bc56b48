"""The twenty-four activities of Example Borough and how each of them went: data only."""

from dataclasses import dataclass

from lambeth_plans.rag import Rag

_BY_LETTER = {rag.letter: rag for rag in Rag}


@dataclass(frozen=True)
class Move:
    """A due date that was put off: how many months ago, by how many months, and why."""

    months_ago: int
    later_by: int
    reason: str


@dataclass(frozen=True)
class Story:
    """One activity. `went` is its ratings by letter from so many months ago on: "18G 7A 3R"; empty: never reported.

    `due` counts months from the running one to the due date as it is now (None: none is set), printed as precisely
    as `precision` says. `counted` of `total` is what its reports count. `silent` is for how many months nobody has
    reported; `early` whether the running month is reported before most; `expects` the last forecast where it is not
    the usual one. `rosier` says in the last reports why it is rated better than the Red indicator `known` allows.
    """

    title: str
    outcome: str
    goal: str
    owner: str | None
    due: int | None
    went: str
    counted: str = ""
    total: int = 10
    trouble: str = ""
    path: str = ""
    precision: str = "day"
    moves: tuple[Move, ...] = ()
    shared: tuple[str, ...] = ()
    further_objectives: tuple[int, ...] = ()
    programme: str = ""
    silent: int = 1
    early: bool = False
    corrected: int | None = None
    expects: Rag | None = None
    known: str = ""
    rosier: str = ""

    @property
    def ratings(self) -> list[tuple[int, Rag]]:
        """(months ago, the rating from then on), oldest first."""
        return [(int(part[:-1]), _BY_LETTER[part[-1]]) for part in self.went.split()]

    def rating(self, months_ago: int) -> Rag:
        """What was reported so many months ago. Only for those that are reported on."""
        return [rag for since, rag in self.ratings if since >= months_ago][-1]


KEEP_SAFE = (
    Story(
        "Open three family hubs where families find help in one place",
        "Families find help close to home before things go wrong.",
        "goal-1-1",
        "head-of-early-help",
        4,
        "18G",
        "Hub services running",
        24,
        shared=("director-of-commissioning",),
        programme="Family Hubs",
        early=True,
    ),
    Story(
        "Train a safeguarding lead in every school",
        "Every school knows when and how to ask for help.",
        "goal-1-1",
        "head-of-safeguarding",
        6,
        "18G 9A 4G",
        "Schools with a trained lead",
        62,
        "Two courses were called off because the trainer was ill.",
        "A second trainer is booked for every course this term.",
        moves=(Move(8, 3, "Two courses were called off and have to be held again."),),
        corrected=7,
    ),
    Story(
        "Fill 40 social work posts with permanent staff",
        "Children keep the same social worker, who has time for them.",
        "goal-1-1",
        "head-of-safeguarding",
        -1,
        "18G 8A 3R",
        "Posts filled",
        40,
        "More people left than joined this quarter; neighbouring boroughs pay more.",
        "A retention payment goes to the cabinet next month, and twelve newly qualified workers start in the autumn.",
        moves=(Move(6, 3, "The first advertisement brought too few candidates."),),
        programme="Workforce",
    ),
    Story(
        "Answer every contact at the front door within one working day",
        "No family waits to hear what happens next.",
        "goal-1-1",
        "director-of-social-care",
        2,
        "18A 12G",
        "Teams that keep to one working day",
        12,
        "Evening and weekend contacts wait until the next shift.",
        "The rota covers evenings from next month.",
        early=True,
    ),
    Story(
        "Review every child protection plan that has run for more than a year",
        "No child stays on a plan that does not help.",
        "goal-1-1",
        "head-of-safeguarding",
        -2,
        "18G 3B",
        "Plans reviewed",
        38,
    ),
    Story(
        "Agree how all services respond to neglect",
        "Neglect is seen early and answered in the same way everywhere.",
        "goal-1-1",
        None,
        -3,
        "18N 10A",
        "Partners who have agreed",
        9,
        "Nobody has been given the lead since the post was deleted.",
        "The directors agree who leads it at their next meeting.",
        precision="month",
    ),
)

CARE = (
    Story(
        "Recruit 30 foster families of our own",
        "More children live close to their school and friends.",
        "goal-1-2",
        "head-of-corporate-parenting",
        7,
        "18G 11A 5R 2A",
        "Families approved",
        30,
        "Enquiries are up, but six families withdrew during their assessment.",
        "A support worker now goes with each family through the assessment.",
        moves=(Move(5, 6, "Assessments take five months instead of three."),),
        programme="Closer to Home",
    ),
    Story(
        "Publish an offer to care leavers and put it into practice",
        "Care leavers know what they can count on until they are 25.",
        "goal-2-2",
        "head-of-corporate-parenting",
        -5,
        "18G 6B",
        "Promises in place",
        15,
    ),
    Story(
        "Finish the health assessments of children who come into care on time",
        "Children get the health care they need from the first month.",
        "goal-1-2",
        "head-of-corporate-parenting",
        8,
        "18G",
        "Clinics that offer a place within 20 working days",
        20,
        silent=4,
    ),
    Story(
        "Write every pathway plan together with the young person",
        "Plans say what the young person wants and are followed.",
        "goal-2-2",
        "head-of-corporate-parenting",
        7,
        "18A 10G",
        "Personal advisers trained",
        26,
        "Plans are still written for young people instead of with them.",
        "Advisers shadow the team that does it best.",
        shared=("head-of-early-help",),
    ),
    Story(
        "Give every child in care in year 10 and 11 a mentor",
        "Children in care leave school with the results they deserve.",
        "goal-1-3",
        "director-of-education",
        11,
        "18N",
        precision="month",
        trouble="It begins with the new school year, when the mentors are appointed.",
        further_objectives=(3,),
    ),
    Story(
        "Set up twelve places of supported lodgings",
        "Young people learn to live on their own with somebody at hand.",
        "goal-2-2",
        "head-of-commissioning",
        3,
        "18G 7A",
        "Places ready",
        12,
        "Two hosts stepped back and the provider has to find others.",
        "The provider has four new hosts; checks end next month.",
        moves=(Move(4, 3, "Checks on new hosts take twelve weeks."),),
        programme="Closer to Home",
    ),
)

LEARN = (
    Story(
        "Finish education, health and care plans within 20 weeks",
        "Families get a plan in time for their child to benefit.",
        "goal-2-1",
        "head-of-inclusion",
        9,
        "18R 12A 5G",
        "Plans of the backlog finished",
        180,
        "Advice from educational psychologists arrives late.",
        "Three psychologists from an agency work through the backlog.",
        programme="Inclusion",
        early=True,
    ),
    Story(
        "Agree with every secondary school how to avoid suspensions",
        "Children stay in school and get help there.",
        "goal-1-3",
        "head-of-inclusion",
        10,
        "18G 4A",
        "Schools that have agreed",
        14,
        "Two academy trusts want to keep their own policy.",
        "The director meets both trusts before the end of term.",
        expects=Rag.AMBER,
    ),
    Story(
        "Visit every family whose child misses more than one day in ten",
        "Families get help with what keeps their child from school.",
        "goal-1-3",
        "head-of-school-improvement",
        None,
        "18G",
        "Families visited",
        240,
        expects=Rag.AMBER,
    ),
    Story(
        "Create 60 places for autistic pupils in our own schools",
        "Children go to school close to home.",
        "goal-2-1",
        "director-of-education",
        14,
        "18G 9A 2R",
        "Places ready",
        60,
        "Building costs came in a quarter above the estimate.",
        "A smaller first phase of 36 places goes to the cabinet.",
        precision="year",
        moves=(Move(2, 12, "The building has to be designed again within the budget."),),
        programme="Inclusion",
        further_objectives=(4,),
    ),
    Story(
        "Check at the age of two whether each child is ready to learn",
        "Help starts two years before school.",
        "goal-1-1",
        "head-of-school-improvement",
        -1,
        "",
        precision="month",
    ),
    Story(
        "Teach young people with special needs to travel on their own",
        "Young people reach college and work without a taxi.",
        "goal-2-1",
        "head-of-commissioning",
        6,
        "18N 6G",
        "Young people trained",
        45,
        trouble="The trainers have not been appointed yet.",
        further_objectives=(4,),
        early=True,
    ),
)

RUN_WELL = (
    Story(
        "Put all measures of this plan on one page that is right every month",
        "Everybody decides on the same figures.",
        "goal-3-2",
        "head-of-performance",
        2,
        "18G",
        "Measures checked against their source",
        12,
        early=True,
    ),
    Story(
        "Bring the records of four systems about a child together",
        "Practitioners see the whole child.",
        "goal-3-2",
        "head-of-performance",
        -1,
        "18G 8A 3R",
        "Record types brought together",
        16,
        "The supplier has missed three deliveries of its interface.",
        "The contract manager has called in the guarantee; an export by night bridges the gap.",
        moves=(
            Move(8, 4, "The supplier needs longer for the interface."),
            Move(4, 2, "The second delivery failed its test."),
        ),
        programme="One Record",
        further_objectives=(1,),
    ),
    Story(
        "Buy home to school transport anew",
        "Children travel safely and the price is one we can keep paying.",
        "goal-3-1",
        "director-of-commissioning",
        5,
        "18G 5A",
        "Steps of the tender done",
        11,
        "Only two bidders answered the first call.",
        "The routes are offered in smaller lots, which five firms have asked about.",
        shared=("head-of-inclusion",),
        further_objectives=(3,),
    ),
    Story(
        "Write down what we will buy for children in the next five years",
        "Providers can plan, and we get more for the money.",
        "goal-3-1",
        "director-of-commissioning",
        8,
        "18N",
        precision="month",
        trouble="It waits for the budget of the coming year.",
    ),
    Story(
        "Have young people check every service we buy",
        "Services are judged by those who use them.",
        "goal-3-1",
        "head-of-commissioning",
        4,
        "",
    ),
    Story(
        "Bring spending on placements back within the budget",
        "There is money left for helping families early.",
        "goal-3-1",
        "director-of-childrens-services",
        3,
        "18A 6G",
        "Placements whose price was agreed anew",
        85,
        "Four placements cost more than £10,000 a week each.",
        "Each of them is reviewed by the director every month.",
        shared=("director-of-social-care",),
        known="EB12",
        rosier="The new prices hold from the month after they are agreed; the figure follows them by a quarter.",
    ),
)

#: By objective, in order.
STORIES = (KEEP_SAFE, CARE, LEARN, RUN_WELL)
