"""The files that the source reads, and what must become of their rows."""
import csv
import gzip
import hashlib
import io
import json
import re
import time
from datetime import datetime

HEADER = ["event_name", "event_time", "currency", "value", "transaction_id", "Email_hashed", "Phone_hashed", "num_items"]

# Rows that the source must reject, by file and row: the column that is spoilt, its cell and the code.
SPOILT = {
    ("A", 17): ("value", "12,50 or so", "VALUE_MALFORMED"),
    ("A", 101): ("event_time", "yesterday", "EVENT_TIME_MALFORMED"),
    ("A", 233): ("Email_hashed", "", "IDENTIFIER_MISSING"),
    ("B", 5): ("Email_hashed", "nobody.example.com", "EMAIL_MALFORMED"),
}
ROWS = {"A": 240, "B": 160}
# Of each file, in Unix seconds.
NEWEST = {"A": int(time.time()) - 3600, "B": int(time.time()) - 90_000}
# Good rows whose events the platform refuses.
REFUSED = ["A-0010", "B-0020"]

FILE_ROWS = sum(ROWS.values())
REJECTED = len(SPOILT)
GOOD = FILE_ROWS - REJECTED
STORED = GOOD - len(REFUSED)


def files():
    """Keys and bytes: one file as it is, one compressed, one with nothing but its header."""
    return {
        "orders/a.csv": csv_of(rows("A")).encode(),
        "orders/b.csv.gz": gzip.compress(csv_of(rows("B")).encode()),
        "orders/c.csv": csv_of([]).encode(),
    }


def rows(name):
    for number in range(1, ROWS[name] + 1):
        row = dict(zip(HEADER, [
            "Purchase",
            NEWEST[name] - 60 * number,
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


def digest(text):
    return hashlib.sha256(text.encode()).hexdigest()


def event_of(order, time, currency, value, email, phone, items=None):
    """The event that a purchase has to become, whole; `phone` with + and digits, or nothing."""
    properties = {"value": value, "currency": currency, "order_id": order, "num_items": items}
    return {
        "event": "Purchase",
        "event_time": time,
        "event_id": order,
        "user": {"email": [digest(email.lower())], **({"phone": [digest(phone)]} if phone else {})},
        "properties": {key: found for key, found in properties.items() if found is not None},
    }


def events():
    """The events of the good rows of all files that the platform takes."""
    return [
        event_of(
            row["transaction_id"],
            row["event_time"],
            row["currency"],
            float(row["value"]),
            row["Email_hashed"],
            row["Phone_hashed"],
            row["num_items"] or None,
        )
        for name in ROWS
        for number, row in enumerate(rows(name), 1)
        if (name, number) not in SPOILT and row["transaction_id"] not in REFUSED
    ]


def event_of_user(user):
    """The event that a user of the faker has to become by the mapping."""
    time = int(datetime.fromisoformat(user["created_at"]).timestamp())
    phone = phone_of(user["telephone"])
    return {
        "event": "CompleteRegistration",
        "event_time": time,
        "event_id": str(user["id"]),
        "user": {"email": [digest(user["email"].lower())], **({} if phone is None else {"phone": [digest(phone)]})},
    }


def phone_of(text):
    """A phone of the faker as E.164: without a country its digits are taken as they are, and a trunk's 0 makes it unusable."""
    digits = re.sub(r"\D", "", text)
    digits = digits[2:] if digits.startswith("00") else digits
    return None if digits.startswith("0") else f"+{digits}"
