import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
pytest_plugins = ["airbyte_cdk.test.standard_tests.pytest_hooks", "local_connector"]


def pytest_configure(config):
    for marker in ("image_tests", "requires_creds"):
        config.addinivalue_line("markers", f"{marker}: of airbyte-cdk's own")
