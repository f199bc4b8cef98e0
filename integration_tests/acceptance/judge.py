"""All judges, one after the other: `judge.py WORK FAKER`. What they print is in README.md; the list of their names in judges.txt."""
import importlib.metadata
import json
import os
import sys
import time
import traceback
import xml.etree.ElementTree as xml
from datetime import datetime, timezone
from pathlib import Path

import counts
import models
import orders
import published
from counts import EVENTS, REJECTS
from stand import BIN, DESTINATION, HERE, ROOT, SOURCE, Stand, recordings

RELEASED = ROOT / "integration_tests" / "contract" / "released"
METADATA = {SOURCE: ROOT / "metadata.source.yaml", DESTINATION: ROOT / "metadata.yaml"}
CLOSED_PORT = "http://127.0.0.1:1"
USERS = 200

version = importlib.metadata.version
PDV2 = f"airbyte-protocol-models-pdv2 {version('airbyte-protocol-models-pdv2')}"
CDK = f"airbyte-cdk {version('airbyte-cdk')}"
MODELS = f"{PDV2}, {CDK}"
CONNECTOR_MODELS = f"airbyte-connector-models {version('airbyte-connector-models')}"
PYAIRBYTE = f"airbyte (PyAirbyte) {version('airbyte')}"
FAKER = (HERE / "faker.txt").read_text().strip().replace("==", " ")

JUDGES = {}


def judge(name, tool, *arguments):
    """Enters a function `(stand, say, *arguments) -> findings` as the judge of this name."""

    def enter(function):
        JUDGES[name] = (tool, lambda stand, say: function(stand, say, *arguments))
        return function

    return enter


# The models on every line of every verb.


def judged_by_models(said, say, given=(), code=0):
    return judged_lines(said.lines, say, given) + said.expect(code)


def judged_lines(lines, say, given=()):
    kinds, findings = models.judge_lines(lines, given)
    say(f"{len(lines)} lines: {kinds}")
    return findings


def the_only(said, kind):
    """The payload of the only message of a kind."""
    found = [m for m in counts.messages_of(said.lines)[0] if m["type"] == kind]
    return found[0] if len(found) == 1 else None


@judge("models: source spec", MODELS, SOURCE, "https://")
@judge("models: destination spec", MODELS, DESTINATION, "https://")
def spec(stand, say, executable, url):
    said = stand.verb(executable, "spec")
    findings = judged_by_models(said, say)
    message = the_only(said, "SPEC")
    if message is None or not message["spec"]["documentationUrl"].startswith(url):
        findings.append("not one SPEC with the address of its documentation")
    return findings


@judge("models: source check that succeeds", MODELS, SOURCE, "SUCCEEDED", {})
@judge("models: source check that fails", MODELS, SOURCE, "FAILED", {"bucket": "not-there"})
@judge("models: destination check that succeeds", MODELS, DESTINATION, "SUCCEEDED", {})
@judge("models: destination check that fails", MODELS, DESTINATION, "FAILED", {"token": "wrong"})
def check(stand, say, executable, status, over):
    said = stand.verb(executable, "check", config=config_of(stand, executable, **over))
    findings = judged_by_models(said, say)
    message = the_only(said, "CONNECTION_STATUS")
    told = message and message["connectionStatus"]
    say(str(told))
    return findings if told and told["status"] == status else [*findings, f"not one status {status}"]


def config_of(stand, executable, **over):
    return stand.source_config(**over) if executable == SOURCE else stand.destination_config(**over)


@judge("models: source discover", MODELS)
def discover_source(stand, say):
    said = stand.verb(SOURCE, "discover", config=stand.source_config())
    findings = judged_by_models(said, say)
    streams = streams_of(said)
    say(f"streams: {[(s['name'], len(s['json_schema']['properties'])) for s in streams]}")
    models.judge_catalog(catalog_of(streams))
    return findings if [s["name"] for s in streams] == [EVENTS, REJECTS] else [*findings, "not the two streams"]


@judge("models: destination discover", MODELS)
def discover_destination(stand, say):
    said = stand.verb(DESTINATION, "discover", config=stand.destination_config())
    findings = judged_by_models(said, say)
    message = the_only(said, "DESTINATION_CATALOG")
    operations = message["destination_catalog"]["operations"] if message else []
    say(f"operations: {[(o['object_name'], o['sync_mode'], len(o['json_schema']['properties'])) for o in operations]}")
    return findings if len(operations) == 1 else [*findings, "not one operation"]


