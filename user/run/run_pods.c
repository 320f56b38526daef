// SPDX-License-Identifier: BSD-2-Clause
/* From the command line to who names the pods of a live run's findings. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>
#include "base/log.h"
#include "run/run_pods.h"

/* Where the kubelet puts them. */
#define ACCOUNT_TOKEN "/var/run/secrets/kubernetes.io/serviceaccount/token"
#define ACCOUNT_CA "/var/run/secrets/kubernetes.io/serviceaccount/ca.crt"

/* What the kubelet tells each container; false: this is none. */
static bool server_of_cluster(char *to, size_t size)
{
	const char *host = getenv("KUBERNETES_SERVICE_HOST");
	const char *port = getenv("KUBERNETES_SERVICE_PORT");
	bool colons = host && strchr(host, ':');

	if (!host || !host[0])
		return false;
	return (size_t)snprintf(to, size, "https://%s%s%s:%s", colons ? "[" : "", host,
				colons ? "]" : "", port ? port : "443") < size;
}

static const char *if_there(const char *path)
{
	return access(path, F_OK) ? NULL : path;
}

static const char *node_name(const struct pod_settings *settings, const struct utsname *system)
{
	const char *told = getenv("NODE_NAME");

	if (settings->node)
		return settings->node;
	return told && told[0] ? told : system->nodename;
}

int run_pods_open(struct watcher *pods, const struct pod_settings *settings,
		  const struct privs_account *account)
{
	struct watch_options options = { .request = { .server = settings->server,
						      .token = settings->token,
						      .ca = settings->ca } };
	char server[256], error[REQUEST_ERROR];
	struct utsname system;
	int err;

	*pods = (struct watcher){ .lifeline = -1 };
	if (!settings->wanted)
		return 0;
	if (!settings->server && !server_of_cluster(server, sizeof(server))) {
		log_error("--pods: this is no pod: say where the API server is by --kube-server");
		return -EINVAL;
	}
	if (!settings->server)
		options.request.server = server;
	if (!settings->token)
		options.request.token = if_there(ACCOUNT_TOKEN);
	if (!settings->ca)
		options.request.ca = if_there(ACCOUNT_CA);
	uname(&system);
	options.node = node_name(settings, &system);
	err = watcher_start(pods, &options, account, error);
	if (err)
		log_error("--pods: %s", error);
	return err;
}

const char *run_pods_unnamed(const struct pod_settings *settings)
{
	return settings->wanted ? NULL
				: "only --pods tells whose namespace an address is in: add it, or "
				  "name networks";
}

void run_pods_use(struct watcher *pods, struct sink_envelope *envelope)
{
	if (!pods->board)
		return;
	envelope->find_pod = watcher_find;
	envelope->find_pod_arg = pods;
}

void run_pods_tick(struct watcher *pods)
{
	if (!watcher_lives(pods))
		log_error("who watches pods has ended: they are named as last known; start again "
			  "to mend it");
}

void run_pods_show(const struct watcher *pods, struct status_view *out)
{
	struct board_counts counts;

	if (!pods->board)
		return;
	board_counts(pods->board, &counts);
	view_add_table(out, "pods", counts.pods, BOARD_PODS);
	view_add_cause(out, STATUS_GIVEN_UP, "pods_refused", counts.refused);
	view_add_cause(out, STATUS_GIVEN_UP, "pods_oversized", counts.oversized);
	view_add_cause(out, STATUS_GIVEN_UP, "pods_malformed", counts.malformed);
	view_add_cause(out, STATUS_GIVEN_UP, "pods_requests_failed", counts.failures);
}

void run_pods_stats(const struct watcher *pods, struct stats *out)
{
	struct board_counts counts;

	if (!pods->board)
		return;
	board_counts(pods->board, &counts);
	stats_add_loss(out, "pods_refused", counts.refused);
	stats_add_loss(out, "pods_oversized", counts.oversized);
	stats_add_loss(out, "pods_malformed", counts.malformed);
	stats_add_loss(out, "pods_requests_failed", counts.failures);
}
