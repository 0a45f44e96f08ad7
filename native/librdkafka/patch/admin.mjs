// Admin: which broker an admin request goes to, and what becomes of one that it should not go to. The C is in rdkafka_record_batch_admin.h.
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
  within(
    'rdkafka_request.c',
    `        actions = rd_kafka_handle_OffsetFetch_err_action(rkb, err, request);

        if (actions & RD_KAFKA_ERR_ACTION_REFRESH) {
                /* Re-query for coordinator */
                rd_kafka_cgrp_op(rkb->rkb_rk->rk_cgrp, NULL, RD_KAFKA_NO_REPLYQ,
                                 RD_KAFKA_OP_COORD_QUERY, err);
        }`,
    `rd_kafka_cgrp_op(rkb->rkb_rk->rk_cgrp, NULL, RD_KAFKA_NO_REPLYQ,
                                 RD_KAFKA_OP_COORD_QUERY, err);`,
    'rd_kafka_forget_coordinator(rkb, err);',
  ),
]
