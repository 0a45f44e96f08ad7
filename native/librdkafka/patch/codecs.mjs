// Codecs: what a hostile or broken producer may make a consumer allocate, and zstd's speed.
// receive.message.max.bytes is the largest decompressed record batch that is accepted: a larger one
// is MSG_SIZE_TOO_LARGE, before the memory for it is taken.
import { after, before, replace } from './edit.mjs'

const zstd = [
  // A context costs 22 µs to make, and upstream makes one per attempt: ten-record batches went from
  // 0.46 to 3.6 M records/s. Only the broker's own thread uses it.
  after(
    'rdkafka_broker.h',
    '        } rkb_share_fetch_session;',
    '        void *rkb_zstd_dctx; /**< ZSTD_DCtx, or NULL. Broker thread only. */',
  ),
  after(
    'rdkafka_zstd.h',
    '#define _RDZSTD_H_',
    `
/** Frees the broker's decompression context. */
void rd_kafka_zstd_decompress_term(rd_kafka_broker_t *rkb);`,
  ),
  after(
    'rdkafka_broker.c',
    '#include "rdkafka_broker.h"',
    '#if WITH_ZSTD\n#include "rdkafka_zstd.h"\n#endif',
  ),
  before(
    'rdkafka_broker.c',
    '        if (rkb->rkb_recv_buf)\n                rd_kafka_buf_destroy(rkb->rkb_recv_buf);\n\n        if (rkb->rkb_rsal)',
    '#if WITH_ZSTD\n        rd_kafka_zstd_decompress_term(rkb);\n#endif\n',
  ),
  before(
    'rdkafka_zstd.c',
    'rd_kafka_resp_err_t rd_kafka_zstd_compress(rd_kafka_broker_t *rkb,',
    `void rd_kafka_zstd_decompress_term(rd_kafka_broker_t *rkb) {
        ZSTD_freeDCtx(rkb->rkb_zstd_dctx);
        rkb->rkb_zstd_dctx = NULL;
}


`,
  ),
  replace(
    'rdkafka_zstd.c',
    `        unsigned long long out_bufsize = ZSTD_getFrameContentSize(inbuf, inlen);
`,
    `        unsigned long long out_bufsize = ZSTD_getFrameContentSize(inbuf, inlen);
        const unsigned long long max_bufsize =
            (unsigned long long)rkb->rkb_rk->rk_conf.recv_max_msg_size;

        if (!rkb->rkb_zstd_dctx && !(rkb->rkb_zstd_dctx = ZSTD_createDCtx()))
                return RD_KAFKA_RESP_ERR__CRIT_SYS_RESOURCE;
`,
  ),
  replace(
    'rdkafka_zstd.c',
    '                ret = ZSTD_decompress(decompressed, (size_t)out_bufsize, inbuf,\n                                      inlen);',
    '                ret = ZSTD_decompressDCtx(rkb->rkb_zstd_dctx, decompressed,\n                                          (size_t)out_bufsize, inbuf, inlen);',
  ),
  // Java and librdkafka write no content size. Eight times is a likely ratio; and the limit itself
  // is tried, else a batch of 90 MB fails below a limit of 100 MB.
  replace(
    'rdkafka_zstd.c',
    '                out_bufsize = inlen * 2;',
    '                out_bufsize = RD_MIN(RD_MAX(inlen * 8, 32 * 1024), max_bufsize);',
  ),
  replace(
    'rdkafka_zstd.c',
    '                        out_bufsize += RD_MAX(out_bufsize * 2, 4000);',
    `                        if (out_bufsize >= max_bufsize)
                                break;
                        out_bufsize = RD_MIN(
                            out_bufsize + RD_MAX(out_bufsize * 2, 4000),
                            max_bufsize);`,
  ),
  replace(
    'rdkafka_zstd.c',
    `                   inlen, out_bufsize, rkb->rkb_rk->rk_conf.max_msg_size);

        return RD_KAFKA_RESP_ERR__BAD_COMPRESSION;`,
    `                   inlen, out_bufsize, rkb->rkb_rk->rk_conf.max_msg_size);

        return RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE;`,
  ),
]

