// SPDX-License-Identifier: BSD-2-Clause
/* Starts and ends the process that carries the vault off the node. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <unistd.h>
#include "base/child.h"
#include "base/log.h"
#include "record/uploader.h"

#define NICE 10 /* evidence may be late; capture may not */

/* What the worker has open is none of its business, and must not stay open when the worker ends. */
static void close_others(const struct upload *upload, int lifeline)
{
	int kept[UPLOAD_DESCRIPTORS + 1], from = STDERR_FILENO + 1;

	upload_get_descriptors(upload, kept);
	kept[UPLOAD_DESCRIPTORS] = lifeline;
	for (;;) {
		int next = -1;

		for (int i = 0; i <= UPLOAD_DESCRIPTORS; i++)
			if (kept[i] >= from && (next < 0 || kept[i] < next))
				next = kept[i];
		if (next < 0)
			break;
		if (next > from)
			close_range(from, next - 1, 0);
		from = next + 1;
	}
	close_range(from, ~0U, 0);
}

/* SIGTERM and the lifeline are ways to stop; a Ctrl-C is for the worker, who closes the lifeline.
 */
static int uploader_main(struct upload *upload, const struct privs_account *account, int lifeline)
{
	const struct sigaction ignore = { .sa_handler = SIG_IGN };
	int stops[UPLOAD_STOPS] = { lifeline, -1 };
	sigset_t signals;
	int err;

	close_others(upload, lifeline);
	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	sigaction(SIGINT, &ignore, NULL);
	sigaction(SIGHUP, &ignore, NULL);
	sigaction(SIGUSR1, &ignore, NULL);
	stops[1] = signalfd(-1, &signals, SFD_CLOEXEC);
	if (nice(NICE) < 0)
		errno = 0;
	err = privs_drop(account);
	if (err) {
		log_error("the uploader cannot give up privileges: %s", strerror(-err));
		return 1;
	}
	return upload_run(upload, stops) ? 1 : 0;
}

int uploader_start(struct uploader *uploader, const struct upload_options *options,
		   const struct privs_account *account, char error[UPLOAD_ERROR_SIZE])
{
	struct upload *upload = NULL;
	struct upload_counts *counts;
	int ends[2] = { -1, -1 };
	int err = upload_open(&upload, options, error);
	pid_t pid;

	*uploader = (struct uploader){ .lifeline = -1 };
	if (err)
		return err;
	counts = mmap(NULL, sizeof(*counts), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		      0);
	if (counts == MAP_FAILED || pipe2(ends, O_CLOEXEC)) {
		err = -errno;
		goto out;
	}
	upload_share_counts(upload, counts);
	pid = fork();
	if (!pid) {
		_exit(uploader_main(upload, account, ends[0]));
	}
	if (pid < 0) {
		err = -errno;
		close(ends[1]);
		goto out;
	}
	*uploader = (struct uploader){ .pid = pid, .lifeline = ends[1], .counts = counts };
out:
	if (err) {
		snprintf(error, UPLOAD_ERROR_SIZE, "cannot start an uploader: %s", strerror(-err));
		if (counts != MAP_FAILED)
			munmap(counts, sizeof(*counts));
	}
	if (ends[0] >= 0)
		close(ends[0]);
	upload_close(upload);
	return err;
}

void uploader_tell_end(struct uploader *uploader)
{
	if (uploader->pid > 0 && uploader->lifeline >= 0)
		close(uploader->lifeline);
	uploader->lifeline = -1;
}

void uploader_stop(struct uploader *uploader)
{
	uploader_tell_end(uploader);
	if (!child_end(uploader->pid, UPLOADER_END_MS))
		log_warning("the uploader does not end, and is killed");
	uploader->pid = 0;
}

void uploader_close(struct uploader *uploader)
{
	uploader_stop(uploader);
	if (uploader->counts)
		munmap(uploader->counts, sizeof(*uploader->counts));
	uploader->counts = NULL;
}
