"""Several people at one record in the same moment: one wins, the others lose nothing.

Real requests in threads, each with its own connection and its own session, on a database that really commits.
"""

import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from activities.models import Activity, ProgressUpdate
from kpis.models import Outturn
from lambeth_plans import periods
from lambeth_plans.accounts.models import User
from lambeth_plans.imports.actions import upload_figures
from lambeth_plans.imports.audit import audit
from lambeth_plans.imports.models import ImportBatch
from tests import factories
from tests.html import Form
from tests.html import Page as HtmlPage

pytestmark = [pytest.mark.campaign, pytest.mark.django_db(transaction=True)]


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Calls all of them in the same moment, each in a thread with its own connection; their answers in order.

    What one of them raises is raised here. None may take longer than a minute: then it waits for another.
    """
    start = threading.Barrier(len(calls))
    answers: list[Any] = [None] * len(calls)

    def run(place: int, call: Callable[[], Any]) -> None:
        try:
            start.wait(timeout=30)
            answers[place] = call()
        except Exception as error:  # told below, in the thread of the test
            answers[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=each, daemon=True) for each in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
        assert not thread.is_alive(), "somebody waits for ever"
    for answer in answers:
        if isinstance(answer, Exception):
            raise answer
    return answers


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user, "lambeth_plans.accounts.backends.RoleBackend")
    return client


def opened(client: Client, url: str) -> Form:
    """The form of a page as somebody has it before them."""
    form = HtmlPage.of(client.get(url)).form_to(url)
    assert form is not None
    return form


def sender(client: Client, url: str, form: Form, **answers: str) -> Callable[[], Any]:
    return lambda: client.post(url, {**form.as_it_stands(), **answers})


def statuses(responses: list) -> Counter:
    return Counter(response.status_code for response in responses)


def typed(response) -> set[str]:
    """What stands in the fields of the page's forms."""
    return {field.value for form in HtmlPage.of(response).forms for field in form.fields if field.value}


def trail_length(record) -> int:
    return type(record).history.filter(id=record.pk).count()


@pytest.fixture
def directors(borough, post, director):
    """Five who answer for one activity: its owner, and four who share it."""
    others = [
        factories.UserFactory(username=f"editor-{number}", name=f"Editor {number}", role="director", councils=[borough])
        for number in range(4)
    ]
    return [director, *others]


@pytest.fixture
def shared_activity(plan, objective, post, directors):
    sharers = [factories.OfficerFactory(council=plan.council, user=user) for user in directors[1:]]
    return factories.ActivityFactory(
        plan=plan, key="ka1", ref="KA1", objective=objective, owner=post, further_owners=sharers
    )


def test_one_of_five_editors_wins_and_the_others_keep_their_text(shared_activity, directors, rounds):
    url = reverse("progress_report", args=[shared_activity.plan.slug, shared_activity.key])
    clients = [logged_in(user) for user in directors]
    for number in range(rounds(10, 100)):
        texts = [f"What editor {place} saw in round {number}." for place in range(5)]
        versions, updates = trail_length(shared_activity), ProgressUpdate.objects.count()
        forms = [opened(client, url) for client in clients]
        responses = at_once(
            *(
                sender(client, url, form, rag="green", what_happened=text)
                for client, form, text in zip(clients, forms, texts, strict=True)
            )
        )
        assert statuses(responses) == {302: 1, 409: 4}
        saved = ProgressUpdate.objects.latest("pk")
        for text, response in zip(texts, responses, strict=True):
            if response.status_code == 409:
                assert text in typed(response)
                assert saved.what_happened in response.content.decode()
            else:
                assert text == saved.what_happened
        assert ProgressUpdate.objects.count() == updates + 1
        assert trail_length(saved) == 1
        assert trail_length(shared_activity) == versions + 1
    assert audit().differences == ()


