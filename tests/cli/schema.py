# SPDX-License-Identifier: GPL-3.0-or-later
"""schema.py SCHEMA REPORT...: reports against their schema, in both directions.

Each report has to be valid, with no member that the schema does not name; each member that the schema names has
to be in one of the reports; and statistics are there for the metrics that the report explains, and no others.
"""
import json
import sys

import jsonschema


def objects(schema):
    """All objects with members that a schema describes, by the path to each."""
    for path, part in [("", schema)] + [(name, part) for name, part in schema["$defs"].items()]:
        stack = [(path, part)]
        while stack:
            path, part = stack.pop()
            if "properties" in part:
                yield path, part
            for name, inner in part.get("properties", {}).items():
                stack.append((f"{path}.{name}", inner))
            if "items" in part:
                stack.append((path + "[]", part["items"]))


def wanted(schema):
    """What the strict schema is made of: nothing beside the members that are named."""
    named = set()
    for path, part in objects(schema):
        part.setdefault("additionalProperties", False)
        named |= {f"{path}.{member}" for member in part["properties"]}
    return named


def met(schema, part, value, path, found):
    """Members of a value that is valid, by the paths of objects()."""
    if "$ref" in part:
        path = part["$ref"].rsplit("/", 1)[1]
        part = schema["$defs"][path]
    if isinstance(value, dict):
        for member, inner in value.items():
            if member in part.get("properties", {}):
                found.add(f"{path}.{member}")
                met(schema, part["properties"][member], inner, f"{path}.{member}", found)
            else:
                met(schema, part["additionalProperties"], inner, path, found)
    elif isinstance(value, list):
        for inner in value:
            met(schema, part["items"], inner, path + "[]", found)


def check_metrics(report):
    of_case = {metric["id"] for metric in report["metrics"] if not metric["per_class"]}
    of_class = {metric["id"] for metric in report["metrics"] if metric["per_class"]}
    for case in report["cases"]:
        for member in "metrics", "more_runs":
            assert set(case[member]) == of_case, f"{member} of case {case['case']}"
            for part in case["classes"]:
                assert set(part[member]) == of_class, f"{member} of class {part['class']} of case {case['case']}"


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        schema = json.load(file)
    jsonschema.Draft202012Validator.check_schema(schema)
    named = wanted(schema)
    found = set()
    for name in sys.argv[2:]:
        with open(name, encoding="utf-8") as file:
            report = json.load(file)
        jsonschema.Draft202012Validator(schema).validate(report)
        if "metrics" in report:
            check_metrics(report)
        met(schema, schema, report, "", found)
    absent = named - found
    if absent:
        sys.exit("the schema names what no report has: " + ", ".join(sorted(absent)))


main()
