// Admin: which broker an admin request goes to. The C is in rdkafka_record_batch_admin.h.
import { before, within } from './edit.mjs'

export const admin = [
  before(
    'rdkafka_broker.c',
    `        if (rk->rk_controllerid == -1) {
                rd_kafka_rdunlock(rk);
                rd_kafka_metadata_refresh_brokers(rk, NULL,
                                                  "lookup controller");
                return NULL;`,
    `        if ((rkb = rd_kafka_broker_any_for_admin(rk))) {
                rd_kafka_rdunlock(rk);
                return rkb;
        }
`,
  ),
  within(
    'rdkafka_broker.c',
    `        rkb = rd_kafka_broker_find_by_nodeid0(rk, rk->rk_controllerid, state,
                                              rd_true);

        rd_kafka_rdunlock(rk);

        return rkb;`,
    'rd_true',
    'rd_kafka_controller_is_wanted(rk)',
  ),
]
