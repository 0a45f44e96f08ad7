// Message: a place for the record batch in the consumer half of a message, and the files with the
// accessors and the rules of fetching. Inside the message, not beside it: no allocation, and no question who frees it.
import { after, replace } from './edit.mjs'

export const message = [
  after('rdkafka_msg.h', '#define _RDKAFKA_MSG_H_', '\n#include "rdkafka_record_batch_frame.h"'),
  after(
    'rdkafka_msg.h',
    `                        int16_t delivery_count; /**< Share consumer: delivery
                                                 *   count. */`,
    `                        rd_kafka_record_batch_frame_t record_batch; /**< Its
                                                 *   kind is 0 in an ordinary
                                                 *   message. */`,
  ),
  replace(
    'Makefile',
    'rdkafka_msgset_writer.c rdkafka_msgset_reader.c \\',
    'rdkafka_msgset_writer.c rdkafka_msgset_reader.c rdkafka_record_batch.c \\\n' +
      '\t\trdkafka_record_batch_fetch.c \\',
  ),
]