def test_loser_saves_again_over_the_newer_version_knowingly(shared_activity, directors):
    url = reverse("progress_report", args=[shared_activity.plan.slug, shared_activity.key])
    clients = [logged_in(user) for user in directors[:2]]
    forms = [opened(client, url) for client in clients]
    responses = at_once(
        *(
            sender(client, url, form, rag="green", what_happened=f"Text {place}")
            for place, (client, form) in enumerate(zip(clients, forms, strict=True))
        )
    )
    loser = next(place for place, response in enumerate(responses) if response.status_code == 409)
    again = HtmlPage.of(responses[loser]).form_to(url)
    assert clients[loser].post(url, again.as_it_stands()).status_code == 302
    told = list(ProgressUpdate.objects.order_by("revision").values_list("what_happened", flat=True))
    assert told == [f"Text {1 - loser}", f"Text {loser}"]


def test_whole_sheets_saved_at_once_never_wait_for_each_other_for_ever(plan, post, directors, rounds):
    """Two directors answer for the same four activities and save all of them; a third reports on the last one."""
    sharers = [factories.OfficerFactory(council=plan.council, user=user) for user in directors[1:]]
    sheet = reverse("my_updates")
    clients = [logged_in(user) for user in directors[:3]]
    for number in range(rounds(3, 30)):
        # New ones each time: what is reported for the month has left the sheet.
        activities = [
            factories.ActivityFactory(
                plan=plan, key=f"ka{number}-{place}", owner=post, further_owners=sharers, order=9 - place
            )
            for place in range(4)
        ]
        page = reverse("progress_report", args=[plan.slug, activities[-1].key])
        length = sum(map(trail_length, activities))
        before = ProgressUpdate.objects.count()
        calls, texts = [], []
        for place, client in enumerate(clients[:2]):
            form = opened(client, sheet)
            fields = [name for name in form.names() if name.startswith(f"ka{number}-")]
            rows = [name.removesuffix("-what_happened") for name in fields if name.endswith("-what_happened")]
            assert len(rows) == 4
            texts.append(f"Sheet {place} of round {number}")
            answers = {f"{row}-rag": "green" for row in rows} | {f"{row}-what_happened": texts[-1] for row in rows}
            calls.append(sender(client, sheet, form, **answers))
        texts.append(f"Page of round {number}")
        calls.append(sender(clients[2], page, opened(clients[2], page), rag="green", what_happened=texts[-1]))
        responses = at_once(*calls)
        assert statuses(responses) == {302: 1, 409: 2}
        for text, response in zip(texts, responses, strict=True):
            assert response.status_code == 302 or text in typed(response)
        saved = 1 if responses[2].status_code == 302 else 4
        assert ProgressUpdate.objects.count() == before + saved
        assert sum(map(trail_length, activities)) == length + saved
    assert audit().differences == ()


@pytest.fixture
def indicators(borough):
    return [factories.IndicatorFactory(council=borough, key=f"in{number}") for number in range(20)]


