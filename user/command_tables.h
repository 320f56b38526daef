/* SPDX-License-Identifier: BSD-2-Clause */
/* The options of every command, for those who describe commands. */
#ifndef SKUA_COMMAND_TABLES_H
#define SKUA_COMMAND_TABLES_H

#include "option/options.h"

extern const struct option_command analyze_command;
extern const struct option_command arm_command;
extern const struct option_command config_command;
extern const struct option_command conversations_command;
extern const struct option_command credentials_command;
extern const struct option_command dns_command;
extern const struct option_command doctor_command;
extern const struct option_command explain_command;
extern const struct option_command export_command;
extern const struct option_command extcap_command;
extern const struct option_command fetch_command;
extern const struct option_command findings_command;
extern const struct option_command hierarchy_command;
extern const struct option_command http_command;
extern const struct option_command info_command;
extern const struct option_command objects_command;
extern const struct option_command packets_command;
extern const struct option_command replay_command;
extern const struct option_command report_command;
extern const struct option_command run_command;
extern const struct option_command selftest_command;
extern const struct option_command smb_command;
extern const struct option_command snapshot_command;
extern const struct option_command status_command;
extern const struct option_command suppress_command;
extern const struct option_command suspicious_command;
extern const struct option_command talkers_command;
extern const struct option_command tls_command;
extern const struct option_command tune_command;
extern const struct option_command upload_command;
extern const struct option_command verify_command;

#endif /* SKUA_COMMAND_TABLES_H */
