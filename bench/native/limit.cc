// limit: patched librdkafka, one op for each record batch (or for several small ones), counted by
// its header and thrown away, nothing decoded: what fetching costs, and nothing else.
//
//   limit --bootstrap host:port --topic name [--records n] [--check 1]
//
// `bytes` are those of the records sections: keys, values and what stands around them. There is no
// order to check: --check changes nothing.
#include "consume.h"

namespace tidemark {
namespace {

void count(const rd_kafka_message_t* message, Consumption* consumption) {
  rd_kafka_record_batch_t batch;
  size_t cursor = 0;
  while (rd_kafka_message_next_record_batch(message, &cursor, &batch)) {
    if (batch.kind != RD_KAFKA_RECORD_BATCH_RECORDS) continue;
    consumption->records += batch.record_count;
    consumption->bytes += static_cast<int64_t>(batch.size);
  }
}

}  // namespace
}  // namespace tidemark

int main(int argc, char** argv) {
  return tidemark::consume(argc, argv,
                           {{"consume.record.batches", "true"},
                            {"queued.min.messages", "1000000"},
                            {"queued.max.messages.kbytes", "262144"}},
                           tidemark::count, nullptr);
}
