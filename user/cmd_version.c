// SPDX-License-Identifier: BSD-2-Clause
/* skua version: what this program is made of. */
#include <libpsl.h>
#include <pcap/pcap.h>
#include <seccomp.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <zlib.h>
#include "capture/loader.h"
#include "base/log.h"
#include "record/upload_http.h"
#include "cmd.h"

int cmd_version(int argc, char **argv)
{
	if (argc == 2 && (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"))) {
		printf("Usage: skua version\n\n"
		       "Prints the version of skua and of the libraries that it uses.\n");
		return EXIT_OK;
	}
	if (argc > 1) {
		log_error("version: '%s' is one word too many: 'skua version' takes none", argv[1]);
		return EXIT_USAGE;
	}
	printf("skua %s\n", SKUA_VERSION);
	printf("%s\n", pcap_lib_version());
	printf("libsodium %s\n", sodium_version_string());
	printf("libpsl %s\n", psl_get_version());
	printf("zlib %s\n", zlibVersion());
	printf("libbpf %s\n", loader_version());
	printf("libseccomp %u.%u.%u\n", seccomp_version()->major, seccomp_version()->minor,
	       seccomp_version()->micro);
#ifdef HAVE_LIBZSTD
	printf("zstd: yes\n");
#else
	printf("zstd: no\n");
#endif
#ifdef HAVE_LIBLZ4
	printf("lz4: yes\n");
#else
	printf("lz4: no\n");
#endif
	printf("libcurl: %s\n", upload_http_version() ? upload_http_version() : "no");
#ifdef HAVE_JANSSON
	printf("jansson: yes\n");
#else
	printf("jansson: no\n");
#endif
#ifdef HAVE_LIBMICROHTTPD
	printf("libmicrohttpd: yes\n");
#else
	printf("libmicrohttpd: no\n");
#endif
	return EXIT_OK;
}
