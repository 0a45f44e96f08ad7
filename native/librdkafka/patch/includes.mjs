// Includes: which files of librdkafka's call into the patch's own, and the build of those.
import { after, within } from './edit.mjs'

const include = (file, anchor, ...headers) =>
  after(file, anchor, headers.map((name) => `#include "${name}"`).join('\n'))

const includes = [
  include('rdkafka.c', '#include "rdkafka_int.h"', 'rdkafka_failed_client.h'),
  include(
    'rdkafka_broker.c',
    '#include "rdkafka_fetcher.h"',
    'rdkafka_record_batch_admin.h',
    'rdkafka_record_batch_codecs.h',
    'rdkafka_record_batch_connection.h',
    'rdkafka_record_batch_queue.h',
    'rdkafka_record_batch_response.h',
    'rdkafka_record_batch_share.h',
  ),
  include(
    'rdkafka_fetcher.c',
    '#include "rdkafka_msgset.h"',
    'rdkafka_record_batch_queue.h',
    'rdkafka_record_batch_response.h',
    'rdkafka_record_batch_share.h',
  ),
  include('rdkafka_int.h', '#include "rdlist.h"', 'rdkafka_record_batch_account.h'),
  include('rdkafka_lz4.c', '#include "rdkafka_lz4.h"', 'rdkafka_record_batch_codecs.h'),
  include('rdkafka_msg.h', '#define _RDKAFKA_MSG_H_', 'rdkafka_record_batch_frame.h'),
  include(
    'rdkafka_msgset_reader.c',
    '#include "rdkafka_lz4.h"',
    'rdkafka_record_batch.h',
    'rdkafka_record_batch_codecs.h',
    'rdkafka_record_batch_room.h',
  ),
  include('rdkafka_offset.c', '#include "rdkafka_offset.h"', 'rdkafka_record_batch_topic.h'),
  include('rdkafka_op.c', '#include "rdkafka_offset.h"', 'rdkafka_record_batch_fetch.h'),
  include('rdkafka_partition.c', '#include "rdkafka_offset.h"', 'rdkafka_record_batch_topic.h'),
  include('rdkafka_queue.c', '#include "rdkafka_interceptor.h"', 'rdkafka_record_batch_fetch.h'),
  include('rdkafka_request.c', '#include "rdkafka_request.h"', 'rdkafka_record_batch_admin.h'),
  include('rdkafka_topic.c', '#include "rdkafka_topic.h"', 'rdkafka_record_batch_topic.h'),
]

/** Adds the patch's `files` of C to the build. */
const build = (files) =>
  within(
    'Makefile',
    'rdkafka_msgset_writer.c rdkafka_msgset_reader.c \\',
    'rdkafka_msgset_reader.c',
    ['rdkafka_msgset_reader.c', ...files].join(' \\\n\t\t'),
  )

export const includesAndBuild = (files) => [...includes, build(files)]
