/*
 * See rdkafka_record_batch_codecs.h.
 */
#include "rd.h"
#include "rdkafka_record_batch_codecs.h"
#if WITH_SNAPPY
#include "snappy.h"
#endif
#if WITH_ZLIB
#include <zlib.h>
#endif
#if WITH_ZSTD
#include <zstd.h>
#include <zstd_errors.h>
#endif

/* --- gzip ---------------------------------------------------------------------------------------
 */

#if WITH_ZLIB

/**
 * @brief Counts what a gzip stream decompresses to, up to the first bytes that are too many.
 *
 * @returns the bytes, or -1 for what is no whole stream.
 */
static int64_t rd_kafka_gzip_count(z_stream *stream, size_t max) {
        unsigned char unused[512];
        int r;

        do {
                stream->next_out  = unused;
                stream->avail_out = sizeof(unused);
                r                 = inflate(stream, Z_NO_FLUSH);
                if (r != Z_OK && r != Z_STREAM_END)
                        return -1;
        } while (r != Z_STREAM_END && stream->total_out <= max);
        return (int64_t)stream->total_out;
}

rd_kafka_resp_err_t rd_kafka_gzip_decompress(const rd_kafka_broker_t *rkb, const void *compressed,
                                             size_t size, struct iovec *iov) {
        rd_kafka_resp_err_t err = RD_KAFKA_RESP_ERR__BAD_COMPRESSION;
        z_stream stream         = RD_ZERO_INIT;
        int64_t count;

        if (inflateInit2(&stream, 15 + 32) != Z_OK)
                return err;
        stream.next_in  = (void *)compressed;
        stream.avail_in = (uInt)size;
        count           = rd_kafka_gzip_count(&stream, rd_kafka_decompressed_max(rkb));

        if (count > 0 && !(err = rd_kafka_decompressed_check_size(rkb, (size_t)count)) &&
            inflateReset(&stream) == Z_OK) {
                iov->iov_len     = (size_t)count;
                iov->iov_base    = rd_malloc(iov->iov_len);
                stream.next_in   = (void *)compressed;
                stream.avail_in  = (uInt)size;
                stream.next_out  = iov->iov_base;
                stream.avail_out = (uInt)iov->iov_len;
                if (inflate(&stream, Z_FINISH) != Z_STREAM_END) {
                        rd_free(iov->iov_base);
                        err = RD_KAFKA_RESP_ERR__BAD_COMPRESSION;
                }
        }
        inflateEnd(&stream);
        return err;
}

#endif

/** A gzip stream ends in the size of what went in, of which there are 32 bits. */
static size_t rd_kafka_gzip_told(const char *compressed, size_t size) {
        uint32_t told;

        if (size < 18 || memcmp(compressed, "\x1f\x8b", 2)) /* header and trailer */
                return 0;
        memcpy(&told, compressed + size - sizeof(told), sizeof(told));
        return le32toh(told);
}

/* --- snappy -------------------------------------------------------------------------------------
 */

#if WITH_SNAPPY

size_t rd_kafka_snappy_java_size(const char *blocks, size_t size) {
        size_t of = 0, sum = 0;

        while (size - of >= 4) {
                uint32_t length;
                size_t block;

                memcpy(&length, blocks + of, sizeof(length));
                length = be32toh(length);
                of += sizeof(length);
                if (length > size - of ||
                    !rd_kafka_snappy_uncompressed_length(blocks + of, length, &block))
                        return 0;
                of += length;
                sum += block;
        }
        return of == size ? sum : 0;
}

static size_t rd_kafka_snappy_told(const char *compressed, size_t size) {
        static const char java_magic[]  = {(char)0x82, 'S', 'N', 'A', 'P', 'P', 'Y', 0};
        static const size_t java_header = sizeof(java_magic) + 4 + 4;
        size_t told;

        if (size > java_header + 4 && !memcmp(compressed, java_magic, sizeof(java_magic)))
                return rd_kafka_snappy_java_size(compressed + java_header, size - java_header);
        return rd_kafka_snappy_uncompressed_length(compressed, size, &told) ? told : 0;
}

#endif

/* --- zstd ---------------------------------------------------------------------------------------
 */

#if WITH_ZSTD

void rd_kafka_broker_decompress_term(rd_kafka_broker_t *rkb) {
        ZSTD_freeDCtx(rkb->rkb_zstd_dctx);
        rkb->rkb_zstd_dctx = NULL;
}

