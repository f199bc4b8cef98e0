"""What is published of a connector, by Airbyte's own rules: its metadata file, and its spec beside the released ones."""
import json
from pathlib import Path

import airbyte_connector_models.metadata.v0 as v0
import jsonschema
import yaml
from airbyte_cdk.test.standard_tests._spec_compatibility import compare_specs
from airbyte_connector_models.metadata.v0.connector_metadata_definition_v0 import ConnectorMetadataDefinitionV0


def judge_metadata(file):
    """Findings of the JSON Schema and of the model."""
    metadata = yaml.safe_load(Path(file).read_text())
    schema = json.loads((Path(v0.__file__).parent / "ConnectorMetadataDefinitionV0.json").read_text())
    errors = jsonschema.Draft7Validator(schema).iter_errors(metadata)
    findings = [f"schema: {'/'.join(map(str, e.absolute_path))}: {e.message[:200]}" for e in errors]
    try:
        ConnectorMetadataDefinitionV0.model_validate(metadata)
    except ValueError as error:
        findings.append(f"model: {error}")
    return findings


def judge_spec_change(old, new):
    """Breaking changes, and the others, from one spec to the other."""
    compared = compare_specs(old, new)
    breaking = [str(change)[:200] for change in compared.breaking]
    if not compared.is_backward_compatible and not breaking:
        breaking = ["not backward compatible"]
    return breaking, [str(change)[:200] for change in compared.compatible]