// lz4 has no limit upstream: 10 MB became 2.7 GB. And a frame that is cut short was a shorter one.
// Nor does it guess more than message.max.bytes, 1,000,000 by default, above which a whole batch that
// was just decompressed moved to a larger block of memory: a tenth of the CPU of a replay. The
// headers of the blocks tell the size: all but the last are full as a rule. Java's are of 64 KiB. Go's
// are of 4 MiB, most of which is the last: what it is guessed to have is held with the batch, and not
// counted.
const lz4 = [
  before(
    'rdkafka_lz4.c',
    'rd_kafka_resp_err_t rd_kafka_lz4_decompress(rd_kafka_broker_t *rkb,',
    `/** @returns what the blocks of a frame decompress to, about: none grows more
 *  than 255 times; the last one is guessed, four times but 64 KiB at least. */
static size_t rd_kafka_lz4_guess_size(const char *blocks,
                                      size_t len,
                                      const LZ4F_frameInfo_t *fi) {
        const size_t max_block =
            (size_t)1 << (8 + 2 * RD_MAX((int)fi->blockSizeID, 4));
        const size_t trailer = fi->blockChecksumFlag ? 4 : 0;
        size_t of = 0, sum = 0, last = 0, guess = 0;

        while (len - of >= 4) {
                uint32_t header;
                size_t size;

                memcpy(&header, blocks + of, sizeof(header));
                header = le32toh(header);
                size   = header & 0x7fffffff;
                if (header == 0) /* end of the frame */
                        break;
                if (size + trailer > len - of - 4) /* truncated */
                        break;
                last  = RD_MIN(max_block, size * 255);
                guess = RD_MIN(last, RD_MAX(size * 4, 64 * 1024));
                if (header & 0x80000000) /* not compressed */
                        last = guess = size;
                sum += last;
                of += 4 + size + trailer;
        }
        return sum - last + guess;
}


`,
  ),
  replace(
    'rdkafka_lz4.c',
    '        if (fi.contentSize == 0 || fi.contentSize > inlen * 255) {',
    `        if (fi.contentSize == 0 || fi.contentSize > inlen * 255 ||
            fi.contentSize >
                (unsigned long long)rkb->rkb_rk->rk_conf.recv_max_msg_size) {`,
  ),
  replace(
    'rdkafka_lz4.c',
    `                    inlen * 4, (size_t)(rkb->rkb_rk->rk_conf.max_msg_size));`,
    `                    rd_kafka_lz4_guess_size(inbuf + in_sz, inlen - in_sz, &fi),
                    (size_t)(rkb->rkb_rk->rk_conf.recv_max_msg_size));`,
  ),
  replace(
    'rdkafka_lz4.c',
    `                        size_t extra = RD_MAX(outlen * 3 / 4, 1024);
`,
    `                        const size_t max =
                            (size_t)rkb->rkb_rk->rk_conf.recv_max_msg_size;
                        size_t extra;

                        if (outlen >= max) {
                                err = RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE;
                                goto done;
                        }
                        extra = RD_MIN(RD_MAX(outlen * 3 / 4, 1024),
                                       max - outlen);
`,
  ),
  before(
    'rdkafka_lz4.c',
    '        if (in_of < inlen) {\n',
    `        if (r != 0) {
                rd_rkb_dbg(rkb, MSG, "LZ4DEC",
                           "Failed to LZ4 decompress message (offset %" PRId64
                           "): truncated frame",
                           Offset);
                err = RD_KAFKA_RESP_ERR__BAD_COMPRESSION;
                goto done;
        }

`,
  ),
]

