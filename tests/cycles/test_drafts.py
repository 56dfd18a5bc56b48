import pytest

from lambeth_plans import history
from lambeth_plans.cycles.drafts import StaleDraft, discard_drafts, drafts_of, save_draft
from lambeth_plans.cycles.models import DraftReport
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def head(borough, division):
    """A head of service in the director's division, who logs in."""
    user = factories.UserFactory(username="head", role="director", councils=[borough])
    return factories.OfficerFactory(council=borough, division=division, user=user, key="head")


@pytest.fixture
def owned(plan, head, post, deputy, director):
    """An activity of the head, for whose post somebody else deputises than for the director's."""
    second = factories.UserFactory(username="second", role="director", councils=[plan.council])
    for principal, user in ((post, deputy), (head, second)):
        officer = factories.OfficerFactory(council=plan.council, user=user)
        history.save(principal, by=director, links={"deputies": [officer]})
    return factories.ActivityFactory(plan=plan, owner=head)


def found_by(activity, *users):
    return [user.username for user in users if drafts_of(user, [activity.pk])]


def test_a_draft_is_seen_by_its_post_and_who_deputises_and_by_nobody_else(
    owned, head, director, deputy, other_director, analyst, administrator, scrutiny_member
):
    second = next(iter(head.deputies.all())).user
    everybody = (head.user, second, director, deputy, other_director, analyst, administrator, scrutiny_member)
    save_draft(activity=owned, typed={"what_happened": "Half done."}, number=0, by=head.user)
    assert found_by(owned, *everybody) == ["head", "second"]
    DraftReport.objects.all().delete()
    save_draft(activity=owned, typed={"what_happened": "Half done."}, number=0, by=deputy)  # for the director
    assert found_by(owned, *everybody) == ["director", "deputy"]


def test_a_draft_is_saved_again_by_who_deputises(owned, head):
    second = next(iter(head.deputies.all())).user
    save_draft(activity=owned, typed={"what_happened": "Half"}, number=0, by=head.user)
    save_draft(activity=owned, typed={"what_happened": "Half done."}, number=1, by=second)
    (draft,) = DraftReport.objects.all()
    assert (draft.typed, draft.number, draft.saved_by, draft.officer) == (
        {"what_happened": "Half done."},
        2,
        second,
        head,
    )


def test_a_draft_that_somebody_else_saved_meanwhile_is_not_gone_over(owned, head):
    second = next(iter(head.deputies.all())).user
    save_draft(activity=owned, typed={"what_happened": "Mine"}, number=0, by=head.user)
    with pytest.raises(StaleDraft) as caught:
        save_draft(activity=owned, typed={"what_happened": "Theirs"}, number=0, by=second)
    assert [(line.label, line.text) for line in caught.value.current.lines] == [("What happened", "Mine")]
    assert DraftReport.objects.get().typed == {"what_happened": "Mine"}


def test_an_emptied_draft_goes_and_one_that_was_saved_again_stays(owned, head):
    save_draft(activity=owned, typed={"rag": "green"}, number=0, by=head.user)
    discard_drafts(numbers={owned.pk: 0}, by=head.user)
    assert DraftReport.objects.exists()
    save_draft(activity=owned, typed={}, number=1, by=head.user)
    assert not DraftReport.objects.exists()
    assert save_draft(activity=owned, typed={"rag": "green"}, number=1, by=head.user).number == 1
