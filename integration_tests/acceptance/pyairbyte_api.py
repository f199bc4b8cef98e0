"""PyAirbyte's API: the source into DuckDB twice, then from there into the destination. args: SOURCE ITS_CONFIG DESTINATION ITS_CONFIG DATABASE"""
import json
import sys
from pathlib import Path

import airbyte as ab

source_path, source_config, destination_path, destination_config, database = map(Path, sys.argv[1:])
source = ab.get_source(
    source_path.name, config=json.loads(source_config.read_text()), local_executable=source_path, streams="*"
)
source.check()
cache = ab.DuckDBCache(db_path=database)
said = {"streams": sorted(source.get_available_streams())}


def read(name):
    result = source.read(cache=cache)
    said[name] = result.processed_records
    return {stream: dataset.to_pandas() for stream, dataset in result.streams.items()}


tables = read("first")
said["tables"] = {stream: len(table) for stream, table in tables.items()}
said["columns"] = sorted(column for column in tables["offline_events"] if not column.startswith("_airbyte"))
said["plain"] = sum("@" in str(cell) for table in tables.values() for cell in table.to_numpy().ravel())
said["tables_after_second"] = {stream: len(table) for stream, table in read("second").items()}

destination = ab.get_destination(
    destination_path.name, config=json.loads(destination_config.read_text()), local_executable=destination_path
)
destination.check()
result = source.read(cache=cache)
destination.write(result, streams="*", write_strategy="append")
Path(sys.argv[5] + ".json").write_text(json.dumps(said))
