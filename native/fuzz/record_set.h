/*
 * Reads a record set as librdkafka reads that of a fetch response, on the calling thread and
 * without a broker: by librdkafka's own functions, which no public header has.
 */
#pragma once

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_record_batch.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct record_set_reader record_set_reader;

/* A reader of record batches; the largest may inflate to `max_bytes`. NULL: it could not be made.
 */
record_set_reader* record_set_reader_new(size_t max_bytes);
void record_set_reader_destroy(record_set_reader* reader);

/*
 * Reads one record set, as the first one of its partition, with `room` for so many bytes
 * (`inflated_max_bytes`; 0: no limit). Calls `see` with each message that comes of it, valid during
 * the call: record batches or an error.
 */
void record_set_read(record_set_reader* reader, const void* bytes, size_t size, size_t room,
                     void (*see)(const rd_kafka_message_t* message, void* opaque), void* opaque);

#ifdef __cplusplus
}
#endif