rd_kafka_resp_err_t rd_kafka_broker_zstd_decompress(rd_kafka_broker_t *rkb, const void *compressed,
                                                    size_t size, struct iovec *iov) {
        const unsigned long long max = rd_kafka_decompressed_max(rkb);
        unsigned long long guess     = ZSTD_getFrameContentSize(compressed, size);
        size_t r;

        if (!rkb->rkb_zstd_dctx && !(rkb->rkb_zstd_dctx = ZSTD_createDCtx()))
                return RD_KAFKA_RESP_ERR__CRIT_SYS_RESOURCE;
        if (guess == ZSTD_CONTENTSIZE_ERROR)
                return RD_KAFKA_RESP_ERR__BAD_COMPRESSION;
        /* A likely ratio. */
        if (guess == ZSTD_CONTENTSIZE_UNKNOWN)
                guess = RD_MIN(RD_MAX(size * 8, 32 * 1024), max);

        while (guess <= max) {
                iov->iov_base = rd_malloc((size_t)guess);
                r = ZSTD_decompressDCtx(rkb->rkb_zstd_dctx, iov->iov_base, (size_t)guess,
                                        compressed, size);
                if (!ZSTD_isError(r)) {
                        iov->iov_len = r;
                        return RD_KAFKA_RESP_ERR_NO_ERROR;
                }
                rd_free(iov->iov_base);
                if (ZSTD_getErrorCode(r) == ZSTD_error_dictionary_wrong)
                        return RD_KAFKA_RESP_ERR_UNSUPPORTED_COMPRESSION_TYPE;
                if (ZSTD_getErrorCode(r) != ZSTD_error_dstSize_tooSmall)
                        return RD_KAFKA_RESP_ERR__BAD_COMPRESSION;
                if (guess == max)
                        break; /* the limit itself was tried */
                guess = RD_MIN(guess + RD_MAX(guess * 2, 4000), max);
                rd_atomic64_add(&rkb->rkb_c.zbuf_grow, 1);
        }
        return RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE;
}

static size_t rd_kafka_zstd_told(const char *compressed, size_t size) {
        const unsigned long long told = ZSTD_getFrameContentSize(compressed, size);

        return told == ZSTD_CONTENTSIZE_UNKNOWN || told == ZSTD_CONTENTSIZE_ERROR ? 0
                                                                                  : (size_t)told;
}

#else

void rd_kafka_broker_decompress_term(rd_kafka_broker_t *rkb) {
}

#endif

/* --- lz4 ----------------------------------------------------------------------------------------
 */

size_t rd_kafka_lz4_guess_size(const rd_kafka_broker_t *rkb, const char *blocks, size_t size,
                               int block_size_id, rd_bool_t has_checksums) {
        const size_t max_block = (size_t)1 << (8 + 2 * RD_MAX(block_size_id, 4));
        const size_t trailer   = has_checksums ? 4 : 0;
        size_t of = 0, sum = 0, last = 0, guess = 0;

        while (size - of >= 4) {
                uint32_t header;
                size_t length;

                memcpy(&header, blocks + of, sizeof(header));
                header = le32toh(header);
                length = header & 0x7fffffff;
                if (header == 0) /* end of the frame */
                        break;
                if (length + trailer > size - of - 4) /* truncated */
                        break;
                /* No block grows more than 255 times. The last one is guessed, four times but 64
                 * KiB at least. */
                last  = RD_MIN(max_block, length * 255);
                guess = RD_MIN(last, RD_MAX(length * 4, 64 * 1024));
                if (header & 0x80000000) /* not compressed */
                        last = guess = length;
                sum += last;
                of += 4 + length + trailer;
        }
        return RD_MIN(sum - last + guess, rd_kafka_decompressed_max(rkb));
}

/** The sizes of blocks are a limit, far above what comes where they are flushed half full. */
static size_t rd_kafka_lz4_told(const char *frame, size_t size) {
        uint64_t content;

        if (size < 4 + 2 + sizeof(content) + 1 || memcmp(frame, "\x04\x22\x4d\x18", 4) ||
            !((uint8_t)frame[4] & 0x08))
                return 0;
        memcpy(&content, frame + 6, sizeof(content));
        return (size_t)le64toh(content);
}

/* --- all ----------------------------------------------------------------------------------------
 */

size_t rd_kafka_decompressed_told(int codec, const void *compressed, size_t size) {
        switch (codec) {
        case RD_KAFKA_COMPRESSION_GZIP:
                return rd_kafka_gzip_told(compressed, size);
#if WITH_SNAPPY
        case RD_KAFKA_COMPRESSION_SNAPPY:
                return rd_kafka_snappy_told(compressed, size);
#endif
        case RD_KAFKA_COMPRESSION_LZ4:
                return rd_kafka_lz4_told(compressed, size);
#if WITH_ZSTD
        case RD_KAFKA_COMPRESSION_ZSTD:
                return rd_kafka_zstd_told(compressed, size);
#endif
        default:
                return 0;
        }
}
