// SPDX-License-Identifier: BSD-2-Clause
/* Names of TLS versions and cipher suites (IANA, TLS Cipher Suites). */
#include <stdio.h>
#include "dissect/tls_view.h"

struct named {
	uint16_t number;
	const char *text;
};

static const char *find(const struct named *known, size_t count, uint16_t number,
			char to[TLS_NAME_TEXT])
{
	for (size_t i = 0; i < count; i++)
		if (known[i].number == number)
			return known[i].text;
	snprintf(to, TLS_NAME_TEXT, "0x%04x", number);
	return to;
}

const char *tls_version_text(uint16_t version, char to[TLS_NAME_TEXT])
{
	static const struct named known[] = {
		{ 0x0300, "SSL 3.0" }, { 0x0301, "TLS 1.0" }, { 0x0302, "TLS 1.1" },
		{ 0x0303, "TLS 1.2" }, { 0x0304, "TLS 1.3" },
	};

	return find(known, sizeof(known) / sizeof(known[0]), version, to);
}

const char *tls_cipher_text(uint16_t cipher, char to[TLS_NAME_TEXT])
{
	static const struct named known[] = {
		{ 0x0004, "RSA_WITH_RC4_128_MD5" },
		{ 0x0005, "RSA_WITH_RC4_128_SHA" },
		{ 0x000a, "RSA_WITH_3DES_EDE_CBC_SHA" },
		{ 0x0016, "DHE_RSA_WITH_3DES_EDE_CBC_SHA" },
		{ 0x002f, "RSA_WITH_AES_128_CBC_SHA" },
		{ 0x0033, "DHE_RSA_WITH_AES_128_CBC_SHA" },
		{ 0x0035, "RSA_WITH_AES_256_CBC_SHA" },
		{ 0x0039, "DHE_RSA_WITH_AES_256_CBC_SHA" },
		{ 0x003c, "RSA_WITH_AES_128_CBC_SHA256" },
		{ 0x003d, "RSA_WITH_AES_256_CBC_SHA256" },
		{ 0x0067, "DHE_RSA_WITH_AES_128_CBC_SHA256" },
		{ 0x006b, "DHE_RSA_WITH_AES_256_CBC_SHA256" },
		{ 0x009c, "RSA_WITH_AES_128_GCM_SHA256" },
		{ 0x009d, "RSA_WITH_AES_256_GCM_SHA384" },
		{ 0x009e, "DHE_RSA_WITH_AES_128_GCM_SHA256" },
		{ 0x009f, "DHE_RSA_WITH_AES_256_GCM_SHA384" },
		{ 0x1301, "AES_128_GCM_SHA256" },
		{ 0x1302, "AES_256_GCM_SHA384" },
		{ 0x1303, "CHACHA20_POLY1305_SHA256" },
		{ 0x1304, "AES_128_CCM_SHA256" },
		{ 0x1305, "AES_128_CCM_8_SHA256" },
		{ 0xc009, "ECDHE_ECDSA_WITH_AES_128_CBC_SHA" },
		{ 0xc00a, "ECDHE_ECDSA_WITH_AES_256_CBC_SHA" },
		{ 0xc012, "ECDHE_RSA_WITH_3DES_EDE_CBC_SHA" },
		{ 0xc013, "ECDHE_RSA_WITH_AES_128_CBC_SHA" },
		{ 0xc014, "ECDHE_RSA_WITH_AES_256_CBC_SHA" },
		{ 0xc023, "ECDHE_ECDSA_WITH_AES_128_CBC_SHA256" },
		{ 0xc024, "ECDHE_ECDSA_WITH_AES_256_CBC_SHA384" },
		{ 0xc027, "ECDHE_RSA_WITH_AES_128_CBC_SHA256" },
		{ 0xc028, "ECDHE_RSA_WITH_AES_256_CBC_SHA384" },
		{ 0xc02b, "ECDHE_ECDSA_WITH_AES_128_GCM_SHA256" },
		{ 0xc02c, "ECDHE_ECDSA_WITH_AES_256_GCM_SHA384" },
		{ 0xc02f, "ECDHE_RSA_WITH_AES_128_GCM_SHA256" },
		{ 0xc030, "ECDHE_RSA_WITH_AES_256_GCM_SHA384" },
		{ 0xcca8, "ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256" },
		{ 0xcca9, "ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256" },
		{ 0xccaa, "DHE_RSA_WITH_CHACHA20_POLY1305_SHA256" },
	};

	return find(known, sizeof(known) / sizeof(known[0]), cipher, to);
}
