// SPDX-License-Identifier: BSD-2-Clause
/* Compressed captures read like plain ones, in any number of pieces, and cut ones to the cut. */
#include <errno.h>
#include <zlib.h>
#ifdef HAVE_LIBZSTD
#include <zstd.h>
#endif
#ifdef HAVE_LIBLZ4
#include <lz4frame.h>
#endif
#include "capture_bytes.h"
#include "tap.h"

#define PACKETS 200
#define PACKET_SIZE (16 + 90)

static struct bytes made, packed;
static struct reading got;

/* Packets that do not compress well, so that a cut lies within some of them. */
static void make_capture(void)
{
	uint32_t noise = 1;

	made.size = 0;
	put_pcap_header(&made, PCAP_NANO, 1);
	for (unsigned int i = 0; i < PACKETS; i++) {
		put_record(&made, i, i, 0, 90, 90);
		for (unsigned int byte = 0; byte < 90; byte++) {
			noise = noise * 1664525 + 1013904223;
			made.at[made.size - 90 + byte] = (uint8_t)(noise >> 24);
		}
	}
}

static size_t pack_gzip(uint8_t *to, const uint8_t *from, size_t size)
{
	z_stream z = { .next_in = (Bytef *)from,
		       .avail_in = (uInt)size,
		       .next_out = to,
		       .avail_out = BYTES_MAX / 2 };

	deflateInit2(&z, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
	deflate(&z, Z_FINISH);
	deflateEnd(&z);
	return z.total_out;
}

#ifdef HAVE_LIBZSTD
static size_t pack_zstd(uint8_t *to, const uint8_t *from, size_t size)
{
	return ZSTD_compress(to, BYTES_MAX / 2, from, size, 3);
}
#else
#define pack_zstd NULL
#endif

#ifdef HAVE_LIBLZ4
static size_t pack_lz4(uint8_t *to, const uint8_t *from, size_t size)
{
	/* Small blocks, so that a cut file gives something. */
	LZ4F_preferences_t preferences = { .frameInfo = { .blockSizeID = LZ4F_max64KB } };

	return LZ4F_compressFrame(to, BYTES_MAX / 2, from, size, &preferences);
}
#else
#define pack_lz4 NULL
#endif

static bool is_all(void)
{
	return !got.opened && !got.ended && got.count == PACKETS && !got.truncated &&
	       !got.warnings && got.seen[PACKETS - 1].time_ns == 199000000199 &&
	       got.seen[PACKETS - 1].last == made.at[made.size - 1];
}

static void test_whole(size_t (*pack)(uint8_t *, const uint8_t *, size_t))
{
	size_t half = made.size / 2 + 7;

	packed.size = pack(packed.at, made.at, made.size);
	read_bytes(&got, packed.at, packed.size, NULL);
	ok(is_all() && got.position == packed.size && got.size == packed.size,
	   "read as if it were plain; progress counts compressed bytes");
	packed.size = pack(packed.at, made.at, half);
	packed.size += pack(packed.at + packed.size, made.at + half, made.size - half);
	read_bytes(&got, packed.at, packed.size, NULL);
	ok(is_all(), "also when compressed in two pieces");
	packed.size = pack(packed.at, made.at, made.size - 1);
	read_bytes(&got, packed.at, packed.size, NULL);
	ok(got.count == PACKETS - 1 && got.truncated && strstr(got.said, "of its plain data"),
	   "a capture that was cut before it was compressed is cut");
	packed.size = pack(packed.at, (const uint8_t *)"no capture", 10);
	read_bytes(&got, packed.at, packed.size, NULL);
	ok(got.opened == -EINVAL && strstr(got.error, "begins with 6e 6f 20"),
	   "what is no capture inside is refused by its plain bytes");
}

static void test_cut(size_t (*pack)(uint8_t *, const uint8_t *, size_t))
{
	bool good = true, orderly = true;
	unsigned int before = 0, most = 0;

	packed.size = pack(packed.at, made.at, made.size);
	for (size_t size = 4; size < packed.size; size += size < 64 ? 1 : 97) {
		read_bytes(&got, packed.at, size, NULL);
		good &= !got.opened && !got.ended && got.truncated && got.warnings == 1;
		orderly &= got.count >= before && got.count <= PACKETS;
		before = got.count;
		most = got.count > most ? got.count : most;
	}
	ok(good, "cut anywhere: opened, read and called damaged, once");
	ok(orderly, "with more packets the later the cut");
	for (size_t at = 40; at < packed.size; at += 509) {
		packed.at[at] ^= 0x55;
		read_bytes(&got, packed.at, packed.size, NULL);
		good &= !got.ended && got.count <= PACKETS;
		packed.at[at] ^= 0x55;
	}
	ok(good, "a wrong byte somewhere does no harm");
}

static void test_packing(const char *name, size_t (*pack)(uint8_t *, const uint8_t *, size_t),
			 const char *magic)
{
	printf("# %s\n", name);
	if (pack) {
		test_whole(pack);
		test_cut(pack);
		return;
	}
	read_bytes(&got, magic, 4, NULL);
	ok(got.opened == -ENOPKG && strstr(got.error, name),
	   "without the library: refused, and the library named");
}

static void test_many_bytes_from_few(void)
{
	static uint8_t plain[BYTES_MAX];

	/* Records of zeros, then nothing: a thousandth of the size when compressed. */
	packed.size = pack_gzip(packed.at, made.at, 24);
	for (unsigned int i = 0; i < 16; i++)
		packed.size += pack_gzip(packed.at + packed.size, plain, sizeof(plain));
	read_bytes(&got, packed.at, packed.size, NULL);
	ok(got.count == 16 * BYTES_MAX / 16 && !got.truncated,
	   "what grows a thousandfold is streamed");
}

int main(void)
{
	make_capture();
	test_packing("zlib", pack_gzip, "\x1f\x8b\0\0");
	test_packing("libzstd", pack_zstd, "\x28\xb5\x2f\xfd");
	test_packing("liblz4", pack_lz4, "\x04\x22\x4d\x18");
	test_many_bytes_from_few();
	return done();
}
