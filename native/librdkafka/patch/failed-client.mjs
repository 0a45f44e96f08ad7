// Failed client: what is left of one that could not be made. The C is in rdkafka_failed_client.h.
import { before } from './edit.mjs'

export const failedClient = [
  before(
    'rdkafka.c',
    `                memset(&rk->rk_conf, 0, sizeof(rk->rk_conf));
        }

        rd_kafka_destroy_internal(rk);
        rd_kafka_destroy_final(rk);

        rd_kafka_set_last_error(ret_err, ret_errno);`,
    '                rd_kafka_failed_client_free_interceptors(rk);',
  ),
]
