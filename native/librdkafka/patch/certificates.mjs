// Certificates: whose the CAs are, where the OpenSSL is not the system's (prebuild/librdkafka.mjs).
import { within } from './edit.mjs'

export const certificates = [
  // What OpenSSL reads from its environment goes before what is found: with upstream's search alone a
  // program that trusts its company's CA by SSL_CERT_FILE no longer did so with a prebuilt addon.
  within(
    'rdkafka_ssl.c',
    `#if WITH_STATIC_LIB_libcrypto
                    || r == -1
#endif`,
    'r == -1',
    '(r == -1 && !rd_getenv("SSL_CERT_FILE", NULL) &&\n                        !rd_getenv("SSL_CERT_DIR", NULL))',
  ),
]
