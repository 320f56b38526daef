/* SPDX-License-Identifier: BSD-2-Clause */
/* What a detector is shown: one tracked thing that has just changed, and when. */
#ifndef SKUA_TRACK_SUBJECT_H
#define SKUA_TRACK_SUBJECT_H

#include <stdbool.h>
#include <stdint.h>

struct pair;
struct tracked_source;
struct domain;
struct asker;
struct upload;
struct baseline;
struct echo;

enum subject_kind {
	SUBJECT_PAIR = 1, /* track/pairs.h */
	SUBJECT_SOURCE,   /* track/sources.h */
	SUBJECT_DOMAIN,   /* track/domains.h: one client and one registered domain */
	SUBJECT_ASKER,    /* track/domains.h: one client and all its failing names */
	SUBJECT_UPLOAD,   /* track/uploads.h */
	SUBJECT_ECHO,     /* track/echoes.h */
};

struct subject {
	enum subject_kind kind;
	uint64_t now_ns; /* of the packet or tick that changed it */
	uint32_t ifindex;
	bool at_end; /* after the last packet */
	union {
		const struct pair *pair;
		const struct tracked_source *source;
		const struct domain *domain;
		const struct asker *asker;
		struct {
			const struct upload *upload;
			/* To this destination, and by this source at all; NULL: not known. */
			const struct baseline *usual, *usual_of_source;
		};
		const struct echo *echo;
	};
};

#endif /* SKUA_TRACK_SUBJECT_H */
