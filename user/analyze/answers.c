// SPDX-License-Identifier: BSD-2-Clause
/* Rows of an answer as a table, JSON lines or CSV. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "analyze/answers.h"
#include "base/json.h"
#include "base/text.h"
#include "base/time_text.h"

struct answers {
	FILE *stream;
	enum answers_format format;
	const struct answers_column *columns;
	struct json json;
	unsigned column; /* of the next value */
	int pad;         /* blanks that the next shown value needs before it */
	bool in_list;
	bool list_begun; /* it has a value */
	char *list;      /* the values so far, where they are one text */
	size_t list_size;
	FILE *list_stream;
	uint64_t rows;
	int error;
};

static void write_head(struct answers *answers)
{
	const struct answers_column *column = answers->columns;

	if (!column->name) /* no rows: who answers writes a report instead */
		return;
	if (answers->format == ANSWERS_CSV) {
		for (; column->name; column++)
			fprintf(answers->stream, "%s%s", column == answers->columns ? "" : ",",
				column->name);
		fputc('\n', answers->stream);
	} else if (answers->format == ANSWERS_TABLE) {
		int pad = 0;

		for (; column->name; column++) {
			if (!column->heading)
				continue;
			fprintf(answers->stream, "%*s%s", pad, "", column->heading);
			pad = column->width - (int)strlen(column->heading);
			pad = pad < 1 ? 1 : pad + 1;
		}
		fputc('\n', answers->stream);
	}
}

int answers_open(struct answers **out, FILE *stream, enum answers_format format,
		 const struct answers_column *columns)
{
	struct answers *answers = calloc(1, sizeof(*answers));

	if (!answers)
		return -ENOMEM;
	*answers = (struct answers){ .stream = stream, .format = format, .columns = columns };
	answers->list_stream = open_memstream(&answers->list, &answers->list_size);
	if (!answers->list_stream) {
		free(answers);
		return -ENOMEM;
	}
	json_init(&answers->json, stream);
	write_head(answers);
	*out = answers;
	return 0;
}

int answers_close(struct answers *answers)
{
	int err;

	if (!answers)
		return 0;
	errno = 0;
	if (fflush(answers->stream) && !answers->error)
		answers->error = errno ? -errno : -EIO;
	err = answers->error;
	fclose(answers->list_stream);
	free(answers->list);
	free(answers);
	return err;
}

uint64_t answers_rows(const struct answers *answers)
{
	return answers->rows;
}

int answers_error(const struct answers *answers)
{
	return answers->error;
}

void answers_begin_row(struct answers *answers)
{
	errno = 0; /* what a write fails with is asked for when the row ends */
	answers->column = 0;
	answers->pad = 0;
	if (answers->format == ANSWERS_JSON)
		json_open_object(&answers->json, NULL);
}

void answers_end_row(struct answers *answers)
{
	if (answers->format == ANSWERS_JSON) {
		json_close(&answers->json);
		json_end_line(&answers->json);
	} else {
		fputc('\n', answers->stream);
	}
	answers->rows++;
	if (!answers->error && ferror(answers->stream))
		answers->error = errno ? -errno : -EIO;
}

static const struct answers_column *next(struct answers *answers)
{
	return &answers->columns[answers->column++];
}

/* Text that needs neither quotes nor escapes. */
static void put_csv_raw(struct answers *answers, const char *text)
{
	if (answers->column++)
		fputc(',', answers->stream);
	fputs(text, answers->stream);
}

/* One value as text for a table or a field of CSV; bytes are not yet escaped. */
static void put_plain(struct answers *answers, const void *bytes, size_t length)
{
	const struct answers_column *column = next(answers);
	char small[512], *text = small;
	size_t size = TEXT_ESCAPED(length);

	if (size > sizeof(small) && !(text = malloc(size))) {
		text = small;
		size = sizeof(small);
	}
	if (answers->format == ANSWERS_CSV) {
		if (answers->column > 1)
			fputc(',', answers->stream);
		snprintf(text, size, "%.*s", (int)length, (const char *)bytes);
		text_write_csv(answers->stream, text);
	} else if (column->heading) {
		text_escape(text, size, bytes, length);
		fprintf(answers->stream, "%*s%s", answers->pad, "", text);
		answers->pad = column->width - (int)text_width(text);
		answers->pad = answers->pad < 1 ? 1 : answers->pad + 1;
	}
	if (text != small)
		free(text);
}

void answers_put_bytes(struct answers *answers, const void *bytes, size_t length)
{
	if (answers->in_list && answers->format != ANSWERS_JSON) {
		fprintf(answers->list_stream, "%s", answers->list_begun ? "," : "");
		fwrite(bytes, 1, length, answers->list_stream);
		answers->list_begun = true;
	} else if (answers->format == ANSWERS_JSON) {
		json_put_bytes(&answers->json, answers->in_list ? NULL : next(answers)->name, bytes,
			       length);
	} else {
		put_plain(answers, bytes, length);
	}
}

void answers_put_text(struct answers *answers, const char *text)
{
	answers_put_bytes(answers, text, strlen(text));
}

/* A number, a time, an address: harmless as it is. */
static void put_word(struct answers *answers, const char *text)
{
	if (answers->format == ANSWERS_CSV && !answers->in_list)
		put_csv_raw(answers, text);
	else
		answers_put_text(answers, text);
}

void answers_put_number(struct answers *answers, uint64_t number)
{
	char text[TEXT_NUMBER];

	if (answers->format == ANSWERS_JSON) {
		json_put_uint(&answers->json, answers->in_list ? NULL : next(answers)->name,
			      number);
		return;
	}
	snprintf(text, sizeof(text), "%" PRIu64, number);
	put_word(answers, text);
}

void answers_put_real(struct answers *answers, double number, unsigned decimals)
{
	char text[TEXT_NUMBER];

	if (answers->format == ANSWERS_JSON)
		json_put_real(&answers->json, answers->in_list ? NULL : next(answers)->name, number,
			      decimals);
	else
		put_word(answers, text_fixed(text, number, decimals));
}

void answers_put_time(struct answers *answers, uint64_t time_ns)
{
	char text[TIME_TEXT];

	put_word(answers, time_format(text, time_ns));
}

void answers_put_address(struct answers *answers, const struct address *address)
{
	char text[ADDRESS_TEXT];

	put_word(answers, address_format(address, text));
}

void answers_begin_list(struct answers *answers)
{
	answers->in_list = true;
	answers->list_begun = false;
	if (answers->format == ANSWERS_JSON)
		json_open_array(&answers->json, next(answers)->name);
	else
		rewind(answers->list_stream);
}

void answers_end_list(struct answers *answers)
{
	answers->in_list = false;
	if (answers->format == ANSWERS_JSON) {
		json_close(&answers->json);
		return;
	}
	fflush(answers->list_stream);
	put_plain(answers, answers->list, (size_t)ftell(answers->list_stream));
}

void answers_put_none(struct answers *answers)
{
	if (answers->format == ANSWERS_JSON)
		next(answers);
	else if (answers->format == ANSWERS_CSV)
		put_csv_raw(answers, "");
	else
		put_plain(answers, "", 0);
}
