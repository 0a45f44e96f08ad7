// Connection: when it is given up, and what is said of one that a broker refuses. The C is in
// rdkafka_record_batch_fetch.h (throttles and timeouts) and rdkafka_record_batch_connection.h.
import { after, before, within } from './edit.mjs'

export const connection = [
  // A response that is on its way, however slowly, is waited for: upstream counts from the request to
  // the response's last byte, gives the connection up, and asks for the same again, for ever. So is one
  // that the broker has said it will not begin yet, and one behind another that may be kept for longer.
  within(
    'rdkafka_broker.c',
    `        inflight_cnt = rd_kafka_broker_bufq_timeout_scan(
            rkb, 1, &rkb->rkb_waitresps, NULL, -1, RD_KAFKA_RESP_ERR__TIMED_OUT,
            now, "in flight", 5);`,
    'rd_kafka_broker_bufq_timeout_scan(',
    'rd_kafka_broker_may_answer(rkb, now)\n            ? 0\n            : rd_kafka_broker_bufq_timeout_scan(',
  ),
  before(
    'rdkafka_broker.c',
    `                rd_kafka_bufq_deq(&rkb->rkb_waitresps, rkbuf);
                return rkbuf;`,
    '                rd_kafka_broker_note_answer(rkb, rkbuf);',
  ),

  // A broker that throttles says for how long it reads nothing: no fetch is sent meanwhile. A new
  // connection is read at once.
  after(
    'rdkafka_op.c',
    '        if (unlikely(throttle_time > 0)) {',
    '                rd_kafka_broker_note_throttle(rkb, throttle_time);',
  ),
  before(
    'rdkafka_broker.c',
    `                if (rkb->rkb_ts_fetch_backoff > now &&
                    rkb->rkb_ts_fetch_backoff < min_backoff)
                        min_backoff = rkb->rkb_ts_fetch_backoff;`,
    `                min_backoff = RD_MAX(min_backoff,
                                     rd_kafka_broker_throttled_until(rkb));`,
  ),
  after(
    'rdkafka_broker.c',
    '        rkb->rkb_req_timeouts = 0;',
    '        __atomic_store_n(&rkb->rkb_ts_throttled, 0, __ATOMIC_RELAXED);',
  ),

  within(
    'rdkafka_broker.c',
    '        suppress = identical && rd_interval(&rkb->rkb_suppress.fail_error,',
    'identical &&',
    'identical && !rd_kafka_broker_is_refusal(rkb, err) &&\n                  ',
  ),
  within(
    'rdkafka_broker.c',
    `        rd_kafka_broker_fail(rkb, LOG_ERR, RD_KAFKA_RESP_ERR__AUTHENTICATION,
                             "SASL %s mechanism handshake failed: %s: "`,
    'RD_KAFKA_RESP_ERR__AUTHENTICATION',
    'rd_kafka_broker_handshake_err(err)',
  ),
  within(
    'rdkafka_broker.c',
    `                        return 0; /* EAGAIN */
                err = RD_KAFKA_RESP_ERR__TRANSPORT;`,
    'RD_KAFKA_RESP_ERR__TRANSPORT',
    `rd_kafka_broker_receive_err(rkb, rkbuf, errstr,
                                                  sizeof(errstr))`,
  ),
]