const gzip = [
  // 1 MB became 1 GiB. The first pass only counts, into a small buffer.
  replace(
    'rdgz.h',
    `                       int compressed_len,
                       uint64_t *decompressed_lenp);`,
    `                       int compressed_len,
                       uint64_t max_len,
                       uint64_t *decompressed_lenp);`,
  ),
  replace(
    'rdgz.c',
    `                       int compressed_len,
                       uint64_t *decompressed_lenp) {`,
    `                       int compressed_len,
                       uint64_t max_len,
                       uint64_t *decompressed_lenp) {`,
  ),
  replace(
    'rdgz.c',
    '                } while (strm.avail_out == 0 && r != Z_STREAM_END);\n',
    `                } while (strm.avail_out == 0 && r != Z_STREAM_END &&
                         strm.total_out <= max_len);

                /* Too large, or truncated: an error, not a shorter stream. */
                if (pass == 1 &&
                    (r != Z_STREAM_END || strm.total_out > max_len)) {
                        *decompressed_lenp = strm.total_out;
                        inflateEnd(&strm);
                        goto fail;
                }
`,
  ),
  replace(
    'rdkafka_telemetry_decode.c',
    '                    compressed_payload, (int)compressed_payload_size,',
    '                    compressed_payload, (int)compressed_payload_size,\n                    UINT64_MAX,',
  ),
  replace(
    'rdkafka_msgset_reader.c',
    '(int)compressed_size, &outlenx);',
    `(int)compressed_size,
                                                max_size, &outlenx);
                if (!iov.iov_base && outlenx > max_size) {
                        err = RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE;
                        goto err;
                }`,
  ),
]

// snappy: a preamble of five bytes may claim 4 GB, which are allocated before they are tried, and
// malloc's NULL aborts the process. No element of the format gives more than 64 bytes for 3.
const snappy = [
  replace(
    'snappy.c',
    `	if (varint_parse32_with_limit(start, limit, &v) != NULL) {
		*result = v;
		return true;`,
    `	if (varint_parse32_with_limit(start, limit, &v) != NULL &&
	    v <= n * 64 / 3) {
		*result = v;
		return true;`,
  ),
  before(
    'rdkafka_msgset_reader.c',
    `                        /* Allocate output buffer for uncompressed data */
                        iov.iov_base = rd_malloc(iov.iov_len);`,
    `                        if (iov.iov_len > max_size) {
                                err = RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE;
                                goto err;
                        }
`,
  ),
  // Java's framing: the lengths of its blocks add up.
  replace(
    'snappy.h',
    `                                       size_t *outlenp,
                                       char *errstr, size_t errstr_size);`,
    `                                       size_t max_len, size_t *outlenp,
                                       char *errstr, size_t errstr_size);`,
  ),
  replace(
    'snappy.c',
    `                                       size_t *outlenp,
                                       char *errstr, size_t errstr_size) {`,
    `                                       size_t max_len, size_t *outlenp,
                                       char *errstr, size_t errstr_size) {`,
  ),
  before(
    'snappy.c',
    '                        /* Allocate memory for uncompressed data */\n                        outbuf = rd_malloc(uof);',
    `                        if ((size_t)uof > max_len) {
                                *outlenp = (size_t)uof;
                                rd_snprintf(errstr, errstr_size,
                                            "Too large");
                                return NULL;
                        }
`,
  ),
  replace(
    'rdkafka_telemetry_decode.c',
    '                    inbuf, inlen, &iov.iov_len, errstr, sizeof(errstr));',
    '                    inbuf, inlen, SIZE_MAX, &iov.iov_len, errstr,\n                    sizeof(errstr));',
  ),
  replace(
    'rdkafka_msgset_reader.c',
    '                            inbuf, inlen, &iov.iov_len, errstr, sizeof(errstr));',
    `                            inbuf, inlen, max_size, &iov.iov_len, errstr,
                            sizeof(errstr));
                        if (!iov.iov_base && iov.iov_len > max_size) {
                                err = RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE;
                                goto err;
                        }`,
  ),
]

const limit = [
  after(
    'rdkafka_msgset_reader.c',
    '        int codec = Attributes & RD_KAFKA_MSG_ATTR_COMPRESSION_MASK;',
    `        const size_t max_size =
            (size_t)msetr->msetr_rkb->rkb_rk->rk_conf.recv_max_msg_size;`,
  ),
]

export const codecs = [...zstd, ...lz4, ...gzip, ...snappy, ...limit]
