"""Lin proposes a text, Zhou and Wu see its masked places; nobody sees what stood there."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jiujinan.accounts.models import User
from jiujinan.sealing.fields import Plain
from needs.models import Need, ToldText
from needs.services.telling import propose_text
from tests.town import COUNTY, NEXT_COUNTY, NOW, Town

SignIn = Callable[[User], Client]
TEXT = "家里靠种田生活，每周要做三次透析，孩子在河口小学读书，老国说缺钱。"


@pytest.fixture
def need(town: Town) -> Need:
    need = town.verified()
    head = need.case.household.members.get(is_head=True)
    head.name = Plain("王建国")
    head.save(update_fields=["name"])
    return need


def test_a_text_goes_its_way_through_three_people(town: Town, need: Need, signed_in: SignIn) -> None:
    lin = signed_in(town.lin)
    address = f"/admin/desk/{need.case_id}/text/"
    assert lin.get(address).status_code == 200
    sent = lin.post(address, {"text": TEXT, "also_hide": "河口小学\n"})
    told = ToldText.objects.get()
    assert sent["Location"] == f"/admin/desk/texts/{told.pk}/"
    for person in (town.zhou, town.wu):
        reader = signed_in(person)
        assert str(told.pk) in reader.get("/admin/desk/texts/").content.decode()
        page = reader.get(f"/admin/desk/texts/{told.pk}/").content.decode()
        assert "desk-masked" in page
        assert not any(secret in page for secret in ("河口", "老国", "王建国"))
        unread = reader.post(f"/admin/desk/texts/{told.pk}/confirm/", {"seen": told.text_hash})
        assert unread.status_code == 422
        done = reader.post(f"/admin/desk/texts/{told.pk}/confirm/", {"seen": told.text_hash, "read": "on"})
        assert done.status_code == 302
    told.refresh_from_db()
    assert (told.first_by, told.second_by) == (town.zhou, town.wu)
    assert f"/texts/{told.pk}/" not in reader.get("/admin/desk/texts/").content.decode()


def test_a_blocked_text_is_shown_masked_and_told_why(town: Town, need: Need, signed_in: SignIn) -> None:
    lin = signed_in(town.lin)
    page = lin.post(
        f"/admin/desk/{need.case_id}/text/", {"text": "她是全县唯一的病例，邻居买买提·艾力可以作证。"}
    )
    assert page.status_code == 422
    assert 'role="alert"' in page.content.decode()
    assert not ToldText.objects.exists()
    assert lin.post(f"/admin/desk/{need.case_id}/text/", {"text": "短"}).status_code == 422


def test_others_than_officers_propose_nothing_and_the_officer_confirms_nothing(
    town: Town, need: Need, signed_in: SignIn
) -> None:
    address = f"/admin/desk/{need.case_id}/text/"
    for person in (town.wu, town.chen):  # Wagtail's admin answers a refusal with the way home
        assert signed_in(person).post(address, {"text": TEXT}).status_code == 302
        assert not ToldText.objects.exists()
    told = propose_text(need=need, text=TEXT, by=town.lin, now=NOW).told
    assert told
    confirmed = signed_in(town.lin).post(
        f"/admin/desk/texts/{told.pk}/confirm/", {"seen": told.text_hash, "read": "on"}
    )
    assert confirmed.status_code == 302
    stale = signed_in(town.zhou).post(
        f"/admin/desk/texts/{told.pk}/confirm/", {"seen": "0" * 64, "read": "on"}
    )
    assert stale.status_code == 302
    told.refresh_from_db()
    assert told.confirmations == 0


def test_a_text_is_set_aside_with_a_reason(town: Town, need: Need, signed_in: SignIn) -> None:
    told = propose_text(need=need, text=TEXT, by=town.lin, now=NOW).told
    assert told
    zhou = signed_in(town.zhou)
    address = f"/admin/desk/texts/{told.pk}/set-aside/"
    assert zhou.post(address, {"reason": ""}).status_code == 422
    assert zhou.post(address, {"reason": "认得出来"}).status_code == 302
    assert "认得出来" in zhou.get(f"/admin/desk/texts/{told.pk}/").content.decode()


def test_the_list_asks_as_often_for_three_texts_as_for_one(town: Town, signed_in: SignIn) -> None:
    client, asked = signed_in(town.zhou), []
    for count in (1, 2):
        for _ in range(count):
            propose_text(need=town.verified(), text=TEXT, by=town.lin, now=NOW)
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/admin/desk/texts/").status_code == 200
        asked.append(len(queries))
    assert asked[0] == asked[1]


def test_a_text_of_another_region_is_not_found(town: Town, signed_in: SignIn) -> None:
    from tests.cms.desk.test_desk import of_county

    told = propose_text(need=town.verified(region=NEXT_COUNTY), text=TEXT, by=town.lin, now=NOW).told
    assert told
    assert signed_in(of_county(town, COUNTY)).get(f"/admin/desk/texts/{told.pk}/").status_code == 404
