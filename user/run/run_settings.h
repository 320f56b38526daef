/* SPDX-License-Identifier: BSD-2-Clause */
/* What the command line of `skua run` asks for. */
#ifndef SKUA_RUN_RUN_SETTINGS_H
#define SKUA_RUN_RUN_SETTINGS_H

#include <signal.h>
#include <stdbool.h>
#include "config/config_layers.h"
#include "session/lasting_setup.h"
#include "option/options.h"
#include "session/output.h"
#include "session/records_setup.h"
#include "run/run_pods.h"
#include "run/run_sinks.h"
#include "session/triggers_setup.h"

enum run_source { RUN_SOURCE_AUTO, RUN_SOURCE_KERNEL, RUN_SOURCE_PCAP };
#define RUN_SOURCE_CHOICES "auto kernel pcap"

enum run_profile { RUN_PROFILE_DEFAULT, RUN_PROFILE_SMALL };
#define RUN_PROFILE_CHOICES "default small"

struct run_settings {
	struct config_settings config;
	struct config *source_of; /* of all this; it is asked again at SIGHUP */
	struct option_texts interfaces;
	int source, hook, profile, format, colour;
	uint64_t duration_s, count;
	uint64_t flows, ring_mb; /* 0: as the profile says; likewise recorder_mb, keep_mb */
	bool debug_scores;
	double min_score;
	struct option_networks locals;
	const char *lists, *host, *user, *socket;
	const char *pin_path;
	struct option_texts readers; /* of the socket, of some namespaces only */
	const char *metrics;         /* where they are told, or NULL */
	const char *filter;          /* of libpcap, or NULL */
	const char *write;           /* plain capture to this file, or NULL */
	uint64_t file_mb, rotate_s, files, snaplen;
	const char *journal; /* directory to write to, or NULL */
	uint64_t journal_mb;
	const char *snapshots;                 /* directory for evidence, or NULL */
	uint64_t snapshots_mb, snapshots_days; /* 0 days: no bound */
	const char *upload, *upload_credentials, *upload_cacert;
	const char *sign; /* minisign secret key file, or NULL */
	uint64_t recorder_mb, keep_mb;
	const char *recorder_file;              /* NULL: in memory */
	volatile sig_atomic_t *snapshot_wanted; /* set by SIGUSR1 */
	bool no_keep;
	struct trigger_settings triggers;
	struct record_settings records;
	struct lasting_settings lasting;
	struct pod_settings pods;
	struct sink_settings sinks;
	const volatile sig_atomic_t *reload; /* differs whenever the lists are to be read again */
	bool pin, no_tunnels, quiet, numeric, exit_on_findings;
};

#endif /* SKUA_RUN_RUN_SETTINGS_H */
