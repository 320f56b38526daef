// SPDX-License-Identifier: BSD-2-Clause
/* One line of a vault's manifest: its text, its hash, and back. */
#include <assert.h>
#include <inttypes.h>
#include <sodium.h>
#include <string.h>
#include "base/sha256.h"
#include "base/time_text.h"
#include "record/vault_line.h"

static const char *const actions[VAULT_ACTIONS] = { "publish", "remove", "keep", "drop", "break" };

static void hash_text(const char *text, size_t length, char to[VAULT_HASH])
{
	unsigned char hash[SHA256_DIGEST_SIZE];

	sha256_of(hash, text, length);
	sodium_bin2hex(to, VAULT_HASH, hash, sizeof(hash));
}

size_t vault_line_format(struct vault_line *line, char to[VAULT_LINE_MAX])
{
	char time[TIME_TEXT];
	size_t length =
		(size_t)snprintf(to, VAULT_LINE_MAX,
				 "{\"seq\":%" PRIu64 ",\"time\":\"%s\",\"action\":\"%s\","
				 "\"file\":\"%s\",\"sha256\":\"%s\",\"bytes\":%" PRIu64,
				 line->seq, time_format(time, line->time_ns), actions[line->action],
				 line->file, line->sha256, line->bytes);

	if (line->json_sha256[0])
		length += (size_t)snprintf(to + length, VAULT_LINE_MAX - length,
					   ",\"json_sha256\":\"%s\",\"json_bytes\":%" PRIu64,
					   line->json_sha256, line->json_bytes);
	length += (size_t)snprintf(to + length, VAULT_LINE_MAX - length, ",\"severity\":%d%s,",
				   line->severity, line->recovered ? ",\"recovered\":true" : "");
	length += (size_t)snprintf(to + length, VAULT_LINE_MAX - length, "\"prev\":\"%s\",",
				   line->prev);
	hash_text(to, length, line->hash);
	length += (size_t)snprintf(to + length, VAULT_LINE_MAX - length, "\"hash\":\"%s\"}\n",
				   line->hash);
	/* Every field has a greatest length; they add up to less. */
	assert(length < VAULT_LINE_MAX);
	return length;
}

/* Days since the epoch; proleptic Gregorian, from 1 March so that the leap day ends the year. */
static int64_t day_of(int year, int month, int day)
{
	int64_t y = month <= 2 ? year - 1 : year;
	int in_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;

	return 365 * y + y / 4 - y / 100 + y / 400 + in_year - 719468;
}

static bool parse_time(const char *text, uint64_t *time_ns)
{
	int year, month, day, hour, minute, second, end = 0;
	unsigned nanoseconds;

	if (sscanf(text, "%4d-%2d-%2dT%2d:%2d:%2d.%9uZ%n", &year, &month, &day, &hour, &minute,
		   &second, &nanoseconds, &end) != 7 ||
	    !end || text[end] || year < 1970 || year > 2554 || month < 1 || month > 12 || day < 1 ||
	    hour < 0 || minute < 0 || second < 0)
		return false;
	*time_ns = (uint64_t)day_of(year, month, day) * TIME_DAY_NS +
		   (uint64_t)(hour * 3600 + minute * 60 + second) * 1000000000 + nanoseconds;
	return true;
}

/* Where the text goes on after the word, or NULL. */
static const char *after(const char *text, const char *word)
{
	size_t length = strlen(word);

	return text && !strncmp(text, word, length) ? text + length : NULL;
}

static const char *parse_first(const char *text, struct vault_line *line)
{
	char time[TIME_TEXT], action[8];
	int end = 0;

	if (sscanf(text,
		   "{\"seq\":%20" SCNu64 ",\"time\":\"%30[0-9TZ:.-]\",\"action\":\"%7[a-z]\","
		   "\"file\":\"%63[0-9A-Za-z./-]\",\"sha256\":\"%64[0-9a-f]\",\"bytes\":%20" SCNu64
		   "%n",
		   &line->seq, time, action, line->file, line->sha256, &line->bytes, &end) != 6 ||
	    !end || strlen(line->sha256) != VAULT_HASH - 1 || !parse_time(time, &line->time_ns))
		return NULL;
	for (unsigned i = 0; i < VAULT_ACTIONS; i++) {
		if (!strcmp(action, actions[i])) {
			line->action = i;
			return text + end;
		}
	}
	return NULL;
}

