"""csp: a subscription to the whole topic; keys cannot be had, since it takes them for text."""

import os
from datetime import datetime, timedelta

import csp
from csp.adapters.kafka import KafkaAdapterManager, KafkaStartOffset, RawBytesMessageMapper
from meter import SETTINGS, Meter


class Message(csp.Struct):
    value: bytes
    timestamp: datetime


meter = Meter()
size = 0


# Above the node that calls it: csp compiles a node with the names that there are.
def take(messages):
    global size
    meter.arrive()
    for message in messages[: SETTINGS["records"] - meter.records]:
        size += len(message.value)
        if SETTINGS["check"]:
            meter.step(message.timestamp)
        meter.records += 1
    if meter.records == SETTINGS["records"]:
        meter.finish(value_bytes=size)
        os._exit(0)


@csp.node
def count(messages: csp.ts[[Message]]):
    if csp.ticked(messages):
        take(messages)


@csp.graph
def graph():
    adapter = KafkaAdapterManager(
        SETTINGS["bootstrap"],
        start_offset=KafkaStartOffset.EARLIEST,
        rd_kafka_consumer_conf_options={
            "fetch.wait.max.ms": "10",
            "fetch.queue.backoff.ms": "2",
            "queued.min.messages": "1000000",
        },
    )
    messages = adapter.subscribe(
        Message,
        RawBytesMessageMapper(),
        SETTINGS["topic"],
        field_map={"": "value"},
        meta_field_map={"timestamp": "timestamp"},
        push_mode=csp.PushMode.BURST,
    )
    count(messages)


csp.run(graph, starttime=datetime.utcnow(), endtime=timedelta(minutes=10), realtime=True)