def uploaded(by: User, indicators: list, number: int) -> ImportBatch:
    """A batch with a figure of each indicator for a month of its own."""
    month = periods.month(2000 + number // 12, 1 + number % 12)
    lines = ["Indicator,Period,Value", *(f"{indicator.key},{month},50" for indicator in indicators)]
    return upload_figures(
        council=by.councils.get(),
        file_name="figures.csv",
        content="\n".join(lines).encode(),
        sheet="",
        reason="",
        by=by,
    )


def confirmer(client: Client, batch: ImportBatch) -> Callable[[], Any]:
    return lambda: client.post(reverse("import_confirm", args=[batch.number]))


def test_batch_that_is_confirmed_in_two_windows_is_applied_once(analyst, indicators, rounds):
    clients = [logged_in(analyst), logged_in(analyst)]
    for number in range(rounds(5, 100)):
        batch = uploaded(analyst, indicators, number)
        responses = at_once(*(confirmer(client, batch) for client in clients))
        assert statuses(responses) == {302: 2}
        assert ImportBatch.objects.get(pk=batch.pk).is_applied
        assert Outturn.objects.count() == len(indicators) * (number + 1)
        assert Outturn.history.filter(batch=batch.number).count() == len(indicators)
        assert trail_length(batch) == 2
    assert audit().differences == ()


def test_one_of_two_analysts_with_the_same_figures_is_told_that_they_changed(borough, analyst, indicators, rounds):
    other = factories.UserFactory(role="analyst", councils=[borough])
    clients = [logged_in(analyst), logged_in(other)]
    for number in range(rounds(5, 100)):
        ours = indicators if number % 2 else indicators[::-1]
        batches = [uploaded(analyst, indicators, number), uploaded(other, ours, number)]
        responses = at_once(*(confirmer(*each) for each in zip(clients, batches, strict=True)))
        assert statuses(responses) == {302: 1, 409: 1}
        states = Counter(ImportBatch.objects.filter(pk__in=[b.pk for b in batches]).values_list("state", flat=True))
        assert states == {"applied": 1, "previewed": 1}
        assert Outturn.objects.count() == len(indicators) * (number + 1)
        assert Outturn.history.count() == len(indicators) * (number + 1)
    assert audit().differences == ()


@pytest.fixture
def administrators(borough, administrator):
    return [administrator, factories.UserFactory(username="second", role="administrator", councils=[borough])]


def test_one_of_two_administrators_at_one_row_wins(activity, administrators, rounds):
    url = reverse("activity_table", args=[activity.plan.slug])
    clients = [logged_in(user) for user in administrators]
    for number in range(rounds(5, 100)):
        titles = [f"Title {place} of round {number}" for place in range(2)]
        length = trail_length(activity)
        forms = [opened(client, url) for client in clients]
        answers = [{f"row-{activity.key}-title": title, "reason": f"As in {title}."} for title in titles]
        responses = at_once(*(sender(c, url, f, **a) for c, f, a in zip(clients, forms, answers, strict=True)))
        assert statuses(responses) == {302: 1, 409: 1}
        winner = next(place for place, response in enumerate(responses) if response.status_code == 302)
        assert Activity.objects.get(pk=activity.pk).title == titles[winner]
        assert {titles[1 - winner], f"As in {titles[1 - winner]}."} <= typed(responses[1 - winner])
        assert titles[winner] in responses[1 - winner].content.decode()
        assert trail_length(activity) == length + 1
        assert activity.history.latest("history_id").history_change_reason == f"As in {titles[winner]}."
    assert audit().differences == ()


def test_rows_that_two_administrators_add_at_once_are_both_kept(plan, objective, administrators, rounds):
    url = reverse("activity_table", args=[plan.slug])
    clients = [logged_in(user) for user in administrators]
    for number in range(rounds(5, 100)):
        forms = [opened(client, url) for client in clients]
        answers = {"new-1-ref": f"KA{number}", "new-1-title": "A new one", "reason": "Agreed."}
        responses = at_once(*(sender(c, url, f, **answers) for c, f in zip(clients, forms, strict=True)))
        assert statuses(responses) == {302: 2}
        assert Activity.objects.count() == 2 * (number + 1)
    assert len(set(Activity.objects.values_list("key", "order"))) == Activity.objects.count()
    assert len(set(Activity.objects.values_list("order"))) == Activity.objects.count()
    assert audit().differences == ()


def test_two_administrators_who_shut_each_other_out_leave_one(administrators, borough, rounds):
    for _ in range(rounds(5, 100)):
        calls = []
        for user, other in zip(administrators, administrators[::-1], strict=True):
            client, url = logged_in(user), reverse("user_edit", args=[other.username])
            form = opened(client, url)
            form.fields = [field for field in form.fields if field.name != "is_active"]
            calls.append(sender(client, url, form, reason="They left."))
        responses = at_once(*calls)
        # 200: told that nobody would be left. 403: shut out by the other between being let in and saving.
        assert all(response.status_code in (200, 302, 403) for response in responses)
        remaining = list(User.objects.filter(role="administrator", is_active=True))
        assert len(remaining) == 1
        shut_out = User.objects.get(role="administrator", is_active=False)
        client, url = logged_in(remaining[0]), reverse("user_edit", args=[shut_out.username])
        answers = {**opened(client, url).as_it_stands(), "is_active": "on", "reason": "They are back."}
        assert client.post(url, answers).status_code == 302
    assert audit().differences == ()
