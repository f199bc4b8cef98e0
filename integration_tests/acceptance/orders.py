"""The files that the source reads, and what must become of their rows."""
import csv
import gzip
import io
import json
import time

HEADER = ["event_name", "event_time", "currency", "value", "transaction_id", "Email_hashed", "Phone_hashed", "num_items"]

# Rows that the source must reject, by file and row: the column that is spoilt, its cell and the code.
SPOILT = {
    ("A", 17): ("value", "12,50 or so", "VALUE_MALFORMED"),
    ("A", 101): ("event_time", "yesterday", "EVENT_TIME_MALFORMED"),
    ("A", 233): ("Email_hashed", "", "IDENTIFIER_MISSING"),
    ("B", 5): ("Email_hashed", "nobody.example.com", "EMAIL_MALFORMED"),
}
ROWS = {"A": 240, "B": 160}
# Good rows whose events the platform refuses.
REFUSED = ["A-0010", "B-0020"]

FILE_ROWS = sum(ROWS.values())
REJECTED = len(SPOILT)
GOOD = FILE_ROWS - REJECTED
STORED = GOOD - len(REFUSED)


def files():
    """Keys and bytes: one file as it is, one compressed, one with nothing but its header."""
    now = int(time.time())
    return {
        "orders/a.csv": csv_of(rows("A", now - 3600)).encode(),
        "orders/b.csv.gz": gzip.compress(csv_of(rows("B", now - 90_000)).encode()),
        "orders/c.csv": csv_of([]).encode(),
    }


def rows(name, newest):
    for number in range(1, ROWS[name] + 1):
        row = dict(zip(HEADER, [
            "Purchase",
            newest - 60 * number,
            "EUR",
            f"{number}.50",
            f"{name}-{number:04}",
            f"{name}.{number}@example.com",
            "" if number % 3 else f"+1212555{number:04}",
            number % 4 or "",
        ]))
        if (name, number) in SPOILT:
            column, cell, _ = SPOILT[name, number]
            row[column] = cell
        # Without the phone nothing is left to know the person by.
        if (name, number) in SPOILT:
            row["Phone_hashed"] = ""
        yield row


def csv_of(table):
    text = io.StringIO()
    writer = csv.DictWriter(text, HEADER)
    writer.writeheader()
    writer.writerows(table)
    return text.getvalue()


def as_the_platform_pipes(read_lines):
    """What a destination gets of a source's output: records, states with an id, traces; no log."""
    ids, lines = 0, []
    for line in read_lines:
        message = json.loads(line)
        if message["type"] == "STATE":
            ids += 1
            # Spliced in: what the source wrote is to come back as it wrote it.
            line = line.replace('{"type":"STATE","state":{', f'{{"type":"STATE","state":{{"id":{ids},', 1)
        if message["type"] in ("RECORD", "STATE", "TRACE"):
            lines.append(line)
    return lines


def custom_scenario(events):
    """A scenario of the smoke test in the template's words, with raw identities as another source would send them."""
    now = int(time.time())
    return {
        "name": "in_store_orders",
        "json_schema": {
            "type": "object",
            "properties": {
                "event_name": {"type": "string"},
                "event_time": {"type": "integer"},
                "currency": {"type": "string"},
                "value": {"type": "number"},
                "transaction_id": {"type": "string"},
                "email": {"type": "string"},
                "phone": {"type": ["null", "string"]},
            },
        },
        "primary_key": [["transaction_id"]],
        "records": [
            {
                "event_name": "Purchase",
                "event_time": now - 60 * number,
                "currency": "USD",
                "value": number + 0.25,
                "transaction_id": f"S-{number}",
                "email": f"s.{number}@example.com",
                "phone": f"+1 212 555 {number:04}" if number % 2 else None,
            }
            for number in range(1, events + 1)
        ],
    }
