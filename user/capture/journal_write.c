// SPDX-License-Identifier: BSD-2-Clause
/* Gathers records in blocks and writes them to one file after the other. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>
#include "base/remedy.h"
#include "base/log.h"
#include "capture/journal_files.h"
#include "capture/journal_format.h"
#include "capture/journal_pack.h"

struct journal {
	struct journal_files files;
	struct journal_pack *pack;
	struct journal_counts counts;
	struct journal_header header; /* of the next file */
	uint64_t rotate_ns;
	uint64_t begun_ns, flushed_ns; /* on the clock that also runs while the machine sleeps */
	uint64_t file_bytes;
	int fd;    /* < 0: none could be begun */
	bool said; /* that something failed */
	char name[JOURNAL_NAME_MAX];
	char *directory;
	size_t context_size;
	uint8_t context[JOURNAL_CONTEXT_MAX];
	uint32_t used; /* bytes of block; at least its header's */
	uint32_t held; /* records in it */
	_Alignas(8) uint8_t block[JOURNAL_BLOCK_SIZE];
};
_Static_assert(sizeof(struct journal_header) + JOURNAL_CONTEXT_MAX <= JOURNAL_BLOCK_SIZE,
	       "a header is written in one piece");
_Static_assert(sizeof(struct journal_block) + sizeof(struct journal_record) + JOURNAL_RECORD_MAX <=
		       JOURNAL_BLOCK_SIZE,
	       "any record fits into an empty block");

static uint64_t clock_ns(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (uint64_t)now.tv_sec * SKUA_SECOND_NS + (uint64_t)now.tv_nsec;
}

static void failed(struct journal *journal, int err)
{
	journal->counts.failures++;
	if (journal->said)
		return;
	journal->said = true;
	log_warning("cannot write the journal in %s: %s; what it lacks is counted, and it is tried "
		    "again: free some space, or see to the directory's rights",
		    journal->directory, strerror(-err));
}

/* The file ends with its last whole block; the next flush begins another. */
static void abandon(struct journal *journal)
{
	bool empty = !journal->file_bytes;

	/* Without these the file is torn at its end, which a reader sees. */
	if (!empty && ftruncate(journal->fd, (off_t)journal->file_bytes))
		journal->counts.failures++;
	close(journal->fd);
	journal->fd = -1;
	if (empty)
		journal_files_drop(&journal->files, journal->name);
}

static int put(struct journal *journal, const void *bytes, size_t size, bool last)
{
	uint64_t written = 0;
	int err = journal_pack_write(journal->pack, journal->fd, bytes, size, last, &written);

	if (err) {
		failed(journal, err);
		abandon(journal);
		return err;
	}
	journal->file_bytes += written;
	journal->counts.written += written;
	return 0;
}

static int put_header(struct journal *journal)
{
	static const uint8_t none[8];
	_Alignas(8) uint8_t bytes[sizeof(struct journal_header) + JOURNAL_CONTEXT_MAX];
	struct journal_header header = journal->header;
	size_t size = sizeof(header) + journal->context_size;

	header.size = (uint32_t)size;
	header.crc = 0;
	memcpy(bytes, &header, sizeof(header));
	memcpy(bytes + sizeof(header), journal->context, journal->context_size);
	memcpy(bytes + size, none, journal_padded(size) - size);
	header.crc = journal_crc(bytes, size, offsetof(struct journal_header, crc));
	memcpy(bytes, &header, sizeof(header));
	return put(journal, bytes, journal_padded(size), false);
}

static int begin_file(struct journal *journal)
{
	int fd = journal_files_begin(&journal->files, journal->header.sequence, journal->name);
	int err;

	journal->counts.removed = journal->files.removed;
	if (fd < 0) {
		failed(journal, fd);
		return fd;
	}
	journal->fd = fd;
	journal->file_bytes = 0;
	journal->begun_ns = clock_ns(CLOCK_BOOTTIME);
	journal_pack_reset(journal->pack);
	err = put_header(journal);
	if (err)
		return err;
	journal->header.sequence++;
	journal->counts.files++;
	return 0;
}

static void end_file(struct journal *journal)
{
	if (journal->fd >= 0 && put(journal, NULL, 0, true))
		return;
	if (journal->fd >= 0)
		close(journal->fd);
	journal->fd = -1;
}

/* Packed, the block is no larger; and a file never grows beyond its share of the quota. */
static bool is_over(const struct journal *journal)
{
	return journal->file_bytes + journal->used > journal->files.file_max ||
	       journal->flushed_ns - journal->begun_ns >= journal->rotate_ns;
}

static void seal(struct journal *journal)
{
	struct journal_block head = { .magic = JOURNAL_BLOCK_MAGIC,
				      .size = journal->used - (uint32_t)sizeof(head),
				      .records = journal->held,
				      .first = journal->counts.records - journal->held };

	memcpy(journal->block, &head, sizeof(head));
	head.crc = journal_crc(journal->block, journal->used, offsetof(struct journal_block, crc));
	memcpy(journal->block, &head, sizeof(head));
}

