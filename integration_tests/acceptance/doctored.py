#!/usr/bin/env python3
"""A connector that cheats: `doctored.py HOW EXECUTABLE VERB args...` runs the real one and spoils what goes in or comes out."""
import json
import subprocess
import sys


def kind(line: str) -> str | None:
    try:
        return json.loads(line)["type"]
    except ValueError:
        return None


def without_a_state(lines: list[str]) -> list[str]:
    """The second STATE is gone; where there is one alone, that."""
    states = [i for i, line in enumerate(lines) if kind(line) == "STATE"]
    return [line for i, line in enumerate(lines) if i != (states[1:] or states)[0]]


def without_records(lines: list[str]) -> list[str]:
    """Every 50th RECORD is gone."""
    records = [i for i, line in enumerate(lines) if kind(line) == "RECORD"]
    gone = set(records[49::50])
    return [line for i, line in enumerate(lines) if i not in gone]


def with_noise(lines: list[str]) -> list[str]:
    """What a forgotten print leaves between two messages."""
    return [*lines[:1], "connecting...\n", *lines[1:]]


def counting_all(given: list[str], said: list[str]) -> list[str]:
    """The STATEs claim every record that was given, swallowed ones too."""
    since, counts = {}, []
    for line in given:
        message = json.loads(line)
        if message["type"] == "RECORD":
            stream = message["record"]["stream"]
            since[stream] = since.get(stream, 0) + 1
        elif message["type"] == "STATE":
            counts.append(since.pop(message["state"]["stream"]["stream_descriptor"]["name"], 0))
    out = []
    for line in said:
        if kind(line) == "STATE":
            message = json.loads(line)
            stats = message["state"]["destinationStats"]
            stats["recordCount"] = counts.pop(0) - stats.get("rejectedRecordCount", 0)
            line = json.dumps(message, separators=(",", ":")) + "\n"
        out.append(line)
    return out


def main(how: str, command: list[str]) -> int:
    writes = command[1] == "write"
    given = sys.stdin.readlines() if writes else []
    swallows = how.startswith("swallows records")
    taken = without_records(given) if swallows else given
    done = subprocess.run(command, input="".join(taken), stdout=subprocess.PIPE, text=True)
    said = [f"{line}\n" for line in done.stdout.split("\n") if line]
    if how == "drops a state":
        said = without_a_state(said)
    elif how == "prints noise":
        said = with_noise(said)
    elif how == "swallows records and counts them":
        said = counting_all(given, said)
    elif swallows and not writes:
        said = without_records(said)
    sys.stdout.write("".join(said))
    return done.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