static const char *parse_rest(const char *text, struct vault_line *line)
{
	const char *more;
	int end = 0;

	if (after(text, ",\"json_sha256\"")) {
		if (sscanf(text, ",\"json_sha256\":\"%64[0-9a-f]\",\"json_bytes\":%20" SCNu64 "%n",
			   line->json_sha256, &line->json_bytes, &end) != 2)
			return NULL;
		text += end;
	}
	end = 0;
	if (sscanf(text, ",\"severity\":%1d%n", &line->severity, &end) != 1 || !end)
		return NULL;
	text += end;
	more = after(text, ",\"recovered\":true");
	line->recovered = more;
	end = 0;
	if (sscanf(more ? more : text, ",\"prev\":\"%64[0-9a-f]\",\"hash\":\"%64[0-9a-f]\"}%n",
		   line->prev, line->hash, &end) != 2 ||
	    !end)
		return NULL;
	return text;
}

static bool file_fits(const struct vault_line *line)
{
	switch (line->action) {
	case VAULT_DROP:
	case VAULT_BREAK:
		return vault_segment_number(line->file);
	default:
		return vault_file_is_valid(line->file);
	}
}

const char *vault_line_parse(const char *text, struct vault_line *out)
{
	struct vault_line line = { .seq = 0 };
	const char *rest = parse_first(text, &line);
	char canonical[VAULT_LINE_MAX], hash[VAULT_HASH];
	size_t length = strlen(text);

	if (!rest || !parse_rest(rest, &line) || !file_fits(&line) || !line.seq)
		return "is not a line of a manifest";
	memcpy(hash, line.hash, sizeof(hash));
	/* One text for one meaning: whatever the scanner forgave shows here. */
	if (vault_line_format(&line, canonical) != length + 1 ||
	    memcmp(canonical, text, length - VAULT_HASH - 1))
		return "is not written as a manifest's lines are, or was altered";
	if (strcmp(hash, line.hash) || memcmp(canonical, text, length))
		return "does not have the hash that it names: it was altered";
	*out = line;
	return NULL;
}

size_t vault_head_format(uint64_t count, const char *hash, char to[VAULT_LINE_MAX])
{
	return (size_t)snprintf(to, VAULT_LINE_MAX, "{\"count\":%" PRIu64 ",\"hash\":\"%s\"}\n",
				count, hash);
}

bool vault_head_parse(const char *text, uint64_t *count, char hash[VAULT_HASH])
{
	char canonical[VAULT_LINE_MAX], found[VAULT_HASH];
	uint64_t number;

	if (sscanf(text, "{\"count\":%20" SCNu64 ",\"hash\":\"%64[0-9a-f]\"}", &number, found) != 2)
		return false;
	vault_head_format(number, found, canonical);
	if (strcmp(canonical, text) || strlen(found) != VAULT_HASH - 1)
		return false;
	*count = number;
	memcpy(hash, found, VAULT_HASH);
	return true;
}

bool vault_id_is_valid(const char *id, size_t length)
{
	return length && length <= VAULT_ID_MAX && strspn(id, "0123456789abcdef-") >= length;
}

bool vault_file_is_valid(const char *file)
{
	static const char pattern[] = "dddd/dd/dd/";
	const char *id = file + sizeof(pattern) - 1;
	size_t length = strnlen(file, VAULT_FILE), tail = sizeof(".pcapng") - 1;

	if (length == VAULT_FILE || length < sizeof(pattern) + tail)
		return false;
	for (unsigned i = 0; i < sizeof(pattern) - 1; i++) {
		bool digit = file[i] >= '0' && file[i] <= '9';

		if (pattern[i] == 'd' ? !digit : file[i] != pattern[i])
			return false;
	}
	return !strcmp(file + length - tail, ".pcapng") &&
	       vault_id_is_valid(id, length - tail - (sizeof(pattern) - 1));
}

unsigned vault_segment_number(const char *name)
{
	unsigned number = 0;
	int end = 0;

	if (strlen(name) != sizeof("MANIFEST-000000.jsonl") - 1 ||
	    strspn(name + 9, "0123456789") != 6 ||
	    sscanf(name, "MANIFEST-%6u.jsonl%n", &number, &end) != 1 || !end)
		return 0;
	return number;
}
