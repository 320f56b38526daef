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

#endif /* SKUA_GEN_KINDS_H */
