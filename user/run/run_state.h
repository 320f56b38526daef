/* SPDX-License-Identifier: BSD-2-Clause */
/* What a live run holds, for the files that open it and that run it. */
#ifndef SKUA_RUN_RUN_STATE_H
#define SKUA_RUN_RUN_STATE_H

#include <time.h>
#include "base/indicators.h"
#include "base/notify.h"
#include "run/identities.h"
#include "capture/journal.h"
#include "kube/namespaces.h"
#include "session/lasting_setup.h"
#include "record/policy.h"
#include "report/sink.h"
#include "run/run_capture.h"
#include "run/run_evidence.h"
#include "run/run_reload.h"
#include "run/run_pods.h"
#include "run/run_status.h"
#include "serve/control.h"
#include "serve/history.h"
#include "serve/tally.h"
#include "serve/web.h"

struct run {
	struct run_settings *settings; /* run_reload() changes what can change */
	struct run_capture *capture;
	struct pipeline *pipeline;
	struct sink *sink;
	uint64_t begun_ns;  /* CLOCK_MONOTONIC */
	uint64_t first_ns;  /* Unix time of its beginning */
	uint64_t now_ns;    /* of the last tick */
	uint64_t said_hour; /* since the epoch, of the last statistics; 0: none */
	bool ending;
	bool second; /* a tick has come since the loop looked */
	bool unread; /* whoever read our output has gone */
	struct run_status status;
	struct control *control;     /* NULL: none */
	struct web *web;             /* NULL: none */
	struct tally tally;          /* what was said, for it */
	struct history *history;     /* the last findings, for who asks */
	struct history *derivations; /* the last of them with how their scores came about */
	struct sink_envelope envelope;
	struct journal *journal; /* NULL: none */
	struct identities *identities;
	struct logs *logs; /* NULL: no records are asked for */
	struct run_evidence evidence;
	struct run_sinks sinks;
	struct indicators *indicators;
	struct lasting lasting;
	struct watcher pods;
	struct namespaces *namespaces; /* NULL: nothing is judged by them */
	struct policy policy;
	struct readers readers;
	struct run_reloads reloads;
	int reload; /* *settings->reload when the lists were read last */
	struct notify notify;
	int notify_error; /* of the last word to the service manager */
};

uint64_t run_clock_ns(clockid_t which);
/* Gain, attach, drop: -1, or the exit status, what is wrong has been logged.  run is zeroed but for
 * its settings. */
int run_open(struct run *run);

#endif /* SKUA_RUN_RUN_STATE_H */
