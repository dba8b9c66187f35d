"""Visitors: from her home county by phone, from a company's office, with the keyboard alone, for a neighbour."""

import re
from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from needs.discovery.models import NeedReport
from needs.discovery.services.reports import contact
from tests.cms.conftest import make_project
from tests.cms.looking import READERS, look_at
from tests.town import COUNTY, NEXT_COUNTY, Town

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]


def projects_of_two_counties() -> None:
    """Publish enough that counts are told: her county's and the next one's."""
    for place in range(3):
        make_project(region=COUNTY, title_zh=f"青禾的第{place}户", items=(("cash", "medical"),))
    make_project(region=NEXT_COUNTY, title_zh="临溪的一户", items=(("service", "counselling"),))


def test_a_visitor_on_a_phone_finds_a_project_of_her_home_county(
    live_town: Town, live_server: LiveServer, visit: Visit
) -> None:
    projects_of_two_counties()
    phone = visit(width=390, height=844)
    phone.goto(live_server.url)
    menu = phone.get_by_role("navigation", name="主导航")
    expect(menu).to_be_hidden()
    phone.get_by_role("button", name="菜单").click()
    menu.get_by_role("link", name="求助项目").click()
    phone.get_by_text("筛选", exact=True).click()
    for name in ("华云省", "云川市", "青禾县"):
        phone.locator(".region-list").get_by_role("link", name=name).click()
        expect(phone.locator(".chips")).to_contain_text(name)
        phone.get_by_text("筛选", exact=True).click()
    expect(phone.locator(".results")).not_to_contain_text("临溪的一户")
    phone.get_by_role("link", name="青禾的第1户").click()
    expect(phone.locator("h1")).to_have_text("青禾的第1户")
    expect(phone.locator("main")).to_contain_text("青禾县")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_csr_officer_filters_keeps_and_subscribes(
    live_town: Town, live_server: LiveServer, visit: Visit
) -> None:
    projects_of_two_counties()
    officer = visit()
    officer.goto(f"{live_server.url}/projects/")
    officer.get_by_label("您代表").select_option("enterprise")
    expect(officer).to_have_url(re.compile("force=enterprise"))
    officer.get_by_label("所需帮助").select_option("medical")
    expect(officer).to_have_url(re.compile("category=medical"))
    expect(officer.locator(".chips li")).to_have_count(3)
    feed = officer.get_by_role("link", name="Atom").get_attribute("href")
    for number in (0, 1):
        officer.get_by_label("对比").nth(
            number
        ).check()  # by the pointer: the card's own link must not lie above it
    officer.get_by_role("button", name="对比").click()
    expect(officer.locator("table.compare thead th")).to_have_count(2)
    officer.go_back()
    officer.get_by_role("link", name="青禾的第2户").click()
    officer.get_by_role("button", name="收藏").click()
    expect(officer.get_by_role("button", name="不再收藏")).to_be_visible()
    officer.get_by_role("link", name="我的收藏").click()
    expect(officer.locator("main")).to_contain_text("青禾的第2户")
    expect(officer.locator("main")).not_to_contain_text("青禾的第1户")
    told = officer.request.get(f"{live_server.url}{feed}").text()
    assert "青禾的第0户" in told
    assert "临溪的一户" not in told
    make_project(title_zh="刚刚发布的一户", items=(("cash", "medical"),))
    assert "刚刚发布的一户" in officer.request.get(f"{live_server.url}{feed}").text()


def test_a_search_on_a_slow_line_is_not_lost_to_the_words_offered_meanwhile(
    live_town: Town, live_server: LiveServer, visit: Visit
) -> None:
    projects_of_two_counties()
    page = visit()
    page.route(
        re.compile(r"/projects/\?.*q="), lambda route: (page.wait_for_timeout(600), route.continue_())[1]
    )
    page.goto(f"{live_server.url}/projects/")
    page.get_by_label("搜索项目").fill("临溪")
    page.keyboard.press("Enter")  # sooner than the words are asked for
    expect(page).to_have_url(re.compile("q="))
    expect(page.locator(".results")).to_contain_text("临溪的一户")
    expect(page.locator(".results")).not_to_contain_text("青禾的第1户")


def test_a_word_that_is_offered_is_chosen_by_the_keyboard_alone(
    live_town: Town, live_server: LiveServer, visit: Visit
) -> None:
    projects_of_two_counties()
    page = visit()
    page.goto(live_server.url)
    field = page.get_by_role("combobox", name="搜索项目")
    options = page.get_by_role("listbox").get_by_role("option")
    field.press_sequentially("linxi")
    expect(field).to_have_attribute("aria-expanded", "true")
    expect(options.first).to_contain_text("临溪县")
    page.emulate_media(reduced_motion="reduce")
    assert look_at(page, "words offered", READERS[0]) == []
    field.press("Escape")
    expect(field).to_have_attribute("aria-expanded", "false")
    expect(field).to_have_value("linxi")  # the list goes, the words stay
    field.press("ArrowDown")
    first = options.first
    expect(first).to_have_attribute("aria-selected", "true")
    expect(field).to_have_attribute("aria-activedescendant", str(first.get_attribute("id")))
    expect(field).to_be_focused()
    field.press("Home")
    expect(field).not_to_have_attribute("aria-activedescendant", re.compile("."))
    field.press("ArrowDown")
    field.press("Enter")
    expect(page).to_have_url(re.compile("/projects/.*q="))
    expect(page.locator(".results")).to_contain_text("临溪的一户")
    expect(page.locator(".results")).not_to_contain_text("青禾的第1户")
    again = page.get_by_role("combobox", name="搜索项目")
    again.fill("青")
    page.get_by_role("listbox").get_by_role("option").first.click()  # and by the pointer, in place
    expect(page.locator(".results")).to_contain_text("青禾的第1户")
    expect(page.get_by_role("listbox")).to_be_hidden()


