"""Setting up a council's risk matrices: new, changed while nothing stands on them, agreed, replaced; and the re-scoring
that follows, which is proposed and never done in silence."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from lambeth_plans import history
from lambeth_plans.accounts.actions import free_key
from lambeth_plans.accounts.models import Council, User
from lambeth_plans.rag import Standing
from objectives.models import Plan
from risks.actions import hold_matrices
from risks.models import Risk, RiskBand, RiskMatrix, RiskScore, RiskStep
from risks.models.matrix import SETTLED
from risks.scoring import STARTS, Band, Proposal, Step, Weights, broken, proposed


@dataclass(frozen=True)
class Layout:
    """The steps and bands of a matrix as they should be."""

    likelihood: tuple[Step, ...]
    impact: tuple[Step, ...]
    bands: tuple[Band, ...]

    def broken(self, appetite: int | None) -> list[str]:
        """What is wrong with it as a whole, in sentences."""
        return broken(self.likelihood, self.impact, self.bands, appetite)


def layout_of(matrix: RiskMatrix) -> Layout:
    """As it is now. Two queries."""
    return layout_from(*(model.objects.filter(matrix=matrix).values() for model in (RiskStep, RiskBand)))


def layout_from(steps: Iterable[Mapping[str, Any]], bands: Iterable[Mapping[str, Any]]) -> Layout:
    """From the values of its steps and bands by column, in any order."""
    axes: dict[str, list[Step]] = {axis: [] for axis in RiskStep.Axis.values}
    for step in sorted(steps, key=lambda step: step["weight"]):
        axes[step["axis"]].append(Step(step["weight"], step["word"], step["description"]))
    ordered = sorted(bands, key=lambda band: band["lowest_score"])
    return Layout(
        tuple(axes["likelihood"]),
        tuple(axes["impact"]),
        tuple(Band(band["lowest_score"], band["rag"], band["name"]) for band in ordered),
    )


def is_agreed_no_more(held: RiskMatrix, *, was: Layout, now: Layout, appetite: int | None) -> bool:
    """Whether a matrix that is agreed says something else of scores than what was agreed, and so falls back.

    Every door asks here: forms, administration pages and imports. Its name, and when it escalates, change no score.
    """
    return held.is_agreed and (now != was or appetite != held.appetite)


def _new_key(matrix: RiskMatrix, stem: str) -> str:
    Council.objects.select_for_update().get(pk=matrix.council_id)
    taken = {*RiskMatrix.objects.filter(council=matrix.council_id).values_list("key", flat=True), "new"}
    return free_key(stem, taken, otherwise="matrix")


@transaction.atomic
def create_matrix(*, matrix: RiskMatrix, start: str, by: User, reason: str) -> RiskMatrix:
    """A new matrix from one of `STARTS`. It is assumed, and holds nothing, until it is agreed."""
    matrix.key, matrix.standing = _new_key(matrix, matrix.name), Standing.ASSUMED.value
    history.save(matrix, by=by, reason=reason)
    chosen = STARTS[start]
    _write(matrix, Layout(chosen.likelihood, chosen.impact, chosen.bands), by=by, reason=reason)
    return matrix


@transaction.atomic
def save_matrix(*, matrix: RiskMatrix, layout: Layout, opened: Layout, by: User, reason: str) -> RiskMatrix:
    """Changes a matrix with its steps and bands; of one that is agreed and in use only what says nothing of scores.
    One that is agreed and not in use is assumed from then on, where its steps, bands or appetite are others.

    `opened` is the layout that its form was opened on. Raises StaleRecord where it, or the matrix, is another one now,
    and ValidationError where it is settled, no band would be left or a score stands on a step that would go.
    """
    hold_matrices(matrix.pk)
    current = layout_of(matrix)
    if current != opened:
        raise history.StaleRecord(matrix)
    held = RiskMatrix.objects.get(pk=matrix.pk)
    if layout != current and held.is_settled:
        raise ValidationError(SETTLED.format(matrix))
    _refuse_to_take_away(matrix, current, layout)
    matrix.clean()
    if is_agreed_no_more(held, was=current, now=layout, appetite=matrix.appetite):
        matrix.fall_back()
    history.save(matrix, by=by, reason=reason)
    _write(matrix, layout, by=by, reason=reason)
    return matrix


def _refuse_to_take_away(matrix: RiskMatrix, was: Layout, now: Layout) -> None:
    """The last band, and steps that scores stand on, stay. That two steps of each are left is a rule of the layout."""
    if was.bands and not now.bands:
        raise ValidationError({"bands": "A matrix that has bands keeps one at least. Change the last one instead."})
    for axis in RiskStep.Axis.values:
        going = {step.weight for step in getattr(was, axis)} - {step.weight for step in getattr(now, axis)}
        standing = RiskScore.objects.filter(matrix=matrix, **{f"{axis}__in": going}) if going else ()
        scored: dict[int, list[str]] = defaultdict(list)
        for score in standing and standing.select_related("risk").order_by("risk__order", "risk__key"):
            scored[getattr(score, axis)].append(str(score.risk))
        errors = [
            f"Step {weight} of {axis} stays: {_named(list(dict.fromkeys(risks)))} scored on it."
            for weight, risks in sorted(scored.items())
        ]
        if errors:
            raise ValidationError({axis: errors})


def _named(risks: Sequence[str]) -> str:
    """ "SR1 is", "SR1 and 3 other risks are"."""
    if len(risks) == 1:
        return f"{risks[0]} is"
    others = len(risks) - 1
    return f"{risks[0]} and {others} other risk{'s' if others > 1 else ''} are"


@transaction.atomic
def save_part(*, part: RiskStep | RiskBand, by: User, reason: str) -> RiskStep | RiskBand:
    """Adds or changes one step or band; a matrix that was agreed is assumed from then on.

    Raises ValidationError where a matrix of it is agreed and in use.
    """
    held = type(part).objects.filter(pk=part.pk or 0).first()
    if held and part.says_the_same(held):
        return history.save(part, by=by, reason=reason)
    matrices = {part.matrix_id, held.matrix_id if held else part.matrix_id}
    hold_matrices(*matrices)
    part.clean()
    before = [(matrix, layout_of(matrix)) for matrix in RiskMatrix.objects.agreed().filter(pk__in=matrices)]
    history.save(part, by=by, reason=reason)
    for matrix, was in before:
        if is_agreed_no_more(matrix, was=was, now=layout_of(matrix), appetite=matrix.appetite):
            matrix.fall_back()
            history.save(matrix, by=by, reason=reason)
    return part


def _write(matrix: RiskMatrix, layout: Layout, *, by: User, reason: str) -> None:
    """What is new first and what goes last: in between no score loses its step."""
    steps = {
        (axis, step.weight): {"word": step.word, "description": step.description}
        for axis in RiskStep.Axis.values
        for step in getattr(layout, axis)
    }
    bands = {band.lowest_score: {"rag": band.rag, "name": band.name} for band in layout.bands}
    going = []
    held_steps = {(step.axis, step.weight): step for step in RiskStep.objects.filter(matrix=matrix)}
    held_bands = {band.lowest_score: band for band in RiskBand.objects.filter(matrix=matrix)}
    for (axis, weight), facts in steps.items():
        _put(held_steps.get((axis, weight)) or RiskStep(matrix=matrix, axis=axis, weight=weight), facts, by, reason)
    for lowest, facts in bands.items():
        _put(held_bands.get(lowest) or RiskBand(matrix=matrix, lowest_score=lowest), facts, by, reason)
    going += [step for identity, step in held_steps.items() if identity not in steps]
    going += [band for lowest, band in held_bands.items() if lowest not in bands]
    if going:
        history.remove_all(going, by=by, reason=reason)


def _put(part: RiskStep | RiskBand, facts: dict, by: User, reason: str) -> None:
    for name, value in facts.items():
        setattr(part, name, value)
    history.save(part, by=by, reason=reason)


@transaction.atomic
def agree_matrix(*, matrix: RiskMatrix, opened: Layout, by: User, reason: str) -> RiskMatrix:
    """The council has agreed the matrix: from now on it colours. `agreed_by` and `agreed_date` say who and when, and
    `opened` is the layout that they saw.

    Raises StaleRecord where it, or the matrix, is another one now, and ValidationError with everything that it still
    lacks.
    """
    hold_matrices(matrix.pk)
    layout = layout_of(matrix)
    if layout != opened:
        raise history.StaleRecord(matrix)
    missing = layout.broken(matrix.appetite)
    if not layout.bands:
        missing.append("It has no bands: say from which score on a rating holds.")
    for axis in RiskStep.Axis.values:
        missing += [f"Step {each.weight} of {axis} has no words." for each in getattr(layout, axis) if not each.word]
    if missing:
        raise ValidationError(missing)
    matrix.standing = Standing.AGREED.value
    return history.save(matrix, by=by, reason=reason)


@transaction.atomic
def replace_matrix(*, matrix: RiskMatrix, by: User, reason: str) -> RiskMatrix:
    """The next edition of a matrix, for the time being with the same steps and bands, and not agreed yet.

    Raises ValidationError where it has a next edition already, or is not agreed: then it can be changed itself.
    """
    Council.objects.select_for_update().get(pk=matrix.council_id)  # before its matrices, like an import
    hold_matrices(matrix.pk)
    if not matrix.is_agreed:
        raise ValidationError(f"{matrix.label} is not agreed yet. Change it instead.")
    if other := RiskMatrix.objects.filter(replaces=matrix).first():
        raise ValidationError(f"{matrix.label} is replaced already, by {other.label}.")
    following = RiskMatrix(
        council_id=matrix.council_id,
        key=_new_key(matrix, f"{matrix.name} {matrix.edition + 1}"),
        name=matrix.name,
        edition=matrix.edition + 1,
        standing=Standing.ASSUMED.value,
        appetite=matrix.appetite,
        escalate_after=matrix.escalate_after,
        replaces=matrix,
    )
    history.save(following, by=by, reason=reason)
    _write(following, layout_of(matrix), by=by, reason=reason)
    return following


@dataclass(frozen=True)
class Rescoring:
    """A risk that is on an edition before, or on no matrix, with its last scores and what they would be on the new
    one; without steps of both it is put on the matrix, and its owner scores it there."""

    risk: Risk
    current: RiskScore | None
    target: RiskScore | None
    proposal: Proposal
    target_proposal: Proposal
    day: date

    @property
    def mark(self) -> str:
        """What of it the page was opened on."""
        return "-".join(str(row.version if row else 0) for row in (self.risk, self.current, self.target))

    @property
    def is_scored_today(self) -> bool:
        """Then its old score is of the same day, and stays the score of that day."""
        return any(each and each.scored_date >= self.day for each in (self.current, self.target))


def rescorings(matrix: RiskMatrix) -> list[Rescoring]:
    """What an agreed matrix proposes, in plans that are not over: for risks on any edition before it, however far back,
    and for those on no matrix. Four queries."""
    plans = Plan.objects.filter(council=matrix.council_id, status__in=(Plan.Status.CURRENT, Plan.Status.DRAFT))
    risks = Risk.objects.filter(plan__in=plans).exclude(matrix=matrix).select_related("plan", "matrix", "owner")
    replaced = {None, *matrix.earlier_editions}
    found = [each for each in risks.order_by("plan", "order", "key") if each.matrix_id in replaced]
    latest: dict[tuple[int, str], RiskScore] = {}
    for score in RiskScore.objects.filter(risk__in=found).select_related("matrix").order_by("scored_date"):
        latest[score.risk_id, score.kind] = score
    steps: dict[int | None, dict[tuple[str, int], str]] = defaultdict(dict)
    for step in RiskStep.objects.filter(matrix__in={matrix.pk, *(score.matrix_id for score in latest.values())}):
        steps[step.matrix_id][step.axis, step.weight] = step.word
    now, today = steps[matrix.pk], timezone.localdate()
    weights = Weights(*(tuple(w for named, w in now if named == axis) for axis in ("likelihood", "impact")))

    def of(score: RiskScore | None) -> Proposal:
        if score is None:
            return Proposal()
        was = steps[score.matrix_id]
        return proposed(weights, likelihood=score.likelihood, impact=score.impact, was=was, now=now)

    made = []
    for risk in found:
        current, target = (latest.get((risk.pk, kind)) for kind in ("current", "target"))
        made.append(Rescoring(risk, current, target, of(current), of(target), risk.plan.read_as_at(today)))
    return made


@transaction.atomic
def rescore(*, matrix: RiskMatrix, chosen: Sequence[Rescoring], by: User, reason: str) -> list[Risk]:
    """Puts risks on a matrix, and adds what was proposed as scores of today; the old scores keep the old matrix.

    Raises ValidationError where the matrix is not agreed, and StaleRecord where a risk was changed meanwhile.
    """
    hold_matrices(matrix.pk, *(each.risk.matrix_id for each in chosen))
    if not matrix.is_agreed:
        raise ValidationError(f"{matrix.label} is not agreed yet. Nothing is scored on it.")
    done = []
    for each in sorted(chosen, key=lambda each: each.risk.pk):
        each.risk.matrix = matrix
        history.save(each.risk, by=by, reason=reason)
        for old, proposal in ((each.current, each.proposal), (each.target, each.target_proposal)):
            if old is None or proposal.score is None or each.is_scored_today:
                continue
            facts = {"likelihood": proposal.likelihood, "impact": proposal.impact, "score": proposal.score}
            new = RiskScore(
                risk=each.risk, kind=old.kind, scored_date=each.day, matrix=matrix, due_date=old.due_date, **facts
            )
            same = f"The same steps on {matrix.label}"
            if proposal.reworded:
                same = f"The same weights on {matrix.label}, where {' and '.join(proposal.reworded)}"
            new.reason = f"{same}; it was {old.score} on {old.matrix.label}."
            history.save(new, by=by, reason=reason)
        done.append(each.risk)
    return done