def streams_of(said):
    message = the_only(said, "CATALOG")
    return message["catalog"]["streams"] if message else []


def catalog_of(streams, **over):
    """What the platform makes of discovered streams."""
    return {
        "streams": [
            {
                "stream": stream,
                "sync_mode": "incremental",
                "destination_sync_mode": "append",
                "cursor_field": stream["default_cursor_field"],
                "primary_key": stream["source_defined_primary_key"],
                "generation_id": 1,
                "minimum_generation_id": 0,
                "sync_id": 7,
                **over,
            }
            for stream in streams
        ]
    }


def read(stand, state=None, doctored=None, **over):
    streams = streams_of(stand.verb(SOURCE, "discover", config=stand.source_config()))
    files = {"config": stand.source_config(**over), "catalog": catalog_of(streams)}
    if state is not None:
        files["state"] = "\n".join(state)
    return stand.verb(SOURCE, "read", doctored=doctored, **files)


def states_in(said):
    return [line for line in said.lines if line.startswith('{"type":"STATE"')]


def judged_read(lines, say, expected, rows=None):
    told, findings = counts.judge_read(lines, expected, rows)
    say(json.dumps(told))
    return findings


WHOLE = {EVENTS: orders.GOOD, REJECTS: orders.REJECTED}


@judge("models: source read", MODELS)
def read_all(stand, say):
    said = read(stand)
    return judged_by_models(said, say) + judged_read(said.lines, say, WHOLE, orders.FILE_ROWS)


@judge("models: source read with the state of a whole read", MODELS)
def read_nothing(stand, say):
    said = read(stand, states_in(read(stand)))
    return judged_by_models(said, say) + judged_read(said.lines, say, {EVENTS: 0, REJECTS: 0}, 0)


@judge("models: source read with the state of a read cut short", MODELS)
def read_on(stand, say):
    whole = read(stand)
    # Up to the second state of the events, of both streams: what a platform has kept when the first sync broke off there.
    ends = [i for i, line in enumerate(whole.lines) if line.startswith('{"type":"STATE"') and f'"{EVENTS}"' in line]
    before = whole.lines[: ends[1] + 1]
    messages, _ = counts.messages_of(before)
    states = [line for line in before if line.startswith('{"type":"STATE"')]
    covered = {EVENTS: 0, REJECTS: 0}
    for state, since in counts.since_states(messages)[0]:
        covered[state["stream"]["stream_descriptor"]["name"]] += since
    say(f"covered by {len(states)} states: {covered}")
    said = read(stand, states)
    rest = {stream: WHOLE[stream] - n for stream, n in covered.items()}
    findings = [] if 0 < covered[EVENTS] < orders.GOOD else ["no state in the middle of a file"]
    return findings + judged_by_models(said, say) + judged_read(said.lines, say, rest)


def write(stand, given, doctored=None, **over):
    streams = streams_of(stand.verb(SOURCE, "discover", config=stand.source_config()))
    stand.forget(refuse_event_ids=orders.REFUSED)
    files = {"config": stand.destination_config(**over), "catalog": catalog_of(streams)}
    return stand.verb(DESTINATION, "write", "".join(f"{line}\n" for line in given), doctored=doctored, **files)


def judged_write(stand, given, lines, say, expected):
    told, findings = counts.judge_write(given, lines, stand.stored(), expected)
    say(json.dumps(told))
    return findings


@judge("models: destination write", MODELS)
def write_all(stand, say):
    given = orders.as_the_platform_pipes(read(stand).lines)
    said = write(stand, given)
    return judged_by_models(said, say, given) + judged_write(stand, given, said.lines, say, orders.STORED)


@judge("models: source read that fails", MODELS)
def read_failing(stand, say):
    said = read(stand, bucket="not-there")
    return judged_by_models(said, say, code=1) + judged_failure(said, say)


@judge("models: destination write that fails", MODELS)
def write_failing(stand, say):
    given = orders.as_the_platform_pipes(read(stand).lines)
    said = write(stand, given, token="wrong")
    findings = judged_by_models(said, say, given, code=1) + judged_failure(said, say)
    # A token that is not taken sends nothing: no state may come back.
    return findings if states_in(said) == [] and stand.stored() == 0 else [*findings, "a state of events that are not sent"]


