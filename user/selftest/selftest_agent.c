// SPDX-License-Identifier: BSD-2-Clause
/* An agent for the time of a self-test. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "client/agent_error.h"
#include "base/log.h"
#include "base/remedy.h"
#include "selftest/selftest.h"

#define START_TRIES 150 /* of 100 ms */
#define STOP_TRIES 100

static void become_agent(const struct selftest_agent *agent, const char *interface)
{
	int nothing = open("/dev/null", O_WRONLY);
	char *const words[] = { "skua",
				"run",
				"-q",
				"-i",
				(char *)interface,
				"--socket",
				(char *)agent->socket,
				"--format",
				"json",
				NULL };

	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (dup2(nothing, STDOUT_FILENO) >= 0 && dup2(nothing, STDERR_FILENO) >= 0)
		execv("/proc/self/exe", words);
	_exit(127);
}

static bool has_ended(struct selftest_agent *agent)
{
	if (waitpid(agent->pid, NULL, WNOHANG) != agent->pid)
		return false;
	agent->pid = 0;
	return true;
}

int selftest_agent_open(struct selftest_agent *agent, const char *interface)
{
	struct client client = { agent->socket, AGENT_TIMEOUT_MS, 0 };
	struct status_view view;
	int err = -ETIMEDOUT;

	*agent = (struct selftest_agent){ .folder = "/tmp/skua-selftest-XXXXXX" };
	if (!mkdtemp(agent->folder)) {
		err = -errno;
		agent->folder[0] = '\0';
		log_error("cannot make a folder in /tmp: %s; %s", strerror(-err),
			  remedy_write(err));
		return err;
	}
	/* The agent gives up root, and must still reach its socket to remove it. */
	if (chmod(agent->folder, 0755))
		log_warning("cannot open %s to the agent: %s", agent->folder, strerror(errno));
	snprintf(agent->socket, sizeof(agent->socket), "%s/agent/control.sock", agent->folder);
	agent->pid = fork();
	if (!agent->pid)
		become_agent(agent, interface);
	for (unsigned i = 0; err && i < START_TRIES && !has_ended(agent); i++) {
		usleep(100000);
		err = client_status(&client, &view);
	}
	if (err) {
		log_error("our own agent does not answer: 'skua run -i %s' says why", interface);
		selftest_agent_close(agent);
	}
	return err;
}

void selftest_agent_close(struct selftest_agent *agent)
{
	char folder[sizeof(agent->folder) + 8];

	if (agent->pid > 0)
		kill(agent->pid, SIGTERM);
	for (unsigned i = 0; agent->pid > 0 && i < STOP_TRIES && !has_ended(agent); i++)
		usleep(100000);
	if (agent->pid > 0) {
		kill(agent->pid, SIGKILL);
		waitpid(agent->pid, NULL, 0);
	}
	agent->pid = 0;
	if (!agent->folder[0])
		return;
	snprintf(folder, sizeof(folder), "%s/agent", agent->folder);
	unlink(agent->socket);
	rmdir(folder);
	rmdir(agent->folder);
	agent->folder[0] = '\0';
}
