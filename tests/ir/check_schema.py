"""Checks JSON documents against a schema: check_schema.py SCHEMA DOCUMENT...

Prints `file: valid` or `file: fault` for each document. Exits with 77 without python3-jsonschema.
"""

import json
import sys

try:
    import jsonschema
except ImportError:
    sys.exit(77)

with open(sys.argv[1]) as file:
    schema = json.load(file)
jsonschema.Draft7Validator.check_schema(schema)
validator = jsonschema.Draft7Validator(schema)

for path in sys.argv[2:]:
    with open(path) as file:
        document = json.load(file)
    fault = jsonschema.exceptions.best_match(validator.iter_errors(document))
    print(f"{path}: {'valid' if fault is None else fault.message}")