void journal_flush(struct journal *journal)
{
	journal->flushed_ns = clock_ns(CLOCK_BOOTTIME);
	if (!journal->held)
		return;
	seal(journal);
	if (journal->fd >= 0 && is_over(journal))
		end_file(journal);
	if ((journal->fd < 0 && begin_file(journal)) ||
	    put(journal, journal->block, journal->used, false))
		journal->counts.lost += journal->held;
	journal->used = sizeof(struct journal_block);
	journal->held = 0;
}

static void add(struct journal *journal, enum journal_kind kind, uint64_t time_ns,
		const void *bytes, size_t size)
{
	const struct journal_record record = { .kind = (uint16_t)kind,
					       .size = (uint32_t)size,
					       .time_ns = time_ns };
	size_t padded = journal_padded(size), need = sizeof(record) + padded;

	if (size > JOURNAL_RECORD_MAX) {
		/* A block of its own numbers tells readers of the gap. */
		journal_flush(journal);
		journal->counts.records++;
		journal->counts.lost++;
		return;
	}
	if (journal->used + need > sizeof(journal->block))
		journal_flush(journal);
	memcpy(journal->block + journal->used, &record, sizeof(record));
	if (size)
		memcpy(journal->block + journal->used + sizeof(record), bytes, size);
	memset(journal->block + journal->used + sizeof(record) + size, 0, padded - size);
	journal->used += (uint32_t)need;
	journal->held++;
	journal->counts.records++;
	journal->counts.bytes += need;
}

void journal_event(struct journal *journal, const struct skua_event *event)
{
	size_t size = journal_event_size(event->kind);

	if (size && event->version == SKUA_ABI_VERSION)
		add(journal, JOURNAL_EVENT, 0, event, size); /* its time is in it */
}

void journal_record(struct journal *journal, enum journal_kind kind, uint64_t time_ns,
		    const void *bytes, size_t size)
{
	add(journal, kind, time_ns, bytes, size);
	if (kind == JOURNAL_TICK &&
	    clock_ns(CLOCK_BOOTTIME) - journal->flushed_ns >= JOURNAL_FLUSH_NS)
		journal_flush(journal);
}

static void fill_header(struct journal *journal, const struct journal_options *options)
{
	struct journal_header *header = &journal->header;

	memcpy(header->magic, JOURNAL_MAGIC, JOURNAL_MAGIC_SIZE);
	header->byte_order = JOURNAL_BYTE_ORDER;
	header->version = JOURNAL_VERSION;
	header->abi = SKUA_ABI_VERSION;
	header->start_ns = clock_ns(CLOCK_REALTIME);
	header->fact_size = options->fact_size;
	for (unsigned kind = 0; kind < JOURNAL_EVENT_SIZES; kind++)
		header->event_sizes[kind] = (uint16_t)journal_event_size(kind);
	/* Only tells runs apart: if there is no randomness, the clock does. */
	if (getrandom(&header->run_id, sizeof(header->run_id), GRND_NONBLOCK) < 0)
		header->run_id = header->start_ns ^ (uint64_t)getpid() << 40;
}

int journal_open(struct journal **out, const struct journal_options *options,
		 char error[JOURNAL_ERROR_SIZE])
{
	struct journal *journal = calloc(1, sizeof(*journal));
	struct journal_options use = *options;
	int err = -ENOMEM;

	snprintf(error, JOURNAL_ERROR_SIZE, "cannot write a journal: out of memory");
	if (!journal)
		return -ENOMEM;
	journal->fd = journal->files.dir = -1;
	journal->directory = strdup(options->directory);
	if (use.file_max > use.quota / 4)
		use.file_max = use.quota / 4;
	journal->rotate_ns = use.rotate_ns;
	journal->context_size = use.context_size;
	journal->used = sizeof(struct journal_block);
	if (!journal->directory || use.context_size > JOURNAL_CONTEXT_MAX ||
	    journal_pack_open(&journal->pack, JOURNAL_BLOCK_SIZE))
		goto out;
	if (use.context_size)
		memcpy(journal->context, use.context, use.context_size);
	err = journal_files_init(&journal->files, &use, error);
	if (err)
		goto out;
	fill_header(journal, &use);
	journal->said = true; /* the caller says it */
	err = begin_file(journal);
	journal->said = false;
	journal->flushed_ns = journal->begun_ns;
	if (err)
		snprintf(error, JOURNAL_ERROR_SIZE, "cannot write a journal to %s: %s; %s",
			 use.directory, strerror(-err), remedy_write(err));
out:
	if (!err) {
		*out = journal;
		return 0;
	}
	journal_pack_close(journal->pack);
	journal_files_fini(&journal->files);
	free(journal->directory);
	free(journal);
	return err;
}

void journal_close(struct journal *journal)
{
	if (!journal)
		return;
	add(journal, JOURNAL_CLOSE, 0, NULL, 0);
	journal_flush(journal);
	end_file(journal);
	journal_pack_close(journal->pack);
	journal_files_fini(&journal->files);
	free(journal->directory);
	free(journal);
}

const struct journal_counts *journal_counts(const struct journal *journal)
{
	return &journal->counts;
}
