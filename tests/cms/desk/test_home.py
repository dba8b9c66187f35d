"""Where staff start, and that a refusal leaves nobody on an empty page."""

from collections.abc import Callable

from django.test import Client

from jiujinan.accounts.models import User
from jiujinan.accounts.roles import Role
from jiujinan.accounts.services import join, register_person
from needs.services.cases import take_up
from tests.town import NOW, Town

SignIn = Callable[[User], Client]


def test_who_works_at_the_desk_alone_starts_on_the_day(town: Town, signed_in: SignIn) -> None:
    answer = signed_in(town.lin).get("/admin/", follow=True)
    assert answer.redirect_chain == [("/admin/desk/day/", 302)]
    menu = answer.content.decode()
    assert "desk-day" in menu
    assert "whats-new" not in menu


def test_a_refused_page_says_so_on_the_day(town: Town, signed_in: SignIn) -> None:
    answer = signed_in(town.lin).get("/admin/desk/scores/draft/", follow=True)
    assert answer.redirect_chain[-1][0] == "/admin/desk/day/"
    assert "没有权限" in answer.content.decode()


def test_an_editor_starts_where_pages_are(town: Town, signed_in: SignIn) -> None:
    editor = register_person(username="wang", full_name="王编辑", password=None)
    join(user=editor, organisation=town.desk, role=Role.EDITOR)
    answer = signed_in(editor).get("/admin/", follow=True)
    assert answer.redirect_chain == []
    assert answer.status_code == 200


def test_the_day_tells_what_waits_in_the_persons_regions_whoever_answers_for_it(
    town: Town, signed_in: SignIn
) -> None:
    town.case(yuan=1)
    take_up(case=town.case(yuan=1), by=town.lin, now=NOW)
    page = signed_in(town.zhou).get("/admin/desk/day/")
    waiting = {one.address: one.count for one in page.context["waiting"]}
    assert waiting["/admin/desk/?state=received"] == 1
    assert waiting["/admin/desk/?state=under_verification"] == 1
    listed = signed_in(town.zhou).get("/admin/desk/?state=under_verification")
    assert listed.context["page"].paginator.count == 1
    assert "待核实案卷" in page.content.decode()
