"""The staff's page in a real browser: without a script, by keyboard, and for everybody."""

from __future__ import annotations

import os

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import expect

from tests.channels.staff_gateway import PASSWORD, StaffGateway, fill

RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
    "resultTypes": ["violations"],
}
DESK, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def gateway(tmp_path_factory):
    with StaffGateway(tmp_path_factory.mktemp("staff_page")) as running:
        running.kept = fill(running)
        yield running


@pytest.fixture
async def page(browser, gateway, request):
    """The login, in a browser that fails the test on any error."""
    options = getattr(request, "param", {"viewport": DESK})
    context = await browser.new_context(**options)
    page = await context.new_page()
    errors = []
    page.on("console", lambda line: errors.append(line.text) if line.type == "error" else None)
    await page.goto(f"{gateway.url}/staff")
    yield page
    await context.close()
    assert errors == []


async def sign_in(page):
    await page.get_by_label("Your name or initials").fill("Mira")
    await page.get_by_label("Password").fill(PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Enquiries")).to_be_visible()


async def clean(page, name):
    """Fails with what axe-core finds; keeps a picture where SCREENSHOTS says."""
    if shots := os.environ.get("SCREENSHOTS"):
        await page.screenshot(path=f"{shots}/staff-{name}.png", full_page=True)
    found = await Axe().run(page, options=RULES)
    assert found.violations_count == 0, found.generate_report()


VIEWS = [
    pytest.param({"viewport": DESK}, id="desk"),
    pytest.param({"viewport": PHONE}, id="phone"),
    pytest.param({"viewport": DESK, "color_scheme": "dark"}, id="dark"),
    pytest.param({"viewport": DESK, "forced_colors": "active"}, id="forced"),
]


@pytest.mark.parametrize("page", VIEWS, indirect=True)
async def test_axe_finds_nothing_on_any_list(page, request):
    view = request.node.callspec.id
    await clean(page, f"login-{view}")
    await sign_in(page)
    for title in ("Enquiries", "Bookings", "Wait list", "Outbox", "Changes"):
        await page.get_by_role("link", name=title, exact=True).click()
        await expect(page.get_by_role("heading", name=title)).to_be_visible()
        await clean(page, f"{title.lower().replace(' ', '-')}-{view}")


async def test_the_page_needs_no_script_and_a_search_leaves_no_trace_in_the_address(page, gateway):
    await sign_in(page)
    await page.get_by_role("searchbox", name="Search").fill("una")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("1 row")).to_be_visible()
    assert page.url == f"{gateway.url}/staff/enquiries"
    assert await page.locator("script").count() == 0


async def test_an_enquiry_is_closed_by_keyboard(page, gateway):
    await sign_in(page)
    button = page.get_by_role("button", name=f"close {gateway.kept['Calm Carl']}")
    await button.focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("status")).to_have_text("The enquiry is closed.")
    await expect(page.get_by_text("Calm Carl")).to_have_count(0)


async def test_cancelling_an_appointment_takes_two_steps(page, gateway):
    await sign_in(page)
    await page.get_by_role("link", name="Bookings").click()
    button = page.get_by_role("button", name=f"cancel {gateway.kept['booking']}")
    await expect(button).to_be_hidden()
    await page.get_by_text("cancel …").click()
    await button.click()
    await expect(page.get_by_role("status")).to_contain_text("its time is free again")


async def test_the_file_for_a_spreadsheet_is_saved(page):
    await sign_in(page)
    async with page.expect_download() as saving:
        await page.get_by_role("button", name="Save for a spreadsheet").click()
    download = await saving.value
    assert download.suggested_filename == "enquiries.csv"
