/* SPDX-License-Identifier: BSD-2-Clause */
/* The functions that set actors going, one per kind; rows of the table in kinds.c.  0 or -ENOMEM.
 */
#ifndef SKUA_GEN_KINDS_H
#define SKUA_GEN_KINDS_H

#include "actor.h"

int beacon_start(struct sim *sim, struct actor *actor);
int scan_start(struct sim *sim, struct actor *actor);
int dnstunnel_start(struct sim *sim, struct actor *actor);
int upload_start(struct sim *sim, struct actor *actor);
int icmptunnel_start(struct sim *sim, struct actor *actor);
int ping_start(struct sim *sim, struct actor *actor);
int browse_start(struct sim *sim, struct actor *actor);
int updates_start(struct sim *sim, struct actor *actor);
int broken_start(struct sim *sim, struct actor *actor);
int probes_start(struct sim *sim, struct actor *actor);
int dns_start(struct sim *sim, struct actor *actor);
int ntp_start(struct sim *sim, struct actor *actor);
int arp_start(struct sim *sim, struct actor *actor);
int mdns_start(struct sim *sim, struct actor *actor);
int ssdp_start(struct sim *sim, struct actor *actor);
int syslog_start(struct sim *sim, struct actor *actor);
int bulk_start(struct sim *sim, struct actor *actor);

/* The everyday kinds have a table of their own (kinds_everyday.c). */
int chrony_start(struct sim *sim, struct actor *actor);
int poll_start(struct sim *sim, struct actor *actor);
int mqtt_start(struct sim *sim, struct actor *actor);
int greeting_start(struct sim *sim, struct actor *actor);
int surf_start(struct sim *sim, struct actor *actor);
int pull_start(struct sim *sim, struct actor *actor);
int video_start(struct sim *sim, struct actor *actor);
int game_start(struct sim *sim, struct actor *actor);
int shards_start(struct sim *sim, struct actor *actor);
int hashes_start(struct sim *sim, struct actor *actor);
int reverse_start(struct sim *sim, struct actor *actor);
int recursion_start(struct sim *sim, struct actor *actor);
int peers_start(struct sim *sim, struct actor *actor);
int noise_start(struct sim *sim, struct actor *actor);
int callers_start(struct sim *sim, struct actor *actor);

extern const struct kind everyday_kinds[];
extern const unsigned everyday_kinds_count;

#endif /* SKUA_GEN_KINDS_H */
