from airbyte_cdk.test.standard_tests import SourceTestSuiteBase
from local_connector import LocalExecutable


class TestSuite(SourceTestSuiteBase):
    connector = None

    @classmethod
    def create_connector(cls, scenario):
        return LocalExecutable()
