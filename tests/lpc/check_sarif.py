"""Checks the shape of the SARIF 2.1.0 logs that lpc writes of files that it refuses."""

import json
import pathlib
import re
import subprocess
import sys


def check(condition, sentence):
    if not condition:
        sys.exit(sentence)


def check_region(region, file):
    keys = ["startLine", "startColumn", "endLine", "endColumn"]
    check(sorted(region) == sorted(keys), f"a region has {sorted(region)}")
    check(all(isinstance(region[k], int) and region[k] >= 1 for k in keys), f"{region}")
    begin, end = (region[keys[0]], region[keys[1]]), (region[keys[2]], region[keys[3]])
    check(begin < end, f"a region ends before it begins: {region}")
    check(end[0] <= len(file.read_text().splitlines()), f"a region leaves {file}: {region}")


def check_location(location, file):
    physical = location["physicalLocation"]
    uri = physical["artifactLocation"]["uri"]
    check(re.fullmatch(r"[^\s\\]+", uri) and uri.endswith(file.name), f"an address is {uri}")
    check_region(physical["region"], file)


def check_result(result, rules, file):
    check(result["level"] in ("note", "warning", "error"), f"a level is {result['level']}")
    check(result["message"]["text"].strip() == result["message"]["text"] != "", "no message")
    check("[lp-" not in result["message"]["text"], "a message repeats its number")
    if result["ruleId"] != "clang":
        check(rules[result["ruleIndex"]]["id"] == result["ruleId"], "a rule is not the one named")
    for location in result["locations"] + result.get("relatedLocations", []):
        check_location(location, file)
    for fix in result.get("fixes", []):
        for change in fix["artifactChanges"]:
            check(change["artifactLocation"]["uri"].endswith(file.name), "a fix of another file")
            for replacement in change["replacements"]:
                check(set(replacement) == {"deletedRegion", "insertedContent"}, f"{replacement}")


def check_log(log, file):
    check(set(log) == {"$schema", "version", "runs"}, f"a log has {sorted(log)}")
    check(log["version"] == "2.1.0" and "sarif" in log["$schema"], "not SARIF 2.1.0")
    (run,) = log["runs"]
    driver = run["tool"]["driver"]
    check(driver["name"] == "lpc" and driver["version"], "the tool is not named")
    identifiers = [rule["id"] for rule in driver["rules"]]
    check(len(set(identifiers)) == len(identifiers), "two rules of one number")
    for rule in driver["rules"]:
        check(rule["shortDescription"]["text"] and rule["help"]["text"], f"a rule is bare: {rule}")
    for result in run["results"]:
        check_result(result, driver["rules"], file)
    return [result["ruleId"] for result in run["results"]]


def main():
    lpc, folder, flags = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3:]
    expected = {
        "global_changed.cpp": ["lp-E103"],
        "else_of_guard.cpp": ["lp-E107"],
        "product_of_indices.cpp": ["lp-E006"],
        "ok_plain.cpp": [],
    }
    for name, numbers in expected.items():
        file = folder / name
        command = [lpc, "--check", "--diagnostics=sarif", str(file), "--", "-std=c++20", *flags]
        ended = subprocess.run(command, capture_output=True, text=True, check=False)
        check(ended.returncode == (1 if numbers else 0), f"{name}: status {ended.returncode}")
        check(re.fullmatch(r"(lpc: .*\n)*", ended.stderr), f"{name}: said as text: {ended.stderr}")
        found = check_log(json.loads(ended.stdout), file)
        check(found == numbers, f"{name}: found {found}, expected {numbers}")


if __name__ == "__main__":
    main()
