// SPDX-License-Identifier: BSD-2-Clause
/* Journals that are torn, spoilt or foreign are read as far as they are right, and never believed.
 */
#include "journal_stage.h"

#define COUNT 9000 /* exchanges: several blocks */
#define BYTES_MAX (4u << 20)

static uint8_t packed[BYTES_MAX], plain[BYTES_MAX];
static size_t packed_size, plain_size;

static size_t load(const char *path, uint8_t *bytes)
{
	char error[FILE_ERROR_SIZE];
	struct file_stream *stream;
	size_t size = 0;
	ssize_t n;

	if (file_stream_open(&stream, path, error))
		abort();
	while ((n = file_stream_read(stream, bytes + size, BYTES_MAX - size)) > 0)
		size += (size_t)n;
	file_stream_close(stream);
	return size;
}

static void write_to(const char *name, const uint8_t *bytes, size_t size)
{
	char path[256];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", stage, name);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	if (fd < 0 || write(fd, bytes, size) != (ssize_t)size)
		abort();
	close(fd);
}

/* As it is on disk, and as it is when it is unpacked. */
static void make_journal(void)
{
	struct journal_options options = stage_options();
	struct journal *journal = stage_open(&options);
	int fd;

	put_exchanges(journal, 0, COUNT);
	journal_record(journal, JOURNAL_FINISH, 1, NULL, 0);
	journal_close(journal);
	list_stage();
	fd = open(names[0], O_RDONLY);
	packed_size = (size_t)read(fd, packed, sizeof(packed));
	close(fd);
	plain_size = load(names[0], plain);
	clear_stage();
}

static void read_as(const uint8_t *bytes, size_t size)
{
	write_to("a.skj", bytes, size);
	read_stage();
}

static void test_plain(void)
{
	read_as(plain, plain_size);
	ok(got.events == COUNT && got.finishes == 1 && !got.truncated_runs && !got.open_runs,
	   "unpacked by other means it is the same journal");
	write_to("b.skj.zst", packed, packed_size);
	read_stage();
	ok(got.runs == 1 && got.events == COUNT && !got.truncated_runs,
	   "both in one directory are read once");
	clear_stage();
}

static void test_cut(const uint8_t *bytes, size_t size, const char *sentence)
{
	unsigned before = 0, torn = 0, cuts = 0;
	bool good = true;

	for (size_t cut = 200; cut < size; cut += size / 150) {
		read_as(bytes, cut);
		good &= got.opened || (got.events >= before && got.open_runs == 1 &&
				       !got.disordered && got.state == SOURCE_END);
		before = got.events;
		torn += got.truncated_runs;
		cuts++;
	}
	printf("# %u cuts, %u of them within a block; %u events before the last\n", cuts, torn,
	       before);
	ok(good && before > COUNT / 2 && torn > cuts * 9 / 10, sentence);
	clear_stage();
}

static void test_flipped(const uint8_t *bytes, size_t size, const char *sentence)
{
	static uint8_t spoilt[BYTES_MAX];
	unsigned noticed = 0, tries = 0, most = 0;
	bool good = true;

	memcpy(spoilt, bytes, size);
	for (size_t at = 8; at < size; at += size / 300 + 1) {
		spoilt[at] ^= 1 << at % 8;
		read_as(spoilt, size);
		tries++;
		noticed += got.opened || got.truncated_runs || !got.runs;
		good &= got.opened || (got.events <= COUNT && !got.disordered);
		most = !got.opened && got.truncated_runs && got.events > most ? got.events : most;
		spoilt[at] ^= 1 << at % 8;
	}
	printf("# %u of %u flipped bits noticed; %u events beside one of them\n", noticed, tries,
	       most);
	ok(good && noticed == tries && most > COUNT / 2, sentence);
	clear_stage();
}

/* The middle block's checksum does not match. */
static void test_block(void)
{
	static uint8_t spoilt[BYTES_MAX];
	struct journal_header header;
	struct journal_block block;
	size_t at;

	memcpy(spoilt, plain, plain_size);
	memcpy(&header, plain, sizeof(header));
	at = journal_padded(header.size);
	memcpy(&block, plain + at, sizeof(block));
	at += sizeof(block) + block.size;
	memcpy(&block, plain + at, sizeof(block));
	spoilt[at + sizeof(block) + 100] ^= 4;
	read_as(spoilt, plain_size);
	ok(got.counts.damaged == 1 && got.counts.lost == block.records &&
		   got.events == COUNT - block.records && got.truncated_runs == 1 && !got.open_runs,
	   "a spoilt block costs itself, and how much it was is known");
	clear_stage();
}