def judged_failure(said, say):
    """One TRACE ERROR, of what the user can mend."""
    errors = [m["trace"]["error"] for m in counts.messages_of(said.lines)[0] if m["type"] == "TRACE" and "error" in m["trace"]]
    say(f"errors: {[(e['failure_type'], e['message']) for e in errors]}")
    return [] if [e["failure_type"] for e in errors] == ["config_error"] else ["not one config_error"]


# What is published.


@judge("metadata: source", CONNECTOR_MODELS, SOURCE)
@judge("metadata: destination", CONNECTOR_MODELS, DESTINATION)
def metadata(stand, say, executable):
    say(f"{METADATA[executable].relative_to(ROOT)}, model and JSON Schema")
    return published.judge_metadata(METADATA[executable])


@judge("spec_compat: source", CDK, SOURCE, "source")
@judge("spec_compat: destination", CDK, DESTINATION, "destination")
def spec_compat(stand, say, executable, role):
    new = the_only(stand.verb(executable, "spec"), "SPEC")["spec"]
    files = sorted(RELEASED.glob(f"{role}-*.spec.json"))
    findings = [] if files else ["no released spec"]
    for file in files:
        breaking, other = published.judge_spec_change(json.loads(file.read_text()), new)
        say(f"{file.name} -> now: {len(breaking)} breaking, {len(other)} other changes")
        findings += breaking
    return findings


@judge("caught: a spec that asks for more than the released one", CDK)
def broken_spec(stand, say):
    old = json.loads(sorted(RELEASED.glob("source-*.spec.json"))[-1].read_text())
    new = json.loads(json.dumps(old))
    new["connectionSpecification"]["required"].append("region")
    return caught(published.judge_spec_change(old, new)[0], "region", say)


# PyAirbyte.


def pyab(stand, say, *arguments, **options):
    said = stand.run(["pyab", *arguments], **options)
    told = [line.rstrip() for line in (said.stdout + said.stderr).splitlines()]
    for line in [line for line in told if any(map(str.isalnum, line))][-10:]:
        say(f"| {line[:180]}")
    return said


@judge("pyab validate: source", PYAIRBYTE, SOURCE, {"bucket": "not-there"}, "there is no bucket not-there")
@judge("pyab validate: destination", PYAIRBYTE, DESTINATION, {"token": "wrong"}, "does not accept the token")
def validate(stand, say, executable, over, reason):
    stand.forget()
    folder, env = stand.recorded()
    # Anywhere in the path, `source-` would make a source of it: the path is no longer than it has to be.
    command = ["pyab", "validate", f"--connector={folder.name}/{executable}"]
    good = stand.run([*command, f"--config={stand.file(config_of(stand, executable))}"], cwd=folder.parent, **env)
    findings = good.expect(quiet=False)
    for verb in ("spec", "check"):
        told = recordings(folder, executable, verb)
        if not told:
            findings.append(f"no {verb} was asked for")
        for _, printed in told:
            say(f"{verb}:")
            findings += judged_lines(printed, say)
    statuses = [json.loads(line) for _, printed in recordings(folder, executable, "check") for line in printed]
    if [m["connectionStatus"]["status"] for m in statuses] != ["SUCCEEDED"]:
        findings.append(f"not one check that succeeded: {statuses}")
    bad = stand.run([*command, f"--config={stand.file(config_of(stand, executable, **over))}"], cwd=folder.parent, **env)
    told = [line.strip() for line in bad.stderr.splitlines() if "Failure Reason" in line]
    say(f"exit {good.code}; with {list(over)} wrong: exit {bad.code}, {told}; {stand.stored()} events at the platform")
    if bad.code == 0 or not any(reason in line for line in told):
        findings.append("a wrong config passed, or its reason is not told")
    return findings if stand.stored() == 0 else [*findings, "a check wrote events"]


@judge("pyab sync: source to destination", PYAIRBYTE)
def sync(stand, say):
    stand.forget(refuse_event_ids=orders.REFUSED)
    folder, env = stand.recorded()
    said = pyab(
        stand,
        say,
        "sync",
        f"--source={folder / SOURCE}",
        f"--Sconfig={stand.file(stand.source_config())}",
        f"--destination={folder / DESTINATION}",
        f"--Dconfig={stand.file(stand.destination_config())}",
        **env,
    )
    findings = said.expect(quiet=False)
    ((_, printed),) = recordings(folder, SOURCE, "read")
    findings += judged_lines(printed, say) + judged_read(printed, say, WHOLE, orders.FILE_ROWS)
    ((given, printed),) = recordings(folder, DESTINATION, "write")
    findings += judged_lines(printed, say, given) + judged_write(stand, given, printed, say, orders.STORED)
    return findings + same_events(stand.events(), orders.events())


