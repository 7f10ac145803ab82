"""How an editor chooses a record at the desk: by what its autocomplete field offers."""

from playwright.sync_api import Locator, Page, expect

__all__ = ["choice", "choose"]


def choice(page: Page, field: str) -> Locator:
    """What is seen of an autocomplete field."""
    return page.locator(f"#{field} + .select2-container")


def choose(page: Page, field: str, typed: str, offered: str) -> None:
    """Open an autocomplete field, type, and take what it offers."""
    choice(page, field).click()
    page.locator(".select2-search__field:focus").type(typed)
    page.locator(".select2-results__option--highlighted", has_text=offered).click()
    expect(choice(page, field)).to_contain_text(offered)
