"""Every line that a connector prints, held against Airbyte's own models.

`airbyte_protocol` (pdv2) knows types, enums and fields of the newest protocol. airbyte-cdk reads with models of its own that are
older: what it loses in a round trip is a finding too, but for the fields that it is known not to know.
"""
import collections
import json

from airbyte_cdk.models import AirbyteMessageSerializer
from airbyte_protocol.models import AirbyteMessage, AirbyteStateBlob, ConfiguredAirbyteCatalog

PAYLOADS = {
    "RECORD": "record",
    "STATE": "state",
    "LOG": "log",
    "SPEC": "spec",
    "CONNECTION_STATUS": "connectionStatus",
    "CATALOG": "catalog",
    "TRACE": "trace",
    "CONTROL": "control",
    "DESTINATION_CATALOG": "destination_catalog",
}

# airbyte-cdk 7 serialises by a protocol before 0.18.
NOT_IN_CDK = {".destination_catalog", ".state.destinationStats.rejectedRecordCount"}


def judge_lines(lines, given=()):
    """How many messages of each kind, and the findings: each once, with its first line and how often it comes.

    What is wrong already with what a destination is given, and has to echo, is not its own: `state.id`, which the platform adds and
    no model has, and PyAirbyte's `global_`.
    """
    not_its_own = {finding for line in given for finding in judge_line(line)[1]}
    kinds, times, first = collections.Counter(), collections.Counter(), {}
    for number, line in enumerate(lines, 1):
        kind, findings = judge_line(line)
        kinds[kind] += 1
        for finding in set(findings) - not_its_own:
            times[finding] += 1
            first.setdefault(finding, number)
    return dict(kinds), [f"line {first[f]}: {f} ({n} times)" for f, n in times.items()]


def judge_line(line):
    try:
        message = AirbyteMessage.model_validate_json(line, strict=True)
    except ValueError as error:
        errors = getattr(error, "errors", lambda: [{"loc": (), "msg": str(error)}])()
        return "invalid", [f"pdv2: {'.'.join(map(str, e['loc']))}: {e['msg']}" for e in errors]
    kind = message.type.value + (f"/{message.trace.type.value}" if message.trace else "")
    findings = [f"pdv2: unknown field {field}" for field in unknown_fields(message)]
    if getattr(message, PAYLOADS[message.type.value]) is None:
        findings.append(f"pdv2: {kind} without {PAYLOADS[message.type.value]}")
    return kind, findings + [f"cdk: {loss}" for loss in round_trip_losses(json.loads(line))]


def judge_catalog(catalog):
    """A configured catalog; raises where it is none."""
    ConfiguredAirbyteCatalog.model_validate_json(json.dumps(catalog), strict=True)


def unknown_fields(model, path=""):
    """Fields that no model declares, anywhere but in a state's own blob."""
    if isinstance(model, AirbyteStateBlob):
        return
    if isinstance(model, list):
        for item in model:
            yield from unknown_fields(item, f"{path}[]")
    elif hasattr(model, "model_fields_set"):
        for key in model.model_extra or {}:
            yield f"{path}.{key}".lstrip(".")
        for key in type(model).model_fields:
            yield from unknown_fields(getattr(model, key), f"{path}.{key}")


def round_trip_losses(raw):
    try:
        back = AirbyteMessageSerializer.dump(AirbyteMessageSerializer.load(raw))
    except Exception as error:  # Whatever it raises, it can not read the message.
        return [f"{type(error).__name__}: {str(error)[:120]}"]
    return list(losses(raw, back))


def losses(before, after, path=""):
    if isinstance(before, dict) and isinstance(after, dict):
        for key, value in before.items():
            if value is None or f"{path}.{key}" in NOT_IN_CDK:
                continue
            if key in after:
                yield from losses(value, after[key], f"{path}.{key}")
            else:
                yield f"{path}.{key} is lost"
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for one, other in zip(before, after):
            yield from losses(one, other, f"{path}[]")
    elif before != after:
        yield f"{path} is changed"
