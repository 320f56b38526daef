/* SPDX-License-Identifier: BSD-2-Clause */
/* Subcommands: each is one file, one function and one row in main.c. */
#ifndef SKUA_CMD_H
#define SKUA_CMD_H

#include "base/exit.h"

/* Where a host keeps its evidence unless told otherwise. */
#define VAULT_PATH "/var/lib/skua/vault"

/* argv[0] is the command's name. */
typedef int cmd_fn(int argc, char **argv);

/* A row of main.c. */
struct command {
	const char *name;
	cmd_fn *run;
	const char *help;
};

/* In the order of --help; NULL: there are no more. */
const struct command *command_get(unsigned i);

int cmd_agent(int argc, char **argv);
int cmd_analyze(int argc, char **argv);
int cmd_arm(int argc, char **argv);
int cmd_config(int argc, char **argv);
int cmd_completion(int argc, char **argv);
int cmd_conversations(int argc, char **argv);
int cmd_credentials(int argc, char **argv);
int cmd_dns(int argc, char **argv);
int cmd_doctor(int argc, char **argv);
int cmd_explain(int argc, char **argv);
int cmd_export(int argc, char **argv);
int cmd_extcap(int argc, char **argv);
int cmd_fetch(int argc, char **argv);
int cmd_findings(int argc, char **argv);
int cmd_hierarchy(int argc, char **argv);
int cmd_http(int argc, char **argv);
int cmd_info(int argc, char **argv);
int cmd_objects(int argc, char **argv);
int cmd_packets(int argc, char **argv);
int cmd_replay(int argc, char **argv);
int cmd_report(int argc, char **argv);
int cmd_run(int argc, char **argv);
int cmd_selftest(int argc, char **argv);
int cmd_smb(int argc, char **argv);
int cmd_snapshot(int argc, char **argv);
int cmd_status(int argc, char **argv);
int cmd_suppress(int argc, char **argv);
int cmd_suspicious(int argc, char **argv);
int cmd_talkers(int argc, char **argv);
int cmd_tls(int argc, char **argv);
int cmd_tune(int argc, char **argv);
int cmd_upload(int argc, char **argv);
int cmd_verify(int argc, char **argv);
int cmd_version(int argc, char **argv);

#endif /* SKUA_CMD_H */
