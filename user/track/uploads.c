// SPDX-License-Identifier: BSD-2-Clause
/* How much each of our hosts sends to each destination, by the hour, over one day. */
#include <string.h>
#include "track/uploads.h"

#define HOUR_NS (3600 * SKUA_SECOND_NS)
#define ACTIVE_BYTES 65536 /* in an hour: a ping of 1 kB a minute stays below */
/* A request: twenty thousand conversations a day of so little would pass as an upload, and as a
 * beacon. */
#define LEAST_BYTES 1024
#define SMALL_BYTES 16384 /* a conversation that sent less is counted when it ends */
#define JUDGE_FROM_BYTES 1000000

struct flow_name {
	struct skua_flow_key key;
	uint64_t first_ns;
};

/* What a conversation had when it was last counted. */
struct flow_totals {
	uint64_t out, in;
	uint64_t last_ns;
	uint64_t ended; /* its end was told: it stays, for nobody need obey a reset */
};

struct upload_key {
	struct address source, destination;
};

static uint64_t upload_worth(const void *value)
{
	return ((const struct upload *)value)->last_ns;
}

/* Those that have ended go before all that live. */
static uint64_t flow_worth(const void *value)
{
	const struct flow_totals *totals = value;

	return totals->ended ? totals->last_ns / 2 : totals->last_ns;
}

static void flow_evicted(void *arg, const void *key, void *value)
{
	struct uploads *uploads = arg;

	(void)key;
	uploads->ended_evicted += ((const struct flow_totals *)value)->ended;
}

int uploads_init(struct uploads *uploads, const struct uploads_options *options)
{
	struct table_options table = { .key_size = sizeof(struct upload_key),
				       .value_size = sizeof(struct upload),
				       .capacity = options->uploads,
				       .worth = upload_worth };
	struct table_options flows = { .key_size = sizeof(struct flow_name),
				       .value_size = sizeof(struct flow_totals),
				       .capacity = options->flows,
				       .worth = flow_worth,
				       .evicted = flow_evicted,
				       .arg = uploads };
	int err;

	memset(uploads, 0, sizeof(*uploads));
	uploads->options = *options;
	err = table_init(&uploads->uploads, &table);
	if (!err)
		err = table_init(&uploads->flows, &flows);
	if (err)
		uploads_fini(uploads);
	return err;
}

void uploads_fini(struct uploads *uploads)
{
	table_fini(&uploads->uploads);
	table_fini(&uploads->flows);
}

static uint64_t sum(const uint64_t hours[UPLOAD_HOURS])
{
	uint64_t total = 0;

	for (int i = 0; i < UPLOAD_HOURS; i++)
		total += hours[i];
	return total;
}

uint64_t upload_out(const struct upload *upload)
{
	return sum(upload->out);
}

uint64_t upload_in(const struct upload *upload)
{
	return sum(upload->in);
}

unsigned upload_active_hours(const struct upload *upload)
{
	unsigned hours = 0;

	for (int i = 0; i < UPLOAD_HOURS; i++)
		hours += upload->out[i] >= ACTIVE_BYTES;
	return hours;
}

static bool is_internal(const struct uploads *uploads, const struct address *destination)
{
	const struct uploads_options *options = &uploads->options;

	return networks_contain(options->locals, options->local_count, destination) ||
	       address_is_private(destination) || address_is_multicast(destination);
}

/* NULL: not known, and out is too little to begin with. */
static struct upload *upload_get(struct uploads *uploads, const struct skua_flow_key *key,
				 enum skua_side client, uint64_t out, uint64_t now_ns)
{
	struct address low = address_from(key->low), high = address_from(key->high);
	struct upload_key ends = { .source = client == SKUA_LOW ? low : high,
				   .destination = client == SKUA_LOW ? high : low };
	struct upload *upload = table_find(&uploads->uploads, &ends);

	if (!upload && out < LEAST_BYTES)
		return NULL;
	if (!upload) {
		upload = table_insert(&uploads->uploads, &ends);
		upload->source = ends.source;
		upload->destination = ends.destination;
		upload->internal = is_internal(uploads, &ends.destination);
		upload->first_ns = now_ns;
		upload->hour = now_ns / HOUR_NS;
	}
	upload->proto = key->proto;
	upload->port = client == SKUA_LOW ? key->high_port : key->low_port;
	return upload;
}

