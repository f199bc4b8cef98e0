"""Where the judges' runs take place: the executables, a folder for files, the S3 and the platform's stand-in."""
import json
import os
import shutil
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
BIN = ROOT / "bin"
SOURCE, DESTINATION = "source-s3-offline-events", "destination-offline-events"
BUCKET = "acme-offline"
# What the stand-in knows unless it is told otherwise.
TOKEN, EVENT_SET = "emulator-token", "7312345678901234567"
TIMEOUT_S = 300


class Said:
    """How a process ended, and what it printed."""

    def __init__(self, code, stdout, stderr):
        self.code, self.stdout, self.stderr = code, stdout, stderr
        self.lines = whole_lines(stdout)

    def expect(self, code=0, quiet=True):
        """This exit code and, unless it is allowed to speak, an empty stderr."""
        findings = []
        if self.code != code:
            findings.append(f"exit {self.code}, expected {code}")
        if quiet and self.stderr:
            findings.append(f"stderr: {self.stderr.strip()[:300]}")
        return findings


class Stand:
    def __init__(self, work, faker):
        self.work, self.faker = work, faker
        for name in ("home", "tmp", "cwd", "s3"):
            (work / name).mkdir()
        self.log = work / "runs.log"
        self.recordings = 0
        self.files = 0
        self.direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        # Nothing of the machine's own AWS or proxy set-up; and the suites leave configs in the folder for temporary files.
        self.env = {
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(work / "home"),
            "TMPDIR": str(work / "tmp"),
            "LANG": "C.UTF-8",
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONWARNINGS": "ignore",
            "NO_COLOR": "1",
            "COLUMNS": "200",
            # Else an import announces telemetry, and looks for the registry.
            "AIRBYTE_OFFLINE_MODE": "1",
            "DO_NOT_TRACK": "1",
            "AIRBYTE_PROJECT_DIR": str(work / "home"),
            "AIRBYTE_CACHE_ROOT": str(work / "home"),
            "AIRBYTE_LOGGING_ROOT": str(work / "home"),
        }

    def __enter__(self):
        command = ["node", str(HERE / "servers.js"), str(self.work / "s3"), BUCKET]
        self.servers = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=self.env)
        line = self.servers.stdout.readline()
        if line == "":
            raise SystemExit("the servers did not start")
        self.urls = json.loads(line)
        return self

    def __exit__(self, *_):
        self.servers.stdin.close()
        try:
            self.servers.wait(10)
        except subprocess.TimeoutExpired:
            self.servers.kill()

    # The S3 and the platform.

    def put(self, key, content):
        request = urllib.request.Request(f"{self.urls['s3']}/{BUCKET}/{key}", data=content, method="PUT")
        self.direct.open(request).close()

    def admin(self, call, body=None):
        data = None if body is None else json.dumps(body).encode()
        with self.direct.open(f"{self.urls['platform']}/__admin/{call}", data=data) as reply:
            return reply.read().decode()

    def forget(self, **settings):
        """The platform forgets all, and goes by these settings."""
        self.admin("reset", {})
        self.admin("set", settings)

    def stored(self):
        return json.loads(self.admin("summary"))["events"]["stored"]

    def events(self):
        return [json.loads(line)["event"] for line in self.admin("events").splitlines()]

    # Configs.

    def source_config(self, **over):
        return {
            "bucket": BUCKET,
            "path_prefix": "orders",
            "credentials": {
                "auth_type": "access_key",
                "aws_access_key_id": self.urls["key"],
                "aws_secret_access_key": self.urls["key"],
            },
            "region": "us-east-1",
            "endpoint": self.urls["s3"],
            "checkpoint_rows": 100,
            **over,
        }

    def destination_config(self, token=TOKEN, **over):
        platform = {"type": "tiktok", "access_token": token, "event_set_id": EVENT_SET, "api_url": self.urls["platform"]}
        return {"platform": {**platform, **over.pop("platform", {})}, **over}

    def file(self, content, name="file.json"):
        """A file of its own with JSON, or with a text as it is; its path."""
        self.files += 1
        path = self.work / f"{self.files}-{name}"
        path.write_text(content if isinstance(content, str) else json.dumps(content))
        return str(path)

    # Runs.

    def run(self, command, stdin="", cwd=None, **env):
        try:
            done = subprocess.run(
                [str(part) for part in command],
                input=stdin,
                capture_output=True,
                text=True,
                cwd=cwd or self.work / "cwd",
                env={**self.env, **env},
                timeout=TIMEOUT_S,
            )
            said = Said(done.returncode, done.stdout, done.stderr)
        except subprocess.TimeoutExpired:
            said = Said("none", "", f"no end within {TIMEOUT_S} s")
        with self.log.open("a") as log:
            log.write(f"$ {' '.join(map(str, command))}\n{said.stdout}{said.stderr}exit {said.code}\n")
        return said

    def verb(self, executable, verb, stdin="", doctored=None, **files):
        """A verb with the files that its flags name; `doctored` spoils it."""
        flags = [part for flag, content in files.items() for part in (f"--{flag}", self.file(content, flag))]
        cheat = [] if doctored is None else [sys.executable, HERE / "doctored.py", doctored]
        return self.run([*cheat, BIN / executable, verb, *flags], stdin)

    def recorded(self):
        """A folder with both executables that keep what goes in and out, and the environment that they need."""
        self.recordings += 1
        folder = self.work / f"recorded-{self.recordings}"
        folder.mkdir()
        for name in (SOURCE, DESTINATION):
            shutil.copy(HERE / "recorded", folder / name)
        return folder, {"RECORD_TO": str(folder), "JUDGED_BIN": str(BIN)}


def recordings(folder, executable, verb):
    """Lines given to and printed by each run of a verb, in the order of their beginning."""
    outs = sorted(folder.glob(f"{executable}.{verb}.*.out"))
    wait_for(outs)
    return [(lines_of(out.with_suffix(".in")), lines_of(out)) for out in outs]


def wait_for(files):
    """What was printed is kept by a process beside the executable, which may end a moment after it: until nothing comes any more."""
    sizes = None
    for _ in range(100):
        before, sizes = sizes, [file.stat().st_size for file in files]
        if sizes == before:
            return
        time.sleep(0.05)
    raise SystemExit("the recordings do not come to their end")


def lines_of(path):
    return whole_lines(path.read_text()) if path.exists() else []


def whole_lines(text):
    """Not splitlines, to which a message with U+2028 in it is two."""
    return text.removesuffix("\n").split("\n") if text else []
