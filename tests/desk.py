"""What the tests of the desk share: what a browser would send of a form, and the errors that a page shows."""

import re
from html import unescape
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from django.utils.safestring import SafeString

__all__ = [
    "a_row",
    "address",
    "as_sent",
    "assert_shown",
    "errors",
    "filled",
    "said",
    "tools",
    "who_may",
]


def who_may(*names: str) -> Client:
    """The browser of somebody at the desk who may do this and no more: `who_may("add_claim", "view_quote")`."""
    user: Any = get_user_model().objects.create_user("limited", is_staff=True)
    may = Permission.objects.filter(codename__in=names, content_type__app_label="tracker")
    assert len(may) == len(names)
    user.user_permissions.set(may)
    client = Client()
    client.force_login(user)
    return client


def address(model: Any, page: str, record: Any = None) -> str:
    args = [record.pk] if record is not None else []
    return reverse(f"admin:tracker_{model._meta.model_name}_{page}", args=args)


def filled(response: Any, **changes: Any) -> dict[str, Any]:
    """What a browser would send of the form on this page, with these changes (`__` stands for a hyphen)."""
    context = response.context
    forms = [context["adminform"].form]
    for inline in context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    data: dict[str, Any] = {}
    for form in forms:
        for name in form.fields:
            bound = form[name]
            value = bound.value()
            if value is None or value is False:
                continue
            if hasattr(bound.field.widget, "widgets"):  # a day and a time
                for n, part in enumerate(bound.field.widget.decompress(value)):
                    data[f"{bound.html_name}_{n}"] = str(part).removesuffix("+00:00")
            else:
                data[bound.html_name] = value if isinstance(value, list) else str(value)
    return data | {name.replace("__", "-"): value for name, value in changes.items()}


def as_sent(content: str) -> dict[str, str]:
    """What a browser would send of the one form of this HTML, as it stands."""
    content = re.sub(r"<template.*?</template>", "", content, flags=re.DOTALL)
    sent: dict[str, str] = {}
    for tag in re.findall(r"<input\b[^>]*>", content):
        kind, name = (re.search(rf'\b{each}="([^"]*)"', tag) for each in ("type", "name"))
        value = re.search(r'\bvalue="([^"]*)"', tag)
        ticked = kind is None or kind[1] not in ("radio", "checkbox") or " checked" in tag
        if name and ticked:
            no_value = "on" if kind and kind[1] == "checkbox" else ""
            sent[name[1]] = unescape(value[1]) if value else no_value
    for name, text in re.findall(
        r'<textarea\b[^>]*?name="([^"]*)"[^>]*>\n?(.*?)</textarea>', content, re.DOTALL
    ):
        sent[name] = unescape(text)
    for name, options in re.findall(
        r'<select\b[^>]*?name="([^"]*)".*?>(.*?)</select>', content, re.DOTALL
    ):
        chosen = re.search(r'value="([^"]*)" selected', options)
        sent[name] = chosen[1] if chosen else ""
    return {name: value for name, value in sent.items() if name != "csrfmiddlewaretoken"}


def a_row(prefix: str, number: int, **fields: Any) -> dict[str, Any]:
    return {f"{prefix}-{number}-{name}": value for name, value in fields.items()}


def errors(response: Any) -> dict[str, list[str]]:
    """Every form error on the page by field; those of a row by "prefix-number-field"."""
    assert response.status_code == 200, response
    context = response.context
    found = {name: list(told) for name, told in context["adminform"].form.errors.items()}
    for inline in context["inline_admin_formsets"]:
        if told := inline.formset.non_form_errors():
            found[inline.formset.prefix] = list(told)
        for form in inline.formset.forms:
            found |= {f"{form.prefix}-{name}": list(told) for name, told in form.errors.items()}
    assert found, "the page shows no error"
    for told in found.values():
        assert_shown(response, told[0])
    return found


def assert_shown(response: Any, text: str) -> None:
    if isinstance(text, SafeString):  # it holds a link
        assert text in response.content.decode()
        return
    plain = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    plain = plain.replace('"', "&quot;").replace("'", "&#x27;")
    assert plain in response.content.decode()


def said(response: Any) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def tools(response: Any) -> list[str]:
    """The buttons above a record's form."""
    return [tool.label for tool in response.context["tools"]]
