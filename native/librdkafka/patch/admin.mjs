// Admin: which broker an admin request goes to.
import { before, replace } from './edit.mjs'

export const admin = [
  // Any broker answers what a consumer asks for: descriptions of topics and of their configuration.
  // Upstream asks the controller alone, however long it refuses or is silent. Those of
  // bootstrap.servers are left out: their connections are given up as soon as their ids are known. Where
  // none is connected, the controller is connected to, once: any other only 50 ms after the last attempt.
  before(
    'rdkafka_broker.c',
    `/**
 * @returns the current controller using cached metadata information,
 *          and only if the broker's state == \\p state.`,
    `static int rd_kafka_broker_filter_without_id(rd_kafka_broker_t *rkb,
                                             void *opaque) {
        return rkb->rkb_nodeid == -1;
}

static rd_bool_t rd_kafka_broker_is_untried(rd_kafka_t *rk, int32_t nodeid) {
        rd_bool_t is_untried;
        rd_kafka_broker_t *rkb =
            rd_kafka_broker_find_by_nodeid0(rk, nodeid, -1, rd_false);

        if (!rkb)
                return rd_false;
        is_untried = rd_atomic32_get(&rkb->rkb_c.connects) == 0;
        rd_kafka_broker_destroy(rkb);
        return is_untried;
}

`,
  ),
  // In front of what upstream does: a cluster may have no controller at all for a while.
  before(
    'rdkafka_broker.c',
    `        if (rk->rk_controllerid == -1) {
                rd_kafka_rdunlock(rk);
                rd_kafka_metadata_refresh_brokers(rk, NULL,
                                                  "lookup controller");
                return NULL;`,
    `        if (rk->rk_conf.consume_record_batches &&
            (rkb = rd_kafka_broker_any_up(rk, NULL,
                                          rd_kafka_broker_filter_without_id,
                                          NULL, "admin request"))) {
                rd_kafka_rdunlock(rk);
                return rkb;
        }
`,
  ),
  replace(
    'rdkafka_broker.c',
    `        rkb = rd_kafka_broker_find_by_nodeid0(rk, rk->rk_controllerid, state,
                                              rd_true);

        rd_kafka_rdunlock(rk);

        return rkb;`,
    `        rkb = rd_kafka_broker_find_by_nodeid0(
            rk, rk->rk_controllerid, state,
            !rk->rk_conf.consume_record_batches ||
                rd_kafka_broker_is_untried(rk, rk->rk_controllerid));

        rd_kafka_rdunlock(rk);

        return rkb;`,
  ),
]
