"""A real Chromium against a live server; every page visited is checked with axe."""

import os
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Browser, Page, Response, sync_playwright

from lianqi.accounts.models import User

# Playwright keeps an event loop in this thread; the tests themselves are plain synchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
)
PICTURES = Path(os.environ["LIANQI_PICTURES"]) if "LIANQI_PICTURES" in os.environ else None
WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    executable = os.environ.get("LIANQI_CHROMIUM") or next(
        found for name in ("chromium", "google-chrome") if (found := shutil.which(name))
    )
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=executable, args=list(FLAGS))
        yield started
        started.close()


@dataclass
class Visitor:
    """Somebody in front of a screen of one width. Pages with mistakes fail the test."""

    page: Page
    base: str
    width: int
    mistakes: list[str] = field(default_factory=list)

    def signs_in(self, user: User) -> None:
        client = Client()
        client.force_login(user)
        cookie = client.cookies["sessionid"]
        self.page.context.add_cookies(
            [{"name": "sessionid", "value": cookie.value, "url": self.base}]
        )

    def opens(self, path: str) -> Response:
        answer = self.page.goto(self.base + path)
        assert answer is not None
        assert answer.status == 200, (path, answer.status)
        return answer

    def sees_a_good_page(self, name: str) -> None:
        """No accessibility finding, nothing wider than the screen, no script or policy error."""
        if PICTURES:
            self.page.screenshot(path=PICTURES / f"{name}-{self.width}.png", full_page=True)
        findings = Axe().run(self.page, options=WCAG)
        assert findings.violations_count == 0, (name, findings.generate_report())
        # axe measures by setting styles and may leave empty attributes, which a swap would copy.
        self.page.evaluate(
            "document.querySelectorAll('[style]').forEach(each => each.removeAttribute('style'))"
        )
        overflow = self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert overflow <= 0, (name, self.width, overflow)
        assert self.mistakes == [], name


@pytest.fixture(params=[1280, 360])
def visitor(request: pytest.FixtureRequest, browser: Browser, live_server) -> Iterator[Visitor]:
    width: int = request.param
    context = browser.new_context(
        viewport={"width": width, "height": 900}, locale="zh-CN", timezone_id="Asia/Shanghai"
    )
    page = context.new_page()
    page.set_default_timeout(10_000)
    visitor = Visitor(page, live_server.url, width)
    page.on("pageerror", lambda error: visitor.mistakes.append(str(error)))
    page.on(
        "console",
        lambda message: (
            visitor.mistakes.append(f"{message.text} {message.location}")
            if message.type == "error" and "422" not in message.text
            else None
        ),
    )
    yield visitor
    context.close()


def work_off_jobs() -> None:
    """Let a real worker do everything that waits, in a thread without Playwright's event loop."""

    def work() -> None:
        from django.db import connections
        from procrastinate.contrib.django import app

        with app.replace_connector(app.connector.get_worker_connector()) as worker:  # type: ignore[attr-defined]  # Django's connector has it
            worker.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)
        connections.close_all()

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
