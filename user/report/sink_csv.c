// SPDX-License-Identifier: BSD-2-Clause
/* Findings as CSV (RFC 4180, lines end in LF): one row per record, free text always quoted. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include "base/text.h"
#include "base/time_text.h"
#include "report/protocol.h"
#include "report/sink.h"

struct csv_sink {
	struct sink sink;
	FILE *stream;
};

static void write_time(FILE *stream, uint64_t time_ns)
{
	char text[TIME_TEXT];

	fprintf(stream, "%s,", time_format(text, time_ns));
}

static void write_score(FILE *stream, double score)
{
	char text[TEXT_NUMBER];

	fprintf(stream, "%s,", text_fixed(text, score, 4));
}

/* Zero is an empty field: there is no such port. */
static void write_port(FILE *stream, uint16_t port)
{
	if (port)
		fprintf(stream, "%u", port);
	fputc(',', stream);
}

static void write_ends(FILE *stream, const struct finding *finding)
{
	char address[ADDRESS_TEXT], name[PROTOCOL_NAME];
	const char *protocol = protocol_name(finding, name);

	fprintf(stream, "%s,", address_format(&finding->src, address));
	write_port(stream, finding->sport);
	if (finding->has_dst)
		fputs(address_format(&finding->dst, address), stream);
	fputc(',', stream);
	write_port(stream, finding->dport);
	fprintf(stream, "%s,", protocol ? protocol : "");
}

static void write_row(FILE *stream, const struct finding *finding)
{
	char reason[FINDING_REASON + sizeof(finding->suppressed) + 32];

	write_time(stream, finding->trigger_ns);
	fprintf(stream, "%s,%s,%s,%d,", finding_kind_name(finding->kind), finding->id,
		finding_state_name(finding->state), finding_severity(finding));
	write_score(stream, finding->score);
	write_score(stream, finding->score_raw);
	write_ends(stream, finding);
	text_write_csv(stream, finding->entity);
	fputc(',', stream);
	write_time(stream, finding->first_ns);
	write_time(stream, finding->last_ns);
	fprintf(stream, "%" PRIu64 ",", finding->count);
	if (finding->suppressed.rule[0])
		snprintf(reason, sizeof(reason), "suppressed by %s, %s: %s",
			 finding->suppressed.rule, finding->suppressed.reason, finding->reason);
	else
		snprintf(reason, sizeof(reason), "%s", finding->reason);
	text_write_csv(stream, reason);
	fputc('\n', stream);
}

static int csv_sink_write(struct sink *sink, const struct record *record)
{
	struct csv_sink *s = (struct csv_sink *)sink;

	if (record->kind != RECORD_FINDING)
		return 0;
	write_row(s->stream, record->finding);
	errno = 0;
	if (!fflush(s->stream) && !ferror(s->stream))
		return 0;
	return errno ? -errno : -EIO;
}

static void csv_sink_close(struct sink *sink)
{
	free(sink);
}

int sink_csv_open(struct sink **out, FILE *stream)
{
	struct csv_sink *s = calloc(1, sizeof(*s));

	if (!s)
		return -ENOMEM;
	s->sink = (struct sink){ "csv", csv_sink_write, csv_sink_close };
	s->stream = stream;
	fputs("timestamp,event_type,finding_id,state,severity,score,score_raw,src_ip,src_port,"
	      "dest_ip,dest_port,proto,entity,first_seen,last_seen,count,reason\n",
	      stream);
	*out = &s->sink;
	return 0;
}
