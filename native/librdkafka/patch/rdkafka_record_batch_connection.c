/*
 * See rdkafka_record_batch_connection.h.
 */
#include "rd.h"
#include "rdkafka_record_batch_connection.h"

/** @returns whether OpenSSL's \p error tells of an alert about the client's certificate. */
static rd_bool_t rd_kafka_is_certificate_alert(const char *error) {
        static const char name[] = "SSL alert number ";
        const char *number       = strstr(error, name);
        const int alert          = number ? atoi(number + sizeof(name) - 1) : 0;

        /* RFC 8446, 6.2 */
        return (alert >= 41 && alert <= 46) || alert == 48 || alert == 49 || alert == 116;
}

/** @returns whether what came is the record of a TLS alert. */
static rd_bool_t rd_kafka_buf_is_tls_alert(const rd_kafka_buf_t *received) {
        uint8_t head[2];
        rd_slice_t slice;

        if (rd_buf_write_pos(&received->rkbuf_buf) < sizeof(head))
                return rd_false;
        rd_slice_init_full(&slice, &received->rkbuf_buf);
        return rd_slice_read(&slice, head, sizeof(head)) == sizeof(head) && head[0] == 0x15 &&
               head[1] == 0x03;
}

rd_kafka_resp_err_t rd_kafka_broker_receive_err(const rd_kafka_broker_t *rkb,
                                                const rd_kafka_buf_t *received, char *errstr,
                                                size_t errstr_size) {
        char alert[256];

        /* What comes later is not about who may connect. */
        if (rkb->rkb_state != RD_KAFKA_BROKER_STATE_APIVERSION_QUERY)
                return RD_KAFKA_RESP_ERR__TRANSPORT;

        if (rd_kafka_is_certificate_alert(errstr)) {
                rd_strlcpy(alert, errstr, sizeof(alert));
                rd_snprintf(errstr, errstr_size,
                            "the broker does not take the client's certificate, or wants one: set "
                            "ssl.certificate.location and ssl.key.location to one that it trusts: "
                            "%s",
                            alert);
                return RD_KAFKA_RESP_ERR__SSL;
        }
        if (rd_kafka_buf_is_tls_alert(received)) {
                rd_snprintf(errstr, errstr_size,
                            "the broker speaks TLS on this port: set security.protocol to ssl or "
                            "sasl_ssl");
                return RD_KAFKA_RESP_ERR__SSL;
        }
        return RD_KAFKA_RESP_ERR__TRANSPORT;
}