@judge("PyAirbyte API: read into DuckDB, a second read, and from there into the destination", PYAIRBYTE)
def api(stand, say):
    stand.forget(refuse_event_ids=orders.REFUSED)
    folder, env = stand.recorded()
    database = stand.work / "events.duckdb"
    said = stand.run(
        [
            sys.executable,
            HERE / "pyairbyte_api.py",
            folder / SOURCE,
            stand.file(stand.source_config()),
            folder / DESTINATION,
            stand.file(stand.destination_config()),
            database,
        ],
        **env,
    )
    findings = said.expect(quiet=False)
    told = json.loads(Path(f"{database}.json").read_text())
    say(json.dumps(told))
    if told["streams"] != [EVENTS, REJECTS]:
        findings.append("not the two streams")
    if told["first"] != orders.GOOD + orders.REJECTED or told["second"] != 0:
        findings.append(f"{told['first']} records, then {told['second']}; expected {orders.GOOD + orders.REJECTED} and 0")
    if not told["tables"] == told["tables_after_second"] == WHOLE:
        findings.append(f"rows of DuckDB are not {WHOLE}")
    if told["plain"] != 0:
        findings.append(f"{told['plain']} plain e-mails in DuckDB")
    reads = recordings(folder, SOURCE, "read")
    say(f"{len(reads)} reads")
    expected_of_reads = [(WHOLE, orders.FILE_ROWS), ({EVENTS: 0, REJECTS: 0}, 0)]
    if len(reads) < len(expected_of_reads):
        findings.append(f"{len(reads)} reads, expected {len(expected_of_reads)} or more")
    # Whatever it reads after that finds nothing new.
    for i, (_, printed) in enumerate(reads):
        expected, rows = expected_of_reads[min(i, 1)]
        findings += judged_lines(printed, say) + judged_read(printed, say, expected, rows)
    ((given, printed),) = recordings(folder, DESTINATION, "write")
    findings += judged_lines(printed, say, given) + judged_write(stand, given, printed, say, orders.STORED)
    return findings + same_events(stand.events(), orders.events())


@judge("pyab destination-smoke-test: all scenarios", PYAIRBYTE)
def smoke_test(stand, say):
    findings, given, printed = smoke(stand, say, ["--scenarios=all"], 1059)
    totals = counts.totals_of(counts.messages_of(printed)[0])
    # No scenario knows the template: each record is to be rejected and named, none to vanish.
    if totals and (sum(totals["rejected"].values()), totals["requests"]) != (1059, 0):
        findings.append(f"not 1059 rejects: {totals}")
    return findings + judged_write(stand, given, printed, say, 0)


@judge("pyab destination-smoke-test: a custom scenario with events", PYAIRBYTE)
def custom_smoke_test(stand, say):
    scenario = orders.custom_scenario(25)
    file = stand.file([scenario], "scenarios.json")
    flags = ["--scenarios=single_record_stream", f"--custom-scenarios={file}", "--skip-preflight"]
    findings, given, printed = smoke(stand, say, flags, 26)
    findings += judged_write(stand, given, printed, say, 25)
    events = stand.events()
    say(f"the first at the platform: {json.dumps(events[:1])}")
    made = [
        orders.event_of(r["transaction_id"], r["event_time"], r["currency"], r["value"], r["email"], (r["phone"] or "").replace(" ", ""))
        for r in scenario["records"]
    ]
    return findings + same_events(events, made)


def same_events(sent, made):
    """Whole events, in whatever order: name, time, id, digests, properties."""
    by_id = lambda event: event["event_id"]
    differing = [(one, other) for one, other in zip(sorted(sent, key=by_id), sorted(made, key=by_id)) if one != other]
    findings = [f"{len(sent)} events at the platform, {len(made)} were made"] if len(sent) != len(made) else []
    return findings + [f"{one['event_id']} is not what was made: {one}, {other}" for one, other in differing[:3]]


