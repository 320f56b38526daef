// SPDX-License-Identifier: BSD-2-Clause
/* Tells the service manager how a live run fares. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/log.h"
#include "base/text.h"
#include "run/run_service.h"
#include "run/run_state.h"

#define STATUS_SIZE 320 /* less than a message of ours */

int run_service_open(struct run *run)
{
	int err = notify_init(&run->notify);

	if (err)
		log_error("NOTIFY_SOCKET=%s: %s; start skua without it, or with a path or an "
			  "abstract name",
			  getenv("NOTIFY_SOCKET"), strerror(-err));
	return err;
}

static void describe(const struct run *run, char out[STATUS_SIZE])
{
	char links[192], packets[TEXT_NUMBER], findings[TEXT_NUMBER];
	struct pipeline_counts counts;
	uint64_t seen, bytes, found = 0;

	run_links_describe(&run->capture->links, links, sizeof(links));
	run_links_sum(&run->capture->links, &seen, &bytes);
	pipeline_counts(run->pipeline, &counts);
	for (unsigned i = 1; i < sizeof(counts.findings) / sizeof(counts.findings[0]); i++)
		found += counts.findings[i];
	snprintf(out, STATUS_SIZE, "watching %s; %s packets, %s finding%s",
		 links[0] ? links : "nothing yet", text_count(packets, seen),
		 text_count(findings, found), found == 1 ? "" : "s");
}

static void say(struct run *run, const char *words)
{
	char status[STATUS_SIZE];
	int err;

	describe(run, status);
	err = notify_say(&run->notify, "%s\nSTATUS=%s", words, status);
	if (err && err != run->notify_error)
		log_warning("the service manager does not hear %s: %s", words, strerror(-err));
	run->notify_error = err;
}

void run_service_ready(struct run *run)
{
	say(run, "READY=1");
}

void run_service_tick(struct run *run)
{
	if (notify_due(&run->notify, run_clock_ns(CLOCK_MONOTONIC)))
		say(run, "WATCHDOG=1");
}

void run_service_reloading(struct run *run)
{
	char words[64];

	snprintf(words, sizeof(words), "RELOADING=1\nMONOTONIC_USEC=%" PRIu64,
		 run_clock_ns(CLOCK_MONOTONIC) / 1000);
	say(run, words);
}

void run_service_stopping(struct run *run)
{
	say(run, "STOPPING=1");
}
