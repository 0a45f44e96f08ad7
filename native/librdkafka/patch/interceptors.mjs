// Interceptors: what they have added to a client that could not be made.
import { before } from './edit.mjs'

/** The lists that only a client has: those of a configuration are its owner's to free. */
const OF_CLIENT = [
  'on_destroy',
  'on_send',
  'on_acknowledgement',
  'on_consume',
  'on_commit',
  'on_request_sent',
  'on_response_received',
  'on_thread_start',
  'on_thread_exit',
  'on_broker_state_change',
]

export const interceptors = [
  // Upstream forgets them with the rest of the configuration, which is the application's.
  before(
    'rdkafka.c',
    '                memset(&rk->rk_conf, 0, sizeof(rk->rk_conf));\n        }\n\n        rd_kafka_destroy_internal(rk);\n        rd_kafka_destroy_final(rk);\n\n        rd_kafka_set_last_error(ret_err, ret_errno);',
    OF_CLIENT.map(
      (list) => `                rd_list_destroy(&rk->rk_conf.interceptors.${list});`,
    ).join('\n'),
  ),
]