def smoke(stand, say, flags, records):
    stand.forget()
    folder, env = stand.recorded()
    said = stand.run(
        [
            "pyab",
            "destination-smoke-test",
            f"--destination={folder / DESTINATION}",
            f"--config={stand.file(stand.destination_config())}",
            *flags,
        ],
        **env,
    )
    findings = said.expect(quiet=False)
    result = json.loads(said.stdout[said.stdout.index("{\n") :])
    say(json.dumps({key: result[key] for key in ("success", "preflight_passed", "records_delivered", "error", "warnings")}))
    if not result["success"] or result["preflight_passed"] is False or result["records_delivered"] != records:
        findings.append(f"not a success of {records} records")
    given, printed = recordings(folder, DESTINATION, "write")[-1]
    return findings + judged_lines(printed, say, given), given, printed


# airbyte-cdk's standard suites.


@judge("airbyte-cdk standard suite: source", CDK, SOURCE, "test_standard.py", {"bucket": "not-there"}, (7, 4))
@judge("airbyte-cdk standard suite: destination", CDK, DESTINATION, "test_standard.py", {"token": "wrong"}, (4, 1))
@judge("airbyte-cdk image suite: source", CDK, SOURCE, "test_image.py", {"bucket": "not-there"}, (6, 3))
@judge("airbyte-cdk image suite: destination", CDK, DESTINATION, "test_image.py", {"token": "wrong"}, (4, 5))
def suite(stand, say, executable, test, over, expected):
    """Both suites take a connector for a destination by the name of its folder."""
    stand.forget()
    root = stand.work / "suites" / test.removesuffix(".py") / executable
    root.mkdir(parents=True)
    role = "source" if executable == SOURCE else "destination"
    suites = HERE / "suites"
    for name in ("conftest.py", "local_connector.py"):
        (root.parent / name).write_text((suites / name).read_text())
    (root / "acceptance-test-config.yml").write_text((suites / role / "acceptance-test-config.yml").read_text())
    (root / "metadata.yaml").write_text(METADATA[executable].read_text())
    (root / "config.json").write_text(json.dumps(config_of(stand, executable)))
    (root / "bad_config.json").write_text(json.dumps(config_of(stand, executable, **over)))
    own = suites / role / test
    (root / test).write_text((own if own.exists() else suites / test).read_text())
    report = root / "report.xml"
    flags = ["-m", "not image_tests", "-W", "error::airbyte_cdk.test.standard_tests.DiscoveredCatalogWarning"]
    path = stand.env["PATH"]
    if test == "test_image.py":
        # Whether a version is published already is asked of Airbyte's registry.
        flags = ["-k", "not backward", "--connector-image=local/judged:dev", "--read-from-streams=all", "--read-scenarios=config"]
        path = f"{HERE / 'fakebin'}{os.pathsep}{path}"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir=.."]
    said = stand.run([*command, *flags, f"--junitxml={report}", test], cwd=root, PATH=path, JUDGED=str(BIN / executable))
    outcomes = {"passed": 0, "skipped": 0, "failed": 0}
    for case in xml.parse(report).iter("testcase"):
        outcome = outcome_of(case)
        outcomes[outcome] += 1
        say(f"| {outcome}: {case.get('name')}")
    say(f"exit {said.code}: {outcomes}; {stand.stored()} events at the platform")
    findings = said.expect(quiet=False)
    if stand.stored() != 0:
        findings.append("the suite's checks wrote events")
    if (outcomes["passed"], outcomes["skipped"], outcomes["failed"]) != (*expected, 0):
        findings.append(f"{outcomes}, expected {expected[0]} passed and {expected[1]} skipped")
    return findings


def outcome_of(case):
    if case.find("skipped") is not None:
        return "skipped"
    return "passed" if case.find("failure") is None and case.find("error") is None else "failed"


# A source that is not ours.


