"""What Airbyte's judges do not look at: states, statuses and counts. Each function returns findings, none where all is right."""
import collections
import json

EVENTS, REJECTS = "offline_events", "offline_events_rejected"


def messages_of(lines):
    """Messages and the lines that are none."""
    messages, noise = [], []
    for line in lines:
        try:
            message = json.loads(line)
            message["type"]
        except (ValueError, TypeError, KeyError):
            noise.append(f"noise on stdout: {line[:80]}")
        else:
            messages.append(message)
    return messages, noise


def totals_of(messages):
    """The counts of the line `totals {json}`; none where there is not exactly one."""
    told = [m["log"]["message"] for m in messages if m["type"] == "LOG" and m["log"]["message"].startswith("totals ")]
    return json.loads(told[0].removeprefix("totals ")) if len(told) == 1 else None


def stream_of(message):
    if message["type"] == "RECORD":
        return message["record"]["stream"]
    return message["state"]["stream"]["stream_descriptor"]["name"]


def since_states(messages):
    """Each STATE with the number of records of its stream since the one before, and the records that no state covers."""
    since, states = collections.Counter(), []
    for message in messages:
        if message["type"] == "RECORD":
            since[stream_of(message)] += 1
        elif message["type"] == "STATE":
            states.append((message["state"], since.pop(stream_of(message), 0)))
    return states, {stream: n for stream, n in since.items() if n > 0}


def judge_read(lines, expected, rows=None):
    """A read must give these records of each stream, counted by states, inside whole statuses, and tell of so many rows."""
    messages, findings = messages_of(lines)
    records = collections.Counter(stream_of(m) for m in messages if m["type"] == "RECORD")
    if dict(records) != {stream: n for stream, n in expected.items() if n > 0}:
        findings.append(f"records: {dict(records)}, expected {expected}")
    states, uncovered = since_states(messages)
    if uncovered:
        findings.append(f"records after the last state: {uncovered}")
    for number, (state, since) in enumerate(states, 1):
        stats = state["sourceStats"]["recordCount"]
        if stats != since:
            findings.append(f"state {number}: sourceStats {stats:g}, {since} records since the state before")
    for stream in expected:
        told = [m["trace"]["stream_status"]["status"] for m in messages if is_status(m, stream)]
        if told[:1] != ["STARTED"] or told[-1:] != ["COMPLETE"] or told[1:-1] != ["RUNNING"] * len(told[1:-1]):
            findings.append(f"statuses of {stream}: {told}")
        if not any(state["stream"]["stream_descriptor"]["name"] == stream for state, _ in states):
            findings.append(f"no state of {stream}")
    totals = totals_of(messages)
    if totals is None:
        findings.append("not one line of totals")
    elif totals["rows"] != totals["emitted"] + sum(totals["rejected"].values()):
        findings.append(f"totals do not add up: {totals}")
    elif rows is not None and totals["rows"] != rows:
        findings.append(f"totals tell of {totals['rows']} rows, the files have {rows}")
    counts = {
        "records": dict(records),
        "states": len(states),
        "sourceStats": sum(state["sourceStats"]["recordCount"] for state, _ in states),
        "totals": totals and {key: totals[key] for key in ("files", "rows", "emitted", "rejected")},
    }
    return counts, findings


def is_status(message, stream):
    status = message["type"] == "TRACE" and message["trace"].get("stream_status")
    return bool(status) and status["stream_descriptor"]["name"] == stream


def judge_write(given, lines, stored, expected_stored):
    """A write must echo every state as it was given, count each record once, and the platform must have what it counts."""
    messages, findings = messages_of(lines)
    given_messages, _ = messages_of(given)
    records = sum(m["type"] == "RECORD" for m in given_messages)
    asked, uncovered = since_states(given_messages)
    echoed = [m["state"] for m in literal(lines) if m["type"] == "STATE"]
    wanted = [m["state"] for m in literal(given) if m["type"] == "STATE"]
    stats = [state.pop("destinationStats", None) or {} for state in echoed]
    for state in wanted:
        state.pop("destinationStats", None)
    if echoed != wanted:
        findings.append(f"states: {len(wanted)} given, {len(echoed)} echoed, not the same in the same order")
    accepted = sum(float(s.get("recordCount", 0)) for s in stats)
    rejected = sum(float(s.get("rejectedRecordCount", 0)) for s in stats)
    for number, ((_, since), own) in enumerate(zip(asked, stats), 1):
        counted = float(own.get("recordCount", 0)) + float(own.get("rejectedRecordCount", 0))
        if counted != since:
            findings.append(f"state {number}: destinationStats {counted:g}, {since} records since the state before")
    totals = totals_of(messages)
    counts = {"records": records, "states": len(echoed), "destinationStats": [accepted, rejected], "stored": stored}
    if totals is None:
        return counts, [*findings, "not one line of totals"]
    counts["totals"] = {k: totals[k] for k in ("records", "accepted", "duplicates", "ignored", "rejected", "unsettled")}
    totals_rejected = sum(totals["rejected"].values())
    parts = totals["accepted"] + totals["duplicates"] + totals["ignored"] + totals_rejected + totals["unsettled"]
    if totals["records"] != parts:
        findings.append(f"totals do not add up: {counts['totals']}")
    if totals["records"] != records:
        findings.append(f"totals tell of {totals['records']} records, {records} were given")
    if totals["unsettled"] != 0:
        findings.append(f"{totals['unsettled']} events are unsettled")
    # Where a platform sends no states there is nothing to hold the stats against.
    if wanted and not uncovered and [accepted + rejected, rejected] != [records, totals_rejected]:
        findings.append(f"destinationStats {accepted:g} + {rejected:g} rejected, {records} records of which {totals_rejected} rejected")
    if not stored == totals["accepted"] == expected_stored:
        findings.append(f"the platform has {stored} events, totals say {totals['accepted']}, expected {expected_stored}")
    return counts, findings


def literal(lines):
    """Messages with their numbers as they are written: 1 and 1.0 are not the same."""
    for line in lines:
        try:
            message = json.loads(line, parse_int=str, parse_float=str)
            message["type"]
        except (ValueError, TypeError, KeyError):
            continue
        yield message
