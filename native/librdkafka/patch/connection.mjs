// Connection: when it is given up, and what is said of one that a broker refuses.
import { after, before, replace } from './edit.mjs'

const INCLUDE = '#include "rdkafka_record_batch_fetch.h"'

export const connection = [
  // A response that is on its way, however slowly, is waited for: upstream counts from the request to
  // the response's last byte, gives the connection up, and asks for the same again, for ever. So is one
  // that the broker has said it will not begin yet, and one behind another that may be kept for longer.
  replace(
    'rdkafka_broker.c',
    `        /* In-flight requests waiting for response */
        inflight_cnt = rd_kafka_broker_bufq_timeout_scan(
            rkb, 1, &rkb->rkb_waitresps, NULL, -1, RD_KAFKA_RESP_ERR__TIMED_OUT,
            now, "in flight", 5);`,
    `        /* In-flight requests waiting for response */
        inflight_cnt =
            rd_kafka_broker_may_answer(rkb, now)
                ? 0
                : rd_kafka_broker_bufq_timeout_scan(
                      rkb, 1, &rkb->rkb_waitresps, NULL, -1,
                      RD_KAFKA_RESP_ERR__TIMED_OUT, now, "in flight", 5);`,
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
    'rdkafka_broker.h',
    '        rd_ts_t rkb_ts_fetch_backoff;',
    '        rd_ts_t rkb_ts_throttled; /**< The broker reads nothing until then. Atomic. */',
  ),
  after('rdkafka_op.c', '#include "rdkafka_offset.h"', INCLUDE),
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

  // Upstream tells of the same error once in 30 seconds: too seldom to know whether a broker refuses for
  // good.
  replace(
    'rdkafka_broker.c',
    '        suppress = identical && rd_interval(&rkb->rkb_suppress.fail_error,',
    `        suppress = identical &&
                   !(rkb->rkb_rk->rk_conf.consume_record_batches &&
                     (err == RD_KAFKA_RESP_ERR__AUTHENTICATION ||
                      err == RD_KAFKA_RESP_ERR__SSL)) &&
                   rd_interval(&rkb->rkb_suppress.fail_error,`,
  ),
  // A connection that is cut while the mechanism is agreed on is no refusal.
  replace(
    'rdkafka_broker.c',
    `        rd_kafka_broker_fail(rkb, LOG_ERR, RD_KAFKA_RESP_ERR__AUTHENTICATION,
                             "SASL %s mechanism handshake failed: %s: "`,
    `        rd_kafka_broker_fail(rkb, LOG_ERR,
                             err == RD_KAFKA_RESP_ERR__TRANSPORT ||
                                     err == RD_KAFKA_RESP_ERR__TIMED_OUT
                                 ? err
                                 : RD_KAFKA_RESP_ERR__AUTHENTICATION,
                             "SASL %s mechanism handshake failed: %s: "`,
  ),
  // A broker that wants TLS answers plain text with an alert, which is shorter than any response, and
  // hangs up: upstream says no more than that. One that wants a client's certificate says so, in TLS
  // 1.3, behind a handshake that has succeeded: upstream takes it for a connection that broke.
  replace(
    'rdkafka_broker.c',
    `                        return 0; /* EAGAIN */
                err = RD_KAFKA_RESP_ERR__TRANSPORT;`,
    `                        return 0; /* EAGAIN */
                err = RD_KAFKA_RESP_ERR__TRANSPORT;
                const char *alert_number =
                    strstr(errstr, "SSL alert number ");
                const int tls_alert =
                    alert_number ? atoi(alert_number + 17) : 0;

                /* Those that are of a certificate: RFC 8446, 6.2 */
                if (rkb->rkb_state == RD_KAFKA_BROKER_STATE_APIVERSION_QUERY &&
                    ((tls_alert >= 41 && tls_alert <= 46) || tls_alert == 48 ||
                     tls_alert == 49 || tls_alert == 116)) {
                        char alert[256];

                        err = RD_KAFKA_RESP_ERR__SSL;
                        rd_strlcpy(alert, errstr, sizeof(alert));
                        rd_snprintf(errstr, sizeof(errstr),
                                    "the broker does not take the client's "
                                    "certificate, or wants one: set "
                                    "ssl.certificate.location and "
                                    "ssl.key.location to one that it trusts: "
                                    "%s",
                                    alert);
                } else if (
                    rkb->rkb_state == RD_KAFKA_BROKER_STATE_APIVERSION_QUERY &&
                    rd_buf_write_pos(&rkbuf->rkbuf_buf) >= 2) {
                        uint8_t alert[2];
                        rd_slice_t slice;

                        rd_slice_init_full(&slice, &rkbuf->rkbuf_buf);
                        if (rd_slice_read(&slice, alert, 2) == 2 &&
                            alert[0] == 0x15 && alert[1] == 0x03) {
                                err = RD_KAFKA_RESP_ERR__SSL;
                                rd_snprintf(errstr, sizeof(errstr),
                                            "the broker speaks TLS on this "
                                            "port: set security.protocol to "
                                            "ssl or sasl_ssl");
                        }
                }`,
  ),
]
