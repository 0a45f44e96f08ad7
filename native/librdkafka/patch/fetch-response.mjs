// Fetch response: what upstream does about one that cannot be read is to ask again, in silence, for
// ever, and about one for a partition that was not asked for is to end the process.
import { after, before, replace } from './edit.mjs'

export const fetchResponse = [
  replace(
    'rdkafka_fetcher.c',
    `        rd_kafka_assert(NULL, tver);
        if (tver->rktp != rktp || tver->version < fetch_version) {`,
    `        if (unlikely(!tver)) {
                /* Not asked for: no version tells whether it is outdated. */
                rd_kafka_buf_skip(rkbuf, hdr.MessageSetSize);
                goto done;
        }
        if (tver->rktp != rktp || tver->version < fetch_version) {`,
  ),

  // Upstream keeps most errors of a partition to itself, and asks again.
  after(
    'rdkafka_partition.h',
    `        rd_kafka_resp_err_t rktp_last_error; /**< Last Fetch error.
                                              *   Used for suppressing
                                              *   reoccuring errors.
                                              * @locality broker thread */`,
    `        rd_kafka_resp_err_t rktp_fetch_err; /**< Of the last response.
                                             *   Locks: toppar_lock */`,
  ),
  // Not that of a broker which it is no longer fetched from.
  before(
    'rdkafka_fetcher.c',
    `        /* If this is the last message of the queue,
         * signal EOF back to the application. */
        if (end_offset ==`,
    `        rd_kafka_toppar_lock(rktp);
        rktp->rktp_fetch_err = hdr.ErrorCode;
        rd_kafka_toppar_unlock(rktp);
`,
  ),
  before(
    'rdkafka_partition.c',
    `        if (rktp->rktp_broker || rkb)
                rd_kafka_toppar_broker_migrate(rktp, rktp->rktp_broker, rkb);`,
    '        rktp->rktp_fetch_err = RD_KAFKA_RESP_ERR_NO_ERROR;',
  ),

  // A response larger than receive.message.max.bytes, or one that does not parse. Whose record batch
  // it was is found out by asking for each partition by itself; one that cannot be read then is an
  // error. The first of the next fetch follows the last of this one, unless fetch-share.mjs says
  // otherwise. Upstream goes one further with each fetch, and passed over every second one of
  // those that were asked for by themselves.
  after(
    'rdkafka_broker.h',
    '        int rkb_fetching;',
    `        int rkb_fetch_one_cnt; /**< So many fetches ask for one partition
                                *   each, since a response could not be read.
                                *   Broker thread only. */
        rd_bool_t rkb_fetch_one; /**< The last fetch does. */`,
  ),
  before(
    'rdkafka_fetcher.c',
    '        /* Round-robin start of the list. */',
    `        if ((rkb->rkb_fetch_one = rkb->rkb_fetch_one_cnt > 0))
                rkb->rkb_fetch_one_cnt--;
`,
  ),
  before(
    'rdkafka_broker.c',
    `                        err = RD_KAFKA_RESP_ERR__BAD_MSG;
                        rd_atomic64_add(&rkb->rkb_c.rx_err, 1);
                        goto err;
                }

                rkbuf->rkbuf_totlen -= 4; /*CorrId*/`,
    `                        if (rkb->rkb_rk->rk_conf.consume_record_batches &&
                            rkbuf->rkbuf_reshdr.Size > 0) {
                                err = RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE;
                                rd_atomic64_add(&rkb->rkb_c.rx_err, 1);
                                goto err;
                        }
`,
  ),
  replace(
    'rdkafka_fetcher.c',
    `                err = rd_kafka_fetch_reply_handle(rkb, reply, request);

        if (unlikely(err)) {
                char tmp[128];`,
    `                err = rd_kafka_fetch_reply_handle(rkb, reply, request);

        if (rk->rk_conf.consume_record_batches)
                rd_kafka_broker_fetch_unreadable(rkb, err, request);

        if (unlikely(err)) {
                char tmp[128];`,
  ),
  before(
    'rdkafka_fetcher.c',
    `/**
 * @broker FetchResponse handling.
 *
 * @locality broker thread  (or any thread if err == __DESTROY).
 */
static void rd_kafka_broker_fetch_reply(`,
    `/**
 * @brief After a response that could not be read: ask for less, or tell.
 *
 * @locality broker thread
 */
static void rd_kafka_broker_fetch_unreadable(rd_kafka_broker_t *rkb,
                                             rd_kafka_resp_err_t err,
                                             rd_kafka_buf_t *request) {
        struct rd_kafka_toppar_ver *tver;

        if (likely(err != RD_KAFKA_RESP_ERR__BAD_MSG &&
                   err != RD_KAFKA_RESP_ERR__UNDERFLOW &&
                   err != RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE))
                return;
        if (rkb->rkb_fetch_one) {
                tver = rd_list_elem(request->rkbuf_rktp_vers, 0);
                rd_kafka_consumer_err(
                    tver->rktp->rktp_fetchq, rd_kafka_broker_id(rkb),
                    err == RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE
                        ? err
                        : RD_KAFKA_RESP_ERR__BAD_MSG,
                    tver->version, NULL, tver->rktp,
                    tver->rktp->rktp_offsets.fetch_pos.offset,
                    "Response of broker %" PRId32 " cannot be read: %s",
                    rd_kafka_broker_id(rkb),
                    err == RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE
                        ? "it is larger than receive.message.max.bytes"
                        : "it does not parse");
        }
        rkb->rkb_fetch_one_cnt = rkb->rkb_active_toppar_cnt;
}

`,
  ),
  replace(
    'rdkafka_fetcher.c',
    `                cnt++;
        } while ((rktp = CIRCLEQ_LOOP_NEXT(&rkb->rkb_active_toppars, rktp,
                                           rktp_activelink)) !=
                 rkb->rkb_active_toppar_next);

        /* Update next toppar to fetch in round-robin list. */
        rd_kafka_broker_active_toppar_next(
            rkb, rktp ? CIRCLEQ_LOOP_NEXT(&rkb->rkb_active_toppars, rktp,
                                          rktp_activelink)
                      : NULL);`,
    `                cnt++;
        } while ((rktp = CIRCLEQ_LOOP_NEXT(&rkb->rkb_active_toppars, rktp,
                                           rktp_activelink)) !=
                     rkb->rkb_active_toppar_next &&
                 !rkb->rkb_fetch_one);

        /* Update next toppar to fetch in round-robin list. */
        rd_kafka_broker_active_toppar_next(
            rkb, rkb->rkb_rk->rk_conf.consume_record_batches
                     ? rktp
                     : CIRCLEQ_LOOP_NEXT(&rkb->rkb_active_toppars, rktp,
                                         rktp_activelink));`,
  ),
]
