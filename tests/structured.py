"""What a page says to machines, held against strict models of the whole schema.org vocabulary."""

import json
import re
from datetime import date
from typing import Any

import schema_org

__all__ = ["blocks", "read", "read_strictly"]

_DATES = ("datePublished",)
_BLOCK = re.compile(r'(?s)<script type="application/ld\+json">(.*?)</script>')
_EMPTY = re.compile(r'null|""|\[\]|\{\}')


def blocks(page: str) -> list[str]:
    """The text of each block of data of a page."""
    return _BLOCK.findall(page)


def read(data: Any) -> Any:
    """The model of each node: raises ValidationError for a type or property that there is not, or a value out of its range."""
    if isinstance(data, list):
        return [read(each) for each in data]
    if not isinstance(data, dict):
        return data
    values = {name: read(value) for name, value in data.items() if not name.startswith("@")}
    for name in _DATES:
        if name in values:
            values[name] = date.fromisoformat(values[name])
    return getattr(schema_org, data["@type"])(**values)


def read_strictly(text: str) -> Any:
    """What a block says: nothing empty, and what the models write of it is the very same."""
    data = json.loads(text)
    assert data["@context"] == "https://schema.org"
    assert read(data).to_jsonld() == data
    assert not _EMPTY.search(text)
    return data
