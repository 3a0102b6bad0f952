"""Looks at the outputs of afterpatch with other people's validators. Called by `cargo xtask formats`.

usage: validate.py FOLDER SCHEMAS

FOLDER holds `NAME.ENDING` as afterpatch wrote it; SCHEMAS may hold sarif-schema-2.1.0.json and ecs_flat.yml. What is absent is said
and skipped. Ends with 1 when a validator complains.
"""

import ipaddress
import json
import re
import sys
from datetime import datetime
from pathlib import Path

FAILED = []


def told(name, file, problems, note=""):
    problems = list(problems)
    for problem in problems[:20]:
        print(f"     {problem}")
    if problems:
        FAILED.append(file.name)
    print(f"{'FAIL' if problems else 'ok  '} {name}: {file.name}: {len(problems)} errors{note}")


def lines(file):
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def stix(file):
    import stix2
    import stix2validator

    result = stix2validator.validate_file(str(file), stix2validator.ValidationOptions(version="2.1", enforce_refs=True))
    problems = []
    warnings = 0
    for each in result.object_results:
        problems += [str(error) for error in each.errors]
        warnings += len(each.warnings)
    if not result.is_valid and not problems:
        problems = [str(result)]
    told("stix2-validator", file, problems, f", {warnings} best-practice warnings")

    # The OASIS library computes the ids of observed objects anew.
    problems = []
    bundle = json.loads(file.read_text(encoding="utf-8"))
    counted = 0
    for each in bundle["objects"]:
        parsed = stix2.parse(each, version="2.1")
        if each["type"] in ("ipv4-addr", "ipv6-addr", "directory", "file", "user-account"):
            own = {name: value for name, value in each.items() if name not in ("id", "type", "spec_version")}
            expected = type(parsed)(**own).id
            counted += 1
            if expected != each["id"]:
                problems.append(f"{each['id']} should be {expected}")
    told("stix2 ids", file, problems, f" in {counted} objects")


def sarif(file, schemas):
    import jsonschema

    schema = schemas / "sarif-schema-2.1.0.json"
    if not schema.is_file():
        return print(f"skip SARIF schema: {file.name}: no {schema}")
    schema = json.loads(schema.read_text())
    kind = jsonschema.validators.validator_for(schema)
    validator = kind(schema, format_checker=kind.FORMAT_CHECKER)
    document = json.loads(file.read_text(encoding="utf-8"))
    problems = [f"{list(error.absolute_path)}: {error.message[:200]}" for error in validator.iter_errors(document)]
    told("SARIF 2.1.0 schema", file, problems, f", {len(document['runs'][0]['results'])} results")


def ocsf(file):
    import jsonschema
    from ocsf_json_schema import OcsfJsonSchemaEmbedded, get_ocsf_schema

    events = lines(file)
    schema = OcsfJsonSchemaEmbedded(get_ocsf_schema("1.5.0")).get_class_schema("detection_finding")
    validator = jsonschema.Draft202012Validator(schema)
    problems = [
        f"event {at}: {list(error.absolute_path)}: {error.message[:200]}"
        for at, event in enumerate(events)
        for error in validator.iter_errors(event)
    ]
    told("OCSF 1.5.0 schema", file, problems, f" in {len(events)} events")


def misp(file):
    from pymisp import MISPEvent

    event = MISPEvent()
    problems = []
    try:
        event.load_file(str(file))
        blocked = [one.value for one in event.attributes if one.to_ids and one.type == "ip-src"]
        problems += [f"{ip} is not public" for ip in blocked if ipaddress.ip_address(ip).is_loopback]
        again = json.loads(event.to_json())
        if len(again.get("Attribute", [])) != len(event.attributes):
            problems.append("attributes are lost on the way through pymisp")
    except Exception as error:  # whatever the library says
        problems.append(repr(error))
    told("pymisp", file, problems, f", {len(event.attributes)} attributes")


def timesketch(file):
    """As timesketch/lib/utils.py reads JSON lines."""
    problems = []
    events = lines(file)
    for at, event in enumerate(events):
        problems += [f"line {at + 1}: no {field}" for field in ("message", "datetime", "timestamp_desc") if not event.get(field)]
        when = datetime.fromisoformat(event["datetime"])
        if when.utcoffset() is None or when.utcoffset().total_seconds() != 0:
            problems.append(f"line {at + 1}: {event['datetime']} is not UTC")
        if round(when.timestamp() * 1e6) != event["timestamp"]:
            problems.append(f"line {at + 1}: {event['datetime']} is not {event['timestamp']}")
        if not isinstance(event.get("tag", []), list):
            problems.append(f"line {at + 1}: tag is no list")
    told("Timesketch fields", file, problems, f" in {len(events)} events")


def ecs(file, schemas):
    import yaml

    flat = schemas / "ecs_flat.yml"
    if not flat.is_file():
        return print(f"skip ECS fields: {file.name}: no {flat}")
    fields = yaml.load(flat.read_text(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    problems = []
    documents = lines(file)
    for at, document in enumerate(documents):
        problems += [f"document {at}: {problem}" for problem in ecs_document(document, fields)]
    told("ECS fields", file, problems, f" in {len(documents)} documents")


def ecs_document(document, fields):
    for required in ("@timestamp", "ecs.version", "message"):
        if not dig(document, required):
            yield f"no {required}"
    for name, value in leaves(document):
        if name.startswith("afterpatch."):
            continue
        field = fields.get(name)
        if field is None:
            yield f"{name} is no field"
            continue
        if "array" in field.get("normalize", []) and not isinstance(value, list):
            yield f"{name} must be a list"
        values = value if isinstance(value, list) else [value]
        allowed = {one["name"] for one in field.get("allowed_values", [])}
        for one in values:
            if not fits(field["type"], one):
                yield f"{name}: {one!r} is no {field['type']}"
            if allowed and one not in allowed:
                yield f"{name}: {one!r} is not allowed"
    categories = {one["name"]: set(one.get("expected_event_types", [])) for one in fields["event.category"]["allowed_values"]}
    expected = set().union(*(categories[one] for one in document["event"]["category"]))
    for one in set(document["event"]["type"]) - expected:
        yield f"event.type {one} is not expected of {document['event']['category']}"


def fits(kind, value):
    if kind == "ip":
        try:
            ipaddress.ip_address(value)
            return True
        except ValueError:
            return False
    if kind == "date":
        return isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", value) is not None
    if kind in ("long", "float", "integer"):
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    return isinstance(value, str)


def leaves(value, name=""):
    for key, inner in value.items():
        path = f"{name}.{key}" if name else key
        if isinstance(inner, dict):
            yield from leaves(inner, path)
        else:
            yield path, inner


def dig(document, path):
    for key in path.split("."):
        document = document.get(key, {}) if isinstance(document, dict) else {}
    return document


def main(folder, schemas):
    checks = [
        (".stix.json", stix),
        (".sarif", lambda file: sarif(file, schemas)),
        (".ocsf.ndjson", ocsf),
        (".misp.json", misp),
        (".timesketch.jsonl", timesketch),
        (".ecs.ndjson", lambda file: ecs(file, schemas)),
    ]
    for ending, check in checks:
        files = sorted(file for file in folder.iterdir() if file.name.endswith(ending))
        if not files:
            FAILED.append(f"no file ends in {ending}")
        for file in files:
            try:
                check(file)
            except ImportError as absent:
                print(f"skip {check.__name__}: {file.name}: {absent}")
    if FAILED:
        print("failed:", ", ".join(FAILED))
    return 1 if FAILED else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
