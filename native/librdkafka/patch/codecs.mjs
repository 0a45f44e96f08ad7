// Codecs: what a hostile or broken producer may make a consumer allocate, and the speed of zstd and lz4.
// The C is in rdkafka_record_batch_codecs.h.
import { before, replace, within } from './edit.mjs'

const READER = 'rdkafka_msgset_reader.c'
const LZ4 = 'rdkafka_lz4.c'

const zstd = [
  replace(
    READER,
    `                err = rd_kafka_zstd_decompress(
                    msetr->msetr_rkb, (char *)compressed, compressed_size,
                    &iov.iov_base, &iov.iov_len);`,
    `                err = rd_kafka_broker_zstd_decompress(
                    msetr->msetr_rkb, compressed, compressed_size, &iov);`,
  ),
  before(
    'rdkafka_broker.c',
    `        if (rkb->rkb_recv_buf)
                rd_kafka_buf_destroy(rkb->rkb_recv_buf);

        if (rkb->rkb_rsal)`,
    '        rd_kafka_broker_decompress_term(rkb);\n',
  ),
]

const gzip = [
  replace(
    READER,
    `                iov.iov_base = rd_gz_decompress(compressed,
                                                (int)compressed_size, &outlenx);`,
    `                err = rd_kafka_gzip_decompress(
                    msetr->msetr_rkb, compressed, compressed_size, &iov);
                if (err)
                        goto err;
                outlenx = iov.iov_len;`,
  ),
]

const snappy = [
  // A preamble of five bytes may claim 4 GB, which are allocated before they are tried, and malloc's
  // NULL aborts the process. No element of the format gives more than 64 bytes for 3.
  within(
    'snappy.c',
    `	if (varint_parse32_with_limit(start, limit, &v) != NULL) {
		*result = v;`,
    '!= NULL)',
    '!= NULL &&\n	    v <= n * 64 / 3)',
  ),
  before(
    READER,
    `                        /* Allocate output buffer for uncompressed data */
                        iov.iov_base = rd_malloc(iov.iov_len);`,
    `                        err = rd_kafka_decompressed_check_size(
                            msetr->msetr_rkb, iov.iov_len);
                        if (err)
                                goto err;
`,
  ),
  before(
    READER,
    '                        iov.iov_base = rd_kafka_snappy_java_uncompress(',
    `                        err = rd_kafka_snappy_java_check_size(
                            msetr->msetr_rkb, inbuf, inlen);
                        if (err)
                                goto err;`,
  ),
]

const lz4 = [
  within(
    LZ4,
    '        if (fi.contentSize == 0 || fi.contentSize > inlen * 255) {',
    'inlen * 255)',
    `inlen * 255 ||
            fi.contentSize > rd_kafka_decompressed_max(rkb))`,
  ),
  before(
    LZ4,
    '        /* If uncompressed size is unknown or out of bounds, use a sane\n',
    `        if (rd_kafka_lz4_has_dictionary(inbuf)) {
                err = RD_KAFKA_RESP_ERR_UNSUPPORTED_COMPRESSION_TYPE;
                goto done;
        }
`,
  ),
  replace(
    LZ4,
    `RD_MIN(
                    inlen * 4, (size_t)(rkb->rkb_rk->rk_conf.max_msg_size));`,
    `rd_kafka_lz4_guess_size(
                    rkb, inbuf + in_sz, inlen - in_sz, fi.blockSizeID,
                    fi.blockChecksumFlag);`,
  ),
  replace(
    LZ4,
    '                        size_t extra = RD_MAX(outlen * 3 / 4, 1024);',
    `                        size_t extra = rd_kafka_lz4_grow_by(rkb, outlen);

                        if (extra == 0) {
                                err = RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE;
                                goto done;
                        }`,
  ),
  // A frame that is cut short was a shorter one.
  before(
    LZ4,
    '        if (in_of < inlen) {\n',
    `        if (r != 0) {
                err = RD_KAFKA_RESP_ERR__BAD_COMPRESSION;
                goto done;
        }
`,
  ),
]

// Decompressed to nothing, or to too much.
const check = [
  before(
    READER,
    '        rd_assert(iov.iov_base);\n',
    `        err = rd_kafka_decompressed_check(msetr->msetr_rkb, &iov);
        if (unlikely(err))
                goto err;
`,
  ),
]

export const codecs = [...zstd, ...gzip, ...snappy, ...lz4, ...check]
