from airbyte_cdk.test.standard_tests import DestinationTestSuiteBase
from airbyte_cdk.test.standard_tests._job_runner import run_test_job
from airbyte_cdk.test.standard_tests._spec_lint import assert_spec_is_valid, get_single_spec
from local_connector import LocalExecutable


class TestSuite(DestinationTestSuiteBase):
    connector = None

    @classmethod
    def create_connector(cls, scenario):
        return LocalExecutable()

    def test_spec(self):
        """The suite of sources has this test; that of destinations has it for images alone."""
        result = run_test_job(self.create_connector(None), "spec", connector_root=self.get_connector_root_dir())
        spec = get_single_spec(result, connector_name=self.connector_name)
        assert_spec_is_valid(spec, connector_name=self.connector_name)
