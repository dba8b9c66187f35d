"""Where staff start, and that a refusal leaves nobody on an empty page."""

from collections.abc import Callable

from django.test import Client

from jiujinan.accounts.models import User
from jiujinan.accounts.roles import Role
from jiujinan.accounts.services import join, register_person
from tests.town import Town

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
