/* SPDX-License-Identifier: BSD-2-Clause */
/* What happened in a flow, in Zeek's letters: history and conn_state (conn.log). */
#ifndef SKUA_LOGS_FLOW_HISTORY_H
#define SKUA_LOGS_FLOW_HISTORY_H

#include "logs/log_flow.h"

/* letter: a small one; the client's are made large when they are shown.  Each is kept once a way.
 */
void history_add(struct log_flow *flow, unsigned side, char letter);
/* again: payload that had passed before. */
void history_tcp(struct log_flow *flow, const struct skua_packet *pkt, unsigned side, bool again);
/* "ShADadFf"; returns to. */
const char *history_text(const struct log_flow *flow, char to[LOG_HISTORY]);
/* "SF", "S0", "REJ", ...: constant. */
const char *history_state(const struct skua_flow_key *key, const struct log_flow *flow);

#endif /* SKUA_LOGS_FLOW_HISTORY_H */
