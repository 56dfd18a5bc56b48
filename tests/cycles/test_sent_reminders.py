import pytest
from django.urls import reverse

from lambeth_plans import history
from lambeth_plans.cycles import sent_reminders
from tests import factories
from tests.html import text_of

pytestmark = pytest.mark.django_db
