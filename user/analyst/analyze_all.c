// SPDX-License-Identifier: BSD-2-Clause
/* Every question that needs no words of its own, and the file of each. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include "analyze/conversation_answers.h"
#include "analyze/credential_answers.h"
#include "analyze/dns_answers.h"
#include "analyze/hierarchy_answers.h"
#include "analyze/http_answers.h"
#include "analyze/object_answers.h"
#include "analyze/packet_answers.h"
#include "analyze/smb_answers.h"
#include "analyze/suspicious.h"
#include "analyze/tls_answers.h"
#include "analyst/analyze_all.h"
#include "base/lists.h"
#include "base/log.h"
#include "base/remedy.h"

#define OBJECT_BYTES 100000000ull /* as skua objects has it */
#define FILE_NAME 64

static int open_conversations(struct analyst **out, enum conversation_layer layer)
{
	const struct conversation_options options = { .layer = layer,
						      .capacity = ANALYZE_ALL_CAPACITY };

	return conversation_answers_open(out, &options);
}

static int open_tcp(struct analyst **out)
{
	return open_conversations(out, CONVERSATION_TCP);
}

static int open_udp(struct analyst **out)
{
	return open_conversations(out, CONVERSATION_UDP);
}

static int open_ip(struct analyst **out)
{
	return open_conversations(out, CONVERSATION_IP);
}

static int open_credentials(struct analyst **out)
{
	return credential_answers_open(out, &(struct credential_answers_options){ 0 });
}

static int open_dns(struct analyst **out)
{
	return dns_answers_open(out, &(struct dns_answers_options){ 0 });
}

static int open_hierarchy(struct analyst **out)
{
	return hierarchy_answers_open(out, &(struct hierarchy_options){ 0 });
}

static int open_http(struct analyst **out)
{
	return http_answers_open(out, &(struct http_answers_options){ 0 });
}

static int open_objects(struct analyst **out)
{
	return object_answers_open(out,
				   &(struct object_answers_options){ .max_object = OBJECT_BYTES });
}

static int open_syns(struct analyst **out)
{
	return packet_answers_open(out, &(struct packet_options){ .syn = true });
}

static int open_smb(struct analyst **out)
{
	return smb_answers_open(out, false);
}

static int open_talkers(struct analyst **out)
{
	return talker_answers_open(out,
				   &(struct talker_options){ .capacity = ANALYZE_ALL_CAPACITY });
}

static const struct question {
	const char *name;
	int (*open)(struct analyst **out); /* NULL: it asks by lists */
} questions[] = {
	{ "conversations-ip", open_ip },
	{ "conversations-tcp", open_tcp },
	{ "conversations-udp", open_udp },
	{ "credentials", open_credentials },
	{ "dns", open_dns },
	{ "hierarchy", open_hierarchy },
	{ "http", open_http },
	{ "objects", open_objects },
	{ "packets-syn", open_syns },
	{ "smb", open_smb },
	{ "suspicious", NULL },
	{ "talkers", open_talkers },
	{ "tls", tls_answers_open },
};
#define QUESTIONS (sizeof(questions) / sizeof(questions[0]))
_Static_assert(QUESTIONS == ANALYZE_ALL_MAX, "each question has a seat");

static void name_file(char to[FILE_NAME], unsigned i, const char *ending)
{
	snprintf(to, FILE_NAME, "%s.jsonl%s", questions[i].name, ending);
}

static int open_question(struct analyze_all *all, unsigned i, struct analyst **out)
{
	const struct suspicious_options by_lists = { .lists = all->lists };

	return questions[i].open ? questions[i].open(out) : suspicious_open(out, &by_lists);
}

static int open_seat(struct analyze_all *all, unsigned i)
{
	struct analyst_seat *seat = &all->seats[i];
	char name[FILE_NAME];
	int fd;

	name_file(name, i, ".part");
	*seat = (struct analyst_seat){ .format = ANSWERS_JSON };
	if (open_question(all, i, &seat->analyst)) {
		log_error("cannot start: out of memory");
		return -ENOMEM;
	}
	all->count = i + 1;
	fd = openat(all->folder, name, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0644);
	if (fd >= 0)
		seat->stream = fdopen(fd, "w");
	if (!seat->stream) {
		int err = -errno;

		log_error("cannot write %s: %s; %s", name, strerror(-err), remedy_write(err));
		if (fd >= 0)
			close(fd);
		return err;
	}
	return 0;
}

int analyze_all_init(struct analyze_all *all, const char *folder)
{
	int err = 0;

	all->count = 0;
	all->lists = NULL;
	all->folder = open(folder, O_DIRECTORY | O_RDONLY | O_CLOEXEC);
	if (all->folder < 0) {
		err = -errno;
		log_error("cannot write to %s: %s; %s", folder, strerror(-err), remedy_write(err));
		return err;
	}
	err = lists_open(&all->lists, NULL);
	for (unsigned i = 0; !err && i < QUESTIONS; i++)
		err = open_seat(all, i);
	if (!err)
		return 0;
	for (unsigned i = 0; i < all->count; i++)
		all->seats[i].analyst->close(all->seats[i].analyst);
	analyze_all_fini(all, false);
	return err;
}

/* The first error of all; each has been logged. */
static int close_files(struct analyze_all *all, bool keep)
{
	int first = 0;

	for (unsigned i = 0; i < QUESTIONS && i < all->count; i++) {
		struct analyst_seat *seat = &all->seats[i];
		int err = seat->error;

		if (seat->stream && fclose(seat->stream) && !err)
			err = -errno;
		if (keep && err)
			log_error("cannot write %s.jsonl: %s; free some space or write elsewhere",
				  questions[i].name, strerror(-err));
		first = first ? first : err;
	}
	return first;
}

/* 0 or -errno, which has been logged: the file has its name. */
static int keep_file(const struct analyze_all *all, unsigned i, const char *part)
{
	char name[FILE_NAME];
	int err;

	name_file(name, i, "");
	err = renameat(all->folder, part, all->folder, name) ? -errno : 0;
	if (err)
		log_error("cannot write %s: %s; %s", name, strerror(-err), remedy_write(err));
	return err;
}

/* One that could not be written ended the pass: then the others, too, tell of a part of the input.
 */
int analyze_all_fini(struct analyze_all *all, bool keep)
{
	int first = close_files(all, keep);
	bool keeps = keep && !first;

	for (unsigned i = 0; i < QUESTIONS && i < all->count; i++) {
		char part[FILE_NAME];
		int err = 0;

		/* What could not be opened is not ours to remove. */
		if (!all->seats[i].stream)
			continue;
		name_file(part, i, ".part");
		if (keeps)
			err = keep_file(all, i, part);
		if (!keeps || err)
			unlinkat(all->folder, part, 0);
		first = first ? first : err;
	}
	lists_close(all->lists);
	close(all->folder);
	return keep ? first : 0;
}
