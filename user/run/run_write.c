// SPDX-License-Identifier: BSD-2-Clause
/* Plain capture to files. */
#include <errno.h>
#include <linux/capability.h>
#include <poll.h>
#include <string.h>
#include <time.h>
#include "base/log.h"
#include "base/privs.h"
#include "base/text.h"
#include "capture/pcap_write.h"
#include "base/exit.h"
#include "run/run_write.h"

#define WAIT_MS 100

/* The files to come are made in a folder that may be anybody's. */
static int give_up_privileges(const struct run_settings *settings)
{
	static const int kept[] = { CAP_DAC_OVERRIDE };
	struct privs_account account;
	int err;

	if (!settings->user) {
		err = privs_keep(kept, 1);
	} else {
		err = privs_account_find(&account, settings->user);
		if (!err)
			err = privs_drop(&account);
	}
	if (!err)
		err = privs_confine();
	if (err)
		log_error("cannot give up privileges: %s", strerror(-err));
	return err;
}

static void say_end(struct pcap_write *write)
{
	struct pcap_write_counts counts;
	char captured[TEXT_NUMBER], files[TEXT_NUMBER], dropped[TEXT_NUMBER];

	pcap_write_counts(write, &counts);
	log_info("%s packets captured in %s file%s, %s dropped by the kernel",
		 text_count(captured, counts.captured), text_count(files, counts.files),
		 counts.files == 1 ? "" : "s",
		 text_count(dropped, counts.losses.dropped + counts.losses.interface_dropped));
}

static int loop(struct pcap_write *write, uint64_t duration_s, const volatile sig_atomic_t *stopped)
{
	struct pollfd wait = { .fd = pcap_write_fd(write), .events = POLLIN };
	time_t begun = time(NULL);
	int state = SOURCE_AGAIN;

	while (state == SOURCE_AGAIN && !*stopped) {
		poll(&wait, 1, WAIT_MS);
		state = pcap_write_poll(write);
		if (duration_s && (uint64_t)(time(NULL) - begun) >= duration_s)
			break;
	}
	/* What the kernel has kept to itself. */
	if (state == SOURCE_AGAIN) {
		poll(&wait, 1, WAIT_MS);
		state = pcap_write_poll(write);
	}
	return state;
}

int run_write(const struct run_settings *settings, const volatile sig_atomic_t *stopped)
{
	const struct pcap_write_options options = { .interface = settings->interfaces.texts[0],
						    .file = settings->write,
						    .filter = settings->filter,
						    .snaplen = settings->snaplen,
						    .megabytes = settings->file_mb,
						    .seconds = settings->rotate_s,
						    .files = settings->files,
						    .count = settings->count };
	char error[PCAP_DEVICE_ERROR];
	struct pcap_write *write;
	int state = pcap_write_open(&write, &options, error);

	if (state) {
		log_error("%s", error);
		return state == -EINVAL || state == -ENODEV ? EXIT_USAGE : EXIT_RUNTIME;
	}
	if (give_up_privileges(settings)) {
		pcap_write_close(write);
		return EXIT_RUNTIME;
	}
	if (!settings->quiet)
		log_info("writing packets of %s to %s", options.interface, options.file);
	state = loop(write, settings->duration_s, stopped);
	if (!settings->quiet)
		say_end(write);
	pcap_write_close(write);
	return state < 0 ? EXIT_RUNTIME : EXIT_OK;
}
