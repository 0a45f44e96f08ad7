"""kafkarrow: the replay as Arrow RecordBatches."""

import os

import pyarrow.compute as compute
from kafkarrow import ConsumerManager, SourceTopic
from meter import SETTINGS, Meter

meter = Meter()
manager = ConsumerManager(
    config={"bootstrap.servers": SETTINGS["bootstrap"], "group.id": f"bench-{os.getpid()}"},
    topics=[SourceTopic.from_earliest(SETTINGS["topic"])],
    batch_size=SETTINGS["batchSize"],
)
wanted = SETTINGS["records"]
size = 0
while meter.records < wanted:
    batch = manager.poll(timeout_ms=1_000)
    if batch.num_rows == 0:
        if manager.is_live():
            break
        continue
    meter.arrive()
    # What is past the part that is asked for is not counted.
    batch = batch.slice(0, min(batch.num_rows, wanted - meter.records))
    meter.records += batch.num_rows
    for name in ("key", "value"):
        size += compute.sum(compute.binary_length(batch.column(name))).as_py() or 0
    if SETTINGS["check"]:
        for timestamp in batch.column("timestamp").cast("int64").to_pylist():
            meter.step(timestamp)
meter.finish(bytes=size)
# Its destructor waits for its consumer: the figures are out.
os._exit(0)
