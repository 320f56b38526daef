// SPDX-License-Identifier: BSD-2-Clause
/* Connects metrics and health with the live run. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "base/log.h"
#include "run/run_web.h"
#include "serve/metrics.h"

/* A loop that has judged nothing for so long does not do its work. */
#define STUCK_NS (15 * SKUA_SECOND_NS)

static void fill_evidence(struct run *run, struct metrics_evidence *out)
{
	struct publisher_counts published;

	if (!pipeline_evidence(run->pipeline))
		return;
	publisher_counts(run->evidence.publisher, &published);
	*out = (struct metrics_evidence){ .kept = true,
					  .published = published.vault.published,
					  .failed = published.failed,
					  .removed = published.vault.removed,
					  .refused = published.refused,
					  .bytes = published.vault.bytes,
					  .files = published.vault.files,
					  .quota_bytes = run->settings->snapshots_mb << 20 };
}

static void write_metrics(void *arg, FILE *stream, bool open)
{
	struct run *run = arg;
	/* 11 kB: not for the stack of whoever serves. */
	struct status_view *view = calloc(1, sizeof(*view));
	struct metrics metrics = { .view = view, .tally = &run->tally };

	if (!view)
		return;
	run_status_fill(&run->status, view);
	fill_evidence(run, &metrics.evidence);
	metrics.sink_count = run_sinks_tally(&run->sinks, metrics.sinks);
	metrics_write(stream, &metrics, open);
	free(view);
}

static const char *unhealthy(void *arg)
{
	const struct run *run = arg;
	uint64_t now_ns = run_clock_ns(CLOCK_REALTIME);

	if (now_ns > run->now_ns && now_ns - run->now_ns > STUCK_NS)
		return "no second was judged for a while";
	return NULL;
}

static const char *unready(void *arg)
{
	const struct run *run = arg;
	const struct run_links *links = &run->capture->links;

	if (!links->count)
		return "no interface is watched";
	for (unsigned i = 0; i < links->count; i++)
		if (links->links[i].blind)
			return "an interface is blind: packets pass that are not seen";
	return unhealthy(arg);
}

static const char *error_text(int err)
{
	switch (-err) {
	case EINVAL:
		return "not PORT, ADDRESS:PORT, [ADDRESS]:PORT or unix:PATH";
	case EADDRINUSE:
		return "somebody listens there: stop it, or name another";
	case ENOTSOCK:
		return "that is a file and no socket: remove it, or name another";
	case EBUSY:
		return "somebody is just starting there: try again, or name another";
	case ENOENT:
		return "its folder is not there: create it, or name another";
	case EACCES:
		return "that may not be listened at: name a port from 1024 on, or a folder of "
		       "yours";
	case EADDRNOTAVAIL:
		return "that is no address of this host: name one that is";
	case ENOSYS:
		return "built without libmicrohttpd: install libmicrohttpd-dev and build again";
	default:
		return strerror(-err);
	}
}

int run_web_open(struct run *run, const struct privs_account *account)
{
	const struct web_ops ops = { run, write_metrics, unhealthy, unready };
	int err;

	if (!run->settings->metrics)
		return 0;
	err = web_open(&run->web, run->settings->metrics, &ops,
		       account->change ? account->uid : (uid_t)-1,
		       account->change ? account->gid : (gid_t)-1);
	if (err)
		log_error("--metrics %s: %s", run->settings->metrics, error_text(err));
	return err;
}
