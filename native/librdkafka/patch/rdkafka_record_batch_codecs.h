/*
 * What a hostile or broken producer may make a consumer allocate, and the speed of zstd and lz4.
 * What the edits of codecs.mjs call.
 *
 * `receive.message.max.bytes` is the largest decompressed record batch that is accepted: a larger
 * one is MSG_SIZE_TOO_LARGE, before the memory for it is taken. So is one that has less room than
 * that (rdkafka_record_batch_room.h): it is then left as it is. So is one that needs a dictionary,
 * UNSUPPORTED_COMPRESSION_TYPE here: who takes it from the queue says so.
 */
#ifndef RDKAFKA_RECORD_BATCH_CODECS_H
#define RDKAFKA_RECORD_BATCH_CODECS_H

#include "rdkafka_int.h"
#include "rdkafka_broker.h"

/** @returns the bytes of the largest decompressed record batch that is accepted. */
static inline size_t rd_kafka_decompressed_max(const rd_kafka_broker_t *rkb) {
        const size_t max = (size_t)rkb->rkb_rk->rk_conf.recv_max_msg_size;

        return rkb->rkb_inflate_room ? RD_MIN(rkb->rkb_inflate_room, max) : max;
}

/**
 * @returns the bytes to which \p compressed decompresses, by what its headers say; 0 if they say
 * nothing. An estimate: they may lie.
 */
size_t rd_kafka_decompressed_told(int codec, const void *compressed, size_t size);

/** @returns MSG_SIZE_TOO_LARGE, or no error if so many bytes may be decompressed. */
static inline rd_kafka_resp_err_t rd_kafka_decompressed_check_size(const rd_kafka_broker_t *rkb,
                                                                   size_t size) {
        return likely(size <= rd_kafka_decompressed_max(rkb))
                   ? RD_KAFKA_RESP_ERR_NO_ERROR
                   : RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE;
}

/**
 * @brief Checks what was decompressed, and frees it unless it is accepted.
 *
 * Decompressed to nothing, upstream runs into an assertion of the slice code and aborts the
 * process, for any codec, although the batch's CRC is right.
 */
static inline rd_kafka_resp_err_t rd_kafka_decompressed_check(const rd_kafka_broker_t *rkb,
                                                              struct iovec *iov) {
        const rd_kafka_resp_err_t err = iov->iov_len > 0
                                            ? rd_kafka_decompressed_check_size(rkb, iov->iov_len)
                                            : RD_KAFKA_RESP_ERR__BAD_COMPRESSION;

        if (unlikely(err) && iov->iov_base)
                rd_free(iov->iov_base);
        return err;
}

/** @brief Frees what decompressing has left in the broker. */
void rd_kafka_broker_decompress_term(rd_kafka_broker_t *rkb);

#if WITH_ZLIB
/**
 * @brief Decompresses gzip, in place of rd_gz_decompress(), which has no limit: 1 MB became 1 GiB.
 *        And one that was cut short was a shorter one.
 *
 * @param iov is filled; the caller frees it
 */
rd_kafka_resp_err_t rd_kafka_gzip_decompress(const rd_kafka_broker_t *rkb, const void *compressed,
                                             size_t size, struct iovec *iov);
#endif

#if WITH_SNAPPY
/**
 * @returns how large the blocks of snappy-java's framing become, which adds up; 0 for what is
 * malformed.
 */
size_t rd_kafka_snappy_java_size(const char *blocks, size_t size);

/** @returns no error for what is malformed: rd_kafka_snappy_java_uncompress() tells of it. */
static inline rd_kafka_resp_err_t rd_kafka_snappy_java_check_size(const rd_kafka_broker_t *rkb,
                                                                  const char *blocks, size_t size) {
        return rd_kafka_decompressed_check_size(rkb, rd_kafka_snappy_java_size(blocks, size));
}
#endif

#if WITH_ZSTD
/**
 * @brief Decompresses zstd, in place of rd_kafka_zstd_decompress().
 *
 * A context costs 22 µs to make, and upstream makes one per attempt: ten-record batches went from
 * 0.46 to 3.6 M records/s. Java and librdkafka write no content size, and upstream begins with
 * twice the input; and it never tries the limit itself: a batch of 90 MB failed below one of 100.
 *
 * @locality broker thread
 */
rd_kafka_resp_err_t rd_kafka_broker_zstd_decompress(rd_kafka_broker_t *rkb, const void *compressed,
                                                    size_t size, struct iovec *iov);
#endif

/**
 * @returns what an lz4 frame decompresses to, about.
 *
 * Upstream guesses four times the input, but no more than message.max.bytes, 1,000,000 by default,
 * above which a whole batch that was just decompressed moved to a larger block of memory: a tenth
 * of the CPU of a replay. The headers of the blocks tell the size: all but the last are full as a
 * rule. Java's are of 64 KiB. Go's are of 4 MiB, most of which is the last: what it is guessed to
 * have is held with the batch, and not counted.
 *
 * @param blocks        what follows the frame's header
 * @param block_size_id of that header
 * @param has_checksums whether a checksum follows each block
 */
size_t rd_kafka_lz4_guess_size(const rd_kafka_broker_t *rkb, const char *blocks, size_t size,
                               int block_size_id, rd_bool_t has_checksums);

/**
 * @returns whether \p frame, whose header is good, says that it needs a dictionary. Upstream reads
 *          it unless it does.
 */
static inline rd_bool_t rd_kafka_lz4_has_dictionary(const char *frame) {
        return !memcmp(frame, "\x04\x22\x4d\x18", 4) && (frame[4] & 0x01) != 0;
}

/**
 * @returns by how much an lz4 buffer of \p size bytes grows; 0: it has as much as is accepted.
 * Upstream has no limit: 10 MB became 2.7 GB.
 */
static inline size_t rd_kafka_lz4_grow_by(const rd_kafka_broker_t *rkb, size_t size) {
        const size_t max = rd_kafka_decompressed_max(rkb);

        return size >= max ? 0 : RD_MIN(RD_MAX(size * 3 / 4, 1024), max - size);
}

#endif /* RDKAFKA_RECORD_BATCH_CODECS_H */
