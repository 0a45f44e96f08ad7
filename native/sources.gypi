{
  "variables": {
    "tidemark_core": ["status.cc", "kafka/record_batch_decoder.cc", "merge", "columns"],
    "tidemark_engine": [
      "kafka/brokers.cc",
      "kafka/client.cc",
      "kafka/configuration.cc",
      "kafka/kafka_error.cc",
      "kafka/partition_queue.cc",
      "kafka/topic_resolver.cc",
      "kafka/topic_watch.cc",
      "engine",
      "testing"
    ],
    "tidemark_addon": ["node"],
    "tidemark_defines": ["NAPI_VERSION=9", "NAPI_DISABLE_CPP_EXCEPTIONS", "NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS", "NODE_GYP_MODULE_NAME=tidemark"],
    "tidemark_cflags": ["-std=c++17", "-O2", "-g", "-fvisibility=hidden"],
    "tidemark_ldflags": ["-Wl,--exclude-libs,ALL", "-Wl,-z,nodelete"]
  }
}
