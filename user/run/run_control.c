// SPDX-License-Identifier: BSD-2-Clause
/* Connects the control socket with recorder, pipeline and history. */
#include <errno.h>
#include <string.h>
#include "base/log.h"
#include "run/run_control.h"
#include "serve/history.h"
#include "serve/selector.h"

/* A cursor counts samples from the beginning of this run, so that one of another run is known. */
static uint64_t samples_after(const struct run *run, uint64_t cursor)
{
	struct recorder_counts counts;
	uint64_t begun = run->status.started_ns;

	recorder_counts(evidence_recorder(pipeline_evidence(run->pipeline)), &counts);
	return cursor >= begun && cursor - begun <= counts.samples ? cursor - begun : 0;
}

static uint64_t cursor_now(const struct run *run)
{
	struct recorder_counts counts;

	recorder_counts(evidence_recorder(pipeline_evidence(run->pipeline)), &counts);
	return run->status.started_ns + counts.samples;
}

/* Who asks, and what it may have. */
struct asker {
	struct run *run;
	const struct reader_rights *rights;
};

/* Did this address belong to a pod of theirs at that time? */
static bool was_theirs(const struct asker *asker, const struct address *address, uint64_t time_ns)
{
	const struct tenancy *tenancy = namespaces_now(asker->run->namespaces, address);

	return time_ns >= tenancy->from_ns && time_ns <= tenancy->until_ns &&
	       reader_may(asker->rights, tenancy->namespace);
}

static bool may_have(void *arg, const struct skua_sample_event *event)
{
	const struct address low = address_from(event->head.key.low);
	const struct address high = address_from(event->head.key.high);

	return was_theirs(arg, &low, event->head.time_ns) ||
	       was_theirs(arg, &high, event->head.time_ns);
}

static int snapshot(void *arg, const struct control_selector *asked,
		    const struct reader_rights *rights, struct control_answer *out)
{
	struct run *run = arg;
	struct asker asker = { run, rights };
	struct recorder_selector wanted = { .what = asked->has_b   ? RECORDER_PAIR
						    : asked->has_a ? RECORDER_HOST
								   : RECORDER_ALL,
					    .a = address_from(asked->a),
					    .b = address_from(asked->b),
					    .port = asked->port,
					    .proto = asked->proto,
					    .after = samples_after(run, asked->since),
					    .bytes_max = EVIDENCE_BYTES_MAX };
	char text[SELECTOR_TEXT], comment[SELECTOR_TEXT + 32];

	if (asked->last_ns && asked->last_ns < run->now_ns)
		wanted.since_ns = run->now_ns - asked->last_ns;
	snprintf(comment, sizeof(comment), "asked for: %s", selector_describe(asked, text));
	out->next = cursor_now(run);
	return evidence_snapshot(pipeline_evidence(run->pipeline), &wanted,
				 rights ? may_have : NULL, &asker, comment, &out->bytes,
				 &out->length);
}

static int arm(void *arg, const struct control_selector *asked, const struct reader_rights *rights,
	       uint32_t seconds)
{
	struct run *run = arg;
	const struct asker asker = { run, rights };
	char text[SELECTOR_TEXT];
	struct finding finding = { .src = address_from(asked->a),
				   .dst = address_from(asked->b),
				   .has_dst = asked->has_b,
				   .dport = asked->port,
				   .proto = asked->proto };

	/* Before its first tick the agent does not know what time it is. */
	if (!run->now_ns)
		return -EAGAIN;
	if (rights && !was_theirs(&asker, &finding.src, run_clock_ns(CLOCK_REALTIME)) &&
	    !was_theirs(&asker, &finding.dst, run_clock_ns(CLOCK_REALTIME)))
		return -EPERM;
	selector_describe(asked, text);
	snprintf(finding.trigger.indicator, sizeof(finding.trigger.indicator), "%s", text);
	snprintf(finding.reason, sizeof(finding.reason),
		 "%s armed for %u s over the control socket", text, seconds);
	pipeline_trigger(run->pipeline, &finding, seconds * SKUA_SECOND_NS);
	return 0;
}

static int findings(void *arg, uint64_t next, const struct reader_rights *rights,
		    struct control_answer *out)
{
	struct run *run = arg;

	return history_answer(run->history, next, rights, out);
}

static int derivations(void *arg, uint64_t next, const struct reader_rights *rights,
		       struct control_answer *out)
{
	struct run *run = arg;

	return history_answer(run->derivations, next, rights, out);
}

static void status(void *arg, struct status_view *out)
{
	struct run *run = arg;

	run_status_fill(&run->status, out);
}

/* Who cannot come in is no reason not to watch. */
static void admit(struct run *run, const char *path)
{
	int err = control_admit(run->control, &run->readers);

	if (err == -EACCES)
		log_warning("--reader: the folder of %s lets others not through: chmod o+x it, or "
			    "name a --socket elsewhere",
			    path);
	else if (err)
		log_warning("--reader: %s cannot be opened to accounts beyond its group: %s; name "
			    "a --socket on a file system with access control lists",
			    path, strerror(-err));
}

/* One that was asked for by name must be there; the usual one may be another agent's. */
int run_control_open(struct run *run, const struct privs_account *account)
{
	const char *path = run->settings->socket ? run->settings->socket : CONTROL_PATH;
	bool evidence = pipeline_evidence(run->pipeline) != NULL;
	const struct control_ops ops = { .arg = run,
					 .readers = &run->readers,
					 .status = status,
					 .snapshot = evidence ? snapshot : NULL,
					 .arm = evidence ? arm : NULL,
					 .findings = findings,
					 .derivations = derivations };
	int err;

	run->status = (struct run_status){ .capture = run->capture,
					   .pipeline = run->pipeline,
					   .evidence = &run->evidence,
					   .sinks = &run->sinks,
					   .reloads = &run->reloads,
					   .pods = &run->pods,
					   .identities = run->identities,
					   .started_ns = run_clock_ns(CLOCK_REALTIME) };
	if (!strcmp(path, "none"))
		return 0;
	err = control_open(&run->control, path, &ops);
	if (!err && run->readers.count)
		admit(run, path);
	if (!err && account->change)
		err = control_give(run->control, account->uid, account->gid);
	if (!err)
		return 0;
	control_close(run->control);
	run->control = NULL;
	if (run->settings->socket) {
		log_error("%s: %s", path, control_open_error(err));
		return err;
	}
	log_warning("%s: %s; goes on without", path, control_open_error(err));
	return 0;
}