static void refuse(struct journal_header header, int err, const char *reason, const char *sentence)
{
	static uint8_t foreign[BYTES_MAX];
	char path[128];
	const char *const paths[] = { path };

	snprintf(path, sizeof(path), "%s/a.skj", stage);
	memcpy(foreign, plain, plain_size);
	header.crc = 0;
	memcpy(foreign, &header, sizeof(header));
	header.crc = journal_crc(foreign, header.size, offsetof(struct journal_header, crc));
	memcpy(foreign, &header, sizeof(header));
	write_to("a.skj", foreign, plain_size);
	read_paths(paths, 1);
	printf("# %s\n", got.error);
	ok(got.opened == err && strstr(got.error, reason) && strstr(got.error, path), sentence);
}

static void test_foreign(void)
{
	struct journal_header header, spoilt;

	memcpy(&header, plain, sizeof(header));
	spoilt = header;
	spoilt.byte_order = __builtin_bswap32(spoilt.byte_order);
	refuse(spoilt, -EPROTO, "byte order", "a machine of other byte order is told from ours");
	spoilt = header;
	spoilt.version++;
	refuse(spoilt, -EPROTO, "version 2.",
	       "another version of the format is refused, by number");
	spoilt = header;
	spoilt.abi++;
	refuse(spoilt, -EPROTO, "use the skua that wrote it", "so is another version of events");
	spoilt = header;
	spoilt.event_sizes[SKUA_EVENT_FLOW] += 8;
	refuse(spoilt, -EPROTO, "other sizes", "and events of other sizes");
	spoilt = header;
	spoilt.fact_size += 8;
	refuse(spoilt, -EPROTO, "other sizes", "and facts of other sizes");
	write_to("b.skj", plain, plain_size);
	read_stage();
	ok(got.events == COUNT && got.truncated_runs == 1,
	   "found in a directory it is skipped, and what is missing is said");
	clear_stage();
}

static void test_mixed(void)
{
	const char *paths[2];
	char capture[128], journal[128];

	snprintf(capture, sizeof(capture), "%s/a.pcap", stage);
	snprintf(journal, sizeof(journal), "%s/b.skj", stage);
	paths[0] = capture;
	paths[1] = journal;
	write_to("a.pcap", (const uint8_t *)"\xd4\xc3\xb2\xa1", 4);
	read_stage();
	ok(!journal_in_is_journal((const char *const[]){ stage }, 1) && got.opened == -EINVAL,
	   "a directory of captures is no journal");
	write_to("b.skj", plain, plain_size);
	ok(journal_in_is_journal((const char *const[]){ stage }, 1) &&
		   journal_in_is_journal(paths, 2) && !journal_in_is_journal(paths, 1),
	   "a journal is known by what it holds");
	read_stage();
	ok(got.events == COUNT && !got.truncated_runs, "captures beside a journal are skipped");
	read_paths(paths, 2);
	ok(got.opened == -EINVAL && strstr(got.error, "not both"),
	   "named together with one they are refused");
	write_to("c.skj", plain, 0);
	read_stage();
	ok(got.events == COUNT && got.truncated_runs == 1, "an empty file is one that was cut");
	clear_stage();
}

/* Records that a later version may add, or that are of a wrong size. */
static void test_unknown(void)
{
	struct journal_options options = stage_options();
	struct journal *journal = stage_open(&options);
	struct skua_event odd = { .version = SKUA_ABI_VERSION, .kind = SKUA_EVENT_FLOW };

	put_exchange(journal, 0);
	journal_record(journal, (enum journal_kind)200, 1, "what", 4);
	journal_record(journal, JOURNAL_FACT, 1, "short", 5);
	journal_record(journal, JOURNAL_TICK, 1, "long", 4);
	journal_record(journal, JOURNAL_EVENT, 1, &odd, sizeof(odd));
	journal_record(journal, JOURNAL_EVENT, 1, &odd, 3);
	put_exchange(journal, 1);
	journal_close(journal);
	read_stage();
	ok(got.counts.unknown == 5 && got.events == 2 && !got.facts && !got.ticks &&
		   got.counts.records == 8 && !got.truncated_runs,
	   "records of an unknown kind or a wrong size are counted and skipped");
	clear_stage();
}

int main(void)
{
	begin_stage();
	if (!freopen("/dev/null", "w", stderr)) /* each of the spoilt files is named there */
		abort();
	make_journal();
	test_plain();
	test_cut(plain, plain_size, "cut anywhere, it is read up to the cut, which is noticed");
	test_cut(packed, packed_size, "packed too");
	test_flipped(plain, plain_size, "a flipped bit is noticed, wherever it is");
	test_flipped(packed, packed_size, "packed too");
	test_block();
	test_foreign();
	test_mixed();
	test_unknown();
	end_stage();
	return done();
}