def test_a_search_field_without_the_script_is_a_plain_one(
    live_town: Town, live_server: LiveServer, browser: Browser
) -> None:
    projects_of_two_counties()
    context = browser.new_context(java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    page.goto(live_server.url)
    page.get_by_role("searchbox", name="搜索项目").fill("临溪")
    page.keyboard.press("Enter")
    expect(page.locator(".results")).to_contain_text("临溪的一户")
    context.close()


def test_a_visitor_reports_a_need_and_follows_its_number(
    live_town: Town, live_server: LiveServer, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cms.site.forms_of_visitors.QUICKEST_SECONDS", 0)
    phone = visit(width=390, height=844)
    phone.goto(live_server.url)
    phone.get_by_role("banner").get_by_role("link", name="上报急难").click()
    phone.get_by_label("谁需要帮助").select_option(index=1)
    phone.locator("[name=region]").select_option(COUNTY)
    phone.get_by_role("button", name="提交").click()
    expect(phone.locator(".field.wrong").first).to_be_visible()
    phone.locator("[name=story]").fill("房屋起火，没有住处")
    phone.locator("[name=phone]").fill("13900000000")
    phone.get_by_label("只能再等几天").check()
    phone.get_by_role("button", name="提交").click()
    number = phone.locator(".tracking").inner_text()
    assert re.fullmatch(r"[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4}", number)
    phone.get_by_role("link", name="查询").first.click()
    phone.locator("[name=number]").fill(number.lower())
    phone.get_by_role("button", name="显示").click()
    expect(phone.locator("[aria-current=step]")).to_contain_text("您的上报已收到")
    report = NeedReport.objects.get()
    contact(report=report, by=report.owner, now=timezone.now())
    phone.locator("[name=number]").fill(number)
    phone.get_by_role("button", name="显示").click()
    expect(phone.locator("[aria-current=step]")).not_to_contain_text("您的上报已收到")
    expect(phone.locator("main")).not_to_contain_text("起火")


def tab_to(page: Page, selector: str, *, most: int = 90) -> None:
    """Press Tab until the element has the focus; every stop on the way must be seen to have it."""
    for _ in range(most):
        page.keyboard.press("Tab")
        assert page.evaluate(FOCUS_IS_SEEN), page.evaluate("document.activeElement.outerHTML.slice(0, 200)")
        if page.evaluate("chosen => document.activeElement.matches(chosen)", selector):
            return
    pytest.fail(f"the keyboard never reaches {selector}")


# A stop shows its outline itself, or its card does; it lies within the window.
FOCUS_IS_SEEN = """() => {
  const here = document.activeElement;
  if (here === document.body) return true;
  const drawn = [here, here.closest(".card")].some((one) => one && getComputedStyle(one).outlineStyle !== "none");
  const box = here.getBoundingClientRect();
  return drawn && box.bottom > 0 && box.top < window.innerHeight;
}"""


def test_a_visitor_with_a_keyboard_alone_comes_from_the_home_page_to_the_door_of_organisations(
    live_town: Town, live_server: LiveServer, visit: Visit
) -> None:
    projects_of_two_counties()
    page = visit()
    page.goto(live_server.url)
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    page.goto(live_server.url)
    tab_to(page, ".site-nav a[href='/projects/']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/projects/")
    tab_to(page, "[name=kind]")
    page.keyboard.press("ArrowDown")
    page.wait_for_url("**kind=cash**")
    expect(page.locator(".results")).not_to_contain_text("临溪的一户")
    tab_to(page, ".card h3 a")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("青禾的")
    tab_to(page, "main a.button[href='/portal/']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/accounts/login/?next=/portal/")
    tab_to(page, "input[name=login]")


def test_the_menu_of_a_phone_opens_and_closes_by_keyboard(
    live_town: Town, live_server: LiveServer, visit: Visit
) -> None:
    phone = visit(width=390, height=844)
    phone.goto(live_server.url)
    menu = phone.locator("#menu")
    tab_to(phone, ".menu-button")
    phone.keyboard.press("Enter")
    expect(menu).to_be_visible()
    tab_to(phone, "#menu a[href='/projects/']")
    phone.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(phone.locator(".menu-button")).to_be_focused()
