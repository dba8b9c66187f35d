"""
Checks the open data against the standards' own schemas: `python -m bench.published_schemas --site URL --schemas DIR`.

Prints one JSON object: for each file how many rows it has, what the schema finds (the first few faults), and whether
a row that was spoilt on purpose is found too. DIR holds the published schemas, which are not ours to ship:
`360-giving-schema.json` and `360-giving-package-schema.json` (ThreeSixtyGiving/standard, folder schema, 1.4),
`organization.json` (openreferral/specification, folder schema/compiled, HSDS 3). The address may only be of this
machine.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import urlopen

from jsonschema import Draft202012Validator, FormatChecker  # type: ignore[import-untyped]  # it has no stubs
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

GRANT, PACKAGE, ORGANISATION = "360-giving-schema.json", "360-giving-package-schema.json", "organization.json"
MOST_TOLD = 5
formats = FormatChecker()


def is_moment(value: object) -> bool:
    """Return whether a text is a moment with its offset (RFC 3339); a bare day is none."""
    if not isinstance(value, str) or "T" not in value:
        return not isinstance(value, str)
    try:
        return datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False


formats.checks("date-time")(is_moment)


def read(folder: Path, name: str) -> dict[str, Any]:
    """Return one schema; the dialect is named without its fragment, as some of them write it."""
    schema: dict[str, Any] = json.loads((folder / name).read_text("utf-8"))
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    return schema


def fetched(site: str, name: str) -> dict[str, Any]:
    """Return one file of open data."""
    if urlsplit(site).hostname not in {"127.0.0.1", "localhost", "::1"}:
        raise SystemExit("only this machine's own addresses are asked")
    with urlopen(f"{site.rstrip('/')}/open-data/files/{name}.json", timeout=60) as answer:  # noqa: S310  # ours
        found: dict[str, Any] = json.load(answer)
        return found


def faults(validator: Draft202012Validator, value: object) -> Iterator[str]:
    """Yield where the value is not as the schema says."""
    for error in validator.iter_errors(value):
        yield f"{'/'.join(str(step) for step in error.absolute_path)}: {error.message[:200]}"


def judged(validator: Draft202012Validator, value: Any, rows: list[Any], needed: str) -> dict[str, Any]:
    """Return how many rows there are, what is wrong, and whether taking away what is needed is seen."""
    found = list(faults(validator, value))
    kept = rows[0].pop(needed)
    seen = any(True for _ in faults(validator, value))
    rows[0][needed] = kept
    return {"rows": len(rows), "faults": len(found), "first": found[:MOST_TOLD], "finds_a_spoilt_row": seen}


def main(arguments: list[str]) -> int:
    """Judge both files; 1 where anything is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--site", required=True)
    parser.add_argument("--schemas", required=True, type=Path)
    options = parser.parse_args(arguments)
    package = read(options.schemas, PACKAGE)
    registry: Registry[Any] = Registry().with_resource(
        package["properties"]["grants"]["items"]["$ref"],
        Resource.from_contents(read(options.schemas, GRANT), default_specification=DRAFT202012),
    )
    grants = fetched(options.site, "grants")
    of_grants = Draft202012Validator(package, registry=registry, format_checker=formats)
    listed = fetched(options.site, "organisations")["organizations"]
    each: dict[str, Any] = {"type": "array", "items": read(options.schemas, ORGANISATION)}
    of_organisations = Draft202012Validator(each, format_checker=formats)
    told = {
        "grants_360giving": judged(of_grants, grants, grants["grants"], "currency"),
        "organisations_hsds": judged(of_organisations, listed, listed, "name"),
    }
    print(json.dumps(told, ensure_ascii=False, indent=1))
    return int(any(one["faults"] or not one["finds_a_spoilt_row"] for one in told.values()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
