"""Checks JSON documents against a schema: check_schema.py SCHEMA DOCUMENT...

A schema may refer to those in its folder by their $id. Prints `file: valid` or `file: fault` for
each document. Exits with 77 without python3-jsonschema.
"""

import json
import pathlib
import sys
import urllib.parse

try:
    import jsonschema
except ImportError:
    sys.exit(77)

# A reference within a schema is relative to its $id, which Python joins for schemes it knows only.
urllib.parse.uses_relative.append("urn")
urllib.parse.uses_netloc.append("urn")


def load(path):
    with open(path) as file:
        return json.load(file)


schema = load(sys.argv[1])
neighbours = [load(path) for path in pathlib.Path(sys.argv[1]).parent.glob("*.schema.json")]
resolver = jsonschema.RefResolver.from_schema(schema, store={s["$id"]: s for s in neighbours})
jsonschema.Draft7Validator.check_schema(schema)
validator = jsonschema.Draft7Validator(schema, resolver=resolver)

for path in sys.argv[2:]:
    fault = jsonschema.exceptions.best_match(validator.iter_errors(load(path)))
    print(f"{path}: {'valid' if fault is None else fault.message}")
