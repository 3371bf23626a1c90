"""The sample application as a process of its own, against Bridge as it is served and the simulated Zoom."""

import json
import time

import pytest
import requests

from bridge import webhook_samples
from integrations.models import Connection
from scheduling.models import ApplicationEvent, Delivery, DeliveryState, Message
from tests import sample_application
from tests.bridge.conftest import connect_at_zoom
from tests.visitors import Visitor

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def started(site, crm):
    """The address of the running CRM."""
    with sample_application.running(site, crm.client_id) as address:
        yield address


@pytest.fixture
def crm_page(started):
    return Visitor(started)


def consent(crm_page, browser_of_olga):
    browser_of_olga.open(crm_page.open("/consent"))
    crm_page.open(browser_of_olga.press("Allow"))


def connect(crm_page, browser_of_olga, zoom):
    browser_of_olga.open(crm_page.open("/conferencing"))
    crm_page.open(connect_at_zoom(browser_of_olga, zoom, "Continue to Zoom"))


@pytest.mark.row("CR-1", "CR-2", "CR-8", "CR-9", "CR-10", "CR-17")
def test_it_goes_the_whole_way(crm_page, browser_of_olga, zoom_there, work):
    consent(crm_page, browser_of_olga)
    assert "Bridge acts for you now." in crm_page.page.text
    connect(crm_page, browser_of_olga, zoom_there)
    assert "Conferencing: conferencing_connected, zoom" in crm_page.page.text
    assert Connection.objects.get().grant.email == "paula@acme.example"

    crm_page.press("Make")
    assert "<em>pending</em>" in crm_page.page.text
    work()
    (meeting,) = zoom_there.meetings()
    crm_page.open("/")
    assert f'<a href="{zoom_there.join_url(meeting)}">Join</a>' in crm_page.page.text
    assert "meeting.ready" in crm_page.page.text
    told, sample = Message.objects.get(type="meeting.ready").body, webhook_samples.all_of_them()[0].text
    assert json.loads(told)["data"].keys() == json.loads(sample)["data"].keys()
    start = ApplicationEvent.objects.get().start

    crm_page.press("Move")
    work()
    assert (ApplicationEvent.objects.get().start - start).total_seconds() == 3600
    crm_page.press("Delete")
    work()
    assert zoom_there.meetings() == []
    crm_page.open("/")
    assert "meeting.deleted" in crm_page.page.text
    assert set(Delivery.objects.values_list("state", flat=True)) == {DeliveryState.DELIVERED}


def test_a_message_without_the_signature_is_not_believed(started, crm_page, browser_of_olga):
    consent(crm_page, browser_of_olga)
    headers = {"webhook-id": "msg_1", "webhook-timestamp": str(int(time.time())), "webhook-signature": "v1,bm8="}
    forged = requests.post(f"{started}/webhooks", json={"type": "meeting.ready"}, headers=headers, timeout=10)

    crm_page.open("/")
    assert forged.status_code == 401
    assert "meeting.ready" not in crm_page.page.text


def test_an_answer_to_no_question_of_its_own_is_not_taken(crm_page):
    crm_page.open("/callback?code=stolen&state=guessed&iss=https://elsewhere.example")

    assert "That was no answer to a question of ours." in crm_page.page.text
    assert "Connect Bridge" in crm_page.page.text


def test_it_says_when_the_person_says_no(crm_page, browser_of_olga):
    browser_of_olga.open(crm_page.open("/consent"))
    crm_page.open(browser_of_olga.press("Refuse"))

    assert "No consent: access_denied." in crm_page.page.text