/* The hours between the newest and this one were silent.  A clock that steps back adds to the
 * newest. */
static void pass_hours(struct upload *upload, uint64_t hour)
{
	for (int i = 0; i < UPLOAD_HOURS && upload->hour < hour; i++) {
		upload->hour++;
		upload->out[upload->hour % UPLOAD_HOURS] = 0;
		upload->in[upload->hour % UPLOAD_HOURS] = 0;
	}
	if (upload->hour < hour) /* after a day of silence all are empty */
		upload->hour = hour;
}

static void upload_add(struct upload *upload, uint64_t out, uint64_t in, uint64_t now_ns)
{
	pass_hours(upload, now_ns / HOUR_NS);
	upload->out[upload->hour % UPLOAD_HOURS] += out;
	upload->in[upload->hour % UPLOAD_HOURS] += in;
	if (now_ns > upload->last_ns)
		upload->last_ns = now_ns;
}

/*
 * Told for the first time.  Most are told once, at their end, and little: those
 * are not remembered.  Of what goes on behind a reset that nobody obeyed, so
 * much at most may count twice.
 */
static struct flow_totals *flow_get(struct uploads *uploads, const struct flow_name *name,
				    uint64_t out, bool over)
{
	struct flow_totals *known = table_find(&uploads->flows, name);

	if (known || out < SMALL_BYTES || over)
		return known;
	return table_insert(&uploads->flows, name);
}

/* What is new since the conversation was last counted; false: nothing. */
static bool flow_difference(struct uploads *uploads, const struct skua_flow_event *event,
			    struct flow_totals *new)
{
	const struct skua_flow *flow = &event->flow;
	enum skua_side client = skua_flow_client(flow);
	struct flow_name name = { .key = event->head.key, .first_ns = flow->first_ns };
	uint64_t out = flow->way[client].payload, in = flow->way[skua_other(client)].payload;
	/* Behind a reset it may be told again; behind the others it is forgotten everywhere. */
	bool ended = event->reason == SKUA_FLOW_END || flow->state & SKUA_FLOW_TOLD;
	bool over = event->reason != SKUA_FLOW_REPORT && event->reason != SKUA_FLOW_END;
	struct flow_totals *known;

	if (out < SMALL_BYTES && event->reason == SKUA_FLOW_REPORT)
		return false;
	known = flow_get(uploads, &name, out, over);
	*new = (struct flow_totals){ .out = out, .in = in };
	if (!known)
		return new->out || new->in;
	new->out = out > known->out ? out - known->out : 0;
	new->in = in > known->in ? in - known->in : 0;
	*known = (struct flow_totals){
		.out = out, .in = in, .last_ns = event->head.time_ns, .ended = ended
	};
	if (over)
		table_remove(&uploads->flows, known);
	return new->out || new->in;
}

/* What goes out is compared with what usually does. */
static void remember(struct uploads *uploads, const struct flow_totals *new,
		     struct subject *subject)
{
	const struct upload *upload = subject->upload;
	struct memory *memory = uploads->options.memory;

	if (!memory || upload->internal)
		return;
	memory_upload(memory, &upload->source, &upload->destination, new->out, new->in,
		      subject->now_ns);
	subject->usual = memory_baseline(memory, &upload->source, &upload->destination);
	subject->usual_of_source = memory_baseline(memory, &upload->source, NULL);
}

void uploads_flow(struct uploads *uploads, const struct skua_flow_event *event, bool at_end,
		  uploads_judge_fn *judge, void *arg)
{
	struct subject subject = { .kind = SUBJECT_UPLOAD,
				   .now_ns = event->head.time_ns,
				   .ifindex = event->head.ifindex,
				   .at_end = at_end };
	struct flow_totals new;
	struct upload *upload;

	if (!event->ours || !flow_difference(uploads, event, &new))
		return;
	upload = upload_get(uploads, &event->head.key, skua_flow_client(&event->flow), new.out,
			    event->flow.first_ns);
	if (!upload)
		return;
	upload_add(upload, new.out, new.in, event->head.time_ns);
	subject.upload = upload;
	remember(uploads, &new, &subject);
	if (new.out && upload_out(upload) >= JUDGE_FROM_BYTES)
		judge(arg, &subject);
}
