/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What each client asks of each registered domain: how much distinct
 * information its names carry, and how it is answered.  Feeds on DNS events,
 * on the addresses that answers name, and on who is contacted; says when a
 * domain, or a client with many failing names, is worth judging.
 *
 * Names without a registered domain are pooled per client and resolver.  So is
 * the first name of each domain under a top-level domain that does not exist:
 * tunnels without a domain of their own (dnscat2) end each name differently.
 */
#ifndef SKUA_TRACK_DOMAINS_H
#define SKUA_TRACK_DOMAINS_H

#include "base/table.h"
#include "dissect/fact.h"
#include "track/askers.h"
#include "track/domain.h"
#include "track/registered.h"
#include "track/subject.h"

struct domains_options {
	uint32_t
		domains; /* 1 kB each; when full, the longest unused goes, one-name domains first */
	uint32_t askers; /* 1 kB each; when full, the longest unused goes */
	uint32_t contacts; /* 50 B each; likewise */
};
#define DOMAINS_OPTIONS_DEFAULT                                                                    \
	{                                                                                          \
		.domains = 16384, .askers = 4096, .contacts = 16384                                \
	}

struct domains {
	struct registered registered;
	struct table domains;
	struct table contacts;
	struct askers askers;
	uint64_t nameless; /* messages about the root, or with a name that is none */
};

typedef void domains_judge_fn(void *arg, const struct subject *subject);

/* 0, -ENOMEM, or -ENOENT: no public suffix list. */
int domains_init(struct domains *domains, const struct domains_options *options);
void domains_fini(struct domains *domains);

void domains_message(struct domains *domains, const struct skua_dns_event *event,
		     domains_judge_fn *judge, void *arg);
/* A response named addresses. */
void domains_answer(struct domains *domains, const struct fact_name *fact);
/* A client opened an exchange with this address. */
void domains_contact(struct domains *domains, const struct address *server, uint64_t now_ns);
/* The input has ended: judge all once more, for what surrounds them may have changed. */
void domains_finish(struct domains *domains, uint64_t now_ns, domains_judge_fn *judge, void *arg);

/* The domain is registered, in lower case; NULL: this client did not ask for it. */
const struct domain *domains_find(const struct domains *domains, const struct address *client,
				  const char *name);

#endif /* SKUA_TRACK_DOMAINS_H */
