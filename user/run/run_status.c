// SPDX-License-Identifier: BSD-2-Clause
/* Fills the view of a live run. */
#include <string.h>
#include <unistd.h>
#include "capture/hook.h"
#include "capture/wanted.h"
#include "base/exit.h"
#include "run/identities.h"
#include "run/run_status.h"

void run_stats(struct run_capture *capture, const struct pipeline *pipeline, uint64_t first_ns,
	       uint64_t now_ns, struct stats *out)
{
	struct accounting from = { .first_ns = first_ns, .last_ns = now_ns };

	capture->account(capture, &from);
	run_links_sum(&capture->links, &from.packets, &from.bytes);
	/* While programs count, two readings differ; only in the end they must agree. */
	if (!capture->detached)
		from.packets = accounting_rows(from.counters);
	accounting_add_up(&from, pipeline, out);
}

void run_status_count(struct run_status *status, uint64_t now_ns)
{
	struct pipeline_counts counts;
	uint64_t packets, bytes;

	pipeline_counts(status->pipeline, &counts);
	run_links_sum(&status->capture->links, &packets, &bytes);
	status->packets_per_s = packets - status->before_packets;
	status->bytes_per_s = bytes - status->before_bytes;
	status->events_per_s = counts.events - status->before_events;
	status->before_packets = packets;
	status->before_bytes = bytes;
	status->before_events = counts.events;
	status->now_ns = now_ns;
}

static void add_link(struct status_view *out, const struct run_link *link)
{
	struct status_interface *to = view_add_interface(out, link->name);

	if (!to)
		return;
	view_text(to->role, sizeof(to->role), wanted_role_name(link->role));
	view_text(to->hook, sizeof(to->hook), hook_name(link->in ? link->in : link->out));
	view_text(to->state, sizeof(to->state), link->blind ? "blind" : "watching");
	to->ifindex = link->ifindex;
	to->packets = link->packets;
	to->bytes = link->bytes;
	to->packets_per_s = link->packet_rate;
	to->bytes_per_s = link->byte_rate;
}

static void add_evidence(struct status_view *out, const struct run_status *status)
{
	struct evidence *evidence = pipeline_evidence(status->pipeline);
	struct publisher_counts published;
	struct recorder_counts kept;

	if (!evidence)
		return;
	recorder_counts(evidence_recorder(evidence), &kept);
	view_add_ring(out, "recorder", kept.ring_used, kept.ring_size);
	view_add_ring(out, "kept", kept.keep_used, kept.keep_size);
	view_add_table(out, "kept_pairs", kept.pairs, kept.pairs_capacity);
	publisher_counts(status->evidence->publisher, &published);
	view_add_table(out, "snapshots_waiting", published.waiting, PUBLISHER_ITEMS);
	view_add_cause(out, STATUS_GIVEN_UP, "snapshots_disk_slow", published.refused);
	view_add_cause(out, STATUS_GIVEN_UP, "snapshots_disk_failed", published.failed);
	view_add_cause(out, STATUS_GIVEN_UP, "snapshots_unmade", published.unmade);
	view_add_cause(out, STATUS_GIVEN_UP, "snapshots_crowded", published.crowded);
}

static void add_identities(struct status_view *out, const struct run_status *status)
{
	struct identities_counts counts;

	identities_count(status->identities, &counts);
	if (counts.groups.known)
		view_add_table(out, "control_groups", counts.groups.known, CGROUPS_KEPT);
	view_add_cause(out, STATUS_GIVEN_UP, "control_groups_evicted", counts.groups.evicted);
	view_add_cause(out, STATUS_GIVEN_UP, "control_groups_unlooked", counts.groups.unlooked);
	view_add_cause(out, STATUS_GIVEN_UP, "control_groups_unnamed", counts.unnamed);
}

void run_status_fill(void *arg, struct status_view *out)
{
	struct run_status *status = arg;
	struct run_capture *capture = status->capture;
	struct pipeline_counts counts;
	struct stats stats;

	view_text(out->version, sizeof(out->version), SKUA_VERSION);
	view_text(out->source, sizeof(out->source), capture->source->name);
	out->pid = getpid();
	out->started_ns = status->started_ns;
	run_stats(capture, status->pipeline, status->started_ns, status->now_ns, &stats);
	view_add_stats(out, &stats);
	out->now_ns = status->now_ns;
	out->packets_per_s = status->packets_per_s;
	out->bytes_per_s = status->bytes_per_s;
	out->events_per_s = status->events_per_s;
	out->journal_bytes = status->journal_bytes;
	for (unsigned i = 0; i < capture->links.count; i++)
		add_link(out, &capture->links.links[i]);
	out->interfaces_beyond += capture->links.beyond;
	capture->show(capture, out);
	view_add_cause(out, STATUS_CONFIG, "reloads", status->reloads->done);
	view_add_cause(out, STATUS_CONFIG, "reloads_refused", status->reloads->refused);
	view_add_cause(out, STATUS_CONFIG, "waiting_for_restart", status->reloads->waiting);
	pipeline_counts(status->pipeline, &counts);
	view_add_table(out, "pairs", counts.pairs, counts.pairs_capacity);
	view_add_table(out, "sources", counts.sources, counts.sources_capacity);
	view_add_table(out, "domains", counts.domains, counts.domains_capacity);
	add_evidence(out, status);
	run_pods_show(status->pods, out);
	run_sinks_view(status->sinks, out);
	add_identities(out, status);
}
