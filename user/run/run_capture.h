/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where a live run gets its events: the kernel programs with their attacher, or
 * libpcap and the native engine where BPF is not permitted.  Behind this face
 * the session does not care.
 */
#ifndef SKUA_RUN_RUN_CAPTURE_H
#define SKUA_RUN_RUN_CAPTURE_H

#include "skua/armed.h"
#include "capture/wanted.h"
#include "pipeline/accounting.h"
#include "run/run_links.h"
#include "run/run_settings.h"
#include "serve/view.h"

#define RUN_ERROR_SIZE 640

struct run_capture {
	struct source *source;
	struct run_links links;
	int channel; /* what else to wait for, or -1 */
	/* Something came by the channel, or a second has passed.  0, or -errno: it is over. */
	int (*look)(struct run_capture *capture, bool second);
	/* Comes off the interfaces and says what is left. */
	int (*stop)(struct run_capture *capture, source_event_fn *deliver, void *arg);
	/* Fills what it knows; the sums of packets come from links. */
	void (*account)(struct run_capture *capture, struct accounting *out);
	/* Adds its tables and rings. */
	void (*show)(struct run_capture *capture, struct status_view *out);
	/* Samples everything of a pair or host until then; 0 or -errno. */
	int (*arm)(struct run_capture *capture, const struct skua_armed_key *key,
		   uint64_t until_ns);
	/* Samples that were lost or refused so far. */
	uint64_t (*samples_lost)(const struct run_capture *capture);
	void (*close)(struct run_capture *capture);
	bool whole;        /* packets are there, not only events of them */
	struct logs *logs; /* shown each packet where they are whole; NULL: none; borrowed */
	uint64_t memory;   /* bytes the kernel has reserved */
	bool adopted;      /* an earlier agent's tables go on */
	bool detached;     /* nothing comes any more */
	bool turned_blind; /* set by look(), cleared by whoever says it */
	char blind[IF_NAMESIZE];
};

/* Attached, with privileges still there.  0, or -errno and one line in error; -EPERM: try another.
 */
int run_kernel_open(struct run_capture **out, const struct run_settings *settings,
		    char error[RUN_ERROR_SIZE]);
int run_pcap_open(struct run_capture **out, const struct run_settings *settings,
		  char error[RUN_ERROR_SIZE]);
/* -i NAME[=ROLE]... understood: 0, or -errno and one line. */
int run_wanted(struct wanted *out, const struct run_settings *settings, char error[RUN_ERROR_SIZE]);

#endif /* SKUA_RUN_RUN_CAPTURE_H */
