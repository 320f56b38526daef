/* SPDX-License-Identifier: BSD-2-Clause */
/* Runs skua snapshot on another host, by ssh. */
#ifndef SKUA_CLIENT_EXTCAP_SSH_H
#define SKUA_CLIENT_EXTCAP_SSH_H

#include "client/snapshot_session.h"

/*
 * Becomes ssh, whose output is that of the snapshot; returns only with an exit
 * status, after what is wrong was logged.  host: as ssh takes it, "user@name".
 */
int extcap_ssh(const char *host, const struct snapshot_settings *settings);

#endif /* SKUA_CLIENT_EXTCAP_SSH_H */