@judge("airbyte-source-faker: users into the destination by field_mapping", f"{FAKER}, {PYAIRBYTE}")
def faker(stand, say):
    stand.forget()
    folder, env = stand.recorded()
    mapping = {"id": "event_id", "created_at": "event_time", "email": "Email_hashed", "telephone": "Phone_hashed"}
    config = stand.destination_config(
        platform={"max_event_age_days": 36_500},
        default_event_name="CompleteRegistration",
        field_mapping=[{"from": column, "to": field} for column, field in mapping.items()],
    )
    said = pyab(
        stand,
        say,
        "sync",
        f"--source={stand.faker / 'bin' / 'source-faker'}",
        f"--Sconfig={stand.file({'count': USERS, 'seed': 7, 'records_per_slice': 50, 'parallelism': 1})}",
        "--streams=users",
        f"--destination={folder / DESTINATION}",
        f"--Dconfig={stand.file(config)}",
        **env,
    )
    ((given, printed),) = recordings(folder, DESTINATION, "write")
    findings = said.expect(quiet=False) + judged_lines(printed, say, given)
    users = [m["record"]["data"] for m in counts.messages_of(given)[0] if m["type"] == "RECORD"]
    # It makes up a few who sign up later this year; the destination refuses these.
    now = datetime.now(timezone.utc).timestamp()
    to_come = [u["id"] for u in users if datetime.fromisoformat(u["created_at"]).timestamp() > now + 300]
    say(f"{len(users)} users, {len(to_come)} of them with a created_at in the future")
    findings += judged_write(stand, given, printed, say, USERS - len(to_come))
    totals = counts.totals_of(counts.messages_of(printed)[0])
    if totals and totals["rejected"] != ({"EVENT_IN_FUTURE": len(to_come)} if to_come else {}):
        findings.append("rejects of other users than those")
    events = stand.events()
    say(f"the first at the platform: {json.dumps(events[:1])}")
    made = [orders.event_of_user(user) for user in {u["id"]: u for u in users}.values() if user["id"] not in to_come]
    findings += same_events(events, made)
    if not any(m["type"] == "STATE" for m in counts.messages_of(given)[0]):
        findings.append("the source sent no state")
    return findings


# Connectors that cheat.


def caught(findings, sign, say):
    """A run that must fail, for this reason."""
    for finding in findings[:4]:
        say(f"found: {finding[:200]}")
    return [] if any(sign in finding for finding in findings) else [f"not caught by {sign!r}: {findings}"]


def silent(_):
    """The counts of a cheat are of no interest, but for what is found."""


@judge("caught: a source that drops a state", MODELS, "drops a state", "sourceStats")
@judge("caught: a source that swallows records", MODELS, "swallows records", "records since the state before")
@judge("caught: a source that prints noise", MODELS, "prints noise", "noise on stdout")
def doctored_source(stand, say, how, sign):
    said = read(stand, doctored=how)
    return caught(judged_by_models(said, silent) + judged_read(said.lines, silent, WHOLE, orders.FILE_ROWS), sign, say)


@judge("caught: a destination that drops a state", MODELS, "drops a state", "echoed")
@judge("caught: a destination that swallows records", MODELS, "swallows records", "records since the state before")
@judge("caught: a destination that swallows records and counts them", MODELS, "swallows records and counts them", "the platform has")
@judge("caught: a destination that prints noise", MODELS, "prints noise", "noise on stdout")
def doctored_destination(stand, say, how, sign):
    given = orders.as_the_platform_pipes(read(stand).lines)
    said = write(stand, given, doctored=how)
    findings = judged_by_models(said, silent, given) + judged_write(stand, given, said.lines, silent, orders.STORED)
    return caught(findings, sign, say)


def main(work, faker_home):
    names = (HERE / "judges.txt").read_text().splitlines()
    if sorted(names) != sorted(JUDGES):
        raise SystemExit(f"judges.txt and judge.py differ in {sorted(set(names) ^ set(JUDGES))}")
    passed = 0
    with Stand(work, faker_home) as stand:
        for key, content in orders.files().items():
            stand.put(key, content)
        for name in names:
            passed += judged(stand, name)
    print(f"{passed} passed, {len(names) - passed} failed, 0 skipped")
    return 0 if passed == len(names) else 1


def judged(stand, name):
    tool, function = JUDGES[name]
    print(f"--- {name} [{tool}]")
    started = time.monotonic()
    logged = stand.log.stat().st_size if stand.log.exists() else 0
    try:
        findings = function(stand, lambda text: print(f"    {text}"))
    except Exception:  # A judge that breaks has not passed; the others go on.
        findings = [traceback.format_exc()]
    for finding in findings:
        print(f"    ! {finding}")
    if findings and stand.log.exists():
        for line in stand.log.read_bytes()[logged:].decode().splitlines()[-40:]:
            print(f"    log: {line.rstrip()[:500]}")
    print(f"    {time.monotonic() - started:.1f} s")
    print(f"{'FAIL' if findings else 'PASS'} {name}", flush=True)
    return not findings


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
